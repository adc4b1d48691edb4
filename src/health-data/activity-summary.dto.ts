import { IsIn, IsOptional } from 'class-validator';
import { PageMetadata, Pagination } from '../http/page.dto';
import { RangeQuery } from './range-page.dto';
import { SourceRead, toSource, type SourceRow } from './source.dto';

export class ActivityQuery extends RangeQuery {
  /** By date. A cursor belongs to the order that it was given for */
  @IsOptional()
  @IsIn(['asc', 'desc'], { message: 'sort_order must be asc or desc' })
  sort_order?: 'asc' | 'desc' = 'asc';
}

export class IntensityMinutesRead {
  /** Heart rate from 57 % of the highest; the highest is taken to be 190 bpm @example 41 */
  light: number;

  /** From 64 % @example 20 */
  moderate: number;

  /** From 77 % @example 5 */
  vigorous: number;
}

export class DayHeartRateRead {
  /** @example 68 */
  avg_bpm: number;

  /** @example 141 */
  max_bpm: number;

  /** @example 49 */
  min_bpm: number;
}

/** A local day of movement and heart rate, by the best source that tells of either. */
export class ActivitySummaryRead {
  /** The local date @example 2026-08-06 */
  date: string;
  source: SourceRead;

  /** The provider's total; without one, the sum of the samples @example 9120 */
  steps: number | null;

  /** No provider measures it so far @example null */
  distance_meters: number | null;

  /** No provider measures it so far @example null */
  floors_climbed: number | null;

  /** No provider measures it so far @example null */
  elevation_meters: number | null;

  /** No provider measures it so far @example null */
  active_calories_kcal: number | null;

  /** No provider measures it so far @example null */
  total_calories_kcal: number | null;

  /** The provider's own figure; without one, minutes with at least 30 steps @example 64 */
  active_minutes: number | null;

  /** The provider's own figure; without one, minutes of which fewer than 30 steps are known @example 812 */
  sedentary_minutes: number | null;

  /** Null without heart rate */
  intensity_minutes: IntensityMinutesRead | null;

  /** Null without heart rate */
  heart_rate: DayHeartRateRead | null;
}

export class ActivitySummaryPage {
  data: ActivitySummaryRead[];
  pagination: Pagination;
  metadata: PageMetadata;
}

/** What one source tells of one date. Seconds and heart rate come from the samples. */
export interface ActivityRow extends SourceRow {
  date: string;
  source_id: string;
  told_steps: number | null;
  told_active_minutes: number | null;
  told_inactive_minutes: number | null;
  steps: number | null;
  active_seconds: number | null;
  sedentary_seconds: number | null;
  light_seconds: number | null;
  moderate_seconds: number | null;
  vigorous_seconds: number | null;
  average_heart_rate: number | null;
  highest_heart_rate: number | null;
  lowest_heart_rate: number | null;
}

export const toActivitySummary = (row: ActivityRow): ActivitySummaryRead => ({
  date: row.date,
  source: toSource(row),
  steps: rounded(row.told_steps ?? row.steps),
  distance_meters: null,
  floors_climbed: null,
  elevation_meters: null,
  active_calories_kcal: null,
  total_calories_kcal: null,
  active_minutes: rounded(row.told_active_minutes ?? minutes(row.active_seconds)),
  sedentary_minutes: rounded(row.told_inactive_minutes ?? minutes(row.sedentary_seconds)),
  intensity_minutes:
    row.average_heart_rate === null
      ? null
      : {
          light: rounded(minutes(row.light_seconds))!,
          moderate: rounded(minutes(row.moderate_seconds))!,
          vigorous: rounded(minutes(row.vigorous_seconds))!,
        },
  heart_rate:
    row.average_heart_rate === null
      ? null
      : {
          avg_bpm: rounded(row.average_heart_rate)!,
          max_bpm: rounded(row.highest_heart_rate)!,
          min_bpm: rounded(row.lowest_heart_rate)!,
        },
});

const minutes = (seconds: number | null) => (seconds === null ? null : seconds / 60);
const rounded = (value: number | null) => (value === null ? null : Math.round(value));
