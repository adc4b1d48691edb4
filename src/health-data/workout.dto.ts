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
}

export class WorkoutPage {
  /** Latest start first */
  data: WorkoutRead[];
  pagination: Pagination;
  metadata: PageMetadata;
}
