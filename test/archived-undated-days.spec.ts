import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { NormalizedDay } from '../src/health-data/canonical';
import { User } from '../src/users/user.entity';
import { addWearer, foldDay, makeDay, makeSeries } from './support/health-data';
import { openDatabase } from './support/open-database';

const MINUTE = 60_000;

describe('archived samples of which nobody has told the local day', () => {
  let database: DataSource;
  let wearer: Awaited<ReturnType<typeof addWearer>>;
  beforeAll(async () => {
    database = await openDatabase([User]);
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    wearer = await addWearer(database);
  });

  const fold = (day: NormalizedDay) => foldDay(database, wearer, day, { settled: true });
  async function archive(): Promise<void> {
    await database.query(`UPDATE series_local_day SET archived = true WHERE user_id = $1`, [wearer.userId]);
    await database.query(`DELETE FROM series_day WHERE user_id = $1`, [wearer.userId]);
  }
  const rowsOf = (code: string) =>
    database.query(
      `SELECT date::text, is_local, zone_offset, count, min, max, sum, first_at, last_at, archived FROM series_local_day
        WHERE user_id = $1 AND code = $2 ORDER BY date, is_local`,
      [wearer.userId, code],
    );

  const inNewYork = (date: string, series: NormalizedDay['series']) =>
    makeDay({ date, startsAt: Date.parse(`${date}T05:00:00Z`), timeZone: 'America/New_York', series });
  const evening = { '2026-03-04T03:00:00Z': 52, '2026-03-04T04:00:00Z': 50 };

  it('become the local day that holds them all, beside what its own answer brings', async () => {
    await fold(inNewYork('2026-03-04', [makeSeries('sleeping_heart_rate', evening)]));
    await archive();
    await fold(inNewYork('2026-03-03', [makeSeries('sleeping_heart_rate', { '2026-03-03T09:00:00Z': 48 })]));
    expect(await rowsOf('sleeping_heart_rate')).toEqual([
      {
        date: '2026-03-03',
        is_local: true,
        zone_offset: '-05:00',
        count: 3,
        min: 48,
        max: 52,
        sum: 150,
        first_at: new Date('2026-03-03T09:00:00Z'),
        last_at: new Date('2026-03-04T04:00:00Z'),
        archived: true,
      },
    ]);
  });

  it('become the local day also where its own answer brings nothing of the kind', async () => {
    await fold(inNewYork('2026-03-04', [makeSeries('sleeping_heart_rate', evening)]));
    await archive();
    await fold(inNewYork('2026-03-03', [makeSeries('heart_rate', { '2026-03-03T09:00:00Z': 48 })]));
    expect(await rowsOf('sleeping_heart_rate')).toMatchObject([
      { date: '2026-03-03', is_local: true, zone_offset: '-05:00', count: 2, sum: 102, archived: true },
    ]);
  });

  it('give way to the local day where its own answer brings them again', async () => {
    await fold(inNewYork('2026-03-04', [makeSeries('heart_rate', evening)]));
    await archive();
    await fold(
      inNewYork('2026-03-03', [
        makeSeries('heart_rate', { '2026-03-03T09:00:00Z': 48, ...evening, '2026-03-04T04:30:00Z': 49 }),
      ]),
    );
    expect(await rowsOf('heart_rate')).toMatchObject([
      { date: '2026-03-03', is_local: true, count: 4, sum: 199, archived: false },
    ]);
  });

  it('stay a UTC day where a local one would cut through them', async () => {
    const steps = { '2026-03-04T02:00:00Z': 400, '2026-03-04T12:00:00Z': 30, '2026-03-04T22:00:00Z': 2 };
    const series = [makeSeries('steps', steps)];
    await fold(makeDay({ date: '2026-03-04', startsAt: null, timeZone: null, series }));
    await archive();
    const before = await rowsOf('steps');
    const again = { '2026-03-03T20:00:00Z': 5, '2026-03-04T02:00:00Z': 400, '2026-03-04T12:00:00Z': 30 };
    await fold(makeDay({ date: '2026-03-04', series: [makeSeries('steps', again)] }));
    expect(await rowsOf('steps')).toMatchObject([
      { date: '2026-03-03', is_local: false, count: 1, sum: 5 },
      ...before,
    ]);
    await fold(makeDay({ date: '2026-03-04', series: [makeSeries('steps', { ...again, ...steps })] }));
    expect(await rowsOf('steps')).toMatchObject([
      { date: '2026-03-03', is_local: false, count: 1, sum: 5 },
      { date: '2026-03-04', is_local: false, count: 3, sum: 432, archived: false },
    ]);
  });

  const told = fc.record({
    date: fc.integer({ min: 3, max: 7 }),
    startTold: fc.boolean(),
    minutes: fc.subarray([-240, -61, 0, 299, 701, 1_001, 1_202, 1_431], { minLength: 1 }),
  });
  const offsets = { 'Asia/Kolkata': 330, 'America/New_York': -300, UTC: 0 };

  it('are never counted twice, whatever is told before and after', async () => {
    const zone = fc.constantFrom(...(Object.keys(offsets) as (keyof typeof offsets)[]));
    const answers = fc.array(told, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(zone, answers, answers, async (timeZone, first, later) => {
        wearer = await addWearer(database);
        const instants = new Set<number>();
        const tell = async ({ date: day, startTold, minutes }: (typeof first)[number]) => {
          const date = `2026-03-0${day}`;
          const start = Date.parse(date) - offsets[timeZone] * MINUTE;
          const times = minutes.toSorted((a, b) => a - b).map((minute) => start + minute * MINUTE);
          for (const at of times) instants.add(at);
          const series = [{ code: 'steps' as const, instants: times, values: times.map(() => 1) }];
          await fold(
            makeDay({
              date,
              startsAt: startTold ? start : null,
              timeZone: startTold ? timeZone : null,
              series,
            }),
          );
        };
        for (const answer of first) await tell(answer);
        await archive();
        for (const answer of later) {
          await tell(answer);
          const [{ count, sum }] = await database.query(
            `SELECT sum(count)::int AS count, sum(sum)::int AS sum FROM series_local_day WHERE user_id = $1`,
            [wearer.userId],
          );
          expect(count).toBe(sum);
          expect(count).toBeLessThanOrEqual(instants.size);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
