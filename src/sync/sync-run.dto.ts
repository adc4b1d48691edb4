import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, Min } from 'class-validator';
import type { SyncRun, SyncRunDetails, SyncSource, SyncStage, SyncStatus } from './sync-run.entity';
import { daysDone, NOTHING_DONE } from './tally';

const SOURCES = ['pull', 'webhook', 'sdk', 'backfill', 'xml_import', 'linked_account'] as const;
const STATUSES = ['in_progress', 'success', 'partial', 'failed', 'cancelled', 'skipped'] as const;

export class ListUserRuns {
  /** At most so many, newest first */
  @Type(() => Number)
  @IsInt({ message: 'limit must be a whole number from 1 to 200' })
  @Min(1, { message: 'limit must be a whole number from 1 to 200' })
  @Max(200, { message: 'limit must be a whole number from 1 to 200' })
  limit?: number = 20;
}

export class ListRuns {
  /** At most so many, newest first */
  @Type(() => Number)
  @IsInt({ message: 'limit must be a whole number from 1 to 10000' })
  @Min(1, { message: 'limit must be a whole number from 1 to 10000' })
  @Max(10_000, { message: 'limit must be a whole number from 1 to 10000' })
  limit?: number = 50;

  /** Only runs of this user */
  @IsOptional()
  @IsUUID('loose', { message: 'user_id must be a UUID' })
  user_id?: string;

  /** Only runs of this provider */
  @IsOptional()
  @IsString({ message: 'provider must be given once' })
  provider?: string;

  /** Only runs with this status */
  @IsOptional()
  @IsIn(STATUSES, { message: `status must be one of ${STATUSES.join(', ')}` })
  status?: (typeof STATUSES)[number];

  /** Only runs from this source; `backfill` is the first sync of a connection */
  @IsOptional()
  @IsIn(SOURCES, { message: `source must be one of ${SOURCES.join(', ')}` })
  source?: (typeof SOURCES)[number];
}

/** One run of one connection. */
export class SyncRunSummary {
  /** @example pull_0f3a9c1e5b7d2468 */
  run_id: string;

  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  user_id: string;

  /** The provider's slug */
  provider: string;

  /** `backfill` is the first sync of a connection @example pull */
  source: SyncSource;

  /** @example completed */
  stage: SyncStage;

  /** `partial`: some days could not be read and will be tried again @example success */
  status: SyncStatus;

  /** @example Sync completed · 48 new, 2 updated */
  message: string | null;

  /** Share of the days that are done, 0 to 1 @example 1 */
  progress: number | null;

  /** Days done @example 32 */
  items_processed: number | null;

  /** Days in all @example 32 */
  items_total: number | null;

  /** An error code, where the run failed @example null */
  error: string | null;

  /** Always null: this server merges no users @example null */
  primary_user_id: string | null;

  /** ISO 8601, UTC; null while it waits @example 2026-08-07T10:00:00.000Z */
  started_at: string | null;

  /** ISO 8601, UTC; null until it has ended @example 2026-08-07T10:00:03.000Z */
  ended_at: string | null;

  /** ISO 8601, UTC @example 2026-08-07T10:00:03.000Z */
  last_update: string;
}

export class FailedDay {
  /** @example 2026-08-05 */
  date: string;

  /** An error code @example payload_invalid */
  reason: string;
}

/** What the answers of a run held of one kind of data, and what became of it. */
export class SyncKindCounts {
  /**
   * `heart_rate` for samples of that series, `daily:steps`, `score:sleep`, `sleep`; what this server does not understand
   * stands under the provider's own name @example heart_rate
   */
  kind: string;

  /** Samples or records that can be used, also those that are stored already @example 288 */
  fetched: number;

  /** New @example 12 */
  inserted: number;

  /** Another value than before @example 1 */
  updated: number;

  /** Stored already, with this value @example 275 */
  unchanged: number;

  /** Out of range or malformed, on top of `fetched` @example 0 */
  rejected: number;

  /** Not understood, on top of `fetched` @example 0 */
  unmapped: number;
}

/** What a run did, day by day and record by record. */
export class SyncRunCounts {
  /** Days with data that was new or different @example 30 */
  days_stored: number;

  /** Days about which the provider has nothing @example 2 */
  days_empty: number;

  /** Days whose answer was the same as before @example 0 */
  days_unchanged: number;

  failed_days: FailedDay[];

  /** Samples and records @example 40312 */
  inserted: number;

  /** Samples and records that have another value now @example 2 */
  updated: number;

  /** Settled days that the provider has cut anew, after a journey @example 0 */
  days_rebucketed: number;

  /** Answers smaller than what is stored, by series type: not taken */
  rolled_back: Record<string, number>;

  /** By kind of data; of days whose answer was the same as before nothing is read, nor counted here */
  kinds: SyncKindCounts[];

  /** Values out of range or malformed, by path and reason */
  rejected: Record<string, number>;

  /** What the provider sends and this server does not understand, by path */
  unmapped: Record<string, number>;

  /** Why it is not a success: an error code, or `all_days_404` @example null */
  reason: string | null;
}

export class SyncRunRead extends SyncRunSummary {
  /** @example 5d0f2b8e-7f5a-4b0e-9a35-2f8f3b7c6d10 */
  task_id: string;

  details: SyncRunCounts;
}

export const toSyncRunSummary = (run: SyncRun): SyncRunSummary => ({
  run_id: run.runId,
  user_id: run.userId,
  provider: run.provider,
  source: run.source,
  stage: run.stage,
  status: run.status,
  message: run.message,
  progress: run.itemsTotal === null || run.itemsTotal === 0 ? null : daysDone(run.details) / run.itemsTotal,
  items_processed: run.itemsProcessed,
  items_total: run.itemsTotal,
  error: run.error,
  primary_user_id: null,
  started_at: run.startedAt?.toISOString() ?? null,
  ended_at: run.endedAt?.toISOString() ?? null,
  last_update: run.lastUpdate.toISOString(),
});

/** A run of the former version of this server counts less. */
export const toSyncRunRead = (run: SyncRun): SyncRunRead =>
  Object.assign(toSyncRunSummary(run), {
    task_id: run.taskId,
    details: toSyncRunCounts({ ...NOTHING_DONE, ...run.details }),
  });

const toSyncRunCounts = (details: SyncRunDetails): SyncRunCounts => ({
  days_stored: details.daysStored,
  days_empty: details.daysEmpty,
  days_unchanged: details.daysUnchanged,
  failed_days: details.failedDays,
  inserted: details.inserted,
  updated: details.updated,
  days_rebucketed: details.daysRebucketed,
  rolled_back: details.rolledBack,
  kinds: toSyncKindCounts(details),
  rejected: details.rejected,
  unmapped: details.unmapped,
  reason: details.reason ?? null,
});

const toSyncKindCounts = ({ kinds }: SyncRunDetails): SyncKindCounts[] =>
  Object.entries(kinds)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, { fetched = 0, inserted = 0, updated = 0, unchanged = 0, rejected = 0, unmapped = 0 }]) => ({
      kind,
      fetched,
      inserted,
      updated,
      unchanged,
      rejected,
      unmapped,
    }));
