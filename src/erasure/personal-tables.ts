import type { EntityManager } from 'typeorm';

/**
 * The tables whose rows say whose they are, or what they come from, in all of these columns. Asked of PostgreSQL and not
 * of a list, so that no table that comes later can be forgotten.
 */
export async function tablesWith(manager: EntityManager, ...columns: string[]): Promise<string[]> {
  const tables = await manager.query<{ name: string }[]>(
    `SELECT quote_ident(c.relname) AS name
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attname = ANY ($1)
      GROUP BY c.relname HAVING count(*) = $2
      ORDER BY c.relname`,
    [columns, columns.length],
  );
  return tables.map(({ name }) => name);
}
