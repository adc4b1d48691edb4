import type { EntityManager } from 'typeorm';
import type { SampledSpan } from '../health-data/local-day';
import type { CalendarDay } from '../health-data/zone-offset';
import type { SyncDayStatus } from './sync-day.entity';
import { archivedSpans, type LedgerKey } from './sync-ledger';

/** The ledger as a replay reads it and makes it anew. */

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

/** Of a connection. */
export async function readArchivedSpans(manager: EntityManager, key: LedgerKey): Promise<SampledSpan[]> {
  const [{ spans }]: { spans: SampledSpan[] | null }[] = await manager.query(
    `SELECT (${archivedSpans('$1', '$2')}) AS spans`,
    [key.userId, key.connectionId],
  );
  return spans ?? [];
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
