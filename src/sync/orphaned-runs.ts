import type { EntityManager } from 'typeorm';
import { warnOfNewDrift } from './drift-store';
import { finishRun, runInProgress, type RunEnding, type RunState } from './run-log';
import type { Verdict } from './tally';

export const CONNECTION_ENDED: Verdict = { status: 'cancelled', reason: 'connection_ended' };

/** So that a look for due connections is not kept waiting; the next one goes on. */
const AT_ONCE = 100;

/**
 * Ends the runs that nobody will take up: their connection is no longer active, and no worker holds it.
 * @returns how many
 */
export async function cancelOrphans(manager: EntityManager, now: Date): Promise<number> {
  for (let cancelled = 0; cancelled < AT_ONCE; cancelled++) {
    const ending = await manager.transaction((inTransaction) => cancelOne(inTransaction, now));
    if (ending === null) return cancelled;
    warnOfNewDrift(ending);
  }
  return AT_ONCE;
}

async function cancelOne(manager: EntityManager, now: Date): Promise<RunEnding | null> {
  const [orphan]: Pick<RunState, 'userId' | 'connectionId' | 'source'>[] = await manager.query(ORPHAN, [now]);
  const run = orphan && (await runInProgress(manager, orphan));
  return run ? finishRun(manager, run, now, CONNECTION_ENDED) : null;
}

/** Under the lock of its connection, as whoever ends a run; what another process has in hand is left to it. */
const ORPHAN = `
  SELECT r.user_id AS "userId", r.connection_id AS "connectionId", r.source
    FROM sync_run r JOIN connection c ON c.user_id = r.user_id AND c.id = r.connection_id
   WHERE r.status = 'in_progress' AND c.status <> 'active' AND coalesce(c.lease_until, '-infinity') < $1
   LIMIT 1
     FOR UPDATE OF c SKIP LOCKED`;
