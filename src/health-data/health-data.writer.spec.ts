import type { DataSource } from 'typeorm';
import { addWearer, makeDay, makeSeries, makeSleep, writeDay } from '../../test/support/health-data';
import { openDatabase } from '../../test/support/open-database';
import { HealthDataWriter } from './health-data.writer';
import type { NormalizedDay } from './canonical';
import type { WriteTarget } from './write';

const TABLES = ['series_day', 'series_local_day', 'daily_value', 'sleep_session', 'score'];

describe(HealthDataWriter.name, () => {
  let database: DataSource;
  let wearer: WriteTarget;
  beforeAll(async () => {
    database = await openDatabase([]);
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    wearer = await addWearer(database);
  });

  const write = (day: NormalizedDay, context = {}) => writeDay(database, wearer, day, context);
  const samples = async (code: string) => {
    const rows: { at: Date; value: number }[] = await database.query(
      `SELECT at, value FROM sample WHERE user_id = $1 AND code = $2 ORDER BY at`,
      [wearer.userId, code],
    );
    return Object.fromEntries(rows.map(({ at, value }) => [at.toISOString().replace('.000', ''), value]));
  };
  /** Where each row lies and which transaction wrote or locked it. */
  const versions = () =>
    Promise.all(
      TABLES.map((table) =>
        database.query(`SELECT ctid, xmin, xmax FROM ${table} WHERE user_id = $1 ORDER BY ctid`, [
          wearer.userId,
        ]),
      ),
    );
  const sleeps = () =>
    database.query(
      `SELECT id, start_at, end_at, deleted_at, zone_offset FROM sleep_session WHERE user_id = $1 ORDER BY start_at`,
      [wearer.userId],
    );
  const scores = () =>
    database.query(
      `SELECT id, category, value, recorded_at, zone_offset FROM score WHERE user_id = $1 ORDER BY category`,
      [wearer.userId],
    );

  const night = makeSleep({
    date: '2026-03-02',
    from: '2026-03-01T17:12:00Z',
    to: '2026-03-02T00:41:00Z',
    asleepSeconds: 25_140,
    stageSeconds: { awake: 1_800, light: 13_800, deep: 4_920, rem: 6_420 },
    stages: [
      { stage: 'light', start: Date.parse('2026-03-01T17:12:00Z'), end: Date.parse('2026-03-01T17:31:00Z') },
    ],
    efficiencyPercent: 91.5,
    averageHeartRate: 53.7,
    averageHrvRmssd: 61.2,
    graphs: { heart_rate: { instants: [Date.parse('2026-03-01T18:00:00Z')], values: [52.25] } },
  });
  const fullDay = makeDay({
    date: '2026-03-02',
    series: [
      makeSeries('heart_rate', {
        '2026-03-01T18:30:00Z': 58,
        '2026-03-01T23:59:59Z': 59,
        '2026-03-02T00:00:00Z': 60.5,
      }),
      makeSeries('steps', { '2026-03-02T05:00:00Z': 0, '2026-03-02T05:05:00Z': 112 }),
    ],
    daily: [
      { code: 'resting_heart_rate', date: '2026-03-02', value: 51 },
      { code: 'steps', date: '2026-03-02', value: 8_452 },
    ],
    sleeps: [night],
    scores: [
      {
        category: 'sleep',
        date: '2026-03-02',
        value: 84,
        qualifier: 'good',
        components: { rem: { value: 77, qualifier: null } },
      },
      { category: 'activity', date: '2026-03-02', value: 65, qualifier: null, components: null },
    ],
  });

  it('stores a day', async () => {
    const anew = (inserted: number) => ({ inserted, updated: 0, unchanged: 0 });
    expect(await write(fullDay)).toEqual({
      ...anew(10),
      rolledBack: [],
      kinds: new Map([
        ['heart_rate', anew(3)],
        ['steps', anew(2)],
        ['daily:resting_heart_rate', anew(1)],
        ['daily:steps', anew(1)],
        ['score:sleep', anew(1)],
        ['score:activity', anew(1)],
        ['sleep', anew(1)],
      ]),
    });
    expect(await samples('heart_rate')).toEqual({
      '2026-03-01T18:30:00Z': 58,
      '2026-03-01T23:59:59Z': 59,
      '2026-03-02T00:00:00Z': 60.5,
    });
    const [first]: object[] = await database.query(
      `SELECT day::text, count, min, max, sum, first_at, last_at FROM series_day WHERE user_id = $1 AND code = 'heart_rate' ORDER BY day`,
      [wearer.userId],
    );
    expect(first).toEqual({
      day: '2026-03-01',
      count: 2,
      min: 58,
      max: 59,
      sum: 117,
      first_at: new Date('2026-03-01T18:30:00Z'),
      last_at: new Date('2026-03-01T23:59:59Z'),
    });
    const daily: object[] = await database.query(
      `SELECT code, value, at, zone_offset FROM daily_value WHERE user_id = $1 ORDER BY code`,
      [wearer.userId],
    );
    const noon = { at: new Date('2026-03-02T06:30:00Z'), zone_offset: '+05:30' };
    expect(daily).toEqual([
      { code: 'resting_heart_rate', value: 51, ...noon },
      { code: 'steps', value: 8_452, ...noon },
    ]);
    expect(await scores()).toMatchObject([
      { category: 'activity', value: 65, recorded_at: noon.at, zone_offset: '+05:30' },
      { category: 'sleep', value: 84, recorded_at: new Date('2026-03-02T00:41:00Z'), zone_offset: '+05:30' },
    ]);
  });

  it('keeps every bit of a value', async () => {
    const values = [Math.PI * 10, 32.84204864501953, 0.1 + 0.2, 5e-324, 1.797e308, -1 / 3];
    const instants = values.map((_, index) => Date.parse('2026-03-02T06:00:00Z') + index * 86_399_999);
    const day = makeDay({ date: '2026-03-02', series: [{ code: 'skin_temperature', instants, values }] });
    await write(day);
    expect(Object.values(await samples('skin_temperature'))).toEqual(values);
    expect(await write(day)).toMatchObject({ inserted: 0, updated: 0, unchanged: values.length });
  });

  it('touches no row when the same answer comes again', async () => {
    await write(fullDay);
    const before = await versions();
    expect(before.map(({ length }) => length)).toEqual([3, 2, 2, 1, 2]);
    expect(await write(fullDay)).toMatchObject({ inserted: 0, updated: 0, unchanged: 10, rolledBack: [] });
    expect(await versions()).toEqual(before);
  });

  it('writes only what has changed', async () => {
    await write(fullDay);
    const [series, localDays, daily, sleep, score] = await versions();
    const changed = {
      ...fullDay,
      series: [
        makeSeries('heart_rate', {
          '2026-03-01T23:59:59Z': 59,
          '2026-03-02T00:00:00Z': 61,
          '2026-03-02T00:05:00Z': 62,
        }),
      ],
      daily: [{ ...fullDay.daily[0], value: 50 }, fullDay.daily[1]],
    };
    const counts = await write(changed);
    expect(counts).toMatchObject({ inserted: 1, updated: 2, unchanged: 5, rolledBack: [] });
    expect(Object.fromEntries(counts.kinds)).toMatchObject({
      heart_rate: { inserted: 1, updated: 1, unchanged: 1 },
      'daily:resting_heart_rate': { inserted: 0, updated: 1, unchanged: 0 },
      'daily:steps': { inserted: 0, updated: 0, unchanged: 1 },
      'score:sleep': { inserted: 0, updated: 0, unchanged: 1 },
    });
    const [seriesNow, localDaysNow, dailyNow, sleepNow, scoreNow] = await versions();
    const kept = (before: { ctid: string }[], now: { ctid: string }[]) =>
      before.filter(({ ctid }) => now.some((row) => row.ctid === ctid)).length;
    expect([kept(series, seriesNow), kept(localDays, localDaysNow), kept(daily, dailyNow)]).toEqual([
      2, 1, 1,
    ]);
    expect([sleepNow, scoreNow]).toEqual([sleep, score]);
  });

  it('writes a daily value again when only the range has changed that it is a share of', async () => {
    const inTarget = (high: number) =>
      makeDay({
        date: '2026-03-02',
        daily: [
          { code: 'glucose_time_in_target', date: '2026-03-02', value: 83.5, target: { low: 70, high } },
        ],
      });
    await write(inTarget(140));
    expect(await write(inTarget(141))).toMatchObject({ inserted: 0, updated: 1 });
    const before = await versions();
    for (let round = 0; round < 10; round++)
      expect(await write(inTarget(141))).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await versions()).toEqual(before);
    const rows = await database.query(`SELECT target_low, target_high FROM daily_value WHERE user_id = $1`, [
      wearer.userId,
    ]);
    expect(rows).toEqual([{ target_low: 70, target_high: 141 }]);
  });

  it('lets two local days share a UTC day', async () => {
    const next = makeDay({
      date: '2026-03-03',
      series: [makeSeries('heart_rate', { '2026-03-02T18:30:00Z': 71, '2026-03-03T04:00:00Z': 72 })],
    });
    await write(next);
    await write(fullDay);
    expect(Object.values(await samples('heart_rate'))).toEqual([58, 59, 60.5, 71, 72]);
    const [{ count }]: { count: number }[] = await database.query(
      `SELECT count FROM series_day WHERE user_id = $1 AND code = 'heart_rate' AND day = '2026-03-02'`,
      [wearer.userId],
    );
    expect(count).toBe(2);
  });

  it('deletes nothing for an answer without data', async () => {
    await write(fullDay);
    const before = await versions();
    const empty = makeDay({ date: '2026-03-02', outcome: 'empty' });
    expect(await write(empty)).toMatchObject({ inserted: 0, updated: 0, unchanged: 0, rolledBack: [] });
    expect(await versions()).toEqual(before);
  });

  describe('a settled day', () => {
    const fallenBack = {
      ...fullDay,
      series: [
        makeSeries('heart_rate', { '2026-03-01T18:30:00Z': 48, '2026-03-02T00:00:00Z': 49 }),
        makeSeries('steps', { '2026-03-02T05:00:00Z': 1, '2026-03-02T05:05:00Z': 113 }),
      ],
      daily: [{ code: 'steps' as const, date: '2026-03-02', value: 8_453 }],
    };

    it('keeps a series of which the answer has fewer samples', async () => {
      await write(fullDay);
      expect(await write(fallenBack, { settled: true })).toMatchObject({
        updated: 2,
        rolledBack: ['heart_rate'],
      });
      expect(Object.values(await samples('heart_rate'))).toEqual([58, 59, 60.5]);
      expect(Object.values(await samples('steps'))).toEqual([1, 113]);
    });

    it('keeps every total, sleep and score beside such a series, as the whole answer is an older one', async () => {
      await write(fullDay);
      const before = await versions();
      const older = {
        ...fullDay,
        series: [makeSeries('steps', { '2026-03-02T05:00:00Z': 2 })],
        daily: fullDay.daily.map((it) => ({ ...it, value: it.value - 1 })),
        sleeps: fullDay.sleeps.map((it) => ({ ...it, efficiencyPercent: 13 })),
        scores: fullDay.scores.map((it) => ({ ...it, value: it.value! - 1 })),
      };
      expect(await write(older, { settled: true })).toMatchObject({ updated: 0, rolledBack: ['steps'] });
      expect(await versions()).toEqual(before);
    });

    it('does not count the samples of the local days beside it', async () => {
      await write(fullDay);
      const beside = makeDay({
        date: '2026-03-03',
        series: [makeSeries('heart_rate', { '2026-03-02T18:30:00Z': 71, '2026-03-02T20:30:00Z': 72 })],
      });
      await write(beside);
      const asMany = makeSeries('heart_rate', {
        '2026-03-01T18:30:00Z': 41,
        '2026-03-01T23:59:59Z': 42,
        '2026-03-02T00:00:00Z': 43,
      });
      expect(await write(makeDay({ date: '2026-03-02', series: [asMany] }), { settled: true })).toMatchObject(
        {
          updated: 3,
          rolledBack: [],
        },
      );
    });

    it('does not count the evening of the next night among those of its own', async () => {
      const night = (from: string, to: string) => makeSeries('sleeping_heart_rate', { [from]: 53, [to]: 49 });
      // At +05:30 the date begins at 18:30Z: of either night one sample lies before midnight.
      const own = makeDay({
        date: '2026-03-02',
        series: [night('2026-03-01T17:40:00Z', '2026-03-01T21:10:00Z')],
      });
      const next = makeDay({
        date: '2026-03-03',
        series: [night('2026-03-02T17:20:00Z', '2026-03-02T22:50:00Z')],
      });
      await write(next, { settled: true });
      expect(await write(own, { settled: true })).toMatchObject({ inserted: 2, rolledBack: [] });
      expect(await write(own, { settled: true })).toMatchObject({ unchanged: 2, rolledBack: [] });
    });

    it('is compared over the samples themselves where its start is not known', async () => {
      await write(fullDay);
      const unplaced = { ...fallenBack, startsAt: null, timeZone: null, daily: [] };
      expect(await write(unplaced, { settled: true })).toMatchObject({ rolledBack: ['heart_rate'] });
    });
  });

  describe('a sleep', () => {
    const justSleep = (sleep: Partial<typeof night>) =>
      makeDay({ date: '2026-03-02', sleeps: [{ ...night, ...sleep }] });

    it('keeps its id when its start has moved', async () => {
      await write(fullDay);
      const [before] = await sleeps();
      expect(await write(justSleep({ start: Date.parse('2026-03-01T16:02:00Z') }))).toMatchObject({
        inserted: 0,
        updated: 1,
      });
      expect(await sleeps()).toEqual([{ ...before, start_at: new Date('2026-03-01T16:02:00Z') }]);
    });

    it('moves the score of its night along', async () => {
      await write(fullDay);
      const [, before] = await scores();
      const end = '2026-03-02T01:17:00Z';
      await write({ ...fullDay, sleeps: [{ ...night, end: Date.parse(end) }] });
      expect((await scores())[1]).toEqual({ ...before, recorded_at: new Date(end) });
    });

    it('places a score that comes without it', async () => {
      await write(justSleep({}));
      await write(makeDay({ date: '2026-03-02', scores: [{ ...fullDay.scores[0], category: 'recovery' }] }));
      expect(await scores()).toMatchObject([
        { category: 'recovery', recorded_at: new Date('2026-03-02T00:41:00Z') },
      ]);
    });

    it('keeps the value of a score of which the answer names the components only', async () => {
      await write(fullDay);
      const [, before] = await scores();
      const components = { rem: { value: 79, qualifier: null } };
      const named = { ...fullDay.scores[0], value: null, components };
      await write(makeDay({ date: '2026-03-02', sleeps: [night], scores: [named] }));
      expect((await scores())[1]).toEqual(before);
      const [{ scale_max, ...row }]: Record<string, unknown>[] = await database.query(
        `SELECT scale_max, components FROM score WHERE user_id = $1 AND category = 'sleep'`,
        [wearer.userId],
      );
      expect({ scale_max, ...row }).toEqual({ scale_max: 100, components });
    });

    it('stays deleted when the vendor sends it again, also moved', async () => {
      await write(fullDay);
      await database.query(
        `UPDATE sleep_session SET deleted_at = '2026-03-05T09:00:00Z', hash = '' WHERE user_id = $1`,
        [wearer.userId],
      );
      const before = await sleeps();
      const moved = justSleep({ start: Date.parse('2026-03-01T16:02:00Z') });
      expect(await write(moved)).toMatchObject({ inserted: 0, updated: 0, unchanged: 1, rolledBack: [] });
      expect(await sleeps()).toEqual(before);
    });

    it('takes the place of two that it joins', async () => {
      const [end, start] = ['2026-03-01T19:40:00Z', '2026-03-01T20:05:00Z'].map((at) => Date.parse(at));
      const halves = makeDay({
        date: '2026-03-02',
        sleeps: [
          { ...night, end },
          { ...night, start },
        ],
      });
      await write(halves);
      const [, longer] = await sleeps();
      expect(await write(justSleep({}))).toMatchObject({ inserted: 0, updated: 2 });
      expect(await sleeps()).toEqual([{ ...longer, start_at: new Date(night.start) }]);
    });
  });

  it('says that it does not know the offset where the start of the day is not known', async () => {
    await write({ ...fullDay, startsAt: null });
    const rows: object[] = await database.query(
      `SELECT DISTINCT at, zone_offset FROM daily_value WHERE user_id = $1`,
      [wearer.userId],
    );
    expect(rows).toEqual([{ at: new Date('2026-03-02T12:00:00Z'), zone_offset: null }]);
    expect(await sleeps()).toMatchObject([{ zone_offset: null }]);
  });
});
