import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { DataCipher } from '../connections/user-data-keys';
import type { Received } from './received';
import type { LedgerKey } from './sync-ledger';

/** Rejected answers kept of one day. */
const REJECTS_KEPT = 3;

export const sha256 = (body: Buffer): Buffer => createHash('sha256').update(body).digest();

/** What the ciphertext is bound to: moved to another row it does not open. */
export const sealContext = (
  table: 'raw_answer' | 'raw_reject',
  { connectionId }: LedgerKey,
  { date, fetchedAt }: { date: string; fetchedAt: Date },
): string => `${table}|${connectionId}|${date}|${fetchedAt.toISOString()}`;

/** Keeps a usable answer, unless it is the same as the newest that is kept of its date. */
export async function keepAnswer(manager: EntityManager, key: LedgerKey, received: Received): Promise<void> {
  await prepared(
    manager,
    `INSERT INTO raw_answer (user_id, connection_id, date, fetched_at, sha256, body)
     SELECT $1, $2, $3::date, $4, $5::bytea, $6
      WHERE $5 IS DISTINCT FROM (SELECT sha256 FROM raw_answer WHERE user_id = $1 AND connection_id = $2 AND date = $3
                                  ORDER BY fetched_at DESC LIMIT 1)`,
    [key.userId, key.connectionId, received.date, received.fetchedAt, received.sha256, received.sealedBody()],
  );
}

/** Keeps the last few unusable answers of a day for diagnosis, apart from the good ones. */
export async function keepReject(
  manager: EntityManager,
  key: LedgerKey,
  cipher: DataCipher,
  { answer, sha256, fetchedAt }: Received,
  reason: string,
): Promise<void> {
  const body = cipher.seal(
    zstdCompressSync(answer.body),
    sealContext('raw_reject', key, { date: answer.date, fetchedAt }),
  );
  await manager.query(
    `INSERT INTO raw_reject (user_id, connection_id, date, fetched_at, reason, sha256, body)
     SELECT $1, $2, $3::date, $4, $5, $6::bytea, $7
      WHERE $6 IS DISTINCT FROM (SELECT sha256 FROM raw_reject WHERE user_id = $1 AND connection_id = $2 AND date = $3
                                  ORDER BY fetched_at DESC LIMIT 1)`,
    [key.userId, key.connectionId, answer.date, fetchedAt, reason, sha256, body],
  );
  await manager.query(
    `DELETE FROM raw_reject
      WHERE user_id = $1 AND connection_id = $2 AND date = $3 AND fetched_at NOT IN (
        SELECT fetched_at FROM raw_reject WHERE user_id = $1 AND connection_id = $2 AND date = $3
         ORDER BY fetched_at DESC LIMIT $4)`,
    [key.userId, key.connectionId, answer.date, REJECTS_KEPT],
  );
}
