import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsObject, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import type { SimulatedKind } from '../providers/provider';
import type { BackgroundTask, TaskStatus } from '../tasks/task.entity';
import type { SeedInput, SeedProgress } from './seed.work';

const NUM_USERS = 'num_users must be a whole number from 1 to 10';
const NUM_CONNECTIONS = 'num_connections must be a whole number from 1 to 5';
const flag = (name: string) => ({ message: `${name} must be true or false` });
const config = (name: string) => ({ message: `${name} must be an object` });

/** What a kind of users is like. People of the simulator live whole lives: parts of them cannot be left out. */
export class SeedProfile {
  /** An id that `GET /settings/seed/presets` lists; null or left out: anybody @example active_athlete */
  @IsOptional()
  @IsString({ message: 'preset must be an id that GET /api/v1/settings/seed/presets lists' })
  preset?: string | null;

  /** Accepted for compatibility: no provider offers workouts */
  @IsBoolean(flag('generate_workouts'))
  generate_workouts?: boolean = true;

  /** Accepted for compatibility: there are always nights */
  @IsBoolean(flag('generate_sleep'))
  generate_sleep?: boolean = true;

  /** Accepted for compatibility: there are always time series */
  @IsBoolean(flag('generate_time_series'))
  generate_time_series?: boolean = true;

  /** Slugs; null or left out: all that are simulated here */
  @IsOptional()
  @IsString({ each: true, message: 'providers must be a list of slugs' })
  providers?: string[] | null;

  /** Connections of each user, as far as there are providers @example 1 */
  @IsInt({ message: NUM_CONNECTIONS })
  @Min(1, { message: NUM_CONNECTIONS })
  @Max(5, { message: NUM_CONNECTIONS })
  num_connections?: number = 2;

  /** Accepted for compatibility, without effect */
  @IsOptional()
  @IsObject(config('workout_config'))
  workout_config?: Record<string, unknown> | null;

  /** Accepted for compatibility, without effect */
  @IsOptional()
  @IsObject(config('sleep_config'))
  sleep_config?: Record<string, unknown> | null;

  /** Accepted for compatibility, without effect */
  @IsOptional()
  @IsObject(config('time_series_config'))
  time_series_config?: Record<string, unknown> | null;
}

export class StartSeed {
  /** @example 1 */
  @IsInt({ message: NUM_USERS })
  @Min(1, { message: NUM_USERS })
  @Max(10, { message: NUM_USERS })
  num_users?: number = 1;

  @IsOptional()
  @IsObject({ message: 'profile must be an object' })
  @ValidateNested()
  @Type(() => SeedProfile)
  profile?: SeedProfile | null;

  /** The same seed makes the same users; those that are there already stay as they are. Left out: any @example 42 */
  @IsOptional()
  @IsInt({ message: 'random_seed must be a whole number' })
  random_seed?: number | null;
}

export class SeedStarted {
  /** For `GET /settings/seed/{task_id}` @example 5d0f2b8e-7f5a-4b0e-9a35-2f8f3b7c6d10 */
  task_id: string;

  /** @example dispatched */
  status: 'dispatched';

  /** Send it as `random_seed` for the same users @example 42 */
  seed_used: number;
}

export class SeedPreset {
  /** @example active_athlete */
  id: string;

  /** @example Active Athlete */
  label: string;
  description: string;
  profile: SeedProfile;
}

export class SleepProfile {
  /** @example restless */
  id: string;

  /** @example Restless */
  label: string;
  description: string;
}

export class SeededUser {
  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  user_id: string;

  /** @example active_athlete */
  preset: string;

  /** Connected providers; their first 30 days are read next */
  providers: string[];

  /** Why one is missing */
  error: string | null;
}

export class SeedRead {
  /** @example 5d0f2b8e-7f5a-4b0e-9a35-2f8f3b7c6d10 */
  task_id: string;

  /** @example completed */
  status: TaskStatus;

  /** @example 42 */
  seed_used: number;

  /** As asked for @example 1 */
  num_users: number;

  /** Those that are there so far. `GET /users/{user_id}/sync/runs` tells how their data comes in */
  users: SeededUser[];

  /** What went wrong */
  error: string | null;

  /** @example 2026-08-07T10:00:00Z */
  requested_at: string;

  /** @example 2026-08-07T10:00:07Z */
  ended_at: string | null;
}

export function toSeedRead(task: BackgroundTask): SeedRead {
  const [{ numUsers, seed }, { users }] = [task.input as SeedInput, task.progress as SeedProgress];
  return {
    task_id: task.id,
    status: task.status,
    seed_used: seed,
    num_users: numUsers,
    users: users.map(({ userId, kind, providers, error }) => ({
      user_id: userId,
      preset: kind,
      providers,
      error,
    })),
    error: task.error,
    requested_at: task.requestedAt.toISOString(),
    ended_at: task.endedAt?.toISOString() ?? null,
  };
}

export const toPreset = ({ id, label, description }: SimulatedKind): SeedPreset => ({
  id,
  label,
  description,
  profile: {
    preset: id,
    generate_workouts: false,
    generate_sleep: true,
    generate_time_series: true,
    providers: null,
    num_connections: 1,
    workout_config: {},
    sleep_config: {},
    time_series_config: {},
  },
});

/** Open Wearables draws nights by these. Here they come from the people: each says who of them sleeps most like it. */
export const SLEEP_PROFILES: SleepProfile[] = [
  ['optimal', 'Optimal', 'Long and regular. Closest to it is the preset steady_adult.'],
  ['deep_deficit', 'Deep Deficit', 'Little deep sleep. No preset is like it; it has no effect.'],
  ['rem_deprived', 'REM Deprived', 'Little REM sleep. No preset is like it; it has no effect.'],
  ['restless', 'Restless', 'Often awake. Closest to it is the preset sleep_deprived.'],
  [
    'athlete_recovery',
    'Athlete Recovery',
    'Long, with much deep sleep. Closest to it is the preset active_athlete.',
  ],
].map(([id, label, description]) => ({ id, label, description }));
