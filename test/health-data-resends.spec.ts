import type { DataSource } from 'typeorm';
import type { NormalizedDay } from '../src/health-data/canonical';
import { addWearer, foldDay, makeDay, makeSeries, makeSleep } from './support/health-data';
import { openDatabase } from './support/open-database';

const DATE = '2026-03-02';
const NIGHT = makeSleep({
  date: DATE,
  from: '2026-03-01T17:14:00Z',
  to: '2026-03-02T00:52:00Z',
  efficiencyPercent: 91.5,
});
const score = (category: 'sleep' | 'recovery' | 'activity', value: number) => ({
  category,
  date: DATE,
  value,
  qualifier: null,
  components: null,
});
const FULL = makeDay({
  date: DATE,
  series: [
    makeSeries('heart_rate', { '2026-03-02T06:05:00Z': 71, '2026-03-02T06:10:00Z': 74 }),
    makeSeries('heart_rate_variability_rmssd', { '2026-03-01T20:00:00Z': 63 }),
    makeSeries('steps', { '2026-03-02T05:00:00Z': 12, '2026-03-02T05:05:00Z': 113 }),
    makeSeries('oxygen_saturation', { '2026-03-01T21:00:00Z': 96.5 }),
  ],
  daily: [
    { code: 'active_time', date: DATE, value: 58 },
    { code: 'steps', date: DATE, value: 125 },
  ],
  sleeps: [NIGHT],
  scores: [score('sleep', 74), score('recovery', 36), score('activity', 63)],
});

/** Each kind of answer that lacks one thing. */
const LACKING: [string, Partial<NormalizedDay>][] = [
  ...FULL.series.map(({ code }): [string, Partial<NormalizedDay>] => [
    `the series ${code}`,
    { series: FULL.series.filter((it) => it.code !== code) },
  ]),
  ...FULL.daily.map(({ code }): [string, Partial<NormalizedDay>] => [
    `the daily ${code}`,
    { daily: FULL.daily.filter((it) => it.code !== code) },
  ]),
  ...FULL.scores.map(({ category }): [string, Partial<NormalizedDay>] => [
    `the score ${category}`,
    { scores: FULL.scores.filter((it) => it.category !== category) },
  ]),
  ['the sleep', { sleeps: [] }],
];

describe('a date that is sent again', () => {
  let database: DataSource;
  let wearer: Awaited<ReturnType<typeof addWearer>>;
  beforeAll(async () => {
    database = await openDatabase([]);
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    wearer = await addWearer(database);
    await foldDay(database, wearer, FULL);
  });

  /** Every row of health data, with the transaction that has written it. */
  const rows = async (): Promise<object[]> => {
    const read = (table: string) =>
      database.query(
        `SELECT '${table}' AS "table", t.xmin::text AS version, to_jsonb(t) AS content FROM ${table} t
          WHERE user_id = $1 ORDER BY to_jsonb(t)::text`,
        [wearer.userId],
      );
    return [
      ...(await read('series_day')),
      ...(await read('series_local_day')),
      ...(await read('daily_value')),
      ...(await read('sleep_session')),
      ...(await read('score')),
    ];
  };
  const scores = (): Promise<object[]> =>
    database.query(`SELECT id, category, value FROM score WHERE user_id = $1 ORDER BY category`, [
      wearer.userId,
    ]);

  describe.each([
    ['young', false],
    ['settled', true],
  ])('and is %s', (_, settled) => {
    it.each(LACKING)(
      'loses nothing without %s, and nothing is written twice when that is back',
      async (__, lacking) => {
        const before = await rows();
        const counts = await foldDay(database, wearer, { ...FULL, ...lacking }, { settled });
        expect(counts).toMatchObject({ inserted: 0, updated: 0 });
        expect(await rows()).toEqual(before);
        expect(await foldDay(database, wearer, FULL, { settled })).toMatchObject({ inserted: 0, updated: 0 });
        expect(await rows()).toEqual(before);
      },
    );
  });

  it('has the scores that it was given last in the day, under the ids of the first ones', async () => {
    const first = await scores();
    expect(first).toMatchObject([
      { category: 'activity', value: 63 },
      { category: 'recovery', value: 36 },
      { category: 'sleep', value: 74 },
    ]);
    const revised = [score('sleep', 80), score('recovery', 41), score('activity', 100)];
    expect(await foldDay(database, wearer, { ...FULL, scores: revised })).toMatchObject({
      inserted: 0,
      updated: 3,
    });
    expect(await scores()).toEqual(first.map((it, index) => ({ ...it, value: [100, 41, 80][index] })));
    expect(await foldDay(database, wearer, { ...FULL, scores: revised })).toMatchObject({ updated: 0 });
  });
});
