import { IsIn, IsOptional } from 'class-validator';
import { PageMetadata, Pagination } from '../http/page.dto';
import { RangeQuery } from './range-page.dto';
import { SourceRead } from './source.dto';

export class MenstrualCycleQuery extends RangeQuery {
  /** Accepted for compatibility: nothing is there to be put in order */
  @IsOptional()
  @IsIn(['asc', 'desc'], { message: 'sort_order must be asc or desc' })
  sort_order?: 'asc' | 'desc';
}

export class MenstrualCycleRead {
  id: string;

  /** @example 2026-08-01T00:00:00Z */
  start_time: string;

  /** @example 2026-08-28T00:00:00Z */
  end_time: string;

  /** @example +05:30 */
  zone_offset: string | null;
  source: SourceRead;
}

export class MenstrualCyclePage {
  /** Latest start first */
  data: MenstrualCycleRead[];
  pagination: Pagination;
  metadata: PageMetadata;
}
