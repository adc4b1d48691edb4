import type { NormalizedDay } from '../health-data/canonical';
import type { LedgerCalendar } from '../health-data/local-day';
import type { DayContext } from '../health-data/write';
import { recheckAt } from './plan';
import type { ClosedDay, LedgerDay, LedgerDayInCalendar } from './sync-ledger';

/** What the ledger says of a day once its answer has been read. */

export interface ReadDay {
  normalized: NormalizedDay;
  fetchedAt: Date;
  /** Null for an answer without content. */
  sha256: Buffer | null;
}

/**
 * Absence never deletes: a day with data stays stored, with the fingerprint of the answer that it holds, and is asked
 * for again.
 */
export function closedEmpty(
  day: LedgerDay,
  { fetchedAt, sha256 }: ReadDay,
  normalizerVersion: number,
): ClosedDay {
  const emptySince = day.emptySince ?? fetchedAt;
  return day.status === 'stored'
    ? { ...day, fetchedAt, emptySince, recheckAt: recheckAt(emptySince, fetchedAt) }
    : { ...day, fetchedAt, status: 'empty', answerSha256: sha256, normalizerVersion };
}

/** @param day as the answer cuts it */
export function closedWithData(
  { date, startsAt, timeZone }: DayContext['day'],
  { fetchedAt, sha256 }: ReadDay,
  normalizerVersion: number,
): ClosedDay {
  return {
    date,
    status: 'stored',
    answerSha256: sha256,
    normalizerVersion,
    startsAt: startsAt === null ? null : new Date(startsAt),
    timeZone,
    fetchedAt,
    emptySince: null,
  };
}

export const calendarOf = ({
  date,
  startsAt,
  timeZone,
  neighbours,
  archived,
}: LedgerDayInCalendar): LedgerCalendar => ({
  date,
  startsAt: startsAt?.getTime() ?? null,
  timeZone,
  neighbours,
  archived,
});
