import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { SourceRead } from './source.dto';

const PERIOD = 'average_period must be a whole number of days from 1 to 7';
const WINDOW = 'latest_window_hours must be a whole number from 1 to 24';

export class BodyQuery {
  /** Days that averages are made of, today included */
  @Type(() => Number)
  @IsInt({ message: PERIOD })
  @Min(1, { message: PERIOD })
  @Max(7, { message: PERIOD })
  average_period?: number = 7;

  /** Not older than this is what counts as latest */
  @Type(() => Number)
  @IsInt({ message: WINDOW })
  @Min(1, { message: WINDOW })
  @Max(24, { message: WINDOW })
  latest_window_hours?: number = 4;
}

/** No provider measures any of it so far. */
export class SlowChangingBodyRead {
  /** @example null */
  weight_kg: number | null;
  /** @example null */
  height_cm: number | null;
  /** @example null */
  body_fat_percent: number | null;
  /** @example null */
  muscle_mass_kg: number | null;
  /** @example null */
  bmi: number | null;

  /** Years; no date of birth is known @example null */
  age: number | null;
}

export class AveragedBodyRead {
  /** @example 7 */
  period_days: number;

  /** @example 52 */
  resting_heart_rate_bpm: number | null;

  /** No provider measures SDNN so far @example null */
  avg_hrv_sdnn_ms: number | null;

  /** Of all samples of these days @example 61.2 */
  avg_hrv_rmssd_ms: number | null;

  /** Local days count that began after this @example 2026-07-31T12:00:00Z */
  period_start: string;

  /** @example 2026-08-07T12:00:00Z */
  period_end: string;
}

export class BloodPressureRead {
  /** mmHg */
  avg_systolic_mmhg: number | null;
  max_systolic_mmhg: number | null;
  min_systolic_mmhg: number | null;
  avg_diastolic_mmhg: number | null;
  max_diastolic_mmhg: number | null;
  min_diastolic_mmhg: number | null;
  reading_count: number;
}

export class LatestBodyRead {
  /** No provider measures it so far: a ring measures the skin @example null */
  body_temperature_celsius: number | null;
  /** @example null */
  body_temperature_measured_at: string | null;

  /** @example 34.1 */
  skin_temperature_celsius: number | null;

  /** @example 2026-08-07T11:55:00Z */
  skin_temperature_measured_at: string | null;

  /** No provider measures it so far @example null */
  blood_pressure: BloodPressureRead | null;
  /** @example null */
  blood_pressure_measured_at: string | null;
}

export class BodySummaryRead {
  /** The best source that one of the figures is from */
  source: SourceRead;
  slow_changing: SlowChangingBodyRead;
  averaged: AveragedBodyRead;
  latest: LatestBodyRead;
}
