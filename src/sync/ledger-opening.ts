import type { EntityManager } from 'typeorm';
import type { LocalDate } from '../health-data/canonical';
import type { LedgerKey } from './sync-ledger';

/** How days come to be open: by a slot or a backfill, or because a person asks. Under a lock of the connection's row. */

/** Of days opened together. */
export interface Opening {
  at: Date;
  history: boolean;
}

/** A day that waits as history and is called for by something else no longer waits behind the others. */
const HISTORY_ONLY = `history = EXCLUDED.history AND (sync_day.history OR sync_day.next_attempt_at IS NULL)`;

/**
 * Opens days for a slot or a backfill. One that has failed keeps waiting for its next try, unless it is the vendor who
 * was away, whom a slot asks once more, or who was busy for history only.
 */
export async function openDays(
  manager: EntityManager,
  key: LedgerKey,
  dates: LocalDate[],
  { at, history }: Opening,
): Promise<void> {
  await manager.query(
    `INSERT INTO sync_day (user_id, connection_id, date, status, attempts, next_attempt_at, history)
     SELECT $1, $2, date, 'pending', 0, $4, $5 FROM unnest($3::date[]) AS date
     ON CONFLICT (user_id, connection_id, date)
     DO UPDATE SET next_attempt_at = least(sync_day.next_attempt_at, EXCLUDED.next_attempt_at), ${HISTORY_ONLY}
      WHERE sync_day.next_attempt_at IS NULL OR coalesce(sync_day.error_code, 'unavailable') = 'unavailable'
         OR (sync_day.error_code = 'rate_limited' AND sync_day.history AND NOT EXCLUDED.history)`,
    [key.userId, key.connectionId, dates, at, history],
  );
}

/**
 * Opens days because a person asks: waiting and parked ones too, with all their tries before them. Not earlier than
 * a rate limit allows, and not those read since `runStartedAt`, so that asking again and again costs the vendor nothing.
 */
export async function askForDays(
  manager: EntityManager,
  key: LedgerKey,
  dates: LocalDate[],
  { at, history, runStartedAt }: Opening & { runStartedAt: Date | null },
): Promise<void> {
  await manager.query(
    `INSERT INTO sync_day (user_id, connection_id, date, status, attempts, next_attempt_at, history)
     SELECT $1, $2, date, 'pending', 0, greatest($4::timestamptz, (
              SELECT max(next_attempt_at) FROM sync_day
               WHERE user_id = $1 AND connection_id = $2 AND error_code = 'rate_limited' AND NOT (history AND NOT $5))), $5
       FROM unnest($3::date[]) AS date
     ON CONFLICT (user_id, connection_id, date)
     DO UPDATE SET attempts = 0, next_attempt_at = least(sync_day.next_attempt_at, EXCLUDED.next_attempt_at), ${HISTORY_ONLY}
      WHERE $6::timestamptz IS NULL OR sync_day.fetched_at IS NULL OR sync_day.fetched_at < $6`,
    [key.userId, key.connectionId, dates, at, history, runStartedAt],
  );
}
