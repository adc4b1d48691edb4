import type { EntityManager } from 'typeorm';
import type { LedgerKey } from './sync-ledger';
import { wake } from './wake-times';

/**
 * A vendor is back: the days that wait for it are due within two minutes, each connection's at its own place in them, so
 * that it is not overrun. A connection that is being synced just now is passed over: it will see for itself.
 * @returns how many connections
 */
export async function endWaitFor(manager: EntityManager, provider: string, now: Date): Promise<number> {
  return manager.transaction(async (inTransaction) => {
    const keys: LedgerKey[] = await inTransaction.query(SHORTEN_WAITS, [provider, now]);
    if (keys.length > 0) await wake(inTransaction, ...keys);
    return keys.length;
  });
}

/** Connections are locked before their days, as everywhere. */
const SHORTEN_WAITS = `
  WITH held AS (
    SELECT c.user_id, c.id, $2::timestamptz + ('x' || left(md5(c.id::text), 6))::bit(24)::int / 16777216.0 * interval '2 minutes' AS at
      FROM connection c
     WHERE c.provider = $1 AND c.status = 'active' AND EXISTS (
       SELECT FROM sync_day d
        WHERE d.user_id = c.user_id AND d.connection_id = c.id AND d.next_attempt_at > $2 AND d.error_code = 'unavailable')
       FOR UPDATE SKIP LOCKED),
  moved AS (
    UPDATE sync_day d SET next_attempt_at = held.at FROM held
     WHERE d.user_id = held.user_id AND d.connection_id = held.id AND d.next_attempt_at > held.at
       AND d.error_code = 'unavailable'
    RETURNING d.user_id, d.connection_id)
  SELECT DISTINCT user_id AS "userId", connection_id AS "connectionId" FROM moved`;
