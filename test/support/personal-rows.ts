import type { TestApp } from './app';

type Database = Pick<TestApp, 'sql'>;

/** Every table that says whose its rows are, from the catalogue, so that one that comes later is looked into as well. */
async function personalTables(database: Database): Promise<string[]> {
  const tables = await database.sql<{ name: string }>(
    `SELECT DISTINCT c.table_name AS name
       FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND c.column_name = 'user_id' AND t.table_type = 'BASE TABLE'
      ORDER BY 1`,
  );
  return tables.map(({ name }) => name);
}

/** How many rows of the user there are, by table. */
export async function rowsOf(database: Database, userId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of await personalTables(database)) {
    const [{ count }] = await database.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${table} WHERE user_id = $1`,
      [userId],
    );
    counts[table] = count;
  }
  return counts;
}

/** A row of the user in every such table that has none, of values that mean nothing but for the ids of what it is about. */
export async function fillAll(database: Database, userId: string): Promise<void> {
  const [source] = await database.sql<Ids>(
    `SELECT id AS source_id, connection_id FROM data_source WHERE user_id = $1`,
    [userId],
  );
  const empty = Object.entries(await rowsOf(database, userId)).filter(([, count]) => count === 0);
  for (const [table] of empty) await fill(database, table, { ...source, user_id: userId });
}

type Ids = Record<string, string>;

async function fill(database: Database, table: string, ids: Ids): Promise<void> {
  const columns = await database.sql<{ name: string; type: string }>(
    `SELECT column_name AS name, udt_name AS type FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name = $1
        AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'`,
    [table],
  );
  const known = columns.some(({ name }) => name === 'user_id') ? columns : [...columns, USER_ID];
  const names = known.map(({ name }) => `"${name}"`);
  const values = known.map(({ name, type }) => (name in ids ? `'${ids[name]}'` : valueOf(type)));
  await database.sql(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`);
}

/** Also where it may be null. */
const USER_ID = { name: 'user_id', type: 'uuid' };

function valueOf(type: string): string {
  if (type.startsWith('_')) return `'{1}'`;
  if (/^(int|float|numeric)/.test(type)) return '1';
  const values: Record<string, string> = {
    uuid: 'gen_random_uuid()',
    text: `'x'`,
    bool: 'false',
    bytea: `decode(md5(random()::text), 'hex')`,
    jsonb: `'{}'`,
    date: `'2026-01-02'`,
    timestamptz: `'2026-01-02T03:04:05Z'`,
  };
  return values[type] ?? `NULL`;
}
