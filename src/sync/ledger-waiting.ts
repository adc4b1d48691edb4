import type { EntityManager } from 'typeorm';
import type { LocalDate } from '../health-data/canonical';
import type { LedgerKey } from './sync-ledger';

/** How the open days of a connection are made to wait together. Under a lock of the connection's row. */

/** What waits because of something that is no fault of any day. */
export interface Wait {
  until: Date;
  errorCode: string;
  /** Only history: whatever else is open has its own chance. */
  onlyHistory: boolean;
}

export async function postponeDays(
  manager: EntityManager,
  key: LedgerKey,
  { until, errorCode, onlyHistory }: Wait,
): Promise<void> {
  await manager.query(
    `UPDATE sync_day SET next_attempt_at = greatest(next_attempt_at, $3), error_code = $4
      WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at IS NOT NULL AND (history OR NOT $5)`,
    [key.userId, key.connectionId, until, errorCode, onlyHistory],
  );
}

/** How often the open day that has failed most has failed in a row. */
export async function mostTries(manager: EntityManager, key: LedgerKey, history: boolean): Promise<number> {
  const [{ tries }]: { tries: number | null }[] = await manager.query(
    `SELECT max(attempts) AS tries FROM sync_day
      WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at IS NOT NULL AND history = $3`,
    [key.userId, key.connectionId, history],
  );
  return tries ?? 0;
}

/** Of the day that stands for all that wait, so that the next wait is longer and begins with another day. */
export async function countTries(
  manager: EntityManager,
  key: LedgerKey,
  date: LocalDate,
  tries: number,
): Promise<void> {
  await manager.query(
    `UPDATE sync_day SET attempts = $4 WHERE user_id = $1 AND connection_id = $2 AND date = $3`,
    [key.userId, key.connectionId, date, tries],
  );
}

/** The vendor wants nothing of this connection before `until`: its next slot waits too. */
export async function postponeSlot(
  manager: EntityManager,
  key: LedgerKey,
  { until, errorCode }: Pick<Wait, 'until' | 'errorCode'>,
  now: Date,
): Promise<void> {
  await manager.query(
    `UPDATE connection
        SET next_slot_at = greatest(next_slot_at, $3), attention = CASE WHEN $4 = 'forbidden' THEN $4 ELSE attention END,
            updated_at = CASE WHEN $4 = 'forbidden' AND attention IS DISTINCT FROM $4 THEN $5 ELSE updated_at END
      WHERE user_id = $1 AND id = $2`,
    [key.userId, key.connectionId, until, errorCode, now],
  );
}
