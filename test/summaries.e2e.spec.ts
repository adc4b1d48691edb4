import { DataSource } from 'typeorm';
import { Clock } from '../src/database/clock';
import type { NormalizedDay } from '../src/health-data/canonical';
import { startApp, type TestApp } from './support/app';
import { addWearer, foldDay, makeDay, makeSeries, makeSleep } from './support/health-data';

const NOBODY = '0b9c4e4e-3a51-4d0c-8a5e-6f1f2d7c9a13';
const RING = {
  provider: 'ring-maker',
  source: null,
  device: 'model_1',
  device_type: 'ring',
  device_name: 'Ring "One" µ',
};
const NOT_MEASURED = {
  distance_meters: null,
  floors_climbed: null,
  elevation_meters: null,
  active_calories_kcal: null,
  total_calories_kcal: null,
};

type Wearer = Awaited<ReturnType<typeof addWearer>>;

describe('summaries of days', () => {
  let server: TestApp;
  let wearer: Wearer;
  let newcomer: string;

  beforeAll(async () => {
    server = await startApp();
    wearer = await addWearer(server.app.get(DataSource));
    newcomer = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
    for (const day of DAYS) await write(day);
  });
  afterAll(() => server?.close());

  const write = (day: NormalizedDay, target: Wearer = wearer) =>
    foldDay(server.app.get(DataSource), target, day);
  const get = (path: string, userId = wearer.userId) =>
    server.request('GET', `/api/v1/users/${userId}/summaries/${path}`);
  async function read<Body>(path: string, userId = wearer.userId): Promise<Body> {
    const { status, body } = await get(path, userId);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  }

  /** Samples five minutes apart from a time on. */
  const every5 = (from: string, values: number[]) =>
    Object.fromEntries(
      values.map((value, index) => [new Date(Date.parse(from) + index * 300_000).toISOString(), value]),
    );
  // 108 bpm lie below the first band, 109 in light, 122 in moderate, 147 in vigorous.
  const DAYS = [
    makeDay({
      date: '2026-03-02',
      series: [
        makeSeries('heart_rate', every5('2026-03-01T18:30:00Z', [108, 109, 122, 147, 60, 59.4])),
        makeSeries('steps', every5('2026-03-02T05:00:00Z', [0, 149, 150, 400])),
        makeSeries('heart_rate_variability_rmssd', {
          '2026-03-01T20:00:00Z': 60,
          '2026-03-01T20:05:00Z': 63,
        }),
      ],
      daily: [
        { code: 'steps', date: '2026-03-02', value: 9_120 },
        { code: 'active_time', date: '2026-03-02', value: 64 },
        { code: 'inactive_time', date: '2026-03-02', value: 811.6 },
        { code: 'resting_heart_rate', date: '2026-03-02', value: 51 },
      ],
      sleeps: [makeSleep({ date: '2026-03-02', from: '2026-03-01T19:00:00Z', to: '2026-03-02T01:00:00Z' })],
    }),
    makeDay({
      date: '2026-03-03',
      series: [
        makeSeries('heart_rate', { '2026-03-03T05:00:00Z': 130, '2026-03-03T05:20:00Z': 70 }),
        makeSeries('steps', every5('2026-03-03T05:00:00Z', [0, 149, 150, 400])),
        makeSeries('heart_rate_variability_rmssd', { '2026-03-02T20:00:00Z': 30 }),
        makeSeries('skin_temperature', { '2026-03-03T17:00:00Z': 33.5, '2026-03-03T18:00:00Z': 34.25 }),
      ],
      daily: [{ code: 'resting_heart_rate', date: '2026-03-03', value: 54 }],
    }),
    makeDay({
      date: '2026-03-04',
      series: [makeSeries('skin_temperature', { '2026-03-04T05:00:00Z': 33.5 })],
    }),
    makeDay({ date: '2026-03-05', daily: [{ code: 'steps', date: '2026-03-05', value: 12 }] }),
  ];

  describe('activity', () => {
    interface Activity {
      data: { date: string; source: { provider: string }; steps: number | null }[];
      pagination: {
        next_cursor: string | null;
        previous_cursor: string | null;
        has_more: boolean;
        total_count: null;
      };
      metadata: object;
    }
    const RANGE = 'activity?start_date=2026-03-01&end_date=2026-03-10';
    const datesOf = ({ data }: Activity) => data.map(({ date }) => date);

    it("takes the provider's totals, and computes the rest from the samples", async () => {
      const { data, pagination, metadata } = await read<Activity>(RANGE);
      expect(data).toEqual([
        {
          date: '2026-03-02',
          source: RING,
          ...NOT_MEASURED,
          steps: 9_120,
          active_minutes: 64,
          sedentary_minutes: 812,
          intensity_minutes: { light: 5, moderate: 5, vigorous: 5 },
          heart_rate: { avg_bpm: 101, max_bpm: 147, min_bpm: 59 },
        },
        {
          date: '2026-03-03',
          source: RING,
          ...NOT_MEASURED,
          steps: 699,
          active_minutes: 10,
          sedentary_minutes: 10,
          // What is unknown between the two is nobody's: each stands for five minutes.
          intensity_minutes: { light: 0, moderate: 5, vigorous: 0 },
          heart_rate: { avg_bpm: 100, max_bpm: 130, min_bpm: 70 },
        },
        {
          date: '2026-03-05',
          source: RING,
          ...NOT_MEASURED,
          steps: 12,
          active_minutes: null,
          sedentary_minutes: null,
          intensity_minutes: null,
          heart_rate: null,
        },
      ]);
      expect(pagination).toEqual({
        next_cursor: null,
        previous_cursor: null,
        has_more: false,
        total_count: null,
      });
      expect(metadata).toEqual({
        resolution: null,
        sample_count: 3,
        start_time: '2026-03-01T00:00:00Z',
        end_time: '2026-03-10T00:00:00Z',
      });
    });

    it('counts dates, the last one excluded', async () => {
      expect(datesOf(await read(`activity?start_date=2026-03-03&end_date=2026-03-05`))).toEqual([
        '2026-03-03',
      ]);
      const unix = (date: string) => Date.parse(date) / 1_000;
      expect(
        datesOf(await read(`activity?start_date=${unix('2026-03-02')}&end_date=${unix('2026-03-03')}`)),
      ).toEqual(['2026-03-02']);
    });

    it.each(['asc', 'desc'])('pages forth and back, %s', async (order) => {
      const path = `${RANGE}&sort_order=${order}&limit=1`;
      const dates = ['2026-03-02', '2026-03-03', '2026-03-05'];
      if (order === 'desc') dates.reverse();
      const pages: Activity[] = [await read<Activity>(path)];
      while (pages.at(-1)!.pagination.has_more)
        pages.push(await read<Activity>(`${path}&cursor=${pages.at(-1)!.pagination.next_cursor}`));
      expect(pages.flatMap(datesOf)).toEqual(dates);
      const back: Activity[] = [pages.at(-1)!];
      while (back.at(-1)!.pagination.previous_cursor !== null)
        back.push(await read<Activity>(`${path}&cursor=${back.at(-1)!.pagination.previous_cursor}`));
      expect(back.flatMap(datesOf)).toEqual(dates.toReversed());
    });

    it('shows the best of several devices, each date on its own', async () => {
      const database = server.app.get(DataSource);
      const { userId } = await addWearer(database);
      const [ring, watch] = [
        await addWearer(database, { userId, provider: 'ring-maker' }),
        await addWearer(database, { userId, provider: 'watch-maker', deviceType: 'watch' }),
      ];
      const steps = (date: string, value: number) =>
        makeDay({ date, daily: [{ code: 'steps', date, value }] });
      await write(steps('2026-03-02', 100), ring);
      await write(steps('2026-03-03', 101), ring);
      await write(steps('2026-03-03', 201), watch);
      await write(steps('2026-03-04', 202), watch);
      const { data } = await read<Activity>(RANGE, userId);
      expect(data.map((it) => [it.date, it.source.provider, it.steps])).toEqual([
        ['2026-03-02', 'ring-maker', 100],
        ['2026-03-03', 'watch-maker', 201],
        ['2026-03-04', 'watch-maker', 202],
      ]);
    });

    it('shows a UTC day where no answer has told when the local day begins, and only there', async () => {
      const other = await addWearer(server.app.get(DataSource));
      const samples = { '2026-03-02T05:00:00Z': 60, '2026-03-02T23:00:00Z': 100 };
      await write(
        makeDay({ date: '2026-03-02', startsAt: null, series: [makeSeries('heart_rate', samples)] }),
        other,
      );
      const averages = async () =>
        (
          await read<{ data: { date: string; heart_rate: { avg_bpm: number } }[] }>(RANGE, other.userId)
        ).data.map(({ date, heart_rate }) => [date, heart_rate.avg_bpm]);
      expect(await averages()).toEqual([['2026-03-02', 80]]);
      await write(makeDay({ date: '2026-03-02' }), other);
      expect(await averages()).toEqual([['2026-03-02', 60]]);
    });

    it('shows nothing of what lies beyond a known local day, in whichever series', async () => {
      const other = await addWearer(server.app.get(DataSource));
      await write(
        makeDay({
          date: '2026-03-02',
          series: [
            makeSeries('heart_rate', { '2026-03-02T05:00:00Z': 60 }),
            makeSeries('steps', { '2026-03-02T23:00:00Z': 40 }),
          ],
        }),
        other,
      );
      expect((await read<Activity>(RANGE, other.userId)).data).toMatchObject([
        { date: '2026-03-02', steps: null, heart_rate: { avg_bpm: 60 } },
      ]);
    });

    it('is an empty page for somebody without data', async () => {
      expect(await read<Activity>(RANGE, newcomer)).toMatchObject({
        data: [],
        pagination: { next_cursor: null, previous_cursor: null, has_more: false, total_count: null },
      });
    });

    it.each([
      ['activity?start_date=2026-03-02', /start_date|end_date/],
      [`${RANGE}&limit=0`, /limit/],
      [`${RANGE}&limit=1001`, /limit/],
      [`${RANGE}&sort_order=up`, /sort_order/],
      [`${RANGE}&cursor=nonsense`, /Invalid cursor format/],
      ['activity?start_date=2026-03-05&end_date=2026-03-02', /later/],
      ['activity?start_date=soon&end_date=2026-03-02', /Invalid datetime format/],
    ])('refuses %s', async (path, detail) => {
      expect(await get(path)).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) } });
    });
  });

  describe('body', () => {
    const at = (instant: string) =>
      jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(new Date(instant));
    afterEach(() => jest.restoreAllMocks());

    it('averages the last days and tells what was read last', async () => {
      at('2026-03-03T19:00:00Z');
      expect(await read('body')).toEqual({
        source: RING,
        slow_changing: {
          weight_kg: null,
          height_cm: null,
          body_fat_percent: null,
          muscle_mass_kg: null,
          bmi: null,
          age: null,
        },
        averaged: {
          period_days: 7,
          resting_heart_rate_bpm: 53,
          avg_hrv_sdnn_ms: null,
          avg_hrv_rmssd_ms: 51,
          period_start: '2026-02-24T19:00:00Z',
          period_end: '2026-03-03T19:00:00Z',
        },
        latest: {
          body_temperature_celsius: null,
          body_temperature_measured_at: null,
          skin_temperature_celsius: 34.25,
          skin_temperature_measured_at: '2026-03-03T18:00:00Z',
          blood_pressure: null,
          blood_pressure_measured_at: null,
        },
      });
    });

    it('takes a shorter period and a shorter window', async () => {
      at('2026-03-03T17:00:00Z');
      expect(await read('body?average_period=1&latest_window_hours=1')).toMatchObject({
        averaged: { period_days: 1, resting_heart_rate_bpm: 54, avg_hrv_rmssd_ms: 30 },
      });
      at('2026-03-04T10:00:00Z');
      expect(await read('body?latest_window_hours=5')).toMatchObject({
        latest: { skin_temperature_celsius: null, skin_temperature_measured_at: null },
      });
    });

    it.each(['newcomer', 'somebody whose data is old'])('is null, as JSON, for a %s', async (who) => {
      const { status, headers, body } = await get('body', who === 'newcomer' ? newcomer : wearer.userId);
      expect({ status, body }).toEqual({ status: 200, body: null });
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('content-length')).toBe('4');
    });

    it.each(['average_period=0', 'average_period=8', 'latest_window_hours=25', 'latest_window_hours=x'])(
      'refuses %s',
      async (query) => {
        const [name] = query.split('=');
        expect(await get(`body?${query}`)).toMatchObject({
          status: 400,
          body: { detail: expect.stringContaining(name) },
        });
      },
    );
  });

  describe('data', () => {
    const COUNTS = {
      active_time: 1,
      heart_rate: 8,
      heart_rate_variability_rmssd: 3,
      inactive_time: 1,
      resting_heart_rate: 2,
      skin_temperature: 3,
      steps: 10,
    };

    it('counts samples and daily values, by type and by provider', async () => {
      expect(await read('data')).toEqual({
        user_id: wearer.userId,
        total_data_points: 28,
        total_workouts: 0,
        total_sleep_events: 1,
        series_type_counts: COUNTS,
        workout_type_counts: {},
        by_provider: [
          {
            provider: 'ring-maker',
            data_points: 28,
            series_counts: COUNTS,
            workout_count: 0,
            sleep_count: 1,
          },
        ],
        has_womens_health_data: false,
      });
    });

    it('counts dates, from one on, up to one, or both', async () => {
      const total = async (query: string) =>
        (await read<{ total_data_points: number }>(`data?${query}`)).total_data_points;
      expect(await total('start_date=2026-03-03')).toBe(12);
      expect(await total('end_date=2026-03-03')).toBe(16);
      expect(await total('start_date=2026-03-03&end_date=2026-03-04')).toBe(10);
      expect(await get('data?start_date=2026-03-03&end_date=2026-03-03')).toMatchObject({ status: 400 });
    });

    it('has nothing of somebody without data', async () => {
      expect(await read('data', newcomer)).toMatchObject({
        total_data_points: 0,
        total_sleep_events: 0,
        series_type_counts: {},
        by_provider: [],
      });
    });

    it('shows how it came over time', async () => {
      const timeline = await read<{ series: { key: string; metric: string; buckets: object[] }[] }>(
        'data/timeline',
      );
      expect(timeline).toMatchObject({ bucket: 'day', group_by: 'series_type' });
      expect(timeline.series.map(({ key }) => key)).toEqual(Object.keys(COUNTS));
      expect(timeline.series.find(({ key }) => key === 'steps')).toEqual({
        key: 'steps',
        metric: 'data_points',
        buckets: [
          ['2026-03-02', 5],
          ['2026-03-03', 4],
          ['2026-03-05', 1],
        ],
      });
      for (const [bucket, first] of [
        ['week', '2026-03-02'],
        ['month', '2026-03-01'],
      ]) {
        const { series } = await read<typeof timeline>(`data/timeline?bucket=${bucket}`);
        expect(series.map(({ key, buckets }) => [key, buckets])).toEqual(
          Object.entries(COUNTS).map(([key, count]) => [key, [[first, count]]]),
        );
      }
    });

    it.each([
      'data/timeline?provider=watch-maker',
      'data/timeline?group_by=workout_type',
      'data/timeline?end_date=2026-03-02',
    ])('has no line for %s', async (path) => {
      expect(await read(path)).toMatchObject({ series: [] });
    });

    it.each(['bucket=hour', 'group_by=provider'])('refuses %s', async (query) => {
      expect(await get(`data/timeline?${query}`)).toMatchObject({ status: 400 });
    });
  });

  it.each(['activity?start_date=2026-03-01&end_date=2026-03-02', 'body', 'data', 'data/timeline'])(
    'of %s knows nobody whom there is not',
    async (path) => {
      expect(await get(path, NOBODY)).toMatchObject({
        status: 404,
        body: { detail: `User with ID: ${NOBODY} not found.` },
      });
      expect(await get(path, 'somebody')).toMatchObject({ status: 400 });
    },
  );
});
