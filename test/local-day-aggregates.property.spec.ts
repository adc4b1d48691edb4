import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { NormalizedDay, SeriesCode, SeriesSamples } from '../src/health-data/canonical';
import { LocalDayAggregates } from '../src/health-data/local-day-aggregates';
import { LocalDayStore } from '../src/health-data/local-day-store';
import { SeriesStore } from '../src/health-data/series-store';
import { addWearer, foldDay, makeDay } from './support/health-data';
import { localDaysOf } from './support/local-day-check';
import { openDatabase } from './support/open-database';

const MINUTE = 60_000;
const FIRST = Date.parse('2026-03-26');
const DATES = 6;
/** In two of them the clock changes within these dates; none of them lies at midnight. */
const OFFSETS: Record<string, (date: string) => number> = {
  'Asia/Kathmandu': () => 345,
  'Europe/Berlin': (date) => (date > '2026-03-29' ? 120 : 60),
  'America/New_York': () => -240,
  'Pacific/Kiritimati': () => 840,
  'Pacific/Pago_Pago': () => -660,
};
const dateOf = (index: number) => new Date(FIRST + index * 86_400_000).toISOString().slice(0, 10);
const startOf = (date: string, zone: string) => Date.parse(date) - OFFSETS[zone](date) * MINUTE;

const zone = fc.constantFrom(...Object.keys(OFFSETS));
/** Minutes after the start of the answered day: mostly within it, some on the evening before, some far away. */
const minute = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 1_439 }) },
  { weight: 2, arbitrary: fc.integer({ min: -300, max: -1 }) },
  { weight: 1, arbitrary: fc.integer({ min: -3_000, max: 4_500 }) },
);
const samples = fc.uniqueArray(
  fc.record({
    minute,
    value: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.double({ min: 20, max: 200, noNaN: true })),
  }),
  { selector: (it) => it.minute, maxLength: 14 },
);
const CODES: SeriesCode[] = ['heart_rate', 'steps', 'sleeping_heart_rate'];
const answer = fc.record({
  date: fc.nat({ max: DATES - 1 }),
  zone,
  startTold: fc.boolean(),
  zoneTold: fc.boolean(),
  settled: fc.boolean(),
  series: fc.tuple(...CODES.map(() => samples)),
});
type Answer = typeof answer extends fc.Arbitrary<infer T> ? T : never;

function toDay({ date: index, zone, startTold, zoneTold, series }: Answer): NormalizedDay {
  const date = dateOf(index);
  const start = startOf(date, zone);
  return makeDay({
    date,
    startsAt: startTold ? start : null,
    timeZone: zoneTold ? zone : null,
    series: series.flatMap((list, code): SeriesSamples[] => {
      const ascending = list.toSorted((a, b) => a.minute - b.minute);
      if (ascending.length === 0) return [];
      return [
        {
          code: CODES[code],
          instants: ascending.map((it) => start + it.minute * MINUTE),
          values: ascending.map((it) => it.value),
        },
      ];
    }),
  });
}

describe('what a local day comes to', () => {
  const localDays = new LocalDayAggregates(new LocalDayStore(), new SeriesStore());
  let database: DataSource;
  beforeAll(async () => {
    database = await openDatabase([]);
  });
  afterAll(() => database?.destroy());

  const write = async (wearer: Awaited<ReturnType<typeof addWearer>>, answers: Answer[]) => {
    for (const it of answers) await foldDay(database, wearer, toDay(it), { settled: it.settled });
  };

  it('is what its samples come to after any answers in any order, on any journey', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 10 }), async (answers) => {
        const wearer = await addWearer(database);
        await write(wearer, answers);
        const { stored, fromSamples } = await localDaysOf(database, wearer.userId);
        expect(stored).toEqual(fromSamples);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('comes out alike when it is summed up anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 8 }), async (answers) => {
        const wearer = await addWearer(database);
        await write(wearer, answers);
        const before = await localDaysOf(database, wearer.userId);
        await database.query(
          `DELETE FROM series_local_day WHERE user_id = $1 AND extract(day FROM date)::int % 2 = 0`,
          [wearer.userId],
        );
        await database.query(`UPDATE series_local_day SET date = date - 30, count = 7 WHERE user_id = $1`, [
          wearer.userId,
        ]);
        await database.transaction((manager) => localDays.rebuild(manager, wearer));
        expect(await localDaysOf(database, wearer.userId)).toEqual(before);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago'])(
    'is summed up anew in %s too, where a date and the UTC day of its samples differ',
    async (timeZone) => {
      const wearer = await addWearer(database);
      const minute = timeZone === 'Pacific/Kiritimati' ? 60 : 1_380;
      const series = [[{ minute, value: 60 }], [], []];
      await write(wearer, [
        { date: 2, zone: timeZone, startTold: true, zoneTold: true, settled: false, series },
      ]);
      const before = await localDaysOf(database, wearer.userId);
      await database.query(`DELETE FROM series_local_day WHERE user_id = $1`, [wearer.userId]);
      await database.transaction((manager) => localDays.rebuild(manager, wearer));
      expect(await localDaysOf(database, wearer.userId)).toEqual(before);
    },
  );
});
