import { createHash } from 'node:crypto';
import type { FaultWorld } from './fault-world';

const TABLES = ['series_day', 'series_local_day', 'daily_value', 'sleep_session', 'score'];

/**
 * A hash of all that is stored of a user's health, without what tells one user and one run from another: two
 * accounts of one persona come to the same.
 */
export async function healthHash(world: FaultWorld, userId: string): Promise<string> {
  const hash = createHash('sha256');
  for (const table of TABLES) {
    const rows = await world.sql<{ row: string }>(
      `SELECT (to_jsonb(t) - '{user_id,source_id,id}'::text[] || jsonb_build_object('device', d.device_model))::text AS row
         FROM ${table} t JOIN data_source d ON d.user_id = t.user_id AND d.id = t.source_id
        WHERE t.user_id = $1 ORDER BY 1`,
      [userId],
    );
    hash.update(table);
    for (const { row } of rows) hash.update(row);
  }
  const calendar = await world.sql<{ row: string }>(
    `SELECT concat_ws(' ', date, status, starts_at, time_zone) AS row FROM sync_day WHERE user_id = $1 ORDER BY date`,
    [userId],
  );
  for (const { row } of calendar) hash.update(row);
  return hash.digest('hex');
}

export interface Samples {
  count: number;
  /** Of one source, series and instant, beyond the first. */
  doubled: number;
}

export async function samplesOf(world: FaultWorld, userId: string): Promise<Samples> {
  const [row] = await world.sql<{ count: string; different: string }>(
    `SELECT count(*) AS count, count(DISTINCT (source_id, code, at)) AS different FROM sample WHERE user_id = $1`,
    [userId],
  );
  return { count: Number(row.count), doubled: Number(row.count) - Number(row.different) };
}

/** Every row of health data with the transaction that wrote it: equal only if nothing was touched. */
export async function healthRows(world: FaultWorld, userId: string): Promise<Set<string>> {
  const rows = TABLES.map((table) =>
    world.sql<{ row: string }>(
      `SELECT '${table} ' || xmin || ' ' || ctid || ' ' || md5(t::text) AS row FROM ${table} t WHERE user_id = $1`,
      [userId],
    ),
  );
  return new Set((await Promise.all(rows)).flat().map(({ row }) => row));
}

/** Rows of the one that the other lacks, both ways. */
export const changesBetween = (before: Set<string>, after: Set<string>): number =>
  [...before].filter((row) => !after.has(row)).length + [...after].filter((row) => !before.has(row)).length;
