import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { DataCipher } from '../connections/user-data-keys';
import type { LocalDate } from '../health-data/canonical';
import type { Received } from './received';
import type { LedgerKey } from './sync-ledger';

/** Rejected answers kept of one day. */
const REJECTS_KEPT = 3;

/** Where usable answers are kept, and where unusable ones are. */
export type AnswerTable = 'raw_answer' | 'raw_reject';

export const sha256 = (body: Buffer): Buffer => createHash('sha256').update(body).digest();

/** What the ciphertext is bound to: moved to another row it does not open. */
export const sealContext = (
  table: AnswerTable,
  { connectionId }: LedgerKey,
  { date, fetchedAt }: { date: string; fetchedAt: Date },
): string => `${table}|${connectionId}|${date}|${fetchedAt.toISOString()}`;

/**
 * Keeps a usable answer, unless it is the same as the newest that is kept of its date.
 * @returns whether it was kept
 */
export async function keepAnswer(
  manager: EntityManager,
  key: LedgerKey,
  received: Received,
): Promise<boolean> {
  const kept = await prepared(
    manager,
    `INSERT INTO raw_answer (user_id, connection_id, date, fetched_at, sha256, body)
     SELECT $1, $2, $3::date, $4, $5::bytea, $6
      WHERE $5 IS DISTINCT FROM (SELECT sha256 FROM raw_answer WHERE user_id = $1 AND connection_id = $2 AND date = $3
                                  ORDER BY fetched_at DESC LIMIT 1)
     RETURNING 1`,
    [key.userId, key.connectionId, received.date, received.fetchedAt, received.sha256, received.sealedBody()],
  );
  return kept.length > 0;
}

/** Which answer. */
export interface AnswerKey {
  date: LocalDate;
  fetchedAt: Date;
}

export interface KeptAnswer extends AnswerKey {
  /** As the vendor sent it. */
  body: Buffer;
}

/** An answer that is kept, or was refused. */
export interface AnswerPlace extends AnswerKey {
  table: AnswerTable;
}

export type PlacedAnswer = AnswerPlace & KeptAnswer;

/** The last few kept answers of a date from before another one, newest first. */
export async function answersBefore(
  manager: EntityManager,
  key: LedgerKey,
  cipher: DataCipher,
  { date, fetchedAt, limit }: AnswerKey & { limit: number },
): Promise<KeptAnswer[]> {
  const rows = await prepared<KeptAnswer>(
    manager,
    `SELECT date::text AS date, fetched_at AS "fetchedAt", body FROM raw_answer
      WHERE user_id = $1 AND connection_id = $2 AND date = $3 AND fetched_at < $4
      ORDER BY fetched_at DESC LIMIT $5`,
    [key.userId, key.connectionId, date, fetchedAt, limit],
  );
  return rows.map((row) => opened({ ...row, table: 'raw_answer' }, key, cipher));
}

/** The answers of these places, in their order. */
export async function readAnswers(
  manager: EntityManager,
  key: LedgerKey,
  cipher: DataCipher,
  answers: AnswerPlace[],
): Promise<PlacedAnswer[]> {
  const rows = await prepared<PlacedAnswer>(
    manager,
    `SELECT wanted.kept_in AS table, wanted.date::text AS date, wanted.fetched_at AS "fetchedAt", coalesce(a.body, r.body) AS body
       FROM unnest($3::text[], $4::date[], $5::timestamptz[]) WITH ORDINALITY AS wanted (kept_in, date, fetched_at, place)
       LEFT JOIN raw_answer a ON wanted.kept_in = 'raw_answer'
        AND a.user_id = $1 AND a.connection_id = $2 AND a.date = wanted.date AND a.fetched_at = wanted.fetched_at
       LEFT JOIN raw_reject r ON wanted.kept_in = 'raw_reject'
        AND r.user_id = $1 AND r.connection_id = $2 AND r.date = wanted.date AND r.fetched_at = wanted.fetched_at
      ORDER BY wanted.place`,
    [
      key.userId,
      key.connectionId,
      answers.map(({ table }) => table),
      answers.map(({ date }) => date),
      answers.map(({ fetchedAt }) => fetchedAt),
    ],
  );
  return rows.map((row) => opened(row, key, cipher));
}

export async function forgetAnswers(
  manager: EntityManager,
  key: LedgerKey,
  date: LocalDate,
  fetchedAt: Date[],
): Promise<void> {
  await prepared(
    manager,
    `DELETE FROM raw_answer WHERE user_id = $1 AND connection_id = $2 AND date = $3 AND fetched_at = ANY ($4)`,
    [key.userId, key.connectionId, date, fetchedAt],
  );
}

/** @throws SealRefused */
const opened = ({ body, ...place }: PlacedAnswer, key: LedgerKey, cipher: DataCipher): PlacedAnswer => ({
  ...place,
  body: zstdDecompressSync(cipher.open(body, sealContext(place.table, key, place))),
});

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

/** What was refused is usable today: it is kept as long as the others of its date, which it now counts among. */
export async function keepRecovered(
  manager: EntityManager,
  key: LedgerKey,
  cipher: DataCipher,
  { date, fetchedAt, body }: KeptAnswer,
): Promise<void> {
  const sealed = cipher.seal(zstdCompressSync(body), sealContext('raw_answer', key, { date, fetchedAt }));
  await manager.query(
    `WITH refused AS (
       DELETE FROM raw_reject WHERE user_id = $1 AND connection_id = $2 AND date = $3 AND fetched_at = $4 RETURNING sha256)
     INSERT INTO raw_answer (user_id, connection_id, date, fetched_at, sha256, body)
     SELECT $1, $2, $3::date, $4, sha256, $5 FROM refused`,
    [key.userId, key.connectionId, date, fetchedAt, sealed],
  );
}
