import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';

/** What may limit a count. */
export class DataSummaryQuery {
  /** First date that counts: a date, ISO 8601, or Unix seconds. Left out: from the first on */
  @IsOptional()
  @IsString({ message: 'start_date must be given once, as a date, ISO 8601 or Unix seconds' })
  start_date?: string;

  /** The date that counts no more. Left out: to the last one */
  @IsOptional()
  @IsString({ message: 'end_date must be given once, as a date, ISO 8601 or Unix seconds' })
  end_date?: string;
}

export const BUCKETS = ['day', 'week', 'month'] as const;
export type Bucket = (typeof BUCKETS)[number];
export const GROUPS = ['series_type', 'workout_type'] as const;
export type Group = (typeof GROUPS)[number];

export class TimelineQuery extends DataSummaryQuery {
  /** Local dates that are counted together; weeks begin on Monday */
  @IsOptional()
  @IsIn(BUCKETS, { message: 'bucket must be day, week or month' })
  bucket?: Bucket = 'day';

  /** What a line of the timeline is about */
  @IsOptional()
  @IsIn(GROUPS, { message: 'group_by must be series_type or workout_type' })
  group_by?: Group = 'series_type';

  /** Slug of a provider: only its data */
  @IsOptional()
  @IsString({ message: 'provider must be given once, as the slug of a provider' })
  provider?: string;
}

export class ProviderDataRead {
  /** Slug of the provider */
  provider: string;

  /** @example 38120 */
  data_points: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { heart_rate: 8064, steps: 8092 },
  })
  series_counts: Record<string, number>;

  /** @example 0 */
  workout_count: number;

  /** @example 31 */
  sleep_count: number;
}

/** How much there is of a user. A data point is a sample or a daily value, also one of which only the day's sum is left. */
export class DataSummaryRead {
  user_id: string;

  /** The sum of `series_type_counts` @example 38120 */
  total_data_points: number;

  /** @example 0 */
  total_workouts: number;

  /** Nights and naps @example 31 */
  total_sleep_events: number;

  /** Data points by series type */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { heart_rate: 8064, steps: 8092 },
  })
  series_type_counts: Record<string, number>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: {} })
  workout_type_counts: Record<string, number>;

  /** Providers of which there is something */
  by_provider: ProviderDataRead[];
  has_womens_health_data: boolean;
}

export class TimelineSeriesRead {
  /** Series type or workout type @example heart_rate */
  key: string;

  /** What is counted */
  @ApiProperty({ enum: ['data_points', 'workouts'] })
  metric: 'data_points' | 'workouts';

  /** First date of each bucket that holds something, ascending, and how many */
  @ApiProperty({
    type: 'array',
    items: {
      type: 'array',
      minItems: 2,
      maxItems: 2,
      items: { oneOf: [{ type: 'string', format: 'date' }, { type: 'integer' }] },
    },
    example: [['2026-08-01', 288]],
  })
  buckets: [date: string, count: number][];
}

export class DataTimelineRead {
  @ApiProperty({ enum: BUCKETS })
  bucket: Bucket;

  @ApiProperty({ enum: GROUPS })
  group_by: Group;

  /** By key, ascending */
  series: TimelineSeriesRead[];
}
