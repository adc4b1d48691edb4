import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';

/** A statement's name is made from its text, once. */
const names = new Map<string, string>();

/**
 * Runs a statement that each connection of the pool parses and plans only once: for the hot path of the sync.
 * Several of them may be under way at once on one connection, which sends them in a row without waiting for each
 * answer; PostgreSQL runs them in the order of the calls.
 * @param manager of a transaction
 * @returns the rows, also of an INSERT, UPDATE or DELETE with RETURNING
 */
export async function prepared<Row>(manager: EntityManager, text: string, values: unknown[]): Promise<Row[]> {
  const client: PoolClient = await manager.queryRunner!.connect();
  const { rows } = await client.query({ name: nameOf(text), text, values });
  return rows;
}

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    names.set(text, name);
  }
  return name;
}
