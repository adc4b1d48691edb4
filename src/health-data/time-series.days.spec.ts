import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { addWearer, foldDay, makeDay, makeSeries, timeSeriesReader } from '../../test/support/health-data';
import { openDatabase } from '../../test/support/open-database';
import { User } from '../users/user.entity';
import type { NormalizedDay } from './canonical';
import type { TimeSeriesPage, TimeSeriesQuery } from './time-series.dto';
import type { TimeSeriesReader } from './time-series.reader';
import { serializeTimeSeries } from './time-series.serializer';
import type { WriteTarget } from './write';

describe('a time series by local days', () => {
  let database: DataSource;
  let reader: TimeSeriesReader;
  let wearer: WriteTarget & { connectionId: string };
  beforeAll(async () => {
    database = await openDatabase([User]);
    reader = timeSeriesReader(database);
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    wearer = await addWearer(database);
  });

  const read = async (query: Partial<TimeSeriesQuery> = {}): Promise<TimeSeriesPage> => {
    const asked = { start_time: '2026-03-01', end_time: '2026-03-31', resolution: '1day', ...query } as const;
    return JSON.parse(serializeTimeSeries(await reader.page(wearer.userId, asked)).toString());
  };
  const brief = ({ data }: TimeSeriesPage) =>
    data.map(({ timestamp, zone_offset, type, value }) => [timestamp, zone_offset, type, value]);

  const berlin = (date: string, startsAt: string, samples: Partial<NormalizedDay>): NormalizedDay =>
    makeDay({ date, startsAt: Date.parse(startsAt), timeZone: 'Europe/Berlin', ...samples });

  it('sums up counters, averages levels, and shows the value of the day where it has one', async () => {
    await foldDay(
      database,
      wearer,
      makeDay({
        date: '2026-03-02',
        series: [
          makeSeries('heart_rate', { '2026-03-01T18:30:00Z': 58, '2026-03-02T18:29:59Z': 61 }),
          makeSeries('steps', { '2026-03-02T06:30:00Z': 112, '2026-03-02T06:35:00Z': 7 }),
        ],
        daily: [
          { code: 'resting_heart_rate', date: '2026-03-02', value: 51 },
          { code: 'steps', date: '2026-03-02', value: 8_452 },
        ],
      }),
    );
    const page = await read();
    const [at, offset] = ['2026-03-01T18:30:00Z', '+05:30'];
    expect(brief(page)).toEqual([
      [at, offset, 'heart_rate', 59.5],
      [at, offset, 'resting_heart_rate', 51],
      [at, offset, 'steps', 8_452],
    ]);
    expect(page.data.map(({ is_daily_total }) => is_daily_total)).toEqual([null, null, true]);
    expect(page.pagination.total_count).toBeNull();
    expect(page.metadata.resolution).toBe('1day');
    const { data } = await read({ aggregates: true });
    expect(data.map(({ min, max, count }) => [min, max, count])).toEqual([
      [58, 61, 2],
      [null, null, 0],
      [7, 112, 2],
    ]);
  });

  it('cuts days of 23 and 25 hours where the clock changes', async () => {
    const days = [
      berlin('2026-03-28', '2026-03-27T23:00:00Z', {
        series: [makeSeries('heart_rate', { '2026-03-28T22:59:59Z': 50 })],
      }),
      berlin('2026-03-29', '2026-03-28T23:00:00Z', {
        series: [makeSeries('heart_rate', { '2026-03-28T23:00:00Z': 60, '2026-03-29T21:59:59Z': 62 })],
        daily: [{ code: 'vo2_max', date: '2026-03-29', value: 44.5 }],
      }),
      berlin('2026-03-30', '2026-03-29T22:00:00Z', {
        series: [makeSeries('heart_rate', { '2026-03-29T22:00:00Z': 70 })],
      }),
    ];
    for (const day of days) await foldDay(database, wearer, day);
    expect(brief(await read())).toEqual([
      ['2026-03-27T23:00:00Z', '+01:00', 'heart_rate', 50],
      ['2026-03-28T23:00:00Z', '+01:00', 'heart_rate', 61],
      ['2026-03-28T23:00:00Z', '+01:00', 'vo2_max', 44.5],
      ['2026-03-29T22:00:00Z', '+02:00', 'heart_rate', 70],
    ]);
  });

  it('takes a bare date for a local date and any other time for an instant', async () => {
    for (const date of ['2026-03-02', '2026-03-03', '2026-03-04'])
      await foldDay(
        database,
        wearer,
        makeDay({
          date,
          series: [makeSeries('heart_rate', { [`${date}T06:30:00Z`]: Number(date.slice(-2)) })],
        }),
      );
    const dates = async (start_time: string, end_time: string) =>
      (await read({ start_time, end_time })).data.map(({ value }) => value);
    expect(await dates('2026-03-02', '2026-03-02')).toEqual([2]);
    expect(await dates('2026-03-03', '2026-03-04')).toEqual([3, 4]);
    // The third begins at 18:30 on the second.
    expect(await dates('2026-03-02T18:30:00Z', '2026-03-03T18:30:00Z')).toEqual([3]);
    expect(await dates('2026-03-02T18:30:01Z', '2026-03-03T18:30:01Z')).toEqual([4]);
    expect(await dates('0001-01-01', '9999-12-31')).toEqual([2, 3, 4]);
  });

  it('places what has no known local day at its UTC date', async () => {
    await foldDay(
      database,
      wearer,
      makeDay({
        date: '2026-03-02',
        startsAt: null,
        timeZone: null,
        series: [makeSeries('heart_rate', { '2026-03-02T23:00:00Z': 58, '2026-03-03T01:00:00Z': 60 })],
        daily: [{ code: 'vo2_max', date: '2026-03-02', value: 44.5 }],
      }),
    );
    expect(brief(await read())).toEqual([
      ['2026-03-02T00:00:00Z', null, 'heart_rate', 58],
      ['2026-03-02T00:00:00Z', null, 'vo2_max', 44.5],
      ['2026-03-03T00:00:00Z', null, 'heart_rate', 60],
    ]);
  });

  it('shows a date once where evening samples of the date before lie in its UTC day', async () => {
    const newYork = (date: string, samples: Record<string, number>) =>
      makeDay({
        date,
        startsAt: Date.parse(`${date}T05:00:00Z`),
        timeZone: 'America/New_York',
        series: [makeSeries('heart_rate', samples)],
      });
    const days = [
      newYork('2026-03-04', { '2026-03-04T03:00:00Z': 52, '2026-03-04T17:00:00Z': 60 }),
      newYork('2026-03-06', { '2026-03-06T03:00:00Z': 54, '2026-03-06T17:00:00Z': 62 }),
    ];
    for (const day of days) await foldDay(database, wearer, day);
    const shown = [
      ['2026-03-04T05:00:00Z', '-05:00', 'heart_rate', 60],
      ['2026-03-06T05:00:00Z', '-05:00', 'heart_rate', 62],
    ];
    expect(brief(await read())).toEqual(shown);
    expect(brief(await read({ max_points: 10 }))).toEqual(shown);
    const pagesOfOne = await pages({ limit: 1 }, 'next_cursor');
    expect(pagesOfOne.flatMap(brief)).toEqual(shown);
    await foldDay(database, wearer, newYork('2026-03-05', {}));
    expect(brief(await read())).toEqual([
      shown[0],
      ['2026-03-05T05:00:00Z', '-05:00', 'heart_rate', 54],
      shown[1],
    ]);
  });

  it('draws charts of days', async () => {
    for (let day = 1; day <= 20; day++) {
      const date = `2026-03-${String(day).padStart(2, '0')}`;
      await foldDay(
        database,
        wearer,
        makeDay({
          date,
          series: [makeSeries('heart_rate', { [`${date}T06:30:00Z`]: 50 + ((day * 7) % 13) })],
        }),
      );
    }
    const all = await read();
    const chart = await read({ max_points: 5 });
    expect(all.data).toHaveLength(20);
    expect(chart.data).toHaveLength(5);
    expect(all.data).toEqual(expect.arrayContaining(chart.data));
    expect([chart.data[0], chart.data[4]]).toEqual([all.data[0], all.data[19]]);
  });

  const days = fc.uniqueArray(fc.nat({ max: 15 }), { maxLength: 10 });
  it('is paged in both directions, losing and doubling nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        days,
        days,
        days,
        fc.integer({ min: 1, max: 7 }),
        async (worn, rested, other, limit) => {
          wearer = await addWearer(database);
          const band = await addWearer(database, { userId: wearer.userId, deviceType: 'band' });
          await wear(wearer, worn, rested, '+05:30');
          // Their days begin before the ring's, or together with them.
          await wear(band, other, worn, limit % 2 === 0 ? '+05:30' : '-08:00');
          const all = (await read({ limit: 1_000 })).data;
          expect(all).toHaveLength(
            new Set([...worn, ...rested.map((it) => `rested ${it}`)]).size +
              new Set([...other, ...worn.map((it) => `rested ${it}`)]).size,
          );
          const forwards = await pages({ limit }, 'next_cursor');
          expect(forwards.flatMap(({ data }) => data)).toEqual(all);
          const last = forwards.at(-1)!;
          if (last.pagination.previous_cursor === null) return;
          const back = await pages({ limit, cursor: last.pagination.previous_cursor }, 'previous_cursor');
          expect([...back.toReversed().flatMap(({ data }) => data), ...last.data]).toEqual(all);
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  async function wear(of: typeof wearer, worn: number[], rested: number[], zone: string): Promise<void> {
    for (const day of new Set([...worn, ...rested].toSorted((a, b) => a - b))) {
      const date = `2026-03-${String(day + 2).padStart(2, '0')}`;
      const startsAt = Date.parse(`${date}T00:00:00${zone}`);
      const noon = new Date(startsAt + 43_200_000).toISOString();
      await foldDay(
        database,
        of,
        makeDay({
          date,
          startsAt,
          timeZone: null,
          series: worn.includes(day) ? [makeSeries('heart_rate', { [noon]: day })] : [],
          daily: rested.includes(day) ? [{ code: 'resting_heart_rate', date, value: day + 40 }] : [],
        }),
      );
    }
  }

  async function pages(
    query: Partial<TimeSeriesQuery>,
    direction: 'next_cursor' | 'previous_cursor',
  ): Promise<TimeSeriesPage[]> {
    const found = [await read(query)];
    while (found.at(-1)!.pagination[direction] !== null)
      found.push(await read({ ...query, cursor: found.at(-1)!.pagination[direction]! }));
    return found;
  }
});
