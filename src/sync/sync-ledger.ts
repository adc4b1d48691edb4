import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate } from '../health-data/canonical';
import type { LedgerCalendar } from '../health-data/local-day';
import type { KnownDay } from '../health-data/zone-offset';
import type { SyncDayStatus } from './sync-day.entity';

/** SQL on `sync_day`, the ledger that is also the queue. All of it is called under a lock of the connection's row. */

/** Whose ledger. */
export interface LedgerKey {
  readonly userId: string;
  readonly connectionId: string;
}

export interface LedgerDay {
  date: LocalDate;
  status: SyncDayStatus;
  /** Failed tries in a row. */
  attempts: number;
  /** Of the last failed try. */
  errorCode: string | null;
  /** The first of the tries that failed for the day itself: none does while the vendor is away. */
  failedSince: Date | null;
  answerSha256: Buffer | null;
  normalizerVersion: number | null;
  fetchedAt: Date | null;
  startsAt: Date | null;
  timeZone: string | null;
  /** Since when the vendor says of a day with data that it has none. */
  emptySince: Date | null;
}

/** A day of which a usable answer has been read. */
export interface ClosedDay extends Omit<LedgerDay, 'attempts' | 'errorCode' | 'failedSince' | 'fetchedAt'> {
  fetchedAt: Date;
  /** When it is to be looked at again all the same, if ever. */
  recheckAt?: Date | null;
}

/** A day with those around it whose start is known, which tell where it ends. */
export interface LedgerDayInCalendar extends LedgerDay, Required<Pick<LedgerCalendar, 'archived'>> {
  /** Up to two dates before and two after. */
  neighbours: KnownDay[];
}

const LEDGER_DAY = `d.date::text AS date, d.status, d.attempts, d.error_code AS "errorCode", d.failed_since AS "failedSince",
  d.answer_sha256 AS "answerSha256", d.normalizer_version AS "normalizerVersion", d.fetched_at AS "fetchedAt",
  d.starts_at AS "startsAt", d.time_zone AS "timeZone", d.empty_since AS "emptySince"`;

/** SQL: where archived samples of a connection lie that have no local day, as a list in JSON; null where there are none. */
export const archivedSpans = (userId: string, connectionId: string, dates = 'true') => `
  SELECT jsonb_agg(jsonb_build_object('firstAt', (extract(epoch FROM u.first_at) * 1000)::double precision,
                                      'lastAt', (extract(epoch FROM u.last_at) * 1000)::double precision))
    FROM data_source s
    JOIN series_local_day u ON u.user_id = s.user_id AND u.source_id = s.id AND NOT u.is_local AND u.archived
   WHERE s.user_id = ${userId} AND s.connection_id = ${connectionId} AND ${dates}`;

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

/** What is open of one kind. */
export interface OpenDays {
  open: number;
  /** Of the open ones, those whose time has come. */
  due: number;
  /** Of the due ones; null where there is none. */
  from: LocalDate | null;
  to: LocalDate | null;
}

export async function countOpen(
  manager: EntityManager,
  key: LedgerKey,
  { at, history }: { at: Date; history: boolean },
): Promise<OpenDays> {
  const [row]: OpenDays[] = await manager.query(
    `SELECT count(*)::int AS open, count(*) FILTER (WHERE next_attempt_at <= $3)::int AS due,
            (min(date) FILTER (WHERE next_attempt_at <= $3))::text AS "from",
            (max(date) FILTER (WHERE next_attempt_at <= $3))::text AS "to"
       FROM sync_day WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at IS NOT NULL AND history = $4`,
    [key.userId, key.connectionId, at, history],
  );
  return row;
}

/** Newest first, but for those that have failed by themselves before: else two bad days could keep a whole history waiting. */
const ORDER = `ORDER BY CASE WHEN d.error_code IN ('unavailable', 'payload_invalid', 'answer_too_large', 'internal') THEN d.attempts ELSE 0 END,
  d.date DESC`;

/** Days whose time has come, without history, and without those of `tried`. */
export async function dueDays(
  manager: EntityManager,
  key: LedgerKey,
  now: Date,
  tried: Iterable<LocalDate> = [],
): Promise<LedgerDay[]> {
  return manager.query(
    `SELECT ${LEDGER_DAY} FROM sync_day d
      WHERE d.user_id = $1 AND d.connection_id = $2 AND d.next_attempt_at <= $3 AND NOT d.history
        AND d.date <> ALL ($4::date[]) ${ORDER}`,
    [key.userId, key.connectionId, now, [...tried]],
  );
}

