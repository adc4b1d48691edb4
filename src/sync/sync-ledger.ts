import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate } from '../health-data/canonical';
import type { CalendarDay, KnownDay } from '../health-data/zone-offset';
import type { SyncDayStatus } from './sync-day.entity';

/**
 * SQL on `sync_day`, the ledger that is also the queue. Every function here that opens, closes or moves a day
 * recomputes `connection.wake_at`; all are called under a lock of the connection's row.
 */

/** Whose ledger. */
export interface LedgerKey {
  readonly userId: string;
  readonly connectionId: string;
}

export interface LedgerDay {
  date: LocalDate;
  status: SyncDayStatus;
  attempts: number;
  answerSha256: Buffer | null;
  normalizerVersion: number | null;
  fetchedAt: Date | null;
  startsAt: Date | null;
  timeZone: string | null;
}

/** A day with those around it whose start is known, which tell where it ends. */
export interface LedgerDayInCalendar extends LedgerDay {
  /** Up to two dates before and two after. */
  neighbours: KnownDay[];
}

const LEDGER_DAY = `date::text AS date, status, attempts, answer_sha256 AS "answerSha256",
  normalizer_version AS "normalizerVersion", fetched_at AS "fetchedAt", starts_at AS "startsAt", time_zone AS "timeZone"`;

