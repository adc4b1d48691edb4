import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate } from './canonical';
import type { ChangeKind } from './chunk-replacement';
import type { Change, Replacement } from './replacement';

/** The tables of which a source has one row for each name and date. */
interface RecordTable {
  table: 'daily_value' | 'score';
  /** The column that, with the date, names a row. */
  name: 'code' | 'category';
  /** Before the name, where it is told to people. */
  prefix: string;
}

const RECORD_TABLES: RecordTable[] = [
  { table: 'daily_value', name: 'code', prefix: 'daily:' },
  { table: 'score', name: 'category', prefix: 'score:' },
];

interface Difference {
  name: string;
  date: LocalDate;
  kind: ChangeKind;
}

/** Replaces daily values and scores of one source by those of another; a score that stays or changes keeps its id. */
export async function replaceRecords(manager: EntityManager, replacement: Replacement): Promise<Change[]> {
  const changes: Change[] = [];
  for (const table of RECORD_TABLES) {
    const differing = await differences(manager, replacement, table);
    if (differing.length > 0) await replaceRows(manager, replacement, table, differing);
    changes.push(...differing.map((it) => ({ ...it, name: `${table.prefix}${it.name}`, count: 1 })));
  }
  return changes;
}

function differences(
  manager: EntityManager,
  { userId, from, to, dates }: Replacement,
  { table, name }: RecordTable,
): Promise<Difference[]> {
  const rowsOf = (source: string) =>
    `SELECT * FROM ${table} WHERE user_id = $1 AND source_id = ${source} AND date = ANY ($4)`;
  const content = (row: string) => `(to_jsonb(${row}) - '{source_id,id}'::text[])`;
  return prepared<Difference>(
    manager,
    `SELECT coalesce(target.${name}, fresh.${name}) AS name, coalesce(target.date, fresh.date)::text AS date,
            CASE WHEN target.date IS NULL THEN 'inserted' WHEN fresh.date IS NULL THEN 'deleted' ELSE 'updated' END AS kind
       FROM (${rowsOf('$2')}) AS target
       FULL JOIN (${rowsOf('$3')}) AS fresh ON fresh.${name} = target.${name} AND fresh.date = target.date
      WHERE ${content('target')} IS DISTINCT FROM ${content('fresh')}`,
    [userId, to, from, dates],
  );
}

async function replaceRows(
  manager: EntityManager,
  { userId, from, to }: Replacement,
  { table, name }: RecordTable,
  differing: Difference[],
): Promise<void> {
  const keys = [differing.map((it) => it.name), differing.map(({ date }) => date)];
  const isOne = `(${name}, date) IN (SELECT * FROM unnest($3::text[], $4::date[]))`;
  if (table === 'score') {
    await prepared(
      manager,
      `UPDATE score fresh SET id = target.id FROM score target
        WHERE fresh.user_id = $1 AND fresh.source_id = $2 AND target.user_id = $1 AND target.source_id = $3
          AND target.category = fresh.category AND target.date = fresh.date`,
      [userId, from, to],
    );
  }
  await prepared(manager, `DELETE FROM ${table} WHERE user_id = $1 AND source_id = $2 AND ${isOne}`, [
    userId,
    to,
    ...keys,
  ]);
  await prepared(
    manager,
    `UPDATE ${table} SET source_id = $5 WHERE user_id = $1 AND source_id = $2 AND ${isOne}`,
    [userId, from, ...keys, to],
  );
}
