import type { EntityManager } from 'typeorm';
import type { LedgerKey } from './sync-ledger';
import { wake } from './wake-times';

/** In one transaction, so that nobody waits long for a connection. */
const AT_ONCE = 500;
const BEFORE_ALL: LedgerKey = {
  userId: '00000000-0000-0000-0000-000000000000',
  connectionId: '00000000-0000-0000-0000-000000000000',
};

/**
 * A vendor is back: the days that wait for it are due within two minutes, each connection's at its own place in them, so
 * that it is not overrun. A connection that somebody writes for just now is passed over: it will see for itself.
 * @returns how many connections
 */
export async function endWaitFor(manager: EntityManager, provider: string, now: Date): Promise<number> {
  let [moved, after] = [0, BEFORE_ALL];
  for (;;) {
    const keys = await manager.transaction((inTransaction) =>
      shortenWaits(inTransaction, provider, after, now),
    );
    moved += keys.length;
    if (keys.length < AT_ONCE) return moved;
    after = keys[keys.length - 1];
  }
}

/** @returns whose, in the order of their keys */
async function shortenWaits(
  manager: EntityManager,
  provider: string,
  after: LedgerKey,
  now: Date,
): Promise<LedgerKey[]> {
  const keys: LedgerKey[] = await manager.query(SHORTEN_WAITS, [
    provider,
    now,
    after.userId,
    after.connectionId,
    AT_ONCE,
  ]);
  if (keys.length > 0) await wake(manager, ...keys);
  return keys;
}

/** Connections are locked before their days, as everywhere; without a day to move, they are not. */
const SHORTEN_WAITS = `
  WITH held AS (
    SELECT c.user_id, c.id, place.at
      FROM connection c CROSS JOIN LATERAL (
        SELECT $2::timestamptz + ('x' || left(md5(c.id::text), 6))::bit(24)::int / 16777216.0 * interval '2 minutes' AS at) place
     WHERE c.provider = $1 AND c.status = 'active' AND (c.user_id, c.id) > ($3, $4) AND EXISTS (
       SELECT FROM sync_day d
        WHERE d.user_id = c.user_id AND d.connection_id = c.id AND (d.user_id, d.connection_id) > ($3, $4)
          AND d.next_attempt_at > place.at AND d.error_code = 'unavailable')
     ORDER BY c.user_id, c.id
     LIMIT $5
       FOR UPDATE OF c SKIP LOCKED),
  moved AS (
    UPDATE sync_day d SET next_attempt_at = held.at FROM held
     WHERE d.user_id = held.user_id AND d.connection_id = held.id AND d.next_attempt_at > held.at
       AND d.error_code = 'unavailable')
  SELECT user_id AS "userId", id AS "connectionId" FROM held ORDER BY user_id, id`;