/** The next days of history: none while something waits that comes first, or while the run is paused. */
export async function nextHistory(
  manager: EntityManager,
  key: LedgerKey,
  now: Date,
  { tried, limit }: { tried: Iterable<LocalDate>; limit: number },
): Promise<LedgerDay[]> {
  return manager.query(
    `SELECT ${LEDGER_DAY} FROM sync_day d JOIN connection c ON c.user_id = d.user_id AND c.id = d.connection_id
      WHERE d.user_id = $1 AND d.connection_id = $2 AND d.next_attempt_at <= $3 AND d.history
        AND d.date <> ALL ($4::date[]) AND c.history_wake_at <= $3 AND c.wake_at > $3 ${ORDER} LIMIT $5`,
    [key.userId, key.connectionId, now, [...tried], limit],
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
                 AND n.date <> $3 AND n.starts_at IS NOT NULL) AS neighbours,
            coalesce(CASE WHEN d.starts_at IS NULL THEN (${archivedSpans('$1', '$2', 'u.date BETWEEN $3::date - 2 AND $3::date + 2')}) END, '[]') AS archived
       FROM sync_day d WHERE d.user_id = $1 AND d.connection_id = $2 AND d.date = $3`,
    [key.userId, key.connectionId, date],
  );
  if (day === undefined) throw new Error(`the ledger has no day ${date}`);
  return day;
}

/**
 * A usable answer: the day is closed, and access was evidently allowed. The connection stays due until its run ends.
 * @param zoneNow the user's zone today, by the answer
 */
export async function closeDay(
  manager: EntityManager,
  key: LedgerKey,
  day: ClosedDay,
  zoneNow: string | null,
): Promise<void> {
  await prepared(
    manager,
    `WITH closed AS (
       UPDATE sync_day
          SET status = $4, attempts = 0, next_attempt_at = $11, error_code = NULL, history = false, failed_since = NULL,
              answer_sha256 = $5, normalizer_version = $6, fetched_at = $7, starts_at = $8, time_zone = $9, empty_since = $12
        WHERE user_id = $1 AND connection_id = $2 AND date = $3)
     UPDATE connection
        SET last_synced_at = greatest(last_synced_at, $7), time_zone = coalesce($10, time_zone), attention = nullif(attention, 'forbidden'),
            updated_at = CASE WHEN attention = 'forbidden' THEN $7 ELSE updated_at END
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
      day.recheckAt ?? null,
      day.emptySince,
    ],
  );
}

/** A failed try. What is stored stays stored. @param nextAttemptAt null: parked, until a slot or a person opens it */
export async function failDay(
  manager: EntityManager,
  key: LedgerKey,
  date: LocalDate,
  { attempts, errorCode, nextAttemptAt, failedSince }: FailedTry,
): Promise<void> {
  await manager.query(
    `UPDATE sync_day
        SET status = CASE WHEN status = 'stored' THEN 'stored' WHEN $6::timestamptz IS NULL THEN 'parked' ELSE 'failed' END,
            attempts = $4, error_code = $5, next_attempt_at = $6, failed_since = $7
      WHERE user_id = $1 AND connection_id = $2 AND date = $3`,
    [key.userId, key.connectionId, date, attempts, errorCode, nextAttemptAt, failedSince],
  );
}

export interface FailedTry {
  attempts: number;
  errorCode: string;
  nextAttemptAt: Date | null;
  /** The first try that failed for the day itself. */
  failedSince: Date | null;
}

/**
 * Days that were open are no longer to be read. Those that have never been read are no part of the ledger then. A day
 * with data of which the vendor says that it has none is still asked for again: no run has called for that.
 */
export async function closeUnread(manager: EntityManager, key: LedgerKey, history: boolean): Promise<void> {
  await manager.query(
    `DELETE FROM sync_day
      WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at IS NOT NULL AND history = $3 AND fetched_at IS NULL`,
    [key.userId, key.connectionId, history],
  );
  await manager.query(
    `UPDATE sync_day SET next_attempt_at = NULL, attempts = 0, history = false, failed_since = NULL
      WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at IS NOT NULL AND history = $3
        AND (history OR empty_since IS NULL)`,
    [key.userId, key.connectionId, history],
  );
}