export async function isEmpty(manager: EntityManager, key: LedgerKey): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT 1 FROM sync_day WHERE user_id = $1 AND connection_id = $2 LIMIT 1`,
    [key.userId, key.connectionId],
  );
  return rows.length === 0;
}

/** The newest date up to and with `today`. */
export async function newestDate(
  manager: EntityManager,
  key: LedgerKey,
  today: LocalDate,
): Promise<LocalDate | null> {
  const [row]: { date: LocalDate | null }[] = await manager.query(
    `SELECT max(date)::text AS date FROM sync_day WHERE user_id = $1 AND connection_id = $2 AND date <= $3`,
    [key.userId, key.connectionId, today],
  );
  return row.date;
}

/** Opens days that are not open yet: one that waits for its next try keeps waiting. */
export async function openDays(
  manager: EntityManager,
  key: LedgerKey,
  dates: LocalDate[],
  at: Date,
): Promise<void> {
  await manager.query(
    `INSERT INTO sync_day (user_id, connection_id, date, status, attempts, next_attempt_at)
     SELECT $1, $2, date, 'pending', 0, $4 FROM unnest($3::date[]) AS date
     ON CONFLICT (user_id, connection_id, date)
     DO UPDATE SET next_attempt_at = EXCLUDED.next_attempt_at WHERE sync_day.next_attempt_at IS NULL`,
    [key.userId, key.connectionId, dates, at],
  );
  await wake(manager, key);
}

/**
 * Opens days because a person asks: waiting and parked ones too, with all their tries before them. Not earlier than
 * a rate limit allows, and not those read since `runStartedAt`, so that asking again and again costs the vendor nothing.
 */
export async function askForDays(
  manager: EntityManager,
  key: LedgerKey,
  dates: LocalDate[],
  { now, runStartedAt }: { now: Date; runStartedAt: Date | null },
): Promise<void> {
  await manager.query(
    `INSERT INTO sync_day (user_id, connection_id, date, status, attempts, next_attempt_at)
     SELECT $1, $2, date, 'pending', 0, greatest($4::timestamptz, (
              SELECT max(next_attempt_at) FROM sync_day
               WHERE user_id = $1 AND connection_id = $2 AND error_code = 'rate_limited'))
       FROM unnest($3::date[]) AS date
     ON CONFLICT (user_id, connection_id, date)
     DO UPDATE SET attempts = 0, next_attempt_at = least(sync_day.next_attempt_at, EXCLUDED.next_attempt_at)
      WHERE $5::timestamptz IS NULL OR sync_day.fetched_at IS NULL OR sync_day.fetched_at < $5`,
    [key.userId, key.connectionId, dates, now, runStartedAt],
  );
  await wake(manager, key);
}

/** Newest first. */
export async function dueDays(manager: EntityManager, key: LedgerKey, now: Date): Promise<LedgerDay[]> {
  return manager.query(
    `SELECT ${LEDGER_DAY} FROM sync_day
      WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at <= $3 ORDER BY sync_day.date DESC`,
    [key.userId, key.connectionId, now],
  );
}

/** @throws Error when the ledger has no such day: every day is opened before it is read */
export async function readDay(
  manager: EntityManager,
  key: LedgerKey,
  date: LocalDate,
): Promise<LedgerDayInCalendar> {
  const [day] = await prepared<LedgerDayInCalendar>(
    manager,
    `SELECT ${LEDGER_DAY}, (
              SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'date', n.date, 'startsAt', (extract(epoch FROM n.starts_at) * 1000)::double precision,
                       'timeZone', n.time_zone)), '[]')
                FROM sync_day n
               WHERE n.user_id = $1 AND n.connection_id = $2 AND n.date BETWEEN $3::date - 2 AND $3::date + 2
                 AND n.date <> $3 AND n.starts_at IS NOT NULL) AS neighbours
       FROM sync_day WHERE user_id = $1 AND connection_id = $2 AND date = $3`,
    [key.userId, key.connectionId, date],
  );
  if (day === undefined) throw new Error(`the ledger has no day ${date}`);
  return day;
}

/**
 * A usable answer: the day is closed, and access was evidently allowed. One statement, which does not see its own
 * update of the day: hence the `date <> $3`.
 * @param zoneNow the user's zone today, by the answer
 */
export async function closeDay(
  manager: EntityManager,
  key: LedgerKey,
  day: Omit<LedgerDay, 'attempts' | 'fetchedAt'> & { fetchedAt: Date },
  zoneNow: string | null,
): Promise<void> {
  await prepared(
    manager,
    `WITH closed AS (
       UPDATE sync_day
          SET status = $4, attempts = 0, next_attempt_at = NULL, error_code = NULL, answer_sha256 = $5,
              normalizer_version = $6, fetched_at = $7, starts_at = $8, time_zone = $9
        WHERE user_id = $1 AND connection_id = $2 AND date = $3)
     UPDATE connection
        SET last_synced_at = greatest(last_synced_at, $7), time_zone = coalesce($10, time_zone), attention = nullif(attention, 'forbidden'),
            wake_at = least(next_slot_at, (
              SELECT min(next_attempt_at) FROM sync_day
               WHERE user_id = $1 AND connection_id = $2 AND date <> $3 AND next_attempt_at IS NOT NULL))
      WHERE user_id = $1 AND id = $2`,
    [
      key.userId,
      key.connectionId,
      day.date,
      day.status,
      day.answerSha256,
      day.normalizerVersion,
      day.fetchedAt,
      day.startsAt,
      day.timeZone,
      zoneNow,
    ],
  );
}

/** A failed try. What is stored stays stored. @param nextAttemptAt null: parked, until a slot or a person opens it */
export async function failDay(
  manager: EntityManager,
  key: LedgerKey,
  date: LocalDate,
  failure: { attempts: number; errorCode: string; nextAttemptAt: Date | null },
): Promise<void> {
  await manager.query(
    `UPDATE sync_day
        SET status = CASE WHEN status = 'stored' THEN 'stored' WHEN $6::timestamptz IS NULL THEN 'parked' ELSE 'failed' END,
            attempts = $4, error_code = $5, next_attempt_at = $6
      WHERE user_id = $1 AND connection_id = $2 AND date = $3`,
    [key.userId, key.connectionId, date, failure.attempts, failure.errorCode, failure.nextAttemptAt],
  );
  await wake(manager, key);
}

/** The vendor wants nothing of this connection before `until`: its open days wait, and so does the next slot. */
export async function postponeDays(
  manager: EntityManager,
  key: LedgerKey,
  { now, until, errorCode }: { now: Date; until: Date; errorCode: string },
): Promise<void> {
  await manager.query(
    `UPDATE sync_day
        SET attempts = attempts + CASE WHEN next_attempt_at <= $3 THEN 1 ELSE 0 END,
            next_attempt_at = greatest(next_attempt_at, $4), error_code = $5
      WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at IS NOT NULL`,
    [key.userId, key.connectionId, now, until, errorCode],
  );
  await manager.query(
    `UPDATE connection
        SET next_slot_at = greatest(next_slot_at, $3), attention = CASE WHEN $4 = 'forbidden' THEN $4 ELSE attention END
      WHERE user_id = $1 AND id = $2`,
    [key.userId, key.connectionId, until, errorCode],
  );
  await wake(manager, key);
}

/** The connection wakes for its next slot or its earliest open day. */
export async function wake(manager: EntityManager, key: LedgerKey): Promise<void> {
  await manager.query(
    `UPDATE connection
        SET wake_at = least(next_slot_at, (
              SELECT min(next_attempt_at) FROM sync_day
               WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at IS NOT NULL))
      WHERE user_id = $1 AND id = $2`,
    [key.userId, key.connectionId],
  );
}

export interface CalendarRow extends CalendarDay {
  status: SyncDayStatus;
}

/** The whole ledger as a calendar, ascending. */
export async function readCalendar(manager: EntityManager, key: LedgerKey): Promise<CalendarRow[]> {
  return manager.query(
    `SELECT date::text AS date, status, (extract(epoch FROM starts_at) * 1000)::double precision AS "startsAt",
            time_zone AS "timeZone"
       FROM sync_day WHERE user_id = $1 AND connection_id = $2 ORDER BY sync_day.date`,
    [key.userId, key.connectionId],
  );
}

export interface ReplayedDay extends CalendarDay {
  status: 'stored' | 'empty';
}

/** Days whose data was made anew. Without their fingerprint the next answer is read, whatever it says. */
export async function replaceDays(
  manager: EntityManager,
  key: LedgerKey,
  days: ReplayedDay[],
  normalizerVersion: number,
): Promise<void> {
  await manager.query(
    `UPDATE sync_day d
        SET status = CASE WHEN made.status = 'stored' OR d.status IN ('stored', 'empty') THEN made.status ELSE d.status END,
            error_code = CASE WHEN made.status = 'stored' AND d.status = 'parked' THEN NULL ELSE d.error_code END,
            answer_sha256 = NULL, normalizer_version = $7, starts_at = made.starts_at, time_zone = made.time_zone
       FROM unnest($3::date[], $4::text[], $5::timestamptz[], $6::text[]) AS made (date, status, starts_at, time_zone)
      WHERE d.user_id = $1 AND d.connection_id = $2 AND d.date = made.date`,
    [
      key.userId,
      key.connectionId,
      days.map(({ date }) => date),
      days.map(({ status }) => status),
      days.map(({ startsAt }) => (startsAt === null ? null : new Date(startsAt))),
      days.map(({ timeZone }) => timeZone),
      normalizerVersion,
    ],
  );
}
