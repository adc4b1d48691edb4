import type { SeenDay } from './calendar';

interface Tolerance {
  what: string;
  within: number;
  /** Only of a day whose sums the backend reckons itself: it may not round as the vendor does. */
  reckonedOnly: boolean;
}

/** The only values that need not be equal to the last digit. */
const TOLERANCES: Tolerance[] = [
  // A quotient: the order of the sum shows in its last digit.
  { what: 'daily steps_per_interval', within: 1e-9, reckonedOnly: false },
  // The vendor rounds to whole milliseconds and to tenths.
  { what: 'daily average_heart_rate_variability_rmssd', within: 0.5, reckonedOnly: true },
  { what: 'daily average_oxygen_saturation', within: 0.05, reckonedOnly: true },
];

export function toleranceOf(what: string, day: SeenDay | undefined): number {
  const tolerance = TOLERANCES.find((it) => it.what === what);
  if (tolerance === undefined || (tolerance.reckonedOnly && day?.isReckoned !== true)) return 0;
  return tolerance.within;
}
