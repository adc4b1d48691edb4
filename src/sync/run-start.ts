import { randomBytes, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { tell } from './event-log';
import { runInProgress, saveProgress, tellStart, type RunState } from './run-log';
import type { SyncStage } from './sync-run.entity';
import { daysDone, NOTHING_DONE } from './tally';

/** How runs come to be: asked for by a person, or started by a worker. */

type Identity = Pick<RunState, 'userId' | 'connectionId' | 'provider' | 'source'>;

/** A run that a person asked for: it waits for a worker. */
export async function queueRun(manager: EntityManager, identity: Identity, now: Date): Promise<RunState> {
  const run = await insertRun(manager, { ...newRun(identity), announced: true }, 'queued', now);
  await tell(
    manager,
    run,
    { stage: 'queued', status: 'in_progress', message: `Sync from ${run.provider} queued` },
    now,
  );
  return run;
}

/** What a run is started for. */
export interface RunPlan {
  /** Days still to do, and the dates that they lie between. */
  days: number;
  from: string | null;
  to: string | null;
  slotAt: Date | null;
  /** Nothing has called for it but days that wait for another try. */
  isRetry: boolean;
}

/** Starts the queued run, carries on an abandoned one, or makes a new one. */
export async function startRun(
  manager: EntityManager,
  identity: Identity,
  { days, from, to, slotAt, isRetry }: RunPlan,
  now: Date,
): Promise<RunState> {
  const found = await runInProgress(manager, identity);
  const run: RunState = {
    ...(found ?? { ...newRun(identity), announced: identity.source === 'backfill', recorded: !isRetry }),
    slotAt: found?.slotAt ?? slotAt,
    startedAt: found?.startedAt ?? now,
    itemsTotal: (found === null ? 0 : daysDone(found.details)) + days,
    toldAt: now.getTime(),
  };
  if (!run.recorded) return run;
  if (found === null) await insertRun(manager, run, 'started', now);
  else await saveProgress(manager, run, 'started', now);
  const isNew = found === null || found.startedAt === null;
  if (run.announced && isNew) await tellStart(manager, run, { start_date: from, end_date: to }, now);
  return run;
}

/** A retry that has found something gets its row, or the one that a person has asked for meanwhile. */
export async function recordRun(manager: EntityManager, run: RunState, now: Date): Promise<RunState> {
  const asked = await runInProgress(manager, run);
  const { startedAt, itemsTotal, toldAt } = run;
  if (asked !== null) return { ...asked, startedAt, itemsTotal, toldAt };
  const recorded = await insertRun(manager, { ...run, recorded: true }, 'started', now);
  if (run.announced) await tellStart(manager, recorded, {}, now);
  return recorded;
}

const newRun = (identity: Identity): RunState => ({
  ...identity,
  runId: `pull_${randomBytes(8).toString('hex')}`,
  taskId: randomUUID(),
  recorded: true,
  isPaused: false,
  slotAt: null,
  startedAt: null,
  itemsTotal: 0,
  details: NOTHING_DONE,
  announced: false,
  toldAt: 0,
  toldDays: 0,
});

async function insertRun(
  manager: EntityManager,
  run: RunState,
  stage: SyncStage,
  now: Date,
): Promise<RunState> {
  await manager.query(
    `INSERT INTO sync_run (user_id, run_id, task_id, connection_id, provider, source, stage, status,
                           items_processed, items_total, details, slot_at, started_at, last_update)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'in_progress', 0, $8, $9, $10, $11, $12)`,
    [
      run.userId,
      run.runId,
      run.taskId,
      run.connectionId,
      run.provider,
      run.source,
      stage,
      run.itemsTotal,
      run.details,
      run.slotAt,
      run.startedAt,
      now,
    ],
  );
  return run;
}
