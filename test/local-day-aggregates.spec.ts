import { LocalDayBacklog } from '../src/sync/local-day-backlog';
import { addWearer, foldDay, makeDay, makeSeries } from './support/health-data';
import { localDaysOf } from './support/local-day-check';
import { SyncWorld, type Key } from './support/sync-world';
import { fullDay, tell } from './support/told-answers';

const DATES = ['2026-03-01', '2026-03-02', '2026-03-03'];

describe('what local days come to', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ BACKFILL_DAYS: '2' });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    jest.restoreAllMocks();
    await world.reset();
    key = await world.connect();
  });

  const tellDays = (dates = DATES) =>
    tell(
      world,
      key,
      dates.map((date, index) => ({ date, at: `2026-03-0${index + 5}T07:10:00Z`, payload: fullDay(date) })),
    );
  const localDays = () => localDaysOf(world.database, key.userId);
  const ofDate = (date: string) =>
    world.sql<{ code: string; count: number; sum: number; archived: boolean }>(
      `SELECT code, count, sum, archived FROM series_local_day WHERE user_id = $1 AND date = $2 ORDER BY code`,
      [key.userId, date],
    );

  it('is there with the samples', async () => {
    await tellDays();
    const { stored, fromSamples } = await localDays();
    expect(stored.length).toBeGreaterThan(DATES.length);
    expect(stored).toEqual(fromSamples);
  });

  it('is summed up later for what was stored before, a source at a time', async () => {
    await tellDays();
    const other = await world.connect();
    await tell(world, other, [
      { date: '2026-03-02', at: '2026-03-03T07:10:00Z', payload: fullDay('2026-03-02') },
    ]);
    await world.sql('TRUNCATE series_local_day');
    await world.sql(
      `INSERT INTO series_local_day_backlog (user_id, source_id) SELECT user_id, id FROM data_source`,
    );
    await world.get(LocalDayBacklog).tick();
    for (const { userId } of [key, other]) {
      const { stored, fromSamples } = await localDaysOf(world.database, userId);
      expect(stored.length).toBeGreaterThan(0);
      expect(stored).toEqual(fromSamples);
    }
    expect(await world.sql('SELECT FROM series_local_day_backlog')).toHaveLength(0);
  });

  it('stays in the list if it cannot be summed up, and does not keep others waiting', async () => {
    await tellDays();
    await world.sql('TRUNCATE series_local_day');
    await world.sql(
      `INSERT INTO series_local_day_backlog (user_id, source_id) SELECT user_id, id FROM data_source`,
    );
    await world.sql(`UPDATE series_day SET "values"[1] = 'NaN' WHERE code = 'blood_glucose'`);
    const [{ id }] = await world.sql(
      `SELECT DISTINCT source_id AS id FROM series_day WHERE code = 'blood_glucose'`,
    );
    await world.get(LocalDayBacklog).tick();
    expect(await world.sql('SELECT source_id AS id FROM series_local_day_backlog')).toEqual([{ id }]);
    expect(await world.sql('SELECT FROM series_local_day WHERE source_id = $1', [id])).toHaveLength(0);
    expect(await world.sql('SELECT FROM series_local_day')).not.toHaveLength(0);
  });

  describe('of which the samples have been deleted for their age', () => {
    const [, date] = DATES;
    const archive = async () => {
      await tellDays();
      await world.sql(`UPDATE series_local_day SET archived = true WHERE user_id = $1`, [key.userId]);
      await world.sql(`DELETE FROM series_day WHERE user_id = $1`, [key.userId]);
      // As if the vendor's answer were another one: else it would not even be read.
      await world.sql(`UPDATE sync_day SET answer_sha256 = NULL`);
      return ofDate(date);
    };
    const tellAgain = (payload: object) => tell(world, key, [{ date, at: '2026-03-09T07:10:00Z', payload }]);

    it('stays as it is against an answer with fewer samples', async () => {
      const before = await archive();
      await tellAgain(
        fullDay(date, { hr: { 0: 99 }, temp: { 1: 38 }, steps: { 2: 1_000 }, glucose: { 3: 300 } }),
      );
      expect(await ofDate(date)).toEqual(before);
    });

    it('is replaced by an answer with as many', async () => {
      const before = await archive();
      await tellAgain(fullDay(date));
      const live = before.map((it) => ({ ...it, archived: false }));
      expect(await ofDate(date)).toEqual(live);
    });

    it('gives way to no answer that lacks its beginning, however many samples that has', async () => {
      const wearer = await addWearer(world.database);
      const steps = (samples: Record<string, number>) =>
        foldDay(world.database, wearer, makeDay({ date, series: [makeSeries('steps', samples)] }));
      await steps({ '2026-03-01T19:00:00Z': 400, '2026-03-01T20:00:00Z': 300, '2026-03-02T05:00:00Z': 7 });
      await world.sql(`UPDATE series_local_day SET archived = true WHERE user_id = $1`, [wearer.userId]);
      await world.sql(`DELETE FROM series_day WHERE user_id = $1 AND day = '2026-03-01'`, [wearer.userId]);
      await steps({ '2026-03-02T06:00:00Z': 11, '2026-03-02T07:00:00Z': 12 });
      const sums = `SELECT count, sum FROM series_local_day WHERE user_id = $1`;
      expect(await world.sql(sums, [wearer.userId])).toEqual([{ count: 3, sum: 707 }]);
    });

    it('is made no total of, where there was none', async () => {
      const wearer = await addWearer(world.database);
      const steps = (samples: Record<string, number>, more = {}) =>
        foldDay(world.database, wearer, makeDay({ date, series: [makeSeries('steps', samples)], ...more }));
      await steps({ '2026-03-01T19:00:00Z': 400, '2026-03-02T05:00:00Z': 300 });
      await world.sql(`UPDATE series_local_day SET archived = true WHERE user_id = $1`, [wearer.userId]);
      await world.sql(`DELETE FROM series_day WHERE user_id = $1 AND day = '2026-03-01'`, [wearer.userId]);
      const inTokyo = { startsAt: Date.parse('2026-03-01T15:00:00Z'), timeZone: 'Asia/Tokyo' };
      const daily = [{ code: 'steps' as const, date, value: 305 }];
      await steps({ '2026-03-01T16:00:00Z': 5 }, { ...inTokyo, daily });
      expect(await world.sql(`SELECT value FROM daily_value WHERE user_id = $1`, [wearer.userId])).toEqual(
        [],
      );
    });

    it('keeps the total that the provider told of it, however an answer cuts the day anew', async () => {
      const wearer = await addWearer(world.database);
      const steps = (samples: Record<string, number>, more = {}) =>
        makeDay({ date, series: [makeSeries('steps', samples)], ...more });
      const whole = { '2026-03-02T05:00:00Z': 400, '2026-03-02T16:00:00Z': 300 };
      const daily = [{ code: 'steps' as const, date, value: 700 }];
      await foldDay(world.database, wearer, steps(whole, { daily }));
      await world.sql(`UPDATE series_local_day SET archived = true WHERE user_id = $1`, [wearer.userId]);
      await world.sql(`DELETE FROM series_day WHERE user_id = $1`, [wearer.userId]);
      const inTokyo = { startsAt: Date.parse('2026-03-01T15:00:00Z'), timeZone: 'Asia/Tokyo' };
      const cutAnew = steps(
        { '2026-03-01T16:00:00Z': 5, '2026-03-02T05:00:00Z': 400 },
        { ...inTokyo, daily },
      );
      await foldDay(world.database, wearer, cutAnew, { settled: true });
      const told = `SELECT value FROM daily_value WHERE user_id = $1 AND code = 'steps'`;
      expect(await world.sql(told, [wearer.userId])).toEqual([{ value: 700 }]);
      const sums = `SELECT sum, archived FROM series_local_day WHERE user_id = $1 AND is_local`;
      expect(await world.sql(sums, [wearer.userId])).toEqual([{ sum: 700, archived: true }]);
    });
  });
});
