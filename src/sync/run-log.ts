import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import { countDrift, type NewDrift } from './drift-store';
import { tell } from './event-log';
import type { SyncRunDetails, SyncSource, SyncStage } from './sync-run.entity';
import { counted, daysDone, isNews, NOTHING_DONE, verdictOf, type DayOutcome, type Verdict } from './tally';

/** SQL on `sync_run`. */

/** A run in progress, as its worker knows it: replaced, never changed, so that a rolled back day leaves no trace. */
export interface RunState {
  readonly userId: string;
  readonly connectionId: string;
  readonly provider: string;
  readonly runId: string;
  readonly taskId: string;
  readonly source: SyncSource;
  /** False for a retry, which has no row until it finds something else than the last time. */
  readonly recorded: boolean;
  /** As it was when it was read. */
  readonly isPaused: boolean;
  /** The scheduled slot that it serves. */
  readonly slotAt: Date | null;
  readonly startedAt: Date | null;
  readonly itemsTotal: number;
  readonly details: SyncRunDetails;
  /** Whether clients are told step by step: a scheduled run speaks only once it has found something. */
  readonly announced: boolean;
  /** Of the last event. */
  readonly toldAt: number;
  readonly toldDays: number;
}

const EVENT_EVERY_MS = 1_000;
const EVENT_EVERY_DAYS = 5;

/** The runs in progress of a connection, queued or started: at most one of each source. */
export async function runsInProgress(
  manager: EntityManager,
  { userId, connectionId }: Pick<RunState, 'userId' | 'connectionId'>,
): Promise<RunState[]> {
  const rows: Omit<RunState, 'recorded' | 'toldAt' | 'toldDays'>[] = await manager.query(
    `SELECT user_id AS "userId", connection_id AS "connectionId", provider, run_id AS "runId", task_id AS "taskId",
            source, slot_at AS "slotAt", paused_at IS NOT NULL AS "isPaused", started_at AS "startedAt", items_total AS "itemsTotal", details,
            EXISTS (SELECT 1 FROM sync_event e WHERE e.user_id = r.user_id AND e.run_id = r.run_id) AS announced
       FROM sync_run r
      WHERE user_id = $1 AND connection_id = $2 AND status = 'in_progress'`,
    [userId, connectionId],
  );
  return rows.map((row) => {
    // The former version of this server may have begun it.
    const details = { ...NOTHING_DONE, ...row.details };
    return { ...row, recorded: true, details, toldAt: 0, toldDays: daysDone(details) };
  });
}

export async function runInProgress(
  manager: EntityManager,
  key: Pick<RunState, 'userId' | 'connectionId' | 'source'>,
): Promise<RunState | null> {
  return (await runsInProgress(manager, key)).find(({ source }) => source === key.source) ?? null;
}

/** Whoever signs in again wants data. */
export async function endPause(
  manager: EntityManager,
  { userId, connectionId }: Pick<RunState, 'userId' | 'connectionId'>,
): Promise<void> {
  await manager.query(
    `UPDATE sync_run SET paused_at = NULL WHERE user_id = $1 AND connection_id = $2 AND paused_at IS NOT NULL AND status = 'in_progress'`,
    [userId, connectionId],
  );
}

/**
 * Adds one day to the run, and tells of it at most every second or every five days.
 * @returns the run as it will be, and the statements that save it, under way
 */
export function advanceRun(
  manager: EntityManager,
  run: RunState,
  outcome: DayOutcome,
  now: Date,
): { run: RunState; saved: Promise<unknown> } {
  const details = counted(run.details, outcome);
  const next: RunState = { ...run, details, announced: run.announced || isNews(outcome) };
  // An hour without news writes its row at the start and at the end only: what a kill would lose are a few days unchanged.
  const isSilent = !next.announced && outcome.kind === 'unchanged' && outcome.day === undefined;
  const statements = isSilent ? [] : [saveProgress(manager, next, 'saving', now)];
  if (!run.announced && next.announced) statements.push(tellStart(manager, next, {}, run.startedAt ?? now));
  const days = daysDone(details);
  const due = now.getTime() - run.toldAt >= EVENT_EVERY_MS || days - run.toldDays >= EVENT_EVERY_DAYS;
  if (!next.announced || !due) return { run: next, saved: Promise.all(statements) };
  const message = `Saving day ${days} of ${run.itemsTotal}`;
  statements.push(tell(manager, next, { stage: 'saving', status: 'in_progress', message }, now));
  return { run: { ...next, toldAt: now.getTime(), toldDays: days }, saved: Promise.all(statements) };
}

export interface RunEnding extends NewDrift {
  run: RunState;
  verdict: Verdict;
}

/**
 * Ends the run by what its days say, and moves what it has seen of drift to where that is counted.
 * @param manager of a transaction
 * @param verdict where something else decides, such as a connection that ended
 */
export async function finishRun(
  manager: EntityManager,
  run: RunState,
  now: Date,
  verdict: Verdict = verdictOf(run.details),
): Promise<RunEnding> {
  const stage = STAGES[verdict.status];
  const message = endMessage(run, verdict);
  const error = verdict.status === 'failed' ? verdict.reason : null;
  const { drift, ...seen } = run.details;
  const details: SyncRunDetails = {
    ...seen,
    drift: {},
    ...(verdict.reason !== null && { reason: verdict.reason }),
  };
  const [, ended]: [unknown, number] = await manager.query(
    `UPDATE sync_run SET stage = $3, status = $4, message = $5, error = $6, details = $7, items_processed = $8,
            items_total = $9, ended_at = $10, last_update = $10
      WHERE user_id = $1 AND run_id = $2 AND status = 'in_progress'`,
    [
      run.userId,
      run.runId,
      stage,
      verdict.status,
      message,
      error,
      details,
      daysDone(details),
      run.itemsTotal,
      now,
    ],
  );
  const metadata = { inserted: details.inserted, updated: details.updated, failed_days: details.failedDays };
  if (ended === 0) return { run, verdict, names: [] };
  const names = await countDrift(manager, run.provider, drift, now);
  if (run.announced) {
    await tell(manager, run, { stage, status: verdict.status, message, error, metadata }, now);
  }
  return { run, verdict, names };
}

const STAGES = {
  success: 'completed',
  partial: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

function endMessage({ provider, details }: RunState, { status, reason }: Verdict): string {
  if (status === 'failed' || status === 'cancelled') return `Sync from ${provider} ${status} · ${reason}`;
  const numbers = `${details.inserted} new, ${details.updated} updated`;
  return `Sync from ${provider} completed · ${numbers}${reason === null ? '' : ` · ${reason}`}`;
}

export async function saveProgress(
  manager: EntityManager,
  run: RunState,
  stage: SyncStage,
  now: Date,
): Promise<void> {
  await prepared(
    manager,
    `UPDATE sync_run SET stage = $3, items_processed = $4, items_total = $5, details = $6, slot_at = $7, started_at = $8,
            last_update = $9
      WHERE user_id = $1 AND run_id = $2 AND status = 'in_progress'`,
    [
      run.userId,
      run.runId,
      stage,
      daysDone(run.details),
      run.itemsTotal,
      run.details,
      run.slotAt,
      run.startedAt,
      now,
    ],
  );
}

export const tellStart = (
  manager: EntityManager,
  run: RunState,
  metadata: Record<string, unknown>,
  at: Date,
) =>
  tell(
    manager,
    run,
    { stage: 'started', status: 'in_progress', message: `Sync from ${run.provider} started`, metadata },
    at,
  );
