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
import type { TimeSeriesPage, TimeSeriesQuery } from './time-series.dto';
import type { TimeSeriesReader } from './time-series.reader';
import { serializeTimeSeries } from './time-series.serializer';
import type { WriteTarget } from './write';

describe('what may be asked of a time series', () => {
  let database: DataSource;
  let reader: TimeSeriesReader;
  let ring: WriteTarget & { connectionId: string };
  beforeAll(async () => {
    database = await openDatabase([User]);
    reader = timeSeriesReader(database);
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    ring = await addWearer(database);
  });

  const read = async (query: Partial<TimeSeriesQuery> = {}): Promise<TimeSeriesPage> => {
    const range = { start_time: '2026-03-01', end_time: '2026-03-31' };
    return JSON.parse(serializeTimeSeries(await reader.page(ring.userId, { ...range, ...query })).toString());
  };
  const day = makeDay({
    date: '2026-03-02',
    series: [
      makeSeries('heart_rate', {
        '2026-03-02T00:01:00Z': 60,
        '2026-03-02T00:04:59.999Z': 63,
        '2026-03-02T00:05:00Z': 70.5,
      }),
      makeSeries('steps', { '2026-03-02T00:01:00Z': 11, '2026-03-02T00:02:00Z': 12 }),
    ],
    daily: [{ code: 'resting_heart_rate', date: '2026-03-02', value: 51 }],
  });

  describe('by source', () => {
    let band: WriteTarget;
    beforeEach(async () => {
      band = await addWearer(database, { userId: ring.userId, provider: 'band-maker', deviceType: 'band' });
      await database.query(`UPDATE data_source SET device_model = 'model_2' WHERE user_id = $1 AND id = $2`, [
        band.userId,
        band.sourceId,
      ]);
      await writeDay(database, ring, day);
      await writeDay(database, band, {
        ...day,
        series: [makeSeries('heart_rate', { '2026-03-02T00:01:00Z': 99 })],
        daily: [],
      });
    });

    it.each<[string, () => Partial<TimeSeriesQuery>, number]>([
      ['all', () => ({}), 7],
      ['of a provider', () => ({ provider: 'band-maker' }), 1],
      ['of a model', () => ({ device_model: 'model_1' }), 6],
      ['of a source', () => ({ data_source_id: band.sourceId.toUpperCase() }), 1],
      [
        'of a source and another provider',
        () => ({ data_source_id: band.sourceId, provider: 'ring-maker' }),
        0,
      ],
      ['of an app, which none of these has', () => ({ source: 'com.example.app' }), 0],
      ['of a provider that nobody knows', () => ({ provider: 'nobody' }), 0],
      ['of a source of somebody else', () => ({ data_source_id: '00000000-0000-4000-8000-000000000000' }), 0],
    ])('%s', async (_name, filter, count) => {
      const { data, pagination } = await read(filter());
      expect([data.length, pagination.total_count]).toEqual([count, count]);
    });

    it('goes on to the next page with the filter', async () => {
      const query = { device_model: 'model_1', types: ['heart_rate'], limit: 2 };
      const first = await read(query);
      const second = await read({ ...query, cursor: first.pagination.next_cursor! });
      expect([...first.data, ...second.data].map(({ value }) => value)).toEqual([60, 63, 70.5]);
      expect(second.pagination.next_cursor).toBeNull();
    });
  });

  describe('aggregates', () => {
    beforeEach(() => writeDay(database, ring, day));

    it('tell the lowest, the highest and the count of each bucket', async () => {
      const { data } = await read({ resolution: '5min', aggregates: true });
      expect(data.map(({ type, value, min, max, count }) => [type, value, min, max, count])).toEqual([
        ['heart_rate', 61.5, 60, 63, 2],
        ['steps', 23, 11, 12, 2],
        ['heart_rate', 70.5, 70.5, 70.5, 1],
      ]);
    });

    it('are left out unless they are asked for', async () => {
      for (const { min, max, count } of (await read({ resolution: '5min' })).data)
        expect([min, max, count]).toEqual([undefined, undefined, undefined]);
    });

    it('stand beside no raw samples', async () => {
      await expect(read({ aggregates: true })).rejects.toThrow(
        'aggregates are of buckets: send resolution=1min',
      );
    });

    it('of all samples come to those of the samples', async () => {
      const { data } = await read({ resolution: '1hour', aggregates: true, types: ['heart_rate'] });
      expect(data).toMatchObject([{ min: 60, max: 70.5, count: 3 }]);
    });
  });

  describe('a chart', () => {
    const START = Date.parse('2026-03-02T00:00:00Z');
    const heartRate = Array.from(
      { length: 900 },
      (_, i) => [START + i * 300_000, 60 + ((i * 7) % 40)] as const,
    );
    beforeEach(async () => {
      await addDay(database, ring, day);
      await writeDay(database, ring, {
        ...day,
        series: [
          {
            code: 'heart_rate',
            instants: heartRate.map(([at]) => at),
            values: heartRate.map(([, value]) => value),
          },
          makeSeries('steps', { '2026-03-02T00:01:00Z': 11, '2026-03-02T00:02:00Z': 12 }),
        ],
      });
    });

    it('has at most so many items of each series, the first and the last among them, all of them samples', async () => {
      const all = await read({ types: ['heart_rate'], limit: 10_000 });
      const chart = await read({ max_points: 20 });
      const curve = chart.data.filter(({ type }) => type === 'heart_rate');
      expect(curve).toHaveLength(20);
      expect(all.data).toEqual(expect.arrayContaining(curve));
      expect([curve[0], curve.at(-1)]).toEqual([all.data[0], all.data.at(-1)]);
      expect(chart.data.filter(({ type }) => type === 'steps')).toHaveLength(2);
      expect(chart.data.filter(({ type }) => type === 'resting_heart_rate')).toHaveLength(1);
      expect(chart.data.map(({ timestamp }) => timestamp)).toEqual(
        chart.data.map(({ timestamp }) => timestamp).toSorted(),
      );
      expect(chart.pagination).toEqual({
        next_cursor: null,
        previous_cursor: null,
        has_more: false,
        total_count: null,
      });
    });

    it('is drawn from buckets where they are asked for', async () => {
      const { data, metadata } = await read({ max_points: 5, resolution: '1hour', aggregates: true });
      expect(data.filter(({ type }) => type === 'heart_rate')).toHaveLength(5);
      expect(data.every(({ count }) => count! > 0)).toBe(true);
      expect(metadata.resolution).toBe('1hour');
    });

    it('has all items where there are few', async () => {
      const { data } = await read({ max_points: 1_000, types: ['heart_rate'] });
      expect(data).toHaveLength(900);
    });

    it.each([{ limit: 5 }, { cursor: 'MjAyNi0wMy0wMVQwMDowMDowMFp8YQ==' }])(
      'is one page: %j',
      async (query) => {
        await expect(read({ max_points: 5, ...query })).rejects.toThrow('leave out cursor and limit');
      },
    );
  });
});
