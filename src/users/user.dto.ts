import { OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { User } from './user.entity';

/** All of it is optional: `{}` makes a user without a name. */
export class CreateUser {
  /**
   * An id of your own choice; without it the server makes one
   * @example 0b9c4e4e-3a51-4d0c-8a5e-6f1f2d7c9a13
   */
  @IsOptional()
  @IsUUID('loose', { message: 'id must be a UUID, or left out to let the server make one' })
  id?: string;

  /** @example Ada */
  @IsOptional()
  @IsString({ message: 'first_name must be a text' })
  @MaxLength(100, { message: 'first_name must be at most 100 characters long' })
  first_name?: string | null;

  /** @example Lovelace */
  @IsOptional()
  @IsString({ message: 'last_name must be a text' })
  @MaxLength(100, { message: 'last_name must be at most 100 characters long' })
  last_name?: string | null;

  /** One address belongs to one user only @example ada@example.com */
  @IsOptional()
  @IsEmail({}, { message: 'email must be an e-mail address such as ada@example.com' })
  email?: string | null;

  /** The user's id in your own system, by which the list can be searched @example customer-4711 */
  @IsOptional()
  @IsString({ message: 'external_user_id must be a text' })
  @IsNotEmpty({ message: 'external_user_id must not be empty; leave it out if there is none' })
  @MaxLength(255, { message: 'external_user_id must be at most 255 characters long' })
  external_user_id?: string | null;
}

/** What is left out stays as it is; null clears. */
export class UpdateUser extends OmitType(CreateUser, ['id']) {}

export const USER_ORDERS = ['created_at', 'email', 'first_name', 'last_name', 'last_synced_at'] as const;

export class ListUsers {
  /** Page, counted from 1 */
  @Type(() => Number)
  @IsInt({ message: 'page must be a whole number, 1 or more' })
  @Min(1, { message: 'page must be a whole number, 1 or more' })
  @Max(1_000_000, { message: 'page must be at most 1000000' })
  page?: number = 1;

  /** Users a page */
  @Type(() => Number)
  @IsInt({ message: 'limit must be a whole number from 1 to 1000' })
  @Min(1, { message: 'limit must be a whole number from 1 to 1000' })
  @Max(1_000, { message: 'limit must be a whole number from 1 to 1000' })
  limit?: number = 20;

  /** What to sort by; users without a value come last */
  @IsIn(USER_ORDERS, { message: `sort_by must be one of ${USER_ORDERS.join(', ')}` })
  sort_by?: (typeof USER_ORDERS)[number] = 'created_at';

  /** Direction of the sort */
  @IsIn(['asc', 'desc'], { message: 'sort_order must be asc or desc' })
  sort_order?: 'asc' | 'desc' = 'desc';

  /** Part of the e-mail address, first or last name, in upper or lower case */
  @IsOptional()
  @IsString({ message: 'search must be given once, as a text' })
  search?: string;

  /** This e-mail address exactly */
  @IsOptional()
  @IsString({ message: 'email must be given once, as a text' })
  email?: string;

  /** This external id exactly */
  @IsOptional()
  @IsString({ message: 'external_user_id must be given once, as a text' })
  external_user_id?: string;
}

/** A user, and how the connections to wearables stand. */
export class UserRead {
  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  id: string;

  /** ISO 8601, UTC @example 2026-08-01T09:00:00.000Z */
  created_at: string;

  /** @example Ada */
  first_name: string | null;

  /** @example Lovelace */
  last_name: string | null;

  /** @example ada@example.com */
  email: string | null;

  /** The user's id in your own system @example customer-4711 */
  external_user_id: string | null;

  /** When the last sync of any connection ended well @example 2026-08-07T10:00:00.000Z */
  last_synced_at: string | null;

  /** Which provider that was */
  last_synced_provider: string | null;

  /** Whether any connection is active */
  has_active_connection: boolean;
}

/** One page of users. */
export class UserPage {
  items: UserRead[];

  /** Users on all pages @example 1 */
  total: number;

  /** @example 1 */
  page: number;

  /** @example 20 */
  limit: number;

  /** Pages in all @example 1 */
  pages: number;

  has_next: boolean;

  has_prev: boolean;
}

/** What the connections of a user say about its syncs. */
export interface SyncState {
  lastSyncedAt: Date | null;
  lastSyncedProvider: string | null;
  hasActiveConnection: boolean;
}

export const toUserRead = (user: User, sync: SyncState): UserRead => ({
  id: user.id,
  created_at: user.createdAt.toISOString(),
  first_name: user.firstName,
  last_name: user.lastName,
  email: user.email,
  external_user_id: user.externalUserId,
  last_synced_at: sync.lastSyncedAt?.toISOString() ?? null,
  last_synced_provider: sync.lastSyncedProvider,
  has_active_connection: sync.hasActiveConnection,
});
