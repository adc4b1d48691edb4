import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { DataSource } from 'typeorm';
import { ApiKeysService } from '../src/access/api-keys.service';
import type { NormalizedDay } from '../src/health-data/canonical';
import { startApp, type TestApp } from './support/app';
import { addWearer, foldDay, makeDay, makeSeries, makeSleep } from './support/health-data';

const SOURCE = {
  provider: 'ring-maker',
  source: null,
  device: 'model_1',
  device_type: 'ring',
  device_name: 'Ring "One" µ',
};
const NOBODY = '0b9c4e4e-3a51-4d0c-8a5e-6f1f2d7c9a13';
const at = (text: string) => Date.parse(text);

const NIGHT = makeSleep({
  date: '2026-03-02',
  from: '2026-03-01T17:14:00Z',
  to: '2026-03-02T00:52:00Z',
  asleepSeconds: 25_140,
  stageSeconds: { awake: 2_340, light: 13_800, deep: 4_920, rem: 6_420 },
  stages: [
    { stage: 'light', start: at('2026-03-01T17:14:00Z'), end: at('2026-03-01T19:02:00Z') },
    { stage: 'awake', start: at('2026-03-01T19:02:00Z'), end: at('2026-03-01T19:09:00Z') },
    { stage: 'deep', start: at('2026-03-01T19:09:00Z'), end: at('2026-03-02T00:31:00Z') },
    { stage: 'awake', start: at('2026-03-02T00:31:00Z'), end: at('2026-03-02T00:52:00Z') },
  ],
  efficiencyPercent: 91.5,
  averageHeartRate: 53.7,
  averageHrvRmssd: 61.2,
  averageSpo2: 96.4,
});
const NAP = makeSleep({
  date: '2026-03-02',
  from: '2026-03-02T08:00:00Z',
  to: '2026-03-02T08:27:00Z',
  asleepSeconds: 1_260,
});
const DAY = makeDay({
  date: '2026-03-02',
  series: [
    makeSeries('heart_rate', {
      '2026-03-01T18:35:00Z': 58,
      '2026-03-02T06:05:00Z': 71,
      '2026-03-02T06:10:00Z': 74,
    }),
    makeSeries('heart_rate_variability_rmssd', { '2026-03-01T20:00:00Z': 63 }),
  ],
  daily: [{ code: 'resting_heart_rate', date: '2026-03-02', value: 51.6 }],
  sleeps: [NIGHT, NAP],
  scores: [
    {
      category: 'recovery',
      date: '2026-03-02',
      value: 77.5,
      scaleMax: 10,
      qualifier: 'good',
      components: { rest: { value: 82, qualifier: null } },
    },
    { category: 'activity', date: '2026-03-02', value: 65, qualifier: null, components: null },
  ],
});
const NEXT_DAY = makeDay({
  date: '2026-03-03',
  sleeps: [makeSleep({ date: '2026-03-03', from: '2026-03-02T17:00:00Z', to: '2026-03-03T01:06:00Z' })],
});

