import { DataSource } from 'typeorm';
import type { SleepSession } from '../src/health-data/canonical';
import { startApp, type TestApp } from './support/app';
import { addWearer, foldDay, makeDay, makeSleep } from './support/health-data';

const at = (text: string) => Date.parse(text);
const stage = (
  stage: SleepSession['stages'][number]['stage'],
  from: string,
  to: string,
  tossTurns?: number,
) => ({
  stage,
  start: at(`2026-03-0${from}Z`),
  end: at(`2026-03-0${to}Z`),
  ...(tossTurns === undefined ? {} : { tossTurns }),
});

/** With everything that a provider may say of a sleep, no two numbers alike. */
const NIGHT = makeSleep({
  date: '2026-03-02',
  from: '2026-03-01T17:14:00Z',
  to: '2026-03-02T00:52:00Z',
  asleepSeconds: 25_140,
  stageSeconds: { awake: 2_340, light: 13_800, deep: 4_920, rem: 6_420 },
  stages: [
    stage('awake', '1T17:14:00', '1T17:23:30'),
    stage('light', '1T17:23:30', '1T19:02:00', 5),
    stage('awake', '1T19:02:00', '1T19:09:00'),
    stage('deep', '1T19:09:00', '2T00:31:00', 2),
    stage('awake', '2T00:31:00', '2T00:52:00'),
  ],
  efficiencyPercent: 91.5,
  averageHeartRate: 53.7,
  averageHrvRmssd: 61.2,
  averageSpo2: 96.4,
  graphs: {
    heart_rate: {
      instants: [at('2026-03-01T17:15:00Z'), at('2026-03-01T17:20:00Z')],
      values: [58.5, 57],
      statistics: { average: 54, min: 47, max: 73 },
      band: { low: 48, high: 62.5 },
      span: { start: at('2026-03-01T17:23:30Z'), end: at('2026-03-02T00:31:00Z') },
      marks: [
        { kind: 'lowest', at: at('2026-03-01T22:40:30Z') },
        { kind: null, at: at('2026-03-01T23:04:00Z') },
      ],
    },
    skin_temperature: { instants: [at('2026-03-01T18:01:30Z')], values: [34.82] },
    respiratory_rate: { instants: [at('2026-03-01T18:03:00Z')], values: [14.2] },
  },
  details: {
    timeInBedSeconds: 27_455,
    stagePercent: { awake: 8, light: 50, deep: 18, rem: 24 },
    restorativePercent: 42,
    fullCycles: 4,
    cycles: [{ start: at('2026-03-01T17:31:00Z'), end: at('2026-03-01T18:58:00Z'), full: true }],
    tossTurnCount: 17,
    movements: [{ at: at('2026-03-01T20:12:00Z'), intensity: 'vigorous' }],
    averageRestingHeartRate: 52.25,
    heartRateDrop: { at: at('2026-03-01T22:40:00Z'), value: 46 },
    beta: ['oxygen_saturation_sleep_avg', 'toss_turn_count'],
    provisional: true,
    // Left from an answer in which another sleep was the longest.
    aside: { score: 31, components: null, daily: {} },
  },
});
const NAP = makeSleep({
  date: '2026-03-02',
  from: '2026-03-02T11:00:00Z',
  to: '2026-03-02T12:09:00Z',
  details: {
    // Left from an answer in which this sleep was the longest.
    averageRestingHeartRate: 63,
    aside: {
      score: 52,
      components: { restfulness: { value: 66, qualifier: 'good' } },
      daily: { sleep_movements: 3, sleeping_skin_temperature: 34.6 },
    },
  },
});
const PLAIN = makeSleep({ date: '2026-03-02', from: '2026-03-02T08:00:00Z', to: '2026-03-02T08:27:00Z' });

const PLAIN_CURVE = { statistics: null, band: null, span: null, marks: null };
const NIGHT_DETAILS = {
  latency_seconds: 570,
  awakenings_count: 1,
  time_in_bed_seconds: 27_455,
  stage_percent: { awake: 8, light: 50, deep: 18, rem: 24 },
  restorative_percent: 42,
  full_cycles_count: 4,
  cycles: [{ start_time: '2026-03-01T17:31:00Z', end_time: '2026-03-01T18:58:00Z', full: true }],
  toss_turn_count: 17,
  movements: [{ timestamp: '2026-03-01T20:12:00Z', intensity: 'vigorous' }],
  avg_heart_rate_bpm: 53.7,
  avg_hrv_rmssd_ms: 61.2,
  avg_resting_heart_rate_bpm: 52.25,
  avg_spo2_percent: 96.4,
  heart_rate_drop: { timestamp: '2026-03-01T22:40:00Z', value_bpm: 46 },
  beta: ['avg_spo2_percent', 'toss_turn_count'],
  provisional: true,
  aside: null,
  graphs: {
    heart_rate: {
      unit: 'bpm',
      statistics: { average: 54, min: 47, max: 73 },
      band: { low: 48, high: 62.5 },
      span: { start_time: '2026-03-01T17:23:30Z', end_time: '2026-03-02T00:31:00Z' },
      marks: [
        { kind: 'lowest', timestamp: '2026-03-01T22:40:30Z' },
        { kind: null, timestamp: '2026-03-01T23:04:00Z' },
      ],
      timestamps: ['2026-03-01T17:15:00Z', '2026-03-01T17:20:00Z'],
      values: [58.5, 57],
    },
    skin_temperature: {
      unit: 'celsius',
      ...PLAIN_CURVE,
      timestamps: ['2026-03-01T18:01:30Z'],
      values: [34.82],
    },
    respiratory_rate: {
      unit: 'brpm',
      ...PLAIN_CURVE,
      timestamps: ['2026-03-01T18:03:00Z'],
      values: [14.2],
    },
  },
};
const NO_DETAILS = {
  ...Object.fromEntries(Object.keys(NIGHT_DETAILS).map((name) => [name, null])),
  beta: [],
  provisional: false,
  graphs: {},
};
const NAP_DETAILS = {
  ...NO_DETAILS,
  aside: {
    score: 52,
    components: { restfulness: { value: 66, qualifier: 'good' } },
    daily: [
      { type: 'sleep_movements', value: 3, unit: 'count' },
      { type: 'sleeping_skin_temperature', value: 34.6, unit: 'celsius' },
    ],
  },
};

