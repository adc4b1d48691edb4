import { DateTime, FixedOffsetZone, IANAZone, type Zone } from 'luxon';
import type { DayTruth } from '../../../simulator/truth/day-truth';

/** A local day as a perfect backend cuts it: by the first answer that it gets about the date. */
export interface SeenDay {
  date: string;
  /** Epoch seconds; the end is where the next date begins. */
  start: number;
  end: number;
  zone: Zone;
  /** A journey made the vendor cut it anew: what its samples come to may be the backend's own reckoning. */
  isReckoned: boolean;
}

/** So many later days may still change a day's values. */
const UNSETTLED_DAYS = 4;

/**
 * The vendor cuts all dates by the zone that the person is in when it answers. So dates that had begun before the
 * connection was made are first seen as of that moment, later ones as they begin.
 */
export function seenCalendar(truth: DayTruth[], connectedAt: Date): SeenDay[] {
  const seconds = connectedAt.getTime() / 1_000;
  const zoneThen = truth.findLast(({ day_start }) => day_start <= seconds)?.time_zone ?? null;
  const days = truth.map((day): SeenDay => {
    const { date, day_end, time_zone } = day;
    const isCutAnew = day.day_start <= seconds && zoneThen !== null && time_zone !== zoneThen;
    const zone = time_zone === null ? ownZone(day) : IANAZone.create(isCutAnew ? zoneThen : time_zone);
    const start = isCutAnew ? DateTime.fromISO(date, { zone }).startOf('day').toSeconds() : day.day_start;
    return { date, start, end: day_end, zone, isReckoned: isCutAnew };
  });
  for (const [index, day] of days.entries()) {
    day.end = days[index + 1]?.start ?? day.end;
    const soon = days.slice(index + 1, index + 1 + UNSETTLED_DAYS);
    const isOwn = day.end === ownEnd(day) && day.end === truth[index].day_end;
    day.isReckoned ||= !isOwn || soon.some(({ zone }) => !zone.equals(day.zone));
  }
  return days;
}

const ownEnd = ({ date, zone }: SeenDay) => DateTime.fromISO(date, { zone }).plus({ days: 1 }).toSeconds();

/** Without a zone the day's start tells how far its clock is from UTC. */
const ownZone = ({ date, day_start }: DayTruth) =>
  FixedOffsetZone.instance(Math.round((Date.parse(date) / 1_000 - day_start) / 60));

/** `+05:30` */
export const offsetAt = ({ zone }: SeenDay, at: number) => zone.formatOffset(at * 1_000, 'short');

/** As the day's own clock shows it: `2026-03-29T06:14:00+02:00`. */
export const localTime = ({ zone }: SeenDay, at: number): string =>
  DateTime.fromSeconds(at, { zone })
    .toISO({ suppressMilliseconds: true, extendedZone: false })!
    .replace('Z', '+00:00');

/** Epoch seconds. */
export const localNoon = ({ date, zone }: SeenDay) =>
  DateTime.fromISO(date, { zone }).set({ hour: 12 }).toSeconds();
