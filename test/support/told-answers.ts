import type { DataSource } from 'typeorm';
import { Clock } from '../../src/database/clock';
import { DayWriter } from '../../src/sync/day-writer';
import { JobOpener } from '../../src/sync/job-opener';
import { releaseLease, type Lease } from '../../src/sync/claim';
import { Received } from '../../src/sync/received';
import { openDays } from '../../src/sync/ledger-opening';
import type { DayOutcome } from '../../src/sync/tally';
import { answerOf, dataOf } from './day-provider';
import type { Key, SyncWorld } from './sync-world';

/** What the vendor said of a date at some time. */
export interface Told {
  date: string;
  at: string;
  payload: object | string;
}

/** A server, or the part of it that syncs. */
interface Place {
  database: DataSource;
  get<T>(type: abstract new (...parameters: never[]) => T): T;
}

/** Stores answers as a sync would that was told them one after another, each at its own time. */
export async function tell(world: SyncWorld, key: Key, answers: Told[]): Promise<DayOutcome[]> {
  await world.sql(
    `UPDATE connection SET wake_at = $3::timestamptz + (CASE WHEN id = $2 THEN 0 ELSE 1 END) * interval '1 day' WHERE user_id = $1 OR id <> $2`,
    [key.userId, key.connectionId, world.clock.now()],
  );
  const [lease] = await world.claim(1);
  return store(world, lease, answers);
}

/** Under a lease that one holds, and then gives back. */
export async function store(place: Place, lease: Lease, answers: Told[]): Promise<DayOutcome[]> {
  const { manager } = place.database;
  const job = (await place.get(JobOpener).open(lease))!;
  const at = place.get(Clock).now();
  await openDays(manager, lease, [...new Set(answers.map(({ date }) => date))], { at, history: false });
  const outcomes: DayOutcome[] = [];
  for (const { date, at, payload } of answers) {
    const received = new Received(job, answerOf(date, payload), new Date(at));
    outcomes.push(await place.get(DayWriter).store(job, received));
  }
  await releaseLease(manager, lease);
  return outcomes;
}

/** A day with something in every table, all of it across UTC midnight, unlike that of any other date. */
export function fullDay(date: string, more: object = {}): object {
  const number = (Date.parse(date) / 86_400_000) % 40;
  return {
    ...dataOf(date),
    hr: { 0: 41.5 + number, 317: 52.25 + number, 331: 53.5 + number, 1_439: 64.75 + number },
    temp: { 1: 31.125 + number / 100, 329: 32.25 + number / 100, 1_438: 33.375 + number / 100 },
    steps: { 2: 0, 330: 17 + number, 1_437: 28 + number },
    glucose: { 3: 83.5 + number, 335: 94.25 + number },
    restingHr: 45.5 + number / 10,
    sleeps: [
      { from: -65, to: 371, efficiency: 71.5 + number / 2, asleep: 371 + number, hrv: 40 + (number % 7) * 3 },
      { from: 802, to: 847, efficiency: 62.25 + number / 2 },
    ],
    ...more,
  };
}

/** The health data of a user, without what tells one user, one copy and one write from another. */
export async function healthContent(world: SyncWorld, { userId }: Key): Promise<Record<string, unknown[]>> {
  const content: Record<string, unknown[]> = {};
  for (const table of [
    'series_day',
    'series_local_day',
    'daily_value',
    'sleep_session',
    'score',
    'internal_score',
  ]) {
    const rows = await world.sql<{ row: unknown }>(
      `SELECT to_jsonb(t) - '{user_id,source_id,id,sleep_id}'::text[] || jsonb_build_object('device', d.device_model) AS row
         FROM ${table} t JOIN data_source d ON d.user_id = t.user_id AND d.id = t.source_id
        WHERE t.user_id = $1 ORDER BY 1`,
      [userId],
    );
    content[table] = rows.map(({ row }) => row);
  }
  content.calendar = await world.sql(
    `SELECT date::text, starts_at, time_zone FROM sync_day WHERE user_id = $1 AND starts_at IS NOT NULL ORDER BY date`,
    [userId],
  );
  return content;
}
