import { IANAZone } from 'luxon';
import type { LocalDate } from './canonical';

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A local day as the calendar (`sync_day`) knows it. Instants are epoch milliseconds. */
export interface CalendarDay {
  date: LocalDate;
  /** The instant that starts the day; null where no answer has told it. */
  startsAt: number | null;
  /** IANA name, as the vendor gave it: believed only where it agrees with `startsAt`. */
  timeZone: string | null;
}

/** A day whose start an answer has told. */
export type KnownDay = CalendarDay & { startsAt: number };

/** `[from, to)` with one offset. */
export interface OffsetSegment {
  from: number;
  to: number;
  /** `+05:30` */
  offset: string;
}

/** Asking a zone costs microseconds, and the days of many users are the same: what was computed is kept. */
const computedSegments = new Map<string, OffsetSegment[]>();
const computedEnds = new Map<string, number>();
const COMPUTED_DAYS = 5_000;

/**
 * The offset of an instant of this day: the zone's at that instant if the zone agrees with the day's start, else the
 * day's own, which is how far its start lies from the UTC midnight of its date. Null where the start is not known.
 */
export function offsetAt(day: CalendarDay, instant: number): string | null {
  if (day.startsAt === null) return null;
  return offsetText(agreeingZone(day)?.offset(instant) ?? ownOffset(day.date, day.startsAt));
}

/** 12:00 on the day's own clock; noon UTC where its start is not known. */
export function localNoon(day: CalendarDay): number {
  const noon = Date.parse(day.date) + DAY_MS / 2;
  if (day.startsAt === null) return noon;
  const zone = agreeingZone(day);
  if (zone === null) return day.startsAt + DAY_MS / 2;
  // No zone changes its clock near noon, so the offset 12 hours after the start is noon's.
  return noon - zone.offset(day.startsAt + DAY_MS / 2) * MINUTE_MS;
}

/** The first instant of the next local day: 23 or 25 hours on where the clock changes, 24 where the zone is not known. */
export function endOfDay(day: KnownDay): number {
  const key = `${day.date} ${day.startsAt} ${day.timeZone}`;
  const end = computedEnds.get(key) ?? computeEnd(day);
  if (computedEnds.size >= COMPUTED_DAYS) computedEnds.clear();
  computedEnds.set(key, end);
  return end;
}

function computeEnd(day: KnownDay): number {
  const zone = agreeingZone(day);
  if (zone === null) return day.startsAt + DAY_MS;
  const midnight = Date.parse(day.date) + DAY_MS;
  const candidates = [zone.offset(day.startsAt), zone.offset(day.startsAt + 1.5 * DAY_MS)].map(
    (offset) => midnight - offset * MINUTE_MS,
  );
  // At a midnight that the clock skips or repeats, the first instant that belongs to the next date is meant.
  const belongs = candidates.filter((at) => at + zone.offset(at) * MINUTE_MS >= midnight);
  return Math.min(...belongs);
}

/**
 * Where a date ends in a calendar, in which each instant belongs to the latest date that has begun by then. A
 * traveller's day may have 18 or 32 hours; a date that a journey over the date line has skipped ends where it starts.
 * Where the next date's start is not known, the day is taken to run its natural course.
 * @param calendar the dates around it; of later ones the next two count, as no journey makes a third begin sooner
 */
export function endOfDate(day: KnownDay, calendar: KnownDay[]): number {
  const later = calendar.filter(({ date }) => date > day.date);
  const nextDate = Date.parse(day.date) + DAY_MS;
  const nextKnown = later.some(({ date }) => Date.parse(date) === nextDate);
  const begins = later.map(({ startsAt }) => startsAt);
  return Math.max(day.startsAt, Math.min(nextKnown ? Infinity : endOfDay(day), ...begins));
}

/**
 * The offsets of a calendar as a list to walk. Between two dates that follow each other there is no gap.
 * @param days ascending by date
 */
export function offsetSegments(days: KnownDay[]): OffsetSegment[] {
  return days.flatMap((day, index) => {
    const to = endOfDate(day, days.slice(index + 1, index + 3));
    return to > day.startsAt ? segmentsWithin(day, to) : [];
  });
}

function segmentsWithin(day: KnownDay, to: number): OffsetSegment[] {
  const key = `${day.date} ${day.startsAt} ${to} ${day.timeZone}`;
  const segments = computedSegments.get(key) ?? computeSegments(day, to);
  if (computedSegments.size >= COMPUTED_DAYS) computedSegments.clear();
  computedSegments.set(key, segments);
  return segments;
}

/** One segment, or two where the clock changes within the day. */
function computeSegments(day: KnownDay, to: number): OffsetSegment[] {
  const from = day.startsAt;
  const zone = agreeingZone(day);
  if (zone === null) return [{ from, to, offset: offsetText(ownOffset(day.date, from)) }];
  const [first, last] = [zone.offset(from), zone.offset(to - 1)];
  if (first === last) return [{ from, to, offset: offsetText(first) }];
  let [before, after] = [from, to - 1];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (zone.offset(middle) === first) before = middle;
    else after = middle;
  }
  return [
    { from, to: after, offset: offsetText(first) },
    { from: after, to, offset: offsetText(last) },
  ];
}

/** The zone, if the day's start is the first instant of its date there. */
function agreeingZone({ date, startsAt, timeZone }: CalendarDay): IANAZone | null {
  if (startsAt === null || timeZone === null) return null;
  const zone = IANAZone.create(timeZone);
  if (!zone.isValid) return null;
  const midnight = Date.parse(date);
  const local = startsAt + zone.offset(startsAt) * MINUTE_MS;
  if (local === midnight) return zone;
  // Where the clock jumps over midnight, the day begins at 01:00.
  const skipped = local > midnight && local < midnight + DAY_MS;
  return skipped && startsAt - 1 + zone.offset(startsAt - 1) * MINUTE_MS < midnight ? zone : null;
}

const ownOffset = (date: LocalDate, startsAt: number) =>
  Math.round((Date.parse(date) - startsAt) / MINUTE_MS);

/** Of `+05:30`, how far its clock is ahead of UTC. */
export function offsetMs(offset: string): number {
  const [hours, minutes] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

/** The date that a clock with this offset shows at an instant. */
export const dateAt = (instant: number, offset: string): LocalDate =>
  new Date(instant + offsetMs(offset)).toISOString().slice(0, 10);

/** Minutes east of UTC as `+05:30`. */
function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), Math.round(size % 60)];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
