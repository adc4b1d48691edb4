import { SERIES_TYPES, type DailyValue, type SeriesCode } from '../../../health-data/canonical';
import type { Section } from '../ultrahuman.payload';
import type { AskedDay } from './asked-day';
import type { Findings } from './findings';
import { toMeasured } from './numbers';
import { sightUnknownFields } from './presentation';

/** Of a type that came more than once, the last value counts. */
export function lastScalar(
  sections: Section[],
  field: string,
  range: readonly [number, number],
  path: string,
  findings: Findings,
): number | null {
  let last: number | null = null;
  for (const section of sections) last = toMeasured(section[field], range, path, findings) ?? last;
  return last;
}

/**
 * `{value}`: `vo2_max` (mL/kg/min, an estimate) and `sleep_rhr` (bpm). Before the morning's phone sync, and on days
 * without the ring, the vendor repeats the last ones it has.
 * @param measured whether the same answer shows that it was measured on this day
 */
export function dailyScalar(
  type: string,
  code: SeriesCode,
  sections: Section[],
  measured: boolean,
  { date }: AskedDay,
  findings: Findings,
): DailyValue[] {
  for (const section of sections) sightUnknownFields('scalar', type, section, ['value'], findings);
  const value = lastScalar(sections, 'value', SERIES_TYPES[code].hardRange, type, findings);
  if (value === null) return [];
  if (measured) return [{ code, date, value }];
  findings.reject(type, 'stale');
  return [];
}
