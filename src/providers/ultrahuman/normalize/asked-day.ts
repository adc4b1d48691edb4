import type { LocalDate } from '../../../health-data/canonical';

const HOUR_MS = 3_600_000;

/** What can belong to a local date in any zone of the world, from UTC+14 to UTC-12. Epoch ms, both ends included. */
export interface AskedDay {
  date: LocalDate;
  /** Local midnights that start the date. */
  earliestStart: number;
  latestStart: number;
  /** Instants within the date. */
  latestEnd: number;
}

export function askedDay(date: LocalDate): AskedDay {
  const midnight = Date.parse(date);
  return {
    date,
    earliestStart: midnight - 14 * HOUR_MS,
    latestStart: midnight + 12 * HOUR_MS,
    latestEnd: midnight + 36 * HOUR_MS,
  };
}