describe('health data over REST', () => {
  let server: TestApp;
  let wearer: Awaited<ReturnType<typeof addWearer>>;

  beforeAll(async () => {
    server = await startApp();
    wearer = await addWearer(server.app.get(DataSource));
    await write(DAY);
    await write(NEXT_DAY);
  });
  afterAll(() => server?.close());

  async function write(day: NormalizedDay, target = wearer) {
    const database = server.app.get(DataSource);
    await foldDay(database, target, day);
  }
  const get = (path: string, userId = wearer.userId) =>
    server.request('GET', `/api/v1/users/${userId}/${path}`);
  const read = async (path: string) => {
    const { status, body } = await get(path);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  };

  it('reads a time series', async () => {
    const { status, headers, body } = await get(
      'timeseries?types=heart_rate&start_time=2026-03-01&end_time=2026-03-02&limit=2',
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const rest = {
      type: 'heart_rate',
      unit: 'bpm',
      source: SOURCE,
      is_daily_total: null,
      zone_offset: '+05:30',
    };
    expect(body).toEqual({
      data: [
        { timestamp: '2026-03-01T18:35:00Z', value: 58, ...rest },
        { timestamp: '2026-03-02T06:05:00Z', value: 71, ...rest },
      ],
      pagination: { next_cursor: expect.any(String), previous_cursor: null, has_more: true, total_count: 3 },
      metadata: {
        resolution: null,
        sample_count: 2,
        start_time: '2026-03-01T00:00:00Z',
        end_time: '2026-03-03T00:00:00Z',
      },
    });
  });

  it('takes types as a repeated parameter, times as Unix seconds, and the cursor of a page', async () => {
    const range = `start_time=${at('2026-03-01T18:30:00Z') / 1_000}&end_time=${at('2026-03-02T18:30:00Z') / 1_000}.0`;
    const query = `timeseries?types=heart_rate&types=heart_rate_variability_sdnn&types=resting_heart_rate&${range}&limit=3`;
    const first = await read(query);
    const second = await read(`${query}&cursor=${first.pagination.next_cursor}`);
    const values = [...first.data, ...second.data].map(({ type, value }) => [type, value]);
    expect(values).toEqual([
      ['heart_rate', 58],
      ['heart_rate_variability_rmssd', 63],
      ['heart_rate', 71],
      ['heart_rate', 74],
      ['resting_heart_rate', 51.6],
    ]);
    expect(second.pagination).toMatchObject({ next_cursor: null, has_more: false, total_count: null });
    const back = await read(`${query}&cursor=${second.pagination.previous_cursor}`);
    expect(back.data).toEqual(first.data);
  });

  it('keeps large replies apart that wait for their turn', async () => {
    const database = server.app.get(DataSource);
    const wearers = await Promise.all(
      [41, 62, 83].map(async (value) => {
        const other = await addWearer(database);
        const instants = Array.from(
          { length: 4_000 },
          (_, index) => at('2026-03-01T18:30:00Z') + index * 20_000,
        );
        const series = [{ code: 'heart_rate' as const, instants, values: instants.map(() => value) }];
        await write(makeDay({ date: '2026-03-02', series }), other);
        return { ...other, value };
      }),
    );
    // Requests sent in a row on one connection are answered in their order: all but the first have to wait.
    const asked = [...wearers, ...wearers, ...wearers];
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const requests = asked.map(({ userId }, index) => [
      `GET /api/v1/users/${userId}/timeseries?start_time=2026-03-01&end_time=2026-03-03&limit=10000 HTTP/1.1`,
      `Host: localhost`,
      `X-API-Key: ${server.apiKey}`,
      `Connection: ${index === asked.length - 1 ? 'close' : 'keep-alive'}`,
    ]);
    socket.write(requests.map((lines) => `${lines.join('\r\n')}\r\n\r\n`).join(''));
    const replies = (await text(socket)).split('HTTP/1.1 200 OK').slice(1);
    const values = replies.map((reply) => {
      const { data } = JSON.parse(reply.slice(reply.indexOf('\r\n\r\n')));
      return [data.length, ...new Set(data.map((item: { value: number }) => item.value))];
    });
    expect(values).toEqual(asked.map(({ value }) => [4_000, value]));
  });

  it('lists sleeps with their hypnogram, the latest first', async () => {
    const { data, pagination, metadata } = await read(
      'events/sleep?start_date=2026-03-01&end_date=2026-03-04&filter_by_priority=true',
    );
    expect(data.map(({ is_nap, start_time }: Record<string, unknown>) => [start_time, is_nap])).toEqual([
      ['2026-03-02T17:00:00Z', false],
      ['2026-03-02T08:00:00Z', true],
      ['2026-03-01T17:14:00Z', false],
    ]);
    expect(data[2]).toEqual({
      id: expect.any(String),
      start_time: '2026-03-01T17:14:00Z',
      end_time: '2026-03-02T00:52:00Z',
      zone_offset: '+05:30',
      source: SOURCE,
      duration_seconds: 27_480,
      sleep_duration_seconds: 25_140,
      efficiency_percent: 91.5,
      stages: { awake_minutes: 39, light_minutes: 230, deep_minutes: 82, rem_minutes: 107 },
      sleep_stage_intervals: [
        { stage: 'light', start_time: '2026-03-01T17:14:00Z', end_time: '2026-03-01T19:02:00Z' },
        { stage: 'awake', start_time: '2026-03-01T19:02:00Z', end_time: '2026-03-01T19:09:00Z' },
        { stage: 'deep', start_time: '2026-03-01T19:09:00Z', end_time: '2026-03-02T00:31:00Z' },
        { stage: 'awake', start_time: '2026-03-02T00:31:00Z', end_time: '2026-03-02T00:52:00Z' },
      ],
      is_nap: false,
    });
    expect(data[1]).toMatchObject({ stages: null, sleep_stage_intervals: null, efficiency_percent: null });
    expect(pagination).toEqual({ next_cursor: null, previous_cursor: null, has_more: false, total_count: 3 });
    expect(metadata).toMatchObject({ start_time: '2026-03-01T00:00:00Z', end_time: '2026-03-04T00:00:00Z' });
  });

  it('compares the start of a sleep with the start of the range and its end with the end', async () => {
    const starts = async (start: string, end: string) =>
      (await read(`events/sleep?start_date=${start}&end_date=${end}`)).data.map(
        ({ start_time }: { start_time: string }) => start_time,
      );
    expect(await starts('2026-03-01T17:14:00Z', '2026-03-02T00:52:01Z')).toEqual(['2026-03-01T17:14:00Z']);
    expect(await starts('2026-03-01T17:14:00Z', '2026-03-02T00:52:00Z')).toEqual([]);
    expect(await starts('2026-03-01T17:14:01Z', '2026-03-02T00:52:01Z')).toEqual([]);
  });

  it.each(['events/sleep', 'summaries/sleep', 'summaries/recovery'])(
    'pages %s forth and back',
    async (path) => {
      const query = `${path}?start_date=2026-03-01&end_date=2026-03-05&limit=1`;
      const pages = [await read(query)];
      while (pages.at(-1).pagination.next_cursor !== null)
        pages.push(await read(`${query}&cursor=${pages.at(-1).pagination.next_cursor}`));
      const all = (await read(`${path}?start_date=2026-03-01&end_date=2026-03-05`)).data;
      expect(pages.flatMap(({ data }) => data)).toEqual(all);
      const back = [pages.at(-1)];
      while (back[0].pagination.previous_cursor !== null)
        back.unshift(await read(`${query}&cursor=${back[0].pagination.previous_cursor}`));
      expect(back.flatMap(({ data }) => data)).toEqual(all);
    },
  );

  it('sums up the sleep of a date', async () => {
    const { data, pagination } = await read('summaries/sleep?start_date=2026-03-02&end_date=2026-03-03');
    expect(data).toEqual([
      {
        date: '2026-03-02',
        source: SOURCE,
        start_time: '2026-03-01T17:14:00Z',
        end_time: '2026-03-02T00:52:00Z',
        zone_offset: '+05:30',
        duration_minutes: 419,
        total_duration_minutes: 440,
        time_in_bed_minutes: 458,
        efficiency_percent: 91.5,
        stages: { awake_minutes: 39, light_minutes: 230, deep_minutes: 82, rem_minutes: 107 },
        interruptions_count: 1,
        nap_count: 1,
        nap_duration_minutes: 21,
        sessions: [
          {
            start_time: '2026-03-01T17:14:00Z',
            end_time: '2026-03-02T00:52:00Z',
            zone_offset: '+05:30',
            duration_minutes: 419,
            is_nap: false,
          },
          {
            start_time: '2026-03-02T08:00:00Z',
            end_time: '2026-03-02T08:27:00Z',
            zone_offset: '+05:30',
            duration_minutes: 21,
            is_nap: true,
          },
        ],
        avg_heart_rate_bpm: 54,
        avg_hrv_sdnn_ms: null,
        avg_hrv_rmssd_ms: 61.2,
        avg_respiratory_rate: null,
        avg_spo2_percent: 96.4,
      },
    ]);
    expect(pagination.total_count).toBeNull();
  });

  it('sums up the recovery of each date', async () => {
    const { data } = await read('summaries/recovery?start_date=2026-03-01&end_date=2026-03-10');
    expect(data).toEqual([
      {
        date: '2026-03-02',
        source: SOURCE,
        sleep_duration_seconds: 25_140,
        sleep_efficiency_percent: 91.5,
        resting_heart_rate_bpm: 52,
        avg_hrv_sdnn_ms: null,
        avg_hrv_rmssd_ms: 61.2,
        avg_spo2_percent: 96.4,
        recovery_score: 78,
      },
      {
        date: '2026-03-03',
        source: SOURCE,
        sleep_duration_seconds: null,
        sleep_efficiency_percent: null,
        resting_heart_rate_bpm: null,
        avg_hrv_sdnn_ms: null,
        avg_hrv_rmssd_ms: null,
        avg_spo2_percent: null,
        recovery_score: null,
      },
    ]);
  });

  it('lists health scores, the latest first, paged by offset', async () => {
    const activity = {
      id: expect.any(String),
      data_source_id: wearer.sourceId,
      provider: 'ring-maker',
      category: 'activity',
      value: 65,
      scale_max: 100,
      qualifier: null,
      recorded_at: '2026-03-02T12:00:00+05:30',
      zone_offset: '+05:30',
      components: null,
      event_record_id: null,
      formula_version: null,
    };
    const recovery = {
      ...activity,
      category: 'recovery',
      value: 77.5,
      scale_max: 10,
      qualifier: 'good',
      recorded_at: '2026-03-02T06:22:00+05:30',
      components: { rest: { value: 82, qualifier: null } },
    };
    expect((await read('health-scores?provider=ring-maker')).data).toEqual([activity, recovery]);
    expect((await read('health-scores?category=recovery&provider=ring-maker')).data).toEqual([recovery]);
    expect((await read('health-scores?provider=band-maker')).data).toEqual([]);
    expect((await read('health-scores?provider=ring-maker&end_date=2026-03-02T06:30:00Z')).data).toEqual([
      recovery,
    ]);
    const { data, pagination } = await read(
      'health-scores?provider=ring-maker&start_date=2026-03-02&end_date=2026-03-03&limit=1&offset=1',
    );
    expect(data).toEqual([recovery]);
    expect(pagination).toEqual({ next_cursor: null, previous_cursor: null, has_more: false, total_count: 2 });
  });

  it('answers an empty page of workouts', async () => {
    const query = 'start_date=1772300000&end_date=1772400000&record_type=run&sort_order=desc';
    expect(await read(`events/workouts?${query}`)).toMatchObject({
      data: [],
      pagination: { total_count: 0, has_more: false },
    });
  });

  it('takes the best of several devices for a date', async () => {
    const { userId } = wearer;
    const watch = await addWearer(server.app.get(DataSource), {
      userId,
      deviceType: 'watch',
      provider: 'watch-maker',
    });
    const [from, to] = ['2026-03-05T17:00:00Z', '2026-03-05T23:00:00Z'];
    await write(
      makeDay({
        date: '2026-03-06',
        sleeps: [makeSleep({ date: '2026-03-06', from, to: '2026-03-05T23:30:00Z' })],
      }),
    );
    await write(
      makeDay({ date: '2026-03-06', sleeps: [makeSleep({ date: '2026-03-06', from, to })] }),
      watch,
    );
    const range = 'start_date=2026-03-05&end_date=2026-03-07';
    const makers = async (path: string) =>
      (await read(path)).data.map(({ source }: { source: typeof SOURCE }) => source.provider);
    expect(await makers(`summaries/sleep?${range}`)).toEqual(['watch-maker']);
    expect(await makers(`events/sleep?${range}&filter_by_priority=true`)).toEqual(['watch-maker']);
    expect((await makers(`events/sleep?${range}`)).toSorted()).toEqual(['ring-maker', 'watch-maker']);
  });

  it('deletes a sleep for good', async () => {
    const path = 'events/sleep?start_date=2026-03-02T16:00:00Z&end_date=2026-03-04';
    const [{ id }] = (await read(path)).data;
    const remove = () => server.request('DELETE', `/api/v1/users/${wearer.userId}/events/sleep/${id}`);
    expect(await remove()).toMatchObject({ status: 204, body: null });
    expect(await remove()).toMatchObject({ status: 404, body: { detail: 'Sleep session not found' } });
    await write(NEXT_DAY);
    expect((await read(path)).data).toEqual([]);
  });

  const SLEEP = 'events/sleep?start_date=2026-03-01&end_date=2026-03-02';
  const SERIES = 'timeseries?start_time=2026-03-01&end_time=2026-03-02';
  it.each([
    ['timeseries', 'start_time must be given once'],
    [`${SERIES}&types=blood_temperature`, 'types must be one or more of heart_rate, '],
    [`${SERIES}&resolution=2min`, 'resolution must be one of raw, 1min, 5min, 15min, 1hour'],
    [`${SERIES}&limit=10001`, 'limit must be a whole number from 1 to 10000'],
    [`${SERIES}&limit=ten`, 'limit must be a whole number from 1 to 10000'],
    [`${SERIES}&cursor=bm90aGluZw==`, "Invalid cursor format: 'bm90aGluZw=='. Expected 'timestamp|id'."],
    [`${SERIES}&colour=red`, 'colour'],
    ['timeseries?start_time=2026-03-02&end_time=2026-03-01T12:00:00Z', 'must be later than start_time'],
    ['timeseries?start_time=yesterday&end_time=2026-03-01', "Invalid datetime format: 'yesterday'"],
    [`${SLEEP}&limit=1001`, 'limit must be a whole number from 1 to 1000'],
    [`${SLEEP}&filter_by_priority=perhaps`, 'filter_by_priority must be true or false'],
    [
      `summaries/sleep?start_date=2026-03-01&end_date=2026-03-02&cursor=${encodeURIComponent(Buffer.from('0000-01-01|x').toString('base64'))}`,
      'Invalid cursor format',
    ],
    [`${SLEEP}&cursor=x`, "Invalid cursor format: 'x'"],
    ['events/sleep?start_date=2026-03-02&end_date=2026-03-02', 'must be later than start_date'],
    ['events/workouts?start_date=2026-03-02', 'end_date must be given once'],
    ['summaries/recovery?start_date=2026-03-02&end_date=2026-03-01', 'must be later than start_date'],
    ['health-scores?category=mood', 'category must be one of sleep, recovery, '],
    ['health-scores?offset=-1', 'offset must be a whole number, 0 or more'],
    ['health-scores?start_date=2026-03-02&end_date=2026-03-01', 'must be later than start_date'],
  ])('refuses %s', async (path, detail) => {
    const { status, body } = await get(path);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(detail) },
    });
  });

  it.each([
    SERIES,
    SLEEP,
    SLEEP.replace('sleep', 'workouts'),
    SLEEP.replace('events', 'summaries'),
    'health-scores',
  ])('knows no %s of an unknown user, however many ask at once', async (path) => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => get(path, NOBODY)));
    for (const { status, body } of answers)
      expect({ status, detail: body.detail }).toEqual({
        status: 404,
        detail: `User with ID: ${NOBODY} not found.`,
      });
  });

  it('needs the scope write to delete, and a UUID', async () => {
    const path = `/api/v1/users/${wearer.userId}/events/sleep`;
    expect(await server.request('DELETE', `${path}/night`)).toMatchObject({ status: 400 });
    expect(await server.request('DELETE', `${path}/${NOBODY}`)).toMatchObject({ status: 404 });
    const { key } = await server.app
      .get(ApiKeysService)
      .create({ name: 'reader', scopes: ['read'], environment: 'test' });
    expect(await server.request('DELETE', `${path}/${NOBODY}`, { key })).toMatchObject({ status: 403 });
  });
});
