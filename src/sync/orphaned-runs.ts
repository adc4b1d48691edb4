import type { EntityManager } from 'typeorm';
import { countDrift, warnOfNewDrift, type NewDrift } from './drift-store';
import type { DriftTally } from './drift-tally';

/**
 * Ends the runs that nobody will take up: their connection is no longer active, and no worker holds it.
 * @returns how many
 */
export async function cancelOrphans(manager: EntityManager, now: Date): Promise<number> {
  const cancelled = await manager.transaction(async (inTransaction) => {
    const [orphans]: [Orphan[], number] = await inTransaction.query(CANCEL_ORPHANS, [now]);
    const ended: NewDrift[] = [];
    // In one order for all, so that two processes do not wait for each other.
    for (const run of orphans.toSorted((one, other) => (one.provider < other.provider ? -1 : 1))) {
      ended.push({ run, names: await countDrift(inTransaction, run.provider, run.drift ?? {}, now) });
    }
    return ended;
  });
  for (const each of cancelled) warnOfNewDrift(each);
  return cancelled.length;
}

interface Orphan {
  runId: string;
  provider: string;
  drift: DriftTally | null;
}

/** What another process is ending right now is left to it. */
const CANCEL_ORPHANS = `
  WITH orphan AS (
    SELECT r.user_id, r.run_id, r.details -> 'drift' AS drift
      FROM sync_run r JOIN connection c ON c.user_id = r.user_id AND c.id = r.connection_id
     WHERE r.status = 'in_progress' AND c.status <> 'active' AND coalesce(c.lease_until, '-infinity') < $1
       FOR UPDATE OF r SKIP LOCKED)
  UPDATE sync_run r
     SET stage = 'cancelled', status = 'cancelled', message = 'The connection has ended', ended_at = $1, last_update = $1,
         details = r.details || '{"reason": "connection_ended", "drift": {}}'
    FROM orphan o
   WHERE r.user_id = o.user_id AND r.run_id = o.run_id
  RETURNING r.run_id AS "runId", r.provider, o.drift`;
