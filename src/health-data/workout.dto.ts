import { IsIn, IsOptional, IsString } from 'class-validator';
import { PageMetadata, Pagination } from '../http/page.dto';
import { RangeQuery } from './range-page.dto';
import { SourceRead } from './source.dto';

export class WorkoutQuery extends RangeQuery {
  /** Part of the workout's type */
  @IsOptional()
  @IsString({ message: 'record_type must be given once, as a text such as running' })
  record_type?: string;

  /** Accepted and ignored, as in Open Wearables: the latest start comes first */
  @IsOptional()
  @IsIn(['asc', 'desc'], { message: 'sort_order must be asc or desc' })
  sort_order?: 'asc' | 'desc';

  /** `zones`: time in heart rate zones */
  @IsOptional()
  @IsIn(['zones'], { message: 'include must be zones, or left out' })
  include?: 'zones';
}

export class WorkoutZoneRead {
  /** From 1, the easiest, upwards @example 2 */
  zone: number;

  /** bpm, included */
  min_bpm: number | null;

  /** bpm, excluded */
  max_bpm: number | null;

  /** @example 840 */
  seconds: number;
}

export class WorkoutRead {
  id: string;

  /** @example running */
  type: string;
  name: string | null;

  /** @example 2026-08-06T06:31:00Z */
  start_time: string;

  /** @example 2026-08-06T07:12:00Z */
  end_time: string;

  /** @example +05:30 */
  zone_offset: string | null;
  duration_seconds: number | null;
  source: SourceRead;
  calories_kcal: number | null;
  distance_meters: number | null;
  avg_heart_rate_bpm: number | null;
  max_heart_rate_bpm: number | null;
  avg_pace_sec_per_km: number | null;
  elevation_gain_meters: number | null;
  heart_rate_min: number | null;
  steps_count: number | null;

  /** Metres a second @example 3.1 */
  average_speed: number | null;

  /** Metres a second @example 4.6 */
  max_speed: number | null;

  /** Steps or turns a minute @example 168 */
  average_cadence: number | null;
  average_watts: number | null;
  max_watts: number | null;

  /** Without pauses @example 2380 */
  moving_time_seconds: number | null;

  /** Of the highest point, metres */
  elev_high: number | null;

  /** Of the lowest point, metres */
  elev_low: number | null;

  /** Only with `include=zones`; null where the provider tells none */
  zones?: WorkoutZoneRead[] | null;
}

export class WorkoutPage {
  /** Latest start first */
  data: WorkoutRead[];
  pagination: Pagination;
  metadata: PageMetadata;
}
