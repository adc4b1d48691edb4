import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { NormalizedDay, SeriesCode } from '../src/health-data/canonical';
import { HealthDataWriter } from '../src/health-data/health-data.writer';
import { dayContext } from '../src/health-data/local-day';
import type { WriteTarget } from '../src/health-data/write';
import { seeded } from './vendor-month';

const DAY_MS = 86_400_000;
const STEP_MS = 300_000;
const ZONE_MS = 5.5 * 3_600_000;

type Wearer = WriteTarget & { connectionId: string };

/** Tables with a user's data by date, in which the rows of the users follow each other as they would arrive. */
const DATED_TABLES = { sync_day: 'date', series_day: 'day', series_local_day: 'date', daily_value: 'date' };

/**
 * One user with a year of five-minute data in five series, and others with its last month each, all of it with the rows
 * of one day of all users beside each other.
 * @returns the user with the year
 */
export async function loadYear(app: NestFastifyApplication, users: number): Promise<string> {
  const database = app.get(DataSource);
  // What is copied and then left alone.
  const template = await addWearer(database);
  const last = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;
  const random = seeded(3);
  const days = Array.from({ length: 365 }, (_, day) => dayOf(last - (364 - day) * DAY_MS, random));
  for (let day = 0; day < days.length; day++)
    await writeDay(app, template, days[day], days.slice(Math.max(0, day - 2), day));
  await database.query(
    `CREATE TABLE bench_wearer AS
     SELECT gen_random_uuid() AS user_id, gen_random_uuid() AS source_id, gen_random_uuid() AS connection_id,
            CASE n WHEN 1 THEN 365 ELSE 30 END AS days
       FROM generate_series(1, $1::int) AS n`,
    [users],
  );
  await database.query(`INSERT INTO app_user (id, created_at) SELECT user_id, $1 FROM bench_wearer`, [
    new Date(),
  ]);
  await copyRows(database, template, 'data_source', null);
  for (const [table, date] of Object.entries(DATED_TABLES)) await copyRows(database, template, table, date);
  const [{ user_id }] = await database.query(`SELECT user_id FROM bench_wearer WHERE days = 365`);
  return user_id;
}

/** The template's rows for each wearer. */
async function copyRows(
  database: DataSource,
  template: Wearer,
  table: string,
  date: string | null,
): Promise<void> {
  const columns: { name: string }[] = await database.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  const copied = columns.map(({ name }) => {
    if (name === 'id') return 'w.source_id';
    return ['user_id', 'source_id', 'connection_id'].includes(name) ? `w.${name}` : `t."${name}"`;
  });
  const recent = date === null ? '' : `AND t.${date} > CURRENT_DATE - 1 - w.days`;
  await database.query(
    `INSERT INTO ${table} (${columns.map(({ name }) => `"${name}"`).join(', ')})
     SELECT ${copied.join(', ')} FROM ${table} t, bench_wearer w WHERE t.user_id = $1 ${recent}
      ${date === null ? '' : `ORDER BY t.${date}, w.user_id`}`,
    [template.userId],
  );
  await database.query(`VACUUM ANALYZE ${table}`);
}

async function addWearer(database: DataSource): Promise<Wearer> {
  const [userId, sourceId, connectionId] = [randomUUID(), randomUUID(), randomUUID()];
  await database.query(`INSERT INTO app_user (id, created_at) VALUES ($1, $2)`, [userId, new Date()]);
  await database.query(
    `INSERT INTO data_source (user_id, id, connection_id, provider, device_model, device_type, device_name, created_at)
     VALUES ($1, $2, $3, 'bench', 'ring_1', 'ring', 'Ring 1', $4)`,
    [userId, sourceId, connectionId, new Date()],
  );
  return { userId, sourceId, connectionId };
}

/** @param before the two days before it, or as many as there are */
async function writeDay(
  app: NestFastifyApplication,
  wearer: Wearer,
  day: YearDay,
  before: YearDay[],
): Promise<void> {
  const unknown = { date: day.date, startsAt: null, timeZone: null, neighbours: before };
  await app.get(DataSource).transaction(async (manager) => {
    await app.get(HealthDataWriter).write(manager, wearer, day, dayContext(unknown, day, false));
    await manager.query(
      `INSERT INTO sync_day (user_id, connection_id, date, status, attempts, starts_at, time_zone)
       VALUES ($1, $2, $3, 'stored', 1, $4, $5)`,
      [wearer.userId, wearer.connectionId, day.date, new Date(day.startsAt), day.timeZone],
    );
  });
}

type YearDay = NormalizedDay & { startsAt: number };

/** A local day at +05:30. @param midnight of its date at UTC */
function dayOf(midnight: number, random: () => number): YearDay {
  const startsAt = midnight - ZONE_MS;
  const date = new Date(midnight).toISOString().slice(0, 10);
  const instants = Array.from({ length: DAY_MS / STEP_MS }, (_, i) => startsAt + i * STEP_MS + 92_000);
  const series = (code: SeriesCode, value: () => number) => ({ code, instants, values: instants.map(value) });
  return {
    date,
    outcome: 'data',
    startsAt,
    timeZone: 'Asia/Kolkata',
    series: [
      series('heart_rate', () => 48 + Math.floor(random() * 80)),
      series('heart_rate_variability_rmssd', () => 20 + Math.floor(random() * 90)),
      series('skin_temperature', () => Math.fround(30 + random() * 6)),
      series('oxygen_saturation', () => 92 + Math.floor(random() * 8)),
      series('steps', () => Math.floor(random() * 120)),
    ],
    daily: [
      { code: 'steps', date, value: 9_000 + Math.floor(random() * 4_000) },
      { code: 'resting_heart_rate', date, value: 50 + Math.floor(random() * 9) },
      { code: 'vo2_max', date, value: 44.5 },
      { code: 'active_time', date, value: Math.floor(random() * 120) },
    ],
    sleeps: [],
    scores: [],
    unmapped: [],
    rejected: [],
  };
}
