import type { NormalizedDay, SeriesSamples } from './canonical';
import type { DayContext } from './write';
import { endOfDate, endOfDay, type CalendarDay, type KnownDay } from './zone-offset';

/** A day with its bounds, `[from, to)`. */
export interface DaySpan {
  day: KnownDay;
  from: number;
  to: number;
}

/** A day whose totals are computed from the samples. */
export interface ComputedDay extends DaySpan {
  /** Nothing about the day is new: what is stored stays, in the vendor's own rounding, and only what is missing is added. */
  missingOnly: boolean;
}

/** From the first sample to the last, epoch ms, both included. */
export interface SampledSpan {
  firstAt: number;
  lastAt: number;
}

/** A date of the ledger before an answer is written. */
export interface LedgerCalendar extends CalendarDay, Pick<DayContext, 'neighbours'> {
  /** What is left of samples around the date that lay in no known local day when they were deleted for their age. */
  archived?: SampledSpan[];
}

/**
 * The first answer that tells when a date began cuts it, for good; but not through samples of a UTC day of which only
 * their sum is left.
 */
export function dayContext(
  { date, startsAt, timeZone, neighbours, archived = [] }: LedgerCalendar,
  answer: Pick<NormalizedDay, 'startsAt' | 'timeZone'>,
  settled: boolean,
): DayContext {
  const cut = { date, startsAt: answer.startsAt, timeZone: answer.timeZone ?? timeZone };
  const firstCut = startsAt === null && isKnown(cut) && !archived.some((it) => isCutBy(cut, neighbours, it));
  const recut = startsAt !== null && answer.startsAt !== null && answer.startsAt !== startsAt;
  const zone = recut ? timeZone : (timeZone ?? answer.timeZone);
  return {
    day: firstCut ? cut : { date, startsAt, timeZone: zone },
    before: { date, startsAt, timeZone },
    neighbours,
    firstCut,
    recut,
    settled,
  };
}

/**
 * The days whose totals the vendor's figures do not tell, because it has cut them otherwise: the answered one, if a
 * journey has moved its start or its end; the one before, if this answer shows that it ended elsewhere than was
 * thought; and any that samples of this answer belong to although it is about another date.
 * @param moved series of the answer of which something new has been stored
 */
export function daysToCompute(
  { day, neighbours, firstCut, recut }: DayContext,
  moved: SeriesSamples[],
): ComputedDay[] {
  if (!isKnown(day)) return [];
  const calendar = [...neighbours, day];
  const spanOf = (it: KnownDay): DaySpan => ({ day: it, from: it.startsAt, to: endOfDate(it, calendar) });
  const gains = ({ from, to }: DaySpan) => moved.some(({ instants }) => reachesInto(instants, from, to));
  const beside = neighbours.map(spanOf).filter((span) => {
    const endMoved = firstCut && span.day.date < day.date && span.to !== endOfDate(span.day, neighbours);
    return endMoved || gains(span);
  });
  const own = spanOf(day);
  const endMoved = neighbours.length > 0 && own.to !== endOfDay(day);
  const days = recut || endMoved ? [own, ...beside] : beside;
  return days.map((it) => ({ ...it, missingOnly: it === own && !endMoved && !gains(own) }));
}

/** Whether this answer tells when the date begins, or in which zone, and none before it has. */
export const isCalendarNew = ({ day, before }: DayContext): boolean =>
  isKnown(day) && (day.startsAt !== before.startsAt || day.timeZone !== before.timeZone);

/** Whether an instant falls into the date as it was first cut; false where its start is not known. */
export function isWithin({ day, neighbours }: DayContext, instant: number): boolean {
  return isKnown(day) && instant >= day.startsAt && instant < endOfDate(day, neighbours);
}

function isCutBy(day: KnownDay, neighbours: KnownDay[], { firstAt, lastAt }: SampledSpan): boolean {
  const [from, to] = [day.startsAt, endOfDate(day, neighbours)];
  return firstAt < to && lastAt >= from && (firstAt < from || lastAt >= to);
}

const isKnown = (day: CalendarDay): day is KnownDay => day.startsAt !== null;

/** @param instants ascending */
function reachesInto(instants: number[], from: number, to: number): boolean {
  if (instants.length === 0 || instants[0] >= to || instants.at(-1)! < from) return false;
  return instants.some((at) => at >= from && at < to);
}
