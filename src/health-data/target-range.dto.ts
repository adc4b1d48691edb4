import { SERIES_TYPES, type DailyValue, type SeriesCode } from './canonical';

/** The range that a value is a share of. */
export class TargetRangeRead {
  /** @example 70 */
  low: number;

  /** @example 140 */
  high: number;

  /** @example mg_dl */
  unit: string;
}

/** Of which series a share counts the values within its range. */
const SHARE_OF: Partial<Record<SeriesCode, SeriesCode>> = { glucose_time_in_target: 'blood_glucose' };

export const toTargetRange = (
  code: SeriesCode,
  { low, high }: NonNullable<DailyValue['target']>,
): TargetRangeRead => ({ low, high, unit: SERIES_TYPES[SHARE_OF[code] ?? code].unit });
