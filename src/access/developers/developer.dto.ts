import type { Developer } from './developer.entity';

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
