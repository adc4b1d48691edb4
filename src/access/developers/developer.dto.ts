import { IsEmail, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import type { Developer } from './developer.entity';

/** What is left out stays as it is. */
export class UpdateDeveloper {
  /** Null clears it @example Ada */
  @IsOptional()
  @IsString({ message: 'first_name must be a text, or null to clear it' })
  @MaxLength(100, { message: 'first_name must be at most 100 characters long' })
  first_name?: string | null;

  /** Null clears it @example Lovelace */
  @IsOptional()
  @IsString({ message: 'last_name must be a text, or null to clear it' })
  @MaxLength(100, { message: 'last_name must be at most 100 characters long' })
  last_name?: string | null;

  /** The address to sign in with @example ada@example.com */
  @ValidateIf((_body, value) => value !== undefined)
  @IsEmail({}, { message: 'email must be an e-mail address such as ada@example.com' })
  email?: string;
}

/** Somebody who may sign in. */
export class DeveloperRead {
  /** @example 2f6b1c9e-0d4a-4c8e-9a53-7b1f0e6d2c48 */
  id: string;

  /** @example Ada */
  first_name: string | null;

  /** @example Lovelace */
  last_name: string | null;

  /** @example ada@example.com */
  email: string;

  /** ISO 8601, UTC @example 2026-08-01T09:00:00.000Z */
  created_at: string;

  /** ISO 8601, UTC @example 2026-08-07T10:00:00.000Z */
  updated_at: string;
}

export const toDeveloperRead = (developer: Developer): DeveloperRead => ({
  id: developer.id,
  first_name: developer.firstName,
  last_name: developer.lastName,
  email: developer.email,
  created_at: developer.createdAt.toISOString(),
  updated_at: developer.updatedAt.toISOString(),
});
