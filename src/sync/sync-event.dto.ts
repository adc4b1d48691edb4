import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { QueryBoolean } from '../http/query-boolean';
import type { SyncEvent } from './sync-event.entity';
import type { SyncRun, SyncSource, SyncStage, SyncStatus } from './sync-run.entity';

export class ListUserEvents {
  /** At most so many, newest first */
  @Type(() => Number)
  @IsInt({ message: 'limit must be a whole number from 1 to 200' })
  @Min(1, { message: 'limit must be a whole number from 1 to 200' })
  @Max(200, { message: 'limit must be a whole number from 1 to 200' })
  limit?: number = 50;
}

export class StreamEvents {
  /** So many of the last events first; not where the last event id is given */
  @Type(() => Number)
  @IsInt({ message: 'replay must be a whole number from 1 to 200' })
  @Min(1, { message: 'replay must be a whole number from 1 to 200' })
  @Max(200, { message: 'replay must be a whole number from 1 to 200' })
  replay?: number = 20;

  /** As the header `Last-Event-ID`, for clients that can send none: all events behind this one */
  @IsOptional()
  @IsString({ message: 'last_event_id must be given once' })
  last_event_id?: string;

  /** False ends the stream behind the events that there are */
  @QueryBoolean()
  follow?: boolean = true;
}

/** One step of a run. */
export class SyncStatusEvent {
  /** @example 5d0f2b8e-7f5a-4b0e-9a35-2f8f3b7c6d10 */
  event_id: string;

  /** @example pull_0f3a9c1e5b7d2468 */
  run_id: string;

  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  user_id: string;

  /** The provider's slug */
  provider: string;

  /** @example pull */
  source: SyncSource;

  /** @example saving */
  stage: SyncStage;

  /** @example in_progress */
  status: SyncStatus;

  /** @example Saving day 12 of 32 */
  message: string | null;

  /** Share of the days that are done, 0 to 1 @example 0.375 */
  progress: number | null;

  /** Days done @example 12 */
  items_processed: number | null;

  /** Days in all @example 32 */
  items_total: number | null;

  /** An error code, where the run failed @example null */
  error: string | null;

  /** Always null: this server merges no users @example null */
  primary_user_id: string | null;

  /** Among them `is_historical`; at the end `inserted`, `updated` and `failed_days` */
  metadata: Record<string, unknown>;

  /** ISO 8601, UTC @example 2026-08-07T10:00:00.000Z */
  started_at: string | null;

  /** ISO 8601, UTC; null until the run has ended @example null */
  ended_at: string | null;

  /** ISO 8601, UTC @example 2026-08-07T10:00:02.000Z */
  timestamp: string;
}

export const toSyncStatusEvent = (
  event: Omit<SyncEvent, 'id'>,
  run: Pick<SyncRun, 'provider' | 'source' | 'startedAt' | 'endedAt'>,
): SyncStatusEvent => ({
  event_id: event.eventId,
  run_id: event.runId,
  user_id: event.userId,
  provider: run.provider,
  source: run.source,
  stage: event.stage,
  status: event.status,
  message: event.message,
  progress: event.progress,
  items_processed: event.itemsProcessed,
  items_total: event.itemsTotal,
  error: event.error,
  primary_user_id: null,
  metadata: event.metadata,
  started_at: event.stage === 'queued' ? null : (run.startedAt?.toISOString() ?? null),
  ended_at: event.status === 'in_progress' ? null : (run.endedAt?.toISOString() ?? null),
  timestamp: event.timestamp.toISOString(),
});
