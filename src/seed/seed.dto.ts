import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
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
  @IsArray({ message: 'providers must be a list of slugs' })
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

/** Shares of the time asleep, least and most, percent. What is left is light sleep. */
export class StageDistribution {
  /** @example [15, 25] */
  deep_pct_range: number[];

  /** @example [20, 25] */
  rem_pct_range: number[];

  /** @example [2, 8] */
  awake_pct_range: number[];
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
  distribution: StageDistribution;
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
    ...FORM,
  },
});

const MONTH = { date_range_months: 1, date_from: null, date_to: null };

/** What clients of Open Wearables fill in their form with. The people are as they are, so it has no effect. */
const FORM = {
  workout_config: {
    count: 0,
    workout_types: null,
    duration_min_minutes: 15,
    duration_max_minutes: 180,
    hr_min_range: [90, 120],
    hr_max_range: [140, 180],
    steps_range: [500, 20_000],
    ...MONTH,
  },
  sleep_config: {
    count: 30,
    duration_min_minutes: 300,
    duration_max_minutes: 600,
    nap_chance_pct: 10,
    weekend_catchup: false,
    ...MONTH,
    stage_profile: null,
    stage_distribution: stages([15, 25], [20, 25], [2, 8]),
  },
  time_series_config: {
    enabled_types: [
      'heart_rate',
      'heart_rate_variability_rmssd',
      'oxygen_saturation',
      'skin_temperature',
      'steps',
    ],
    include_blood_pressure: false,
    ...MONTH,
  },
};

/** Open Wearables draws nights by these. Here they come from the people: each says who of them sleeps most like it. */
export const SLEEP_PROFILES: SleepProfile[] = [
  {
    id: 'optimal',
    label: 'Optimal',
    description: 'Long and regular. Closest to it is the preset steady_adult.',
    distribution: stages([15, 25], [20, 25], [2, 8]),
  },
  {
    id: 'deep_deficit',
    label: 'Deep Deficit',
    description: 'Little deep sleep. No preset is like it; it has no effect.',
    distribution: stages([5, 10], [20, 25], [5, 10]),
  },
  {
    id: 'rem_deprived',
    label: 'REM Deprived',
    description: 'Little REM sleep. No preset is like it; it has no effect.',
    distribution: stages([15, 22], [8, 13], [5, 10]),
  },
  {
    id: 'restless',
    label: 'Restless',
    description: 'Often awake. Closest to it is the preset sleep_deprived.',
    distribution: stages([10, 15], [15, 20], [15, 25]),
  },
  {
    id: 'athlete_recovery',
    label: 'Athlete Recovery',
    description: 'Long, with much deep sleep. Closest to it is the preset active_athlete.',
    distribution: stages([25, 35], [20, 25], [2, 5]),
  },
];

function stages(deep: number[], rem: number[], awake: number[]): StageDistribution {
  return { deep_pct_range: deep, rem_pct_range: rem, awake_pct_range: awake };
}
