import { IsBoolean, IsNotEmpty, IsOptional, IsString, IsUUID } from 'class-validator';
import type { ReplayRun, ReplayRunStatus } from '../sync/replay-run.entity';
import type { ReplayRequest } from '../sync/replay.service';

export class StartReplay {
  /** Slug of the provider whose answers are read again @example acme */
  @IsString({ message: 'provider must be the slug of a provider' })
  @IsNotEmpty({ message: 'provider must be the slug of a provider' })
  provider: string;

  /** Only this user; without it all users @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  @IsOptional()
  @IsUUID('loose', { message: 'user_id must be a UUID, or left out for all users' })
  user_id?: string | null;

  /** The first local date; without it from the beginning @example 2026-03-01 */
  @IsOptional()
  @IsString({ message: 'from must be a date such as 2026-03-01' })
  from?: string | null;

  /** The last local date, included; without it to the end @example 2026-03-07 */
  @IsOptional()
  @IsString({ message: 'to must be a date such as 2026-03-01' })
  to?: string | null;

  /** `true` only counts what would change */
  @IsOptional()
  @IsBoolean({ message: 'dry_run must be true or false' })
  dry_run?: boolean = false;
}

export class ReplayStarted {
  /** By which `GET /api/v1/ops/replay/{id}` tells of it @example 4e1f0c5b-2a7d-4c36-8b19-6d0e9f3a7c52 */
  id: string;

  /** @example queued */
  status: ReplayRunStatus;
}

/** Samples and records. */
export class ReplayCounts {
  /** `heart_rate` for samples of that series, `daily:steps`, `score:sleep`, or `sleep` @example heart_rate */
  name: string;

  /** @example 3 */
  inserted: number;

  /** @example 12 */
  updated: number;

  /** @example 288 */
  deleted: number;
}

export class ReplayRead {
  id: string;

  provider: string;

  /** Null: all users */
  user_id: string | null;

  /** Null: from the beginning */
  from: string | null;

  /** Null: to the end */
  to: string | null;

  /** `true`: nothing was written, and the counts tell what a replay would change */
  dry_run: boolean;

  /** `failed`: some connections could not be replayed, and are as they were */
  status: ReplayRunStatus;

  /** Why it failed; else null */
  error: string | null;

  /** Connections whose turn is over @example 17 */
  connections_done: number;

  /** 0 until the first turn is over @example 23 */
  connections_total: number;

  /** Kept answers that were read @example 745 */
  answers: number;

  /** Answers of these that cannot be understood any more; they were passed over @example 0 */
  invalid_answers: number;

  /** Local days that were made anew @example 690 */
  days: number;

  /** Local days with data of which no usable answer is kept: they stay as they are @example 31 */
  days_untouched: number;

  /** What changed, by name */
  changes: ReplayCounts[];

  requested_at: string;

  /** Null while it goes on */
  ended_at: string | null;
}

export const toReplayRequest = (body: StartReplay): ReplayRequest => ({
  provider: body.provider,
  userId: body.user_id?.toLowerCase() ?? null,
  from: body.from ?? null,
  to: body.to ?? null,
  dryRun: body.dry_run ?? false,
});

export const toReplayRead = ({ result, ...run }: ReplayRun): ReplayRead => ({
  id: run.id,
  provider: run.provider,
  user_id: run.userId,
  from: run.fromDate,
  to: run.toDate,
  dry_run: run.dryRun,
  status: run.status,
  error: run.error,
  connections_done: run.connectionsDone,
  connections_total: run.connectionsTotal,
  answers: result.answers,
  invalid_answers: result.invalid,
  days: result.dates,
  days_untouched: result.untouched,
  changes: Object.entries(result.totals)
    .map(([name, counts]) => ({ name, ...counts }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  requested_at: run.requestedAt.toISOString(),
  ended_at: run.endedAt?.toISOString() ?? null,
});
