import { PERSONAS } from '../life/personas';
import { RunningSimulator, startSimulator } from '../server';
import { bodyOf, DemoClient } from '../testing/demo-client';
import { DayTruth } from '../truth/day-truth';
import { Point } from './entry';

/** Every field any metric may have; which of them are there is what the specs ask. */
interface Metric extends SleepObject {
  day_start_timestamp?: number;
  values?: Point[];
  value?: number | null;
  total?: number;
}

interface EnvelopeOne {
  data: { metric_data: Entry[]; latest_time_zone: string };
  error: null;
  status: number;
}

interface Entry {
  type: string;
  object: Metric;
}

interface SleepObject {
  bedtime_start: number;
  bedtime_end: number;
  quick_metrics: { type: string; value: number }[];
  sleep_stages: { type: string; stage_time: number; percentage: number }[];
  sleep_graph: { data: { start: number; end: number; type: string }[] };
  hr_graph: { data: Point[] };
  hrv_graph: { data: Point[] };
  toss_turn: { value: number };
}

/** No weekend, on which some leave the ring at home. */
const wednesday = '2026-06-17';

describe('metrics?date=', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;
  const access = new Map<number, string>();

  beforeAll(async () => {
    simulator = await startSimulator({ now: '2026-06-30T18:00:00Z', uiNoise: false });
    client = new DemoClient(simulator.url);
    for (const { id: user } of PERSONAS) access.set(user, (await client.connect(user)).access_token);
  });
  afterAll(() => simulator.close());

  const fetchDay = async (user: number, date: string) => {
    const answer = await client.day(date, access.get(user) ?? '');
    expect(answer.status).toBe(200);
    return bodyOf<EnvelopeOne>(answer);
  };
  const truthOf = async (user: number, date: string) => {
    const answer = await client.control('GET', `truth?user=${user}&from=${date}&to=${date}`);
    return (await bodyOf<{ days: DayTruth[] }>(answer)).days[0];
  };
  const find = (entries: Entry[], type: string) => entries.find((entry) => entry.type === type)?.object;
  const points = (entries: Entry[], type: string) => find(entries, type)?.values ?? [];

  it('wraps a day in E1, or in E2 on demand', async () => {
    const one = await fetchDay(1001, '2026-06-20');
    expect(one).toMatchObject({ data: { latest_time_zone: 'Asia/Kolkata' }, error: null, status: 200 });
    await client.control('POST', 'envelope', { envelope: 'e2' });
    const two: unknown = await (await client.day('2026-06-20', access.get(1001) ?? '')).json();
    await client.control('POST', 'envelope', { envelope: 'e1' });
    expect(two).toEqual({
      data: { metrics: { '2026-06-20': one.data.metric_data }, latest_time_zone: 'Asia/Kolkata' },
      error: null,
      status: 'ok',
    });
  });

  it.each([
    [1001, '2026-06-20', '2026-06-19T18:30:00Z'],
    [1002, '2026-06-20', '2026-06-20T07:00:00Z'],
    [1003, '2026-03-29', '2026-03-28T23:00:00Z'],
    [1008, '2026-06-20', '2026-06-19T13:30:00Z'],
    [1013, '2026-06-20', '2026-06-19T18:15:00Z'],
  ])('stamps the local midnight of %i on %s', async (user, date, midnight) => {
    const { data } = await fetchDay(user, date);
    const starts = data.metric_data
      .filter(({ type }) => type.toLowerCase() !== 'sleep')
      .map(({ object }) => object.day_start_timestamp);
    expect(new Set(starts)).toEqual(new Set([Date.parse(midnight) / 1000]));
  });

  it.each([1001, 1002, 1003, 1006, 1008, 1013])(
    'says what is true of %i: counts, totals, scalars',
    async (user) => {
      const truth = await truthOf(user, wednesday);
      const entries = (await fetchDay(user, wednesday)).data.metric_data;
      for (const kind of ['hr', 'hrv', 'temp', 'steps', 'spo2', 'night_rhr', 'glucose'] as const) {
        const pairs = points(entries, kind).map(({ timestamp, value }) => [timestamp, value]);
        expect(pairs).toEqual(truth.samples[kind]);
      }
      const total = points(entries, 'steps').reduce((sum, { value }) => sum + value, 0);
      expect(find(entries, 'steps')?.total).toBe(total);
      expect(total).toBe(truth.steps_total);
      const scalars: [string, number | null][] = [
        ['sleep_rhr', truth.resting_hr],
        ['avg_sleep_hrv', truth.sleeps.find(({ nap }) => !nap)?.avg_hrv ?? null],
        ['recovery_index', truth.recovery],
        ['movement_index', truth.movement],
        ['vo2_max', truth.vo2max],
        ['active_minutes', truth.active_minutes],
        ['average_glucose', truth.metabolic?.average_glucose ?? null],
      ];
      for (const [type, value] of scalars) expect([type, find(entries, type)?.value]).toEqual([type, value]);
    },
  );

  it('tells the night as a Sleep entry whose parts agree', async () => {
    const truth = await truthOf(1003, '2026-06-20');
    const entries = (await fetchDay(1003, '2026-06-20')).data.metric_data;
    const sleep = find(entries, 'Sleep');
    if (!sleep) throw new Error('no Sleep entry');
    const inBed = sleep.bedtime_end - sleep.bedtime_start;
    const stageTime = Object.fromEntries(
      sleep.sleep_stages.map(({ type, stage_time }) => [type, stage_time]),
    );
    const quick = Object.fromEntries(sleep.quick_metrics.map(({ type, value }) => [type, value]));
    const asleep = stageTime.deep_sleep + stageTime.light_sleep + stageTime.rem_sleep;
    expect(asleep + stageTime.awake).toBe(inBed);
    expect(quick).toMatchObject({ time_in_bed: inBed, total_sleep: asleep });
    expect(quick.sleep_efic).toBe(Math.round((100 * asleep) / inBed));
    expect(sleep.sleep_graph.data[0]).toMatchObject({ start: sleep.bedtime_start, type: 'awake' });
    const drawn = new Map<string, number>();
    for (const { start, end, type } of sleep.sleep_graph.data)
      drawn.set(type, (drawn.get(type) ?? 0) + end - start);
    expect(Object.fromEntries(drawn)).toEqual(stageTime);
    expect(sleep.hr_graph.data.length).toBeGreaterThan(inBed / 300 - 3);
    expect(sleep.hrv_graph.data.every(({ value }) => (value * 4) % 1 === 0)).toBe(true);
    expect(sleep.toss_turn.value).toBe(truth.sleeps[0].toss_turns);
  });

  it('carries the trappings of a screen and about 50 KiB a day', async () => {
    const text = JSON.stringify(await fetchDay(1001, '2026-06-20'));
    expect(text).toContain('<b><small>h</small></b>');
    expect(text).toContain('ultrahuman://');
    expect(text.length).toBeGreaterThan(35_000);
    expect(text.length).toBeLessThan(90_000);
  });

  it('answers metabolic scores with null where there is no sensor', async () => {
    const entries = (await fetchDay(1001, '2026-06-20')).data.metric_data;
    expect(find(entries, 'metabolic_score')).toHaveProperty('value', null);
    expect(find(entries, 'glucose')).toBeUndefined();
  });

  it('leaves out what the grant does not cover', async () => {
    const types = async (scopes: string[]) => {
      const answer = await client.day('2026-06-20', (await client.connect(1003, scopes)).access_token);
      return (await bodyOf<EnvelopeOne>(answer)).data.metric_data.map(({ type }) => type);
    };
    expect(await types(['ring_data'])).not.toContain('glucose');
    expect(await types(['ring_data'])).toContain('Sleep');
    expect(await types(['cgm_data'])).toEqual(expect.arrayContaining(['glucose', 'hba1c']));
    expect(await types(['cgm_data'])).not.toContain('hr');
    const neither = await client.day('2026-06-20', (await client.connect(1003, ['profile'])).access_token);
    expect([neither.status, await neither.text()]).toEqual([403, '']);
  });

  it.each([
    ['a future date', '2026-07-02'],
    ['a date before the account', '2019-01-01'],
  ])('answers %s as not found', async (_, date) => {
    const answer = await client.day(date, access.get(1001) ?? '');
    expect([answer.status, await answer.json()]).toEqual([404, { status: 404, error: 'Not Found' }]);
  });

  it('begins with the account: the newcomer has three days', async () => {
    const statuses = [];
    for (const date of ['2026-06-28', '2026-06-29', '2026-06-30', '2026-07-01', '2026-07-02'])
      statuses.push((await client.day(date, access.get(1009) ?? '')).status);
    // Six in the evening in Greenwich is six in the morning of the first of July in Auckland.
    expect(statuses).toEqual([404, 200, 200, 200, 404]);
  });

  it('never names a zone where none arrives, not even in the profile', async () => {
    const text = await (await client.day('2026-06-20', access.get(1013) ?? '')).text();
    expect(text).not.toContain('latest_time_zone');
    const profile = await client.get('v1/user_data/user_info', access.get(1013) ?? '');
    expect(await profile.json()).toEqual({
      id: 1013,
      user_id: 1013,
      first_name: expect.any(String),
      last_name: expect.any(String),
      email: expect.stringContaining('@'),
    });
  });

  it('tells each sleep of a date, in the case the account is used to', async () => {
    const truths = simulator.control.truth(1006, '2026-06-15', '2026-06-21');
    const [truth] = truths.filter(({ sleeps }) => sleeps.length > 1);
    const pieces = await fetchDay(1006, truth.date);
    const sleeps = pieces.data.metric_data.filter(({ type }) => type === 'Sleep');
    expect(sleeps.map(({ object }) => object.bedtime_start)).toEqual(truth.sleeps.map(({ start }) => start));
    const lower = await fetchDay(1008, wednesday);
    expect(find(lower.data.metric_data, 'sleep')).toBeDefined();
    expect(find(lower.data.metric_data, 'Sleep')).toBeUndefined();
  });

  it('has an answer for every persona', async () => {
    for (const { id } of PERSONAS) {
      const { data } = await fetchDay(id, '2026-06-30');
      expect([id, data.metric_data.length > 10]).toEqual([id, true]);
    }
  });

  it('wants a date', async () => {
    for (const date of ['', 'yesterday', '2026-02-30']) {
      expect((await client.day(date, access.get(1001) ?? '')).status).toBe(400);
    }
  });

  it('repeats the day before and nothing else until the wake-up', async () => {
    await client.control('POST', 'clock', { now: '2026-06-30T01:30:00+05:30' });
    const { data } = await fetchDay(1001, '2026-06-30');
    await client.control('POST', 'clock', { reset: true });
    expect(data.metric_data.map(({ type }) => type)).toEqual(['sleep_rhr', 'vo2_max']);
  });
});
