import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const LIMIT = 'limit must be a whole number from 1 to 1000';
const OFFSET = 'offset must be a whole number, 0 or more';

/** Of a list that is paged by number and not by cursor. */
export class OffsetQuery {
  /** Items a page */
  @Type(() => Number)
  @IsInt({ message: LIMIT })
  @Min(1, { message: LIMIT })
  @Max(1_000, { message: LIMIT })
  limit?: number = 50;

  /** How many items to skip */
  @Type(() => Number)
  @IsInt({ message: OFFSET })
  @Min(0, { message: OFFSET })
  @Max(1_000_000, { message: 'offset must be at most 1000000' })
  offset?: number = 0;
}
