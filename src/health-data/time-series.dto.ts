import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, Max, Min } from 'class-validator';
import { ToBoolean } from '../config/to-boolean';
import { PageMetadata, Pagination } from '../http/page.dto';
import { ToList } from '../http/query-list';
import { SERIES_TYPES, type SeriesCode } from './canonical';
import { OPEN_WEARABLES_CODES } from './open-wearables-codes';
import { SourceRead } from './source.dto';
import { TargetRangeRead } from './target-range.dto';

/** Milliseconds that one item spans, where each spans as many. */
export const RESOLUTIONS = {
  raw: 1,
  '1min': 60_000,
  '5min': 300_000,
  '15min': 900_000,
  '1hour': 3_600_000,
} as const;
export type Resolution = keyof typeof RESOLUTIONS | '1day';
const RESOLUTION_NAMES = [...Object.keys(RESOLUTIONS), '1day'];

export const DEFAULT_LIMIT = 50;

const MEASURED = Object.keys(SERIES_TYPES);
const ACCEPTED = [...new Set([...MEASURED, ...OPEN_WEARABLES_CODES])];
const UNKNOWN_TYPE = `types must be one or more of ${MEASURED.join(', ')} (or another series type of Open Wearables API v1, which finds nothing); repeat the parameter for several, leave it out for all`;
const LIMIT = 'limit must be a whole number from 1 to 10000';
const MAX_POINTS = 'max_points must be a whole number from 3 to 10000';

export class TimeSeriesQuery {
  /** Start of the range, included: ISO 8601, a date, or Unix seconds @example 2026-08-07 */
  @IsString({ message: 'start_time must be given once, as ISO 8601, a date or Unix seconds' })
  start_time: string;

  /** End of the range, excluded; a date, or any other midnight, includes that day @example 2026-08-07 */
  @IsString({ message: 'end_time must be given once, as ISO 8601, a date or Unix seconds' })
  end_time: string;

  /** Series to read; repeat the parameter for several, leave it out for all @example ["heart_rate"] */
  @IsOptional()
  @ToList()
  @IsArray({ message: UNKNOWN_TYPE })
  @IsIn(ACCEPTED, { each: true, message: UNKNOWN_TYPE })
  types?: string[];

  /**
   * `raw` samples; or buckets of UTC time, in which counters add up, levels are averaged and the values of whole days are
   * left out; or `1day`: the user's local days, each placed at its start, with the day's own value where there is one, such
   * as a resting heart rate. For `1day` a bound at a UTC midnight, as a bare date is, means the user's date
   */
  @IsIn(RESOLUTION_NAMES, { message: `resolution must be one of ${RESOLUTION_NAMES.join(', ')}` })
  resolution?: Resolution = 'raw';

  /** With each bucket the lowest and the highest of its samples and their count: `min`, `max`, `count` */
  @ToBoolean()
  @IsBoolean({ message: 'aggregates must be true or false' })
  aggregates?: boolean = false;

  /** Only of this provider, by its slug */
  @IsOptional()
  @IsString({ message: 'provider must be given once, as the slug of a provider' })
  provider?: string;

  /** Only what this app recorded, as `source.source` shows it */
  @IsOptional()
  @IsString({ message: 'source must be given once, as source.source of an item' })
  source?: string;

  /** Only of this model, as `source.device` shows it */
  @IsOptional()
  @IsString({ message: 'device_model must be given once, as source.device of an item' })
  device_model?: string;

  /** Only of this data source */
  @IsOptional()
  @IsUUID('all', { message: 'data_source_id must be the UUID of a data source' })
  data_source_id?: string;

  /** `next_cursor` or `previous_cursor` of another page */
  @IsOptional()
  @IsString({ message: 'cursor must be given once, as next_cursor or previous_cursor of another page' })
  cursor?: string;

  /** Items a page */
  @ApiPropertyOptional({ default: DEFAULT_LIMIT })
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: LIMIT })
  @Min(1, { message: LIMIT })
  @Max(10_000, { message: LIMIT })
  limit?: number;

  /**
   * For charts: of each series of each source at most so many items, those that keep the shape of its curve (Largest
   * Triangle Three Buckets), the first and the last among them; among raw samples the values of whole days are a curve of
   * their own. All of the range on one page, so without `cursor` and `limit` @example 500
   */
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: MAX_POINTS })
  @Min(3, { message: MAX_POINTS })
  @Max(10_000, { message: MAX_POINTS })
  max_points?: number;
}

export class TimeSeriesItem {
  /** When it was measured; of a bucket or a local day its start @example 2026-08-07T00:05:00Z */
  timestamp: string;

  /** The user's UTC offset then; null where it is not known @example +05:30 */
  zone_offset: string | null;

  /** @example heart_rate */
  type: SeriesCode;

  /** @example 58 */
  value: number;

  /** With `aggregates`: the lowest of the samples; null for a day's own value without samples @example 52 */
  min?: number | null;

  /** With `aggregates`: the highest of the samples; null for a day's own value without samples @example 71 */
  max?: number | null;

  /** With `aggregates`: how many samples there are @example 12 */
  count?: number;

  /** @example bpm */
  unit: string;

  source: SourceRead | null;

  /** True: the value of a whole local day, among samples placed at its noon. False: a part of the day. Null: not a counter */
  is_daily_total: boolean | null;

  /** Only of a share of the day, such as `glucose_time_in_target`: the range that counts, as the provider draws it */
  target_range?: TargetRangeRead;
}

export class TimeSeriesPage {
  /** In order of time */
  data: TimeSeriesItem[];
  pagination: Pagination;
  metadata: PageMetadata;
}
