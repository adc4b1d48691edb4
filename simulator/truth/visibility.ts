import { Day } from '../life/day';

/**
 * Up to when a day's data has reached the vendor. The phone fetches it while its owner is up: a sleeper's
 * evening arrives with the night, and a new date is empty until the wake-up.
 */
export function knownUntil(day: Day, now: number): number {
  const [night, next] = day.nights;
  if (now < night.end) return day.start;
  const asleepAgain = now >= next.start && now < next.end;
  return Math.min(now, day.end, asleepAgain ? next.start : Infinity);
}
