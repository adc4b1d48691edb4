import { BadRequestException } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { QueryBoolean } from '../http/query-boolean';
import type { RunState } from './run-log';
import type { SyncRun, SyncRunDetails } from './sync-run.entity';

export class StartSync {
  /** Which kinds of data; `247` is everything but workouts */
  @IsIn(['workouts', '247', 'all'], { message: 'data_type must be workouts, 247 or all' })
  data_type?: 'workouts' | '247' | 'all' = 'all';

  /** Only with `async=false`: start of the window in Unix seconds; 0 for the last 30 days. `summary_start_time` comes before it */
  @Type(() => Number)
  @IsInt({ message: 'since must be a whole number of Unix seconds' })
  @Min(0, { message: 'since must not be negative' })
  since?: number = 0;

  /** Start of the window: ISO 8601, a date or Unix seconds. Without it the last 30 days are read */
  @IsOptional()
  @IsString({ message: 'summary_start_time must be given once' })
  summary_start_time?: string;

  /** End of the window: ISO 8601, a date (included) or Unix seconds. Without it the window ends now */
  @IsOptional()
  @IsString({ message: 'summary_end_time must be given once' })
  summary_end_time?: string;

  /** `true` answers at once with the run's id, `false` waits for the run to end, for as long as the server's `SYNC_WAIT` says */
  @QueryBoolean()
  async?: boolean = true;

  /** Only with `async=false`, where it is accepted for compatibility: a sync is not paged */
  @Type(() => Number)
  @IsInt({ message: 'limit must be a whole number, at most 100' })
  @Max(100, { message: 'limit must be a whole number, at most 100' })
  limit?: number = 50;

  /** Only with `async=false`, where it is accepted for compatibility: a sync is not paged */
  @Type(() => Number)
  @IsInt({ message: 'offset must be a whole number' })
  offset?: number = 0;

  /** Only with `async=false`, where it is accepted for compatibility: days are always read as a whole */
  @QueryBoolean()
  filter_by_modification_time?: boolean = true;

  /** Only with `async=false`, where it is accepted for compatibility: samples are always read */
  @QueryBoolean()
  samples?: boolean = false;

  /** Only with `async=false`, where it is accepted for compatibility: concerns workouts only */
  @QueryBoolean()
  zones?: boolean = false;

  /** Only with `async=false`, where it is accepted for compatibility: concerns workouts only */
  @QueryBoolean()
  route?: boolean = false;
}

/** What only the providers of other servers make a difference by, with its default. */
const OF_OTHER_PROVIDERS = {
  since: 0,
  limit: 50,
  offset: 0,
  filter_by_modification_time: true,
  samples: false,
  zones: false,
  route: false,
} as const satisfies Partial<StartSync>;

/** A sync that is not waited for takes a window and nothing else. @throws BadRequestException */
export function refuseParametersOfOthers(query: StartSync): void {
  if (query.async === false) return;
  const names = Object.entries(OF_OTHER_PROVIDERS)
    .filter(([name, byDefault]) => (query[name as keyof StartSync] ?? byDefault) !== byDefault)
    .map(([name]) => `'${name}'`);
  if (names.length === 0) return;
  throw new BadRequestException(
    `Parameters [${names.join(', ')}] are not supported in async mode. Use async=false or omit provider-specific parameters.`,
  );
}

export class StartHistoricalSync {
  /** How many days to read, today included */
  @Type(() => Number)
  @IsInt({ message: 'days must be a whole number from 1 to 365' })
  @Min(1, { message: 'days must be a whole number from 1 to 365' })
  @Max(365, { message: 'days must be a whole number from 1 to 365' })
  days?: number = 90;
}

export class HistoricalSyncStarted {
  /** @example true */
  success: boolean;

  /** The provider's slug */
  provider: string;

  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  user_id: string;

  /** How the data comes: this server asks for it @example pull_api */
  method: 'pull_api';

  /** @example 5d0f2b8e-7f5a-4b0e-9a35-2f8f3b7c6d10 */
  task_id: string;

  /** For `GET /users/{user_id}/sync/runs/{run_id}` @example pull_0f3a9c1e5b7d2468 */
  run_id: string;

  /** @example Historical sync queued. Follow its run. */
  message: string;

  /** As asked for @example 90 */
  days: number;

  /** The oldest local date that is read: later than asked for where the provider does not reach so far back @example 2026-05-10 */
  start_date: string;

  /** The newest: today @example 2026-08-07 */
  end_date: string;
}

/** What a finished run brought. */
export class SyncedData {
  /** @example 3 */
  sleep_sessions_synced: number;

  /** Samples of all time series, on the days that brought something new @example 3456 */
  activity_samples: number;

  /** Days with a recovery score @example 3 */
  recovery_days_synced: number;

  /** Days that could not be read and will be tried again @example 0 */
  failed_days: number;

  /** Each failed day with its reason @example [] */
  errors: string[];
}

export class SyncDetails {
  data_247: SyncedData;
}

export class SyncStarted {
  /** Whether the sync was accepted or, where it was waited for, ended without failing */
  success: boolean;

  /** Whether the run goes on after this answer */
  async: boolean;

  /** @example 5d0f2b8e-7f5a-4b0e-9a35-2f8f3b7c6d10 */
  task_id: string;

  /** For `GET /users/{user_id}/sync/runs/{run_id}` @example pull_0f3a9c1e5b7d2468 */
  run_id: string;

  /** @example Sync task queued. Follow its run. */
  message: string;

  /** Only where the run was waited for */
  details?: SyncDetails;
}

export const toSyncStarted = ({ taskId, runId }: RunState, message: string): SyncStarted => ({
  success: true,
  async: true,
  task_id: taskId,
  run_id: runId,
  message,
});

export const toSyncEnded = (run: SyncRun): SyncStarted => ({
  success: run.status === 'success' || run.status === 'partial',
  async: false,
  task_id: run.taskId,
  run_id: run.runId,
  message: run.message ?? run.status,
  details: { data_247: toSyncedData(run.details) },
});

const toSyncedData = (details: SyncRunDetails): SyncedData => ({
  sleep_sessions_synced: details.sleepSessions,
  activity_samples: details.samples,
  recovery_days_synced: details.recoveryDays,
  failed_days: details.failedDays.length,
  errors: details.failedDays.map(({ date, reason }) => `${date}: ${reason}`),
});

export const toHistoricalSyncStarted = (
  { provider, userId, taskId, runId }: RunState,
  message: string,
  { days, from, to }: { days: number; from: string; to: string },
): HistoricalSyncStarted => ({
  success: true,
  provider,
  user_id: userId,
  method: 'pull_api',
  task_id: taskId,
  run_id: runId,
  message,
  days,
  start_date: from,
  end_date: to,
});
