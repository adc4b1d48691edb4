import { setTimeout as wait } from 'node:timers/promises';
import { ArchivalSettings } from '../src/archival/archival-settings.service';
import { Archival } from '../src/archival/archival.work';
import { Connection } from '../src/connections/connection.entity';
import { JobQueue } from '../src/database/job-queue';
import { ConnectionReplay } from '../src/sync/connection-replay';
import { RAW_ANSWERS } from '../src/sync/retained';
import { Retention } from '../src/sync/retention';
import { SyncWorld, type Key } from './support/sync-world';
import { fullDay, tell } from './support/told-answers';

describe('the retention of answers', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ RAW_RETENTION_DAYS: '9', BACKFILL_DAYS: '2' });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    jest.restoreAllMocks();
    await world.reset();
    key = await world.connect();
  });

  const kept = async (table = 'raw_answer') =>
    (await world.sql(`SELECT date::text FROM ${table} ORDER BY date`)).map(({ date }) => date);

  it('deletes what was fetched longer ago than it may be kept, and leaves the data made of it', async () => {
    await tell(world, key, [
      { date: '2026-02-27', at: '2026-03-01T11:59:59Z', payload: fullDay('2026-02-27') },
      { date: '2026-02-26', at: '2026-03-01T12:00:00Z', payload: fullDay('2026-02-26') },
      { date: '2026-02-25', at: '2026-03-01T11:00:00Z', payload: '<html>' },
      { date: '2026-02-24', at: '2026-03-01T13:00:00Z', payload: '<html>' },
    ]);
    const samples = await world.sql(`SELECT * FROM sample ORDER BY at`);
    expect(await world.get(Retention).deleteOld(RAW_ANSWERS)).toBe(2);
    expect(await kept()).toEqual(['2026-02-26']);
    expect(await kept('raw_reject')).toEqual(['2026-02-24']);
    expect(await world.sql(`SELECT * FROM sample ORDER BY at`)).toEqual(samples);
  });

  it('keeps the answers of a date as long as the newest of them: a replay needs them all', async () => {
    const date = '2026-02-20';
    await tell(world, key, [
      { date, at: '2026-02-21T08:00:00Z', payload: fullDay(date, { recovery: 71 }) },
      { date, at: '2026-03-05T08:00:00Z', payload: fullDay(date, { hr: { 317: 83.5 }, recovery: 38 }) },
    ]);
    const before = await world.healthRows(key);
    expect(await world.get(Retention).deleteOld(RAW_ANSWERS)).toBe(0);
    const where = { userId: key.userId, id: key.connectionId };
    const connection = await world.database.manager.findOneByOrFail(Connection, where);
    const range = { from: null, to: null };
    expect(await world.get(ConnectionReplay).run(connection, range, { dryRun: false })).toMatchObject({
      answers: 2,
      dates: 1,
      diff: {},
    });
    expect(await world.healthRows(key)).toEqual(before);
    world.clock.advance(5 * 86_400);
    expect(await world.get(Retention).deleteOld(RAW_ANSWERS)).toBe(2);
  });

  it('leaves samples that were archived by the UTC day so, though local days are known now', async () => {
    const normalize = world.provider.normalize.bind(world.provider);
    jest
      .spyOn(world.provider, 'normalize')
      .mockImplementation((answer) => ({ ...normalize(answer), startsAt: null, timeZone: null }));
    const dates = ['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01'];
    await tell(
      world,
      key,
      dates.map((date) => ({ date, at: '2026-03-05T08:00:00Z', payload: fullDay(date) })),
    );
    const counts = () =>
      world.sql(
        `SELECT code, sum(count)::int AS count, sum(sum) AS sum FROM series_local_day GROUP BY code ORDER BY code`,
      );
    const before = await counts();
    await world.get(ArchivalSettings).set({ archiveAfterDays: 10, deleteAfterDays: null });
    await world.get(Archival).ask();
    await world.runTasks();
    jest.restoreAllMocks();
    const where = { userId: key.userId, id: key.connectionId };
    const connection = await world.database.manager.findOneByOrFail(Connection, where);
    await world.get(ConnectionReplay).run(connection, { from: null, to: null }, { dryRun: false });
    const known = async () =>
      (await world.days(key)).filter(({ starts_at }) => starts_at !== null).map(({ date }) => date);
    expect([await counts(), await known()]).toEqual([before, ['2026-03-01']]);
    await tell(world, key, [
      { date: '2026-02-28', at: '2026-03-09T08:00:00Z', payload: fullDay('2026-02-28') },
    ]);
    expect([await counts(), await known()]).toEqual([before, ['2026-03-01']]);
  });

  it('goes on until nothing is left, and passes over what another process has in hand', async () => {
    await world.sql(
      `INSERT INTO raw_answer SELECT gen_random_uuid(), gen_random_uuid(), date '2026-01-02', '2026-01-03', '', ''
         FROM generate_series(1, 2345)`,
    );
    const other = world.database.createQueryRunner();
    await other.startTransaction();
    await other.query(`SELECT 1 FROM raw_answer LIMIT 7 FOR KEY SHARE`);
    expect(await world.get(Retention).deleteOld(RAW_ANSWERS)).toBe(2_338);
    await other.rollbackTransaction();
    await other.release();
    expect(await world.get(Retention).deleteOld(RAW_ANSWERS)).toBe(7);
  });

  it('happens each night, as a job', async () => {
    const { SchedulerRegistry } = await import('@nestjs/schedule');
    const jobs = [...world.get(SchedulerRegistry).getCronJobs().values()];
    expect(jobs.map(({ cronTime }) => cronTime.source)).toContain('0 17 3 * * *');
    await tell(world, key, [
      { date: '2026-02-27', at: '2026-03-01T11:59:59Z', payload: fullDay('2026-02-27') },
    ]);
    await world.get(Retention).nightly();
    for (let tenth = 0; tenth < 60 && (await kept()).length > 0; tenth++) await wait(100);
    expect(await kept()).toEqual([]);
  });

  it('tries again the next night when there is no queue', async () => {
    jest.spyOn(world.get(JobQueue), 'send').mockRejectedValueOnce(new Error('away'));
    await expect(world.get(Retention).nightly()).resolves.toBeUndefined();
  });
});
