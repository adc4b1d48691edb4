import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';

/** A statement's name is made from its text, once. */
const names = new Map<string, string>();

/** A statement that comes too late: what it belongs to has failed and was rolled back. */
export class TransactionEnded extends Error {
  override readonly name = 'TransactionEnded';
}

/**
 * Runs a statement that each connection of the pool parses and plans only once: for the hot paths.
 * Several of them may be under way at once on one connection, which sends them in a row without waiting for each
 * answer; PostgreSQL runs them in the order of the calls.
 * @param manager of a query runner, such as that of a transaction
 * @returns the rows, also of an INSERT, UPDATE or DELETE with RETURNING
 * @throws TransactionEnded
 */
export async function prepared<Row>(manager: EntityManager, text: string, values: unknown[]): Promise<Row[]> {
  const runner = manager.queryRunner!;
  const client: PoolClient = await runner.connect();
  // From here to the call nothing is awaited: no statement slips out after a ROLLBACK.
  if (runner.data.ended === true) throw new TransactionEnded('the transaction has been rolled back');
  sendWithWhatFollows(client as PipelinedClient);
  const { rows } = await client.query({ name: nameOf(text), text, values });
  return rows;
}

/** `pg` does not declare its socket. */
type PipelinedClient = PoolClient & { connection: { stream: Socket } };

/**
 * The statements that are asked for in one turn leave in one packet: writing to the socket and waking PostgreSQL up takes
 * longer than many a statement.
 */
function sendWithWhatFollows({ connection: { stream } }: PipelinedClient): void {
  stream.cork();
  process.nextTick(() => stream.uncork());
}

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    names.set(text, name);
  }
  return name;
}
