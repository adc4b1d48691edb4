import type { EntityManager } from 'typeorm';
import type { LedgerKey } from './sync-ledger';

/**
 * When connections wake, told from the ledger and the runs alone: `wake_at` for the next slot or the earliest open day
 * that is not history, `history_wake_at` for the earliest of history. A run in progress without an open day is due: all
 * it lacks is its end. So is a pull that has started, whatever is open for later: that is for retries and later slots. Whoever opens, moves or closes days calls this last, under the lock of the connection's row; a
 * worker does when it ends, so that one that dies meanwhile leaves its connection due.
 */
export async function wake(manager: EntityManager, ...keys: LedgerKey[]): Promise<void> {
  await manager.query(SET_WAKE_TIMES, [
    keys.map(({ userId }) => userId),
    keys.map(({ connectionId }) => connectionId),
  ]);
}

/**
 * After `wake`: not before `until`, although there may be something due. The slot itself stays where it is, so that it
 * is served in full; the next `wake` ends the sleep, such as when a person asks for a sync.
 */
export async function letSleep(
  manager: EntityManager,
  { userId, connectionId }: LedgerKey,
  until: Date,
): Promise<void> {
  await manager.query(
    `UPDATE connection SET wake_at = greatest(wake_at, $3) WHERE user_id = $1 AND id = $2`,
    [userId, connectionId, until],
  );
}

const SET_WAKE_TIMES = `
  UPDATE connection c
     SET wake_at = least(c.next_slot_at, live.at, (
           SELECT r.last_update FROM sync_run r
            WHERE r.user_id = c.user_id AND r.connection_id = c.id AND r.source = 'pull' AND r.status = 'in_progress'
              AND (r.started_at IS NOT NULL OR live.at IS NULL))),
         history_wake_at = CASE WHEN NOT EXISTS (
             SELECT FROM sync_run r
              WHERE r.user_id = c.user_id AND r.connection_id = c.id AND r.source = 'backfill'
                AND r.status = 'in_progress' AND r.paused_at IS NOT NULL)
           THEN coalesce(
             (SELECT min(d.next_attempt_at) FROM sync_day d
               WHERE d.user_id = c.user_id AND d.connection_id = c.id AND d.next_attempt_at IS NOT NULL AND d.history),
             (SELECT r.last_update FROM sync_run r
               WHERE r.user_id = c.user_id AND r.connection_id = c.id AND r.source = 'backfill'
                 AND r.status = 'in_progress'))
         END
    FROM unnest($1::uuid[], $2::uuid[]) AS key (user_id, id), LATERAL (
         SELECT min(d.next_attempt_at) AS at FROM sync_day d
          WHERE d.user_id = key.user_id AND d.connection_id = key.id AND d.next_attempt_at IS NOT NULL AND NOT d.history) live
   WHERE c.user_id = key.user_id AND c.id = key.id`;
