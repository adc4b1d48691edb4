import { BadRequestException } from '@nestjs/common';
import type { LocalDate } from '../health-data/canonical';
import { isLocalDate } from './local-date';
import type { ReplayCalendar } from './replay-calendar';

/** Which local days; both ends are included, and either may be open. */
export interface ReplayRange {
  from: LocalDate | null;
  to: LocalDate | null;
}

/** @throws BadRequestException */
export function checkRange(range: ReplayRange): void {
  const { from, to } = range;
  for (const [name, date] of Object.entries({ from, to })) {
    if (date !== null && !isLocalDate(date)) {
      throw new BadRequestException(`Invalid ${name}: '${date}'. Expected a date such as 2026-03-01.`);
    }
  }
  if (from !== null && to !== null && from > to) {
    throw new BadRequestException(`The range ends on ${to}, before it starts on ${from}.`);
  }
}

export const isInRange = (date: LocalDate, { from, to }: ReplayRange): boolean =>
  (from === null || date >= from) && (to === null || date <= to);

interface Span {
  from: number;
  to: number;
}

/**
 * Which samples a replay replaces: those between the first and the last of its dates, an open end being open, less those
 * of days that it leaves alone. Where the new answers cut a day otherwise than the stored calendar does, both cuts count.
 * @param dates to replay, ascending; at least one
 * @param untouched dates that have data but no answers to make it of
 */
export function replacedInstants(
  { from, to }: ReplayRange,
  { dates, untouched }: { dates: LocalDate[]; untouched: LocalDate[] },
  calendars: { stored: ReplayCalendar; made: ReplayCalendar },
): (instant: number) => boolean {
  const cuts = (date: LocalDate): Span[] => [calendars.stored.spanOf(date), calendars.made.spanOf(date)];
  const begin = from === null ? -Infinity : Math.min(...cuts(dates[0]).map((span) => span.from));
  const end = to === null ? Infinity : Math.max(...cuts(dates.at(-1)!).map((span) => span.to));
  const spared = untouched.map((date) => calendars.stored.spanOf(date)).toSorted((a, b) => a.from - b.from);
  return (instant) => instant >= begin && instant < end && !contains(spared, instant);
}

/** @param spans ascending, which may touch but do not overlap */
function contains(spans: Span[], instant: number): boolean {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].to <= instant) low = middle + 1;
    else high = middle;
  }
  return low < spans.length && spans[low].from <= instant;
}
