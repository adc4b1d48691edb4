import { IANAZone } from 'luxon';

const day = 86_400;
const atMidnight = new Map<string, Map<number, number>>();

/** Seconds east of Greenwich. A day in Greenwich that begins and ends alike needs no closer look. */
export function offsetAt(at: number, zone: string): number {
  const today = Math.floor(at / day);
  const [before, after] = [offsetOfDay(today, zone), offsetOfDay(today + 1, zone)];
  return before === after ? before : exactOffset(at, zone);
}

/** The instant at which a wall clock shows so many seconds since 1970; in a gap or a repeated hour, one of the two. */
export function instantOf(wall: number, zone: string): number {
  const guess = wall - offsetAt(wall, zone);
  const better = wall - offsetAt(guess, zone);
  return better === guess ? guess : wall - Math.min(offsetAt(better, zone), offsetAt(guess, zone));
}

function offsetOfDay(number: number, zone: string): number {
  const days = atMidnight.get(zone) ?? new Map<number, number>();
  atMidnight.set(zone, days);
  const offset = days.get(number) ?? exactOffset(number * day, zone);
  days.set(number, offset);
  return offset;
}

/** Asking the zone's rules is slow: half of a simulated day would be spent with it. */
function exactOffset(at: number, zone: string): number {
  return IANAZone.create(zone).offset(at * 1000) * 60;
}
