import { VirtualWorld } from './virtual-world';

const NOW = new Date('2026-03-25T18:40:00Z');
const FIRST_DATE = '2026-02-24';
const HEALTH_TABLES = ['series_day', 'series_local_day', 'daily_value', 'sleep_session', 'score'];

export interface Resyncs {
  /** Rows of health data before. */
  rows: number;
  /** Of them touched, and new ones. */
  changed: number;
  /** Days whose last answer had other bytes than the first. */
  otherBytes: number;
}

/** The same thirty days again and again, while nothing happens to anybody. */
export async function resyncs({
  times,
  personas,
  uiNoise,
}: {
  times: number;
  personas: number[];
  uiNoise: boolean;
}): Promise<Resyncs> {
  const world = await VirtualWorld.start(NOW, { uiNoise });
  try {
    const users: string[] = [];
    for (const persona of personas) users.push(await world.connect(persona));
    const [before, bytesBefore] = [await rowsOf(world), await fingerprintsOf(world)];
    for (let time = 1; time <= times; time++) {
      // No two answers come in the same millisecond.
      await world.moveTo(new Date(NOW.getTime() + time));
      for (const user of users) await world.syncSince(user, FIRST_DATE);
    }
    const [after, bytesAfter] = [await rowsOf(world), await fingerprintsOf(world)];
    return {
      rows: before.size,
      changed: changesBetween(before, after),
      otherBytes: changesBetween(bytesBefore, bytesAfter) / 2,
    };
  } finally {
    await world.close();
  }
}

/** Every row with its place and the transaction that wrote it. */
async function rowsOf({ server }: VirtualWorld): Promise<Set<string>> {
  const rows = HEALTH_TABLES.map((table) =>
    server.sql<{ row: string }>(`SELECT '${table} ' || xmin || ' ' || ctid AS row FROM ${table}`),
  );
  return new Set((await Promise.all(rows)).flat().map(({ row }) => row));
}

async function fingerprintsOf({ server }: VirtualWorld): Promise<Set<string>> {
  const days = await server.sql<{ day: string }>(
    `SELECT user_id || ' ' || date || ' ' || encode(answer_sha256, 'hex') AS day FROM sync_day WHERE answer_sha256 IS NOT NULL`,
  );
  return new Set(days.map(({ day }) => day));
}

const changesBetween = (before: Set<string>, after: Set<string>) =>
  [...before].filter((row) => !after.has(row)).length + [...after].filter((row) => !before.has(row)).length;