describe('what is known of one sleep', () => {
  let server: TestApp;
  let wearer: Awaited<ReturnType<typeof addWearer>>;
  beforeAll(async () => {
    server = await startApp();
    const database = server.app.get(DataSource);
    wearer = await addWearer(database);
    await foldDay(database, wearer, makeDay({ date: '2026-03-02', sleeps: [NIGHT, PLAIN, NAP] }));
    const target = (date: string, value: number, high: number) =>
      makeDay({ date, daily: [{ code: 'glucose_time_in_target', date, value, target: { low: 70, high } }] });
    await foldDay(database, wearer, target('2026-03-03', 87.5, 140));
    await foldDay(database, wearer, target('2026-03-04', 91, 141));
    await foldDay(
      database,
      wearer,
      makeDay({ date: '2026-03-05', daily: [{ code: 'average_glucose', date: '2026-03-05', value: 103 }] }),
    );
  });
  afterAll(() => server?.close());

  const get = (path: string, userId = wearer.userId) =>
    server.request('GET', `/api/v1/users/${userId}/${path}`);
  const list = async (query = '') =>
    (await get(`events/sleep?start_date=2026-03-01&end_date=2026-03-04${query}`)).body.data;

  it('is left out of the list unless asked for', async () => {
    const [nap, , night] = await list();
    expect(Object.keys(night)).toEqual(Object.keys(nap));
    expect(night).not.toHaveProperty('details');
    expect(Object.keys(night.sleep_stage_intervals[1])).toEqual(['stage', 'start_time', 'end_time']);
  });

  it('comes with the list on request', async () => {
    const [nap, short, night] = await list('&include=details');
    const [, , plain] = await list();
    expect(night).toMatchObject({ ...plain, details: NIGHT_DETAILS });
    expect(night.details).toEqual(NIGHT_DETAILS);
    expect(short.details).toEqual(NO_DETAILS);
    expect(nap.details).toEqual(NAP_DETAILS);
    expect(night.sleep_stage_intervals.map((it: { toss_turns: number | null }) => it.toss_turns)).toEqual([
      null,
      5,
      null,
      2,
      null,
    ]);
  });

  it('comes with the sleep itself', async () => {
    const [, , night] = await list('&include=details');
    expect(await get(`events/sleep/${night.id}`)).toMatchObject({ status: 200, body: night });
  });

  it('is shown to the right user only, and as long as the sleep is there', async () => {
    const other = await addWearer(server.app.get(DataSource));
    const [, , { id }] = await list();
    const missing = { status: 404, body: { detail: 'Sleep session not found' } };
    expect(await get(`events/sleep/${id}`, other.userId)).toMatchObject(missing);
    expect(await get('events/sleep/night')).toMatchObject({ status: 400 });
    await server.request('DELETE', `/api/v1/users/${wearer.userId}/events/sleep/${id}`);
    expect(await get(`events/sleep/${id}`)).toMatchObject(missing);
    const [tombstone] = await server.app
      .get(DataSource)
      .query(`SELECT details, graphs, stages FROM sleep_session WHERE id = $1`, [id]);
    expect(tombstone).toEqual({ details: {}, graphs: {}, stages: [] });
  });

  it('refuses to include what it does not know', async () => {
    const answer = await get('events/sleep?start_date=2026-03-01&end_date=2026-03-04&include=dreams');
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('include must be details, or be left out') },
    });
  });

  it('shows the range that a share of the day is of, where there is one', async () => {
    const query =
      'types=glucose_time_in_target&types=average_glucose&start_time=2026-03-03&end_time=2026-03-05';
    const { data } = (await get(`timeseries?${query}`)).body;
    expect(data).toMatchObject([
      { value: 87.5, unit: 'percent', target_range: { low: 70, high: 140, unit: 'mg_dl' } },
      { value: 91, target_range: { low: 70, high: 141, unit: 'mg_dl' } },
      { value: 103, unit: 'mg_dl' },
    ]);
    expect(data[2]).not.toHaveProperty('target_range');
    const first = (await get(`timeseries?${query}&limit=1`)).body;
    const second = (await get(`timeseries?${query}&limit=1&cursor=${first.pagination.next_cursor}`)).body;
    expect([...first.data, ...second.data]).toEqual(data.slice(0, 2));
  });
});
