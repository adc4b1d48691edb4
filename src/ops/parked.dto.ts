import { IsBoolean, IsOptional, IsString, IsUUID, ValidateBy, ValidateIf } from 'class-validator';
import { OffsetQuery } from '../http/offset-query.dto';
import { Pagination } from '../http/page.dto';
import { isLocalDate } from '../sync/local-date';
import type { ParkedDay } from '../sync/parked-days';
import type { SyncDayStatus } from '../sync/sync-day.entity';

export class ParkedQuery extends OffsetQuery {
  /** Only of this user */
  @IsOptional()
  @IsUUID('loose', { message: 'user_id must be a UUID' })
  user_id?: string;

  /** Only of this provider, by its slug */
  @IsOptional()
  @IsString({ message: 'provider must be given once, as a slug' })
  provider?: string;
}

/** A filter of null is refused: it would narrow nothing down. */
const isGiven = (_body: object, value: unknown): boolean => value !== undefined;

/** Every field given narrows it down; `all` says that nothing is to narrow it down. */
export class ReleaseParked {
  /** Only of this user @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  @ValidateIf(isGiven)
  @IsUUID('loose', { message: 'user_id must be a UUID' })
  user_id?: string;

  /** Only of this connection @example 4e1f0c5b-2a7d-4c36-8b19-6d0e9f3a7c52 */
  @ValidateIf(isGiven)
  @IsUUID('loose', { message: 'connection_id must be a UUID' })
  connection_id?: string;

  /** Only of this provider, by its slug @example acme */
  @ValidateIf(isGiven)
  @IsString({ message: 'provider must be the slug of a provider' })
  provider?: string;

  /** Only this local date @example 2026-03-07 */
  @ValidateIf(isGiven)
  @ValidateBy(
    { name: 'isLocalDate', validator: { validate: (date) => typeof date === 'string' && isLocalDate(date) } },
    { message: 'date must be a date such as 2026-03-07' },
  )
  date?: string;

  /** `true` releases whatever is parked */
  @IsOptional()
  @IsBoolean({ message: 'all must be true or false' })
  all?: boolean;
}

export class ParkedDayRead {
  user_id: string;

  connection_id: string;

  /** Slug of the provider */
  provider: string;

  /** The user's local date @example 2026-03-07 */
  date: string;

  /** `stored` where an earlier answer could be used, and only the newest cannot @example parked */
  status: SyncDayStatus;

  /** Of the last try @example payload_invalid */
  error_code: string;

  /** Tries in a row that failed @example 5 */
  attempts: number;

  /** When the first of them failed @example 2026-08-07T10:00:00.000Z */
  since: string;
}

export class ParkedPage {
  /** Those that have failed longest first */
  data: ParkedDayRead[];

  /** Paged by `offset`: the cursors are null */
  pagination: Pagination;
}

export class ParkedReleased {
  /** Days that are due now @example 3 */
  released: number;
}

export const toParkedDayRead = (day: ParkedDay): ParkedDayRead => ({
  user_id: day.userId,
  connection_id: day.connectionId,
  provider: day.provider,
  date: day.date,
  status: day.status,
  error_code: day.errorCode,
  attempts: day.attempts,
  since: day.since.toISOString(),
});
