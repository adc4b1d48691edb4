import {
  ArrayNotEmpty,
  ArrayUnique,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import { keyPrefix } from './api-key-format';
import type { ApiKey } from './api-key.entity';
import { handleOf, type MadeKey } from './api-keys.service';
import { DEFAULT_SCOPES, SCOPES, type ScopeName } from './scope';

export class CreateApiKey {
  /** Whose key it is, such as the name of the client app @example Mobile app */
  @IsOptional()
  @IsString({ message: 'name must be a text' })
  @IsNotEmpty({ message: 'name must not be empty; leave it out to call the key Default' })
  @MaxLength(100, { message: 'name must be at most 100 characters long' })
  name?: string | null = 'Default';

  /** What it may do; `ops` is for operators @example ["read","write","connect","sync"] */
  @IsOptional()
  @ArrayNotEmpty({ message: `scopes must name at least one of ${SCOPES.join(', ')}` })
  @ArrayUnique({ message: 'scopes must not name one twice' })
  @IsIn(SCOPES, { each: true, message: `scopes must be of ${SCOPES.join(', ')}` })
  scopes?: ScopeName[] | null = DEFAULT_SCOPES;
}

export class RenameApiKey {
  /** @example Mobile app */
  @IsString({ message: 'name must be a text' })
  @IsNotEmpty({ message: 'name must not be empty' })
  @MaxLength(100, { message: 'name must be at most 100 characters long' })
  name: string;
}

export class ApiKeyRead {
  /**
   * The whole key in the answer that makes or rotates it, which is the one time that it can be read; afterwards an id that
   * opens nothing. The paths take both @example key_4fK2mQ9xTzL1
   */
  id: string;

  /** @example Mobile app */
  name: string;

  /** The developer who made it; null for one made by a command @example 2f6b1c9e-0d4a-4c8e-9a53-7b1f0e6d2c48 */
  created_by: string | null;

  /** ISO 8601, UTC @example 2026-08-01T09:00:00.000Z */
  created_at: string;

  /** The whole key, in the answer that makes or rotates it only @example null */
  key: string | null;

  /** What the key begins with, by which to know it @example sk-vb_live_4fK2mQ9xTzL1 */
  key_prefix: string;

  /** What it may do @example ["read","write","connect","sync"] */
  scopes: string[];
}

export const toApiKeyRead = (key: ApiKey): ApiKeyRead => ({
  id: handleOf(key),
  name: key.name,
  created_by: key.createdBy,
  created_at: key.createdAt.toISOString(),
  key: null,
  key_prefix: keyPrefix(key),
  scopes: key.scopes,
});

/** The one time that the key itself is in it. */
export const toMadeKeyRead = ({ key, stored }: MadeKey): ApiKeyRead =>
  Object.assign(toApiKeyRead(stored), { id: key, key });
