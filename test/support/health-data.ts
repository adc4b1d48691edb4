import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Clock } from '../../src/database/clock';
import type { NormalizedDay, SeriesCode, SeriesSamples, SleepSession } from '../../src/health-data/canonical';
import { DailyValueStore } from '../../src/health-data/daily-value.store';
import { DaySeries } from '../../src/health-data/day-series';
import { HealthDataWriter } from '../../src/health-data/health-data.writer';
import { dayContext } from '../../src/health-data/local-day';
import { InternalScoreStore } from '../../src/health-data/internal-score.store';
import { LocalDayAggregates } from '../../src/health-data/local-day-aggregates';
import { LocalDayStore } from '../../src/health-data/local-day-store';
import { ScoreStore } from '../../src/health-data/score.store';
import { SeriesStore } from '../../src/health-data/series-store';
import { SleepSessionStore } from '../../src/health-data/sleep-session.store';
import { TimeSeriesLanes } from '../../src/health-data/time-series.lanes';
import { TimeSeriesReader } from '../../src/health-data/time-series.reader';
import type { DayContext, WriteCounts, WriteTarget } from '../../src/health-data/write';
import { readDay } from '../../src/sync/sync-ledger';
import { User } from '../../src/users/user.entity';
import { UsersService } from '../../src/users/users.service';

/** A user with one connection and one ring. */
export async function addWearer(
  database: DataSource,
  {
    userId = randomUUID(),
    provider = 'ring-maker',
    deviceType = 'ring',
  }: { userId?: string; provider?: string; deviceType?: string } = {},
): Promise<WriteTarget & { connectionId: string }> {
  const [sourceId, connectionId] = [randomUUID(), randomUUID()];
  const at = new Date('2026-01-02T03:04:05Z');
  await database.query(`INSERT INTO app_user (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    userId,
    at,
  ]);
  await database.query(
    `INSERT INTO data_source (user_id, id, connection_id, provider, device_model, device_type, device_name, created_at)
     VALUES ($1, $2, $3, $4, 'model_1', $5, 'Ring "One" µ', $6)`,
    [userId, sourceId, connectionId, provider, deviceType, at],
  );
  return { userId, sourceId, connectionId };
}

/** Enters a local day into the calendar, as the sync does. */
export async function addDay(
  database: DataSource,
  { userId, connectionId }: { userId: string; connectionId: string },
  { date, startsAt, timeZone }: Pick<NormalizedDay, 'date' | 'startsAt' | 'timeZone'>,
): Promise<void> {
  await database.query(
    `INSERT INTO sync_day (user_id, connection_id, date, status, attempts, starts_at, time_zone)
     VALUES ($1, $2, $3, 'stored', 0, $4, $5)`,
    [userId, connectionId, date, startsAt === null ? null : new Date(startsAt), timeZone],
  );
}

export function healthDataWriter(): HealthDataWriter {
  const series = new SeriesStore();
  return new HealthDataWriter(
    series,
    new DailyValueStore(),
    new SleepSessionStore(),
    new ScoreStore(),
    new InternalScoreStore(),
    new LocalDayAggregates(new LocalDayStore(), series),
  );
}

export function timeSeriesReader(database: DataSource): TimeSeriesReader {
  const users = new UsersService(database.getRepository(User), new Clock());
  const lanes = new TimeSeriesLanes(new SeriesStore(), new DailyValueStore(), new DaySeries());
  return new TimeSeriesReader(database, users, lanes);
}

/** Writes one answer in a transaction of its own; unless told otherwise, the first about its date. */
export function writeDay(
  database: DataSource,
  target: WriteTarget,
  day: NormalizedDay,
  context: Partial<DayContext> = {},
): Promise<WriteCounts> {
  const { date } = day;
  const first = dayContext({ date, startsAt: null, timeZone: null, neighbours: [] }, day, false);
  return database.transaction((manager) =>
    healthDataWriter().write(manager, target, day, { ...first, ...context }),
  );
}

/** Writes one answer by the calendar of the ledger, and keeps the calendar, as the sync does. */
export function foldDay(
  database: DataSource,
  wearer: WriteTarget & { connectionId: string },
  day: NormalizedDay,
  { settled = false }: { settled?: boolean } = {},
): Promise<WriteCounts> {
  const { userId, connectionId } = wearer;
  return database.transaction(async (manager) => {
    await manager.query(
      `INSERT INTO sync_day (user_id, connection_id, date, status, attempts) VALUES ($1, $2, $3, 'stored', 0)
       ON CONFLICT DO NOTHING`,
      [userId, connectionId, day.date],
    );
    const { startsAt, ...ledgerDay } = await readDay(manager, wearer, day.date);
    const context = dayContext({ ...ledgerDay, startsAt: startsAt?.getTime() ?? null }, day, settled);
    const counts = await healthDataWriter().write(manager, wearer, day, context);
    await manager.query(
      `UPDATE sync_day SET starts_at = $4, time_zone = $5 WHERE user_id = $1 AND connection_id = $2 AND date = $3`,
      [
        userId,
        connectionId,
        day.date,
        context.day.startsAt === null ? null : new Date(context.day.startsAt),
        context.day.timeZone,
      ],
    );
    return counts;
  });
}

/** A day at +05:30 with nothing in it but what is given. */
export const makeDay = (day: Partial<NormalizedDay> & Pick<NormalizedDay, 'date'>): NormalizedDay => ({
  outcome: 'data',
  startsAt: Date.parse(`${day.date}T00:00:00+05:30`),
  timeZone: 'Asia/Kolkata',
  series: [],
  daily: [],
  sleeps: [],
  scores: [],
  unmapped: [],
  rejected: [],
  ...day,
});

/** Samples by their time: `{ '2026-03-01T00:05:00Z': 61 }`. */
export const makeSeries = (code: SeriesCode, samples: Record<string, number>): SeriesSamples => ({
  code,
  instants: Object.keys(samples).map((at) => Date.parse(at)),
  values: Object.values(samples),
});

export const makeSleep = (
  sleep: Partial<SleepSession> & { date: string; from: string; to: string },
): SleepSession => {
  const { from, to, ...rest } = sleep;
  return {
    start: Date.parse(from),
    end: Date.parse(to),
    asleepSeconds: null,
    stageSeconds: null,
    stages: [],
    efficiencyPercent: null,
    averageHeartRate: null,
    averageHrvRmssd: null,
    averageSpo2: null,
    graphs: {},
    ...rest,
  };
};
