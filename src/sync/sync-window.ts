import { BadRequestException } from '@nestjs/common';
import type { LocalDate } from '../health-data/canonical';
import { parseTime } from '../http/time';
import { addDays, datesDownFrom, daysBetween, localDate } from './local-date';
import { withinHistory } from './plan';

const DEFAULT_DAYS = 30;
const MAX_DAYS = 365;
const BARE_DATE = /^\d{4}-\d{2}-\d{2}$/;

export interface AskedWindow {
  /** Unix seconds; 0: not given. */
  since?: number;
  summary_start_time?: string;
  summary_end_time?: string;
}

/** The local dates of a historical sync, newest first: so many, up to and with today, as far back as the vendor answers. */
export function historicalDates(
  days: number,
  { now, timeZone, historyDays }: { now: Date; timeZone: string | null; historyDays: number | null },
): LocalDate[] {
  const today = localDate(now, timeZone);
  return datesDownFrom(today, withinHistory(addDays(today, 1 - days), today, historyDays));
}

/**
 * The local dates that a request for a sync means, newest first: without times the last 30 days. A bare date is that
 * date of the user's, an instant the date that it falls on.
 * @throws BadRequestException
 */
export function askedDates(
  { since = 0, summary_start_time: start, summary_end_time: end }: AskedWindow,
  { now, timeZone, historyDays }: { now: Date; timeZone: string | null; historyDays: number | null },
): LocalDate[] {
  const dateOf = (text: string, parameter: string): LocalDate =>
    localDate(parseTime(text, parameter), BARE_DATE.test(text) ? null : timeZone);
  const today = localDate(now, timeZone);
  const to = end === undefined ? today : dateOf(end, 'summary_end_time');
  const sinceDate =
    since > 0 ? dateOf(String(since), 'since') : addDays(to < today ? to : today, -DEFAULT_DAYS);
  const from = start === undefined ? sinceDate : dateOf(start, 'summary_start_time');
  if (from > to) throw new BadRequestException(`The window ends on ${to}, before it starts on ${from}.`);
  if (from > today)
    throw new BadRequestException(`The window starts on ${from}, which has not begun: today is ${today}.`);
  const newest = to < today ? to : today;
  const oldest = withinHistory(from, today, historyDays);
  if (oldest > newest) {
    throw new BadRequestException(
      `The provider answers about the last ${historyDays} days only: ask from ${oldest} on.`,
    );
  }
  if (daysBetween(oldest, newest) >= MAX_DAYS) {
    throw new BadRequestException(
      `One sync covers at most ${MAX_DAYS} days: let the window start on ${addDays(newest, 1 - MAX_DAYS)} or later.`,
    );
  }
  return datesDownFrom(newest, oldest);
}
