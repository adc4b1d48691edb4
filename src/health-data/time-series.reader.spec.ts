import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import {
  addDay,
  addWearer,
  makeDay,
  makeSeries,
  timeSeriesReader,
  writeDay,
} from '../../test/support/health-data';
import { openDatabase } from '../../test/support/open-database';
import { User } from '../users/user.entity';
import type { SeriesCode } from './canonical';
import { SeriesStore } from './series-store';
import type { Resolution, TimeSeriesItem, TimeSeriesPage, TimeSeriesQuery } from './time-series.dto';
import { TimeSeriesReader } from './time-series.reader';
import { serializeTimeSeries } from './time-series.serializer';
import type { WriteTarget } from './write';

type Wearer = WriteTarget & { connectionId: string };

describe(TimeSeriesReader.name, () => {
  let database: DataSource;
  let reader: TimeSeriesReader;
  let wearer: Wearer;
  beforeAll(async () => {
    database = await openDatabase([User]);
    reader = timeSeriesReader(database);
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    wearer = await addWearer(database);
  });

  const read = async (query: Partial<TimeSeriesQuery> = {}): Promise<TimeSeriesPage> => {
    const range = { start_time: '2026-03-01', end_time: '2026-03-31' };
    return JSON.parse(
      serializeTimeSeries(await reader.page(wearer.userId, { ...range, ...query })).toString(),
    );
  };
  const brief = ({ data }: TimeSeriesPage) =>
    data.map(({ timestamp, type, value }) => [timestamp, type, value]);

  it('answers in the order of time, with daily values at noon', async () => {
    const day = makeDay({
      date: '2026-03-02',
      series: [
        makeSeries('heart_rate', { '2026-03-01T18:30:00Z': 58, '2026-03-02T06:30:00Z': 60.5 }),
        makeSeries('steps', { '2026-03-02T06:30:00Z': 112, '2026-03-02T06:35:00.250Z': 7 }),
      ],
      daily: [
        { code: 'resting_heart_rate', date: '2026-03-02', value: 51 },
        { code: 'steps', date: '2026-03-02', value: 8_452 },
      ],
    });
    await addDay(database, wearer, day);
    await writeDay(database, wearer, day);
    const source = {
      provider: 'ring-maker',
      source: null,
      device: 'model_1',
      device_type: 'ring',
      device_name: 'Ring "One" µ',
    };
    const rest = { zone_offset: '+05:30', source };
    expect(await read()).toEqual({
      data: [
        {
          timestamp: '2026-03-01T18:30:00Z',
          type: 'heart_rate',
          value: 58,
          unit: 'bpm',
          is_daily_total: null,
          ...rest,
        },
        {
          timestamp: '2026-03-02T06:30:00Z',
          type: 'heart_rate',
          value: 60.5,
          unit: 'bpm',
          is_daily_total: null,
          ...rest,
        },
        {
          timestamp: '2026-03-02T06:30:00Z',
          type: 'resting_heart_rate',
          value: 51,
          unit: 'bpm',
          is_daily_total: true,
          ...rest,
        },
        {
          timestamp: '2026-03-02T06:30:00Z',
          type: 'steps',
          value: 112,
          unit: 'count',
          is_daily_total: false,
          ...rest,
        },
        {
          timestamp: '2026-03-02T06:30:00Z',
          type: 'steps',
          value: 8_452,
          unit: 'count',
          is_daily_total: true,
          ...rest,
        },
        {
          timestamp: '2026-03-02T06:35:00.250Z',
          type: 'steps',
          value: 7,
          unit: 'count',
          is_daily_total: false,
          ...rest,
        },
      ],
      pagination: { next_cursor: null, previous_cursor: null, has_more: false, total_count: 6 },
      metadata: {
        resolution: null,
        sample_count: 6,
        start_time: '2026-03-01T00:00:00Z',
        end_time: '2026-04-01T00:00:00Z',
      },
    });
  });

  it('includes the day of an end at midnight, and is half open otherwise', async () => {
    const series = makeSeries('heart_rate', {
      '2026-03-02T00:00:00Z': 61,
      '2026-03-02T12:00:00Z': 62,
      '2026-03-03T00:00:00Z': 63,
    });
    await writeDay(database, wearer, makeDay({ date: '2026-03-02', series: [series] }));
    const values = async (start_time: string, end_time: string) => {
      const page = await read({ start_time, end_time });
      expect(page.pagination.total_count).toBe(page.data.length);
      return page.data.map(({ value }) => value);
    };
    expect(await values('2026-03-02', '2026-03-02')).toEqual([61, 62]);
    expect(await values('2026-03-02T00:00:01Z', '2026-03-02T12:00:00Z')).toEqual([]);
    expect(await values('2026-03-02T12:00:00Z', '2026-03-03T00:00:01Z')).toEqual([62, 63]);
    expect(await values('0001-01-01', '9999-12-31')).toEqual([61, 62, 63]);
  });

  it('answers a request for SDNN with RMSSD, under its true name', async () => {
    const series = makeSeries('heart_rate_variability_rmssd', { '2026-03-02T00:00:00Z': 41 });
    await writeDay(database, wearer, makeDay({ date: '2026-03-02', series: [series] }));
    const item = ['2026-03-02T00:00:00Z', 'heart_rate_variability_rmssd', 41];
    expect(brief(await read({ types: ['heart_rate_variability_sdnn'] }))).toEqual([item]);
    const both = ['heart_rate_variability_sdnn', 'heart_rate_variability_rmssd'];
    expect(brief(await read({ types: both }))).toEqual([item]);
    expect(brief(await read({ types: ['blood_alcohol_content'] }))).toEqual([]);
  });

  it('tells the offset of each instant by the calendar of its own source', async () => {
    const berlin = makeDay({
      date: '2026-03-29',
      startsAt: Date.parse('2026-03-28T23:00:00Z'),
      timeZone: 'Europe/Berlin',
    });
    const other = await addWearer(database, { userId: wearer.userId, deviceType: 'band' });
    await addDay(database, wearer, berlin);
    const series = [
      makeSeries('heart_rate', {
        '2026-03-28T22:59:59Z': 51,
        '2026-03-28T23:00:00Z': 52,
        '2026-03-29T01:00:00Z': 53,
        '2026-03-29T22:00:00Z': 54,
      }),
    ];
    await writeDay(database, wearer, { ...berlin, series });
    await writeDay(database, other, {
      ...berlin,
      series: [makeSeries('heart_rate', { '2026-03-29T01:00:00Z': 55 })],
    });
    const { data } = await read();
    expect(
      data.map(({ value, zone_offset }) => [value, zone_offset] as const).toSorted(([a], [b]) => a - b),
    ).toEqual([
      [51, null],
      [52, '+01:00'],
      [53, '+02:00'],
      [54, null],
      [55, null],
    ]);
  });

  describe('in buckets', () => {
    beforeEach(async () => {
      const day = makeDay({
        date: '2026-03-02',
        series: [
          makeSeries('heart_rate', {
            '2026-03-01T23:58:00Z': 50,
            '2026-03-02T00:01:00Z': 60,
            '2026-03-02T00:04:59.999Z': 63,
            '2026-03-02T00:05:00Z': 70,
          }),
          makeSeries('steps', { '2026-03-02T00:01:00Z': 11, '2026-03-02T00:02:00Z': 12 }),
        ],
        daily: [{ code: 'steps', date: '2026-03-02', value: 9_999 }],
      });
      await addDay(database, wearer, day);
      await writeDay(database, wearer, day);
    });

    it('averages levels, adds up counters and leaves out the values of whole days', async () => {
      const page = await read({ resolution: '5min' });
      expect(brief(page)).toEqual([
        ['2026-03-01T23:55:00Z', 'heart_rate', 50],
        ['2026-03-02T00:00:00Z', 'heart_rate', 61.5],
        ['2026-03-02T00:00:00Z', 'steps', 23],
        ['2026-03-02T00:05:00Z', 'heart_rate', 70],
      ]);
      expect(page.data.map(({ zone_offset }) => zone_offset)).toEqual(Array(4).fill('+05:30'));
      expect(page.pagination.total_count).toBeNull();
      expect(page.metadata).toMatchObject({ resolution: '5min', sample_count: 4 });
    });

    it.each<[Resolution, number]>([
      ['1min', 6],
      ['15min', 3],
      ['1hour', 3],
    ])('of %s', async (resolution, count) => {
      expect((await read({ resolution })).data).toHaveLength(count);
    });

    it('counts of a bucket only what lies in the range', async () => {
      const range = { start_time: '2026-03-02T00:02:00Z', end_time: '2026-03-02T00:05:00Z' };
      expect(brief(await read({ ...range, resolution: '1hour' }))).toEqual([
        ['2026-03-02T00:00:00Z', 'heart_rate', 63],
        ['2026-03-02T00:00:00Z', 'steps', 12],
      ]);
    });
  });

  describe('of many samples', () => {
    const START = Date.parse('2026-03-01T00:00:00Z');
    const CODES: SeriesCode[] = ['heart_rate', 'steps', 'skin_temperature'];
    const DAILY_CODES: SeriesCode[] = ['active_time', 'resting_heart_rate', 'steps', 'vo2_max'];
    // Few instants, so that many items share one; days apart, so that chunks are many and some days empty.
    const instants = fc
      .uniqueArray(fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 3 })), { maxLength: 25, selector: String })
      .map((found) =>
        found.map(([day, half]) => START + day * 86_400_000 + half * 21_600_000).toSorted((a, b) => a - b),
      );
    const wearing = fc.record({
      series: fc.tuple(...CODES.map(() => instants)),
      daily: fc.uniqueArray(fc.integer({ min: 1, max: 13 }), { maxLength: 5 }),
    });

    async function wear(
      target: Wearer,
      { series, daily }: { series: number[][]; daily: number[] },
      seed: number,
    ) {
      let value = seed;
      const day = makeDay({
        date: '2026-03-05',
        series: CODES.map((code, index) => ({
          code,
          instants: series[index],
          values: series[index].map(() => value++),
        })),
      });
      await writeDay(database, target, day);
      for (const number of daily) {
        const date = `2026-03-${String(number).padStart(2, '0')}`;
        // At UTC, noon is one of the instants above.
        const startsAt = Date.parse(date);
        await writeDay(
          database,
          target,
          makeDay({
            date,
            startsAt,
            timeZone: null,
            daily: DAILY_CODES.map((code) => ({ code, date, value: value++ })),
          }),
        );
      }
    }

    async function pages(
      query: Partial<TimeSeriesQuery>,
      from: string | undefined,
      direction: 'next_cursor' | 'previous_cursor',
    ) {
      const found: TimeSeriesPage[] = [];
      for (let cursor = from; found.length === 0 || cursor !== undefined;) {
        const page = await read({ ...query, cursor });
        found.push(page);
        cursor = page.pagination[direction] ?? undefined;
      }
      return found;
    }
    const identity = ({ timestamp, type, value }: TimeSeriesItem) => `${timestamp} ${type} ${value}`;

    it.each<Resolution>(['raw', '15min', '1hour'])(
      'pages of %s go forwards to the end and backwards to the start, losing and doubling nothing',
      async (resolution) => {
        await fc.assert(
          fc.asyncProperty(wearing, wearing, fc.integer({ min: 1, max: 9 }), async (ring, band, limit) => {
            wearer = await addWearer(database);
            await wear(wearer, ring, 1_000);
            await wear(await addWearer(database, { userId: wearer.userId, deviceType: 'band' }), band, 2_000);
            const everything = await read({ resolution, limit: 10_000 });
            const all = everything.data.map(identity);
            expect(new Set(all).size).toBe(all.length);
            const written = [ring, band]
              .map(({ series, daily }) => series.flat().length + daily.length * DAILY_CODES.length)
              .reduce((sum, count) => sum + count);
            const counted = resolution === 'raw' ? [written, written] : [all.length, null];
            expect([all.length, everything.pagination.total_count]).toEqual(counted);

            const query = { resolution, limit };
            const forwards = await pages(query, undefined, 'next_cursor');
            expect(forwards.flatMap(({ data }) => data.map(identity))).toEqual(all);
            expect(forwards.slice(0, -1).every(({ data }) => data.length === limit)).toBe(true);
            expect(forwards.map(({ pagination }) => pagination.has_more)).toEqual(
              forwards.map((_, index) => index < forwards.length - 1),
            );

            const last = forwards.at(-1)!;
            if (last.pagination.previous_cursor === null) return;
            const backwards = await pages(query, last.pagination.previous_cursor, 'previous_cursor');
            const before = backwards.toReversed().flatMap(({ data }) => data.map(identity));
            expect([...before, ...last.data.map(identity)]).toEqual(all);
          }),
          { numRuns: 30 },
        );
      },
      120_000,
    );

    it('is what the view `sample` shows', async () => {
      await fc.assert(
        fc.asyncProperty(wearing, async (ring) => {
          wearer = await addWearer(database);
          await wear(wearer, { ...ring, daily: [] }, 3_000);
          const shown: { at: Date; code: string; value: number }[] = await database.query(
            `SELECT at, code, value FROM sample WHERE user_id = $1 ORDER BY at, code COLLATE "C"`,
            [wearer.userId],
          );
          expect(brief(await read({ limit: 10_000 }))).toEqual(
            shown.map(({ at, code, value }) => [at.toISOString().replace('.000', ''), code, value]),
          );
        }),
        { numRuns: 30 },
      );
    });

    it('reads no more days than the page needs', async () => {
      const days = Array.from({ length: 20 }, (_, day) => START + day * 86_400_000);
      await wear(
        wearer,
        { series: [days.flatMap((day) => [day, day + 1_000, day + 2_000]), [], []], daily: [] },
        4_000,
      );
      const walk = jest.spyOn(SeriesStore.prototype, 'walk');
      const page = await read({ limit: 7 });
      await read({ limit: 7, cursor: page.pagination.next_cursor! });
      const steps = await Promise.all(
        walk.mock.results.map(({ value }) => value as ReturnType<SeriesStore['walk']>),
      );
      walk.mockRestore();
      // 7 items and one that tells of more: 9 samples of 3 days, then the 2 left of the last day and 6 of the next two.
      expect(steps.map(({ chunks }) => chunks.length)).toEqual([3, 3]);
    });
  });
});
