import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import type { PageMetadata, Pagination } from '../http/page.dto';
import { decodeCursor } from '../http/cursor';
import { parseRange } from '../http/time';
import { wireTime } from './wire-time';

const LIMIT = 'limit must be a whole number from 1 to 1000';

/** The parameters that events and summaries have in common. */
export class RangeQuery {
  /** Start of the range, included: a date, ISO 8601, or Unix seconds @example 2026-08-01 */
  @IsString({ message: 'start_date must be given once, as a date, ISO 8601 or Unix seconds' })
  start_date: string;

  /** End of the range, excluded: a date, ISO 8601, or Unix seconds @example 2026-08-08 */
  @IsString({ message: 'end_date must be given once, as a date, ISO 8601 or Unix seconds' })
  end_date: string;

  /** `next_cursor` or `previous_cursor` of another page */
  @IsOptional()
  @IsString({ message: 'cursor must be given once, as next_cursor or previous_cursor of another page' })
  cursor?: string;

  /** Items a page */
  @Type(() => Number)
  @IsInt({ message: LIMIT })
  @Min(1, { message: LIMIT })
  @Max(1_000, { message: LIMIT })
  limit?: number = 50;
}

/** A query, understood. */
export interface RangeRequest {
  start: Date;
  end: Date;
  limit: number;
  cursor: ReturnType<typeof decodeCursor> | null;
}

/** @throws BadRequestException */
export function rangeRequest({ start_date, end_date, cursor, limit = 50 }: RangeQuery): RangeRequest {
  const range = { start: start_date, end: end_date };
  return {
    ...parseRange(range, { start: 'start_date', end: 'end_date' }),
    limit,
    cursor: cursor === undefined ? null : decodeCursor(cursor),
  };
}

export interface Page<T> {
  data: T[];
  pagination: Pagination;
  metadata: PageMetadata;
}

export const toPage = <T>(data: T[], pagination: Pagination, { start, end }: RangeRequest): Page<T> => ({
  data,
  pagination,
  metadata: {
    resolution: null,
    sample_count: data.length,
    start_time: wireTime(start),
    end_time: wireTime(end),
  },
});
