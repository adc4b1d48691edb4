import {
  DAILY_RANGES,
  SERIES_TYPES,
  type DailyValue,
  type SeriesSamples,
} from '../../../health-data/canonical';
import type { Section } from '../ultrahuman.payload';
import type { AskedDay } from './asked-day';
import type { Findings } from './findings';
import { lastScalar } from './scalars';

/** `total` is the day's count; answers of 2022 had none, and the intervals add up to it. `avg` is per interval. */
export function stepsOfDay(
  sections: Section[],
  intervals: SeriesSamples | null,
  { date }: AskedDay,
  findings: Findings,
): DailyValue[] {
  const range = DAILY_RANGES.steps ?? SERIES_TYPES.steps.hardRange;
  const total = lastScalar(sections, 'total', range, 'steps.total', findings);
  const value = total ?? (sections.some(({ total }) => hasValue(total)) ? null : sum(intervals));
  return value === null ? [] : [{ code: 'steps', date, value }];
}

const hasValue = (total: unknown): boolean => total !== null && total !== undefined;

const sum = (intervals: SeriesSamples | null): number | null =>
  intervals && intervals.values.reduce((total, count) => total + count, 0);
