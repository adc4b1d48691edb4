import { DataSource } from 'typeorm';
import type { SeriesSamples, SleepSession } from '../src/health-data/canonical';
import { startApp, type TestApp } from './support/app';
import { addWearer, foldDay, makeDay, makeSeries, makeSleep } from './support/health-data';

const DAY_MS = 86_400_000;
const dateOf = (index: number) =>
  new Date(Date.parse('2026-03-02') + index * DAY_MS).toISOString().slice(0, 10);

/** From 23:00 to 06:30 at +05:30, seven hours of it asleep. */
const nightOf = (date: string, more: Partial<SleepSession> = {}): SleepSession =>
  makeSleep({
    date,
    from: new Date(Date.parse(`${date}T17:30:00Z`) - DAY_MS).toISOString(),
    to: `${date}T01:00:00Z`,
    asleepSeconds: 7 * 3_600,
    efficiencyPercent: 93,
    ...more,
  });

const DATES = Array.from({ length: 7 }, (_, index) => dateOf(index));
const RANGE = `start_date=${DATES[0]}&end_date=${dateOf(8)}`;

describe('our own scores over REST', () => {
  let server: TestApp;
  let ring: Awaited<ReturnType<typeof addWearer>>;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    ring = await addWearer(server.app.get(DataSource), { provider: 'ring-maker' });
  });

  const write = (
    date: string,
    sleeps: SleepSession[],
    { wearer = ring, series = [] as SeriesSamples[] } = {},
  ) =>
    foldDay(
      server.app.get(DataSource),
      wearer,
      makeDay({
        date,
        sleeps,
        series,
        scores: [{ category: 'sleep', date, value: 61, qualifier: null, components: null }],
      }),
    );
  const read = async (path: string) => {
    const { status, body } = await server.request('GET', `/api/v1/users/${ring.userId}/${path}`);
    expect({ path, status }).toEqual({ path, status: 200 });
    return body.data;
  };
  const brief = (scores: { recorded_at: string; value: number }[]) =>
    scores.map(({ recorded_at, value }) => [recorded_at.slice(0, 10), value]);

  it('stand beside those of the provider, with what they are made of', async () => {
    for (const [index, date] of DATES.entries())
      await write(date, [nightOf(date, { averageHrvRmssd: 50 + 5 * (index % 2) })]);
    const scores = await read(`health-scores?${RANGE}&limit=1000`);
    const [date] = DATES.slice(-1);
    const [sleep] = await read(`events/sleep?start_date=${dateOf(5)}&end_date=${dateOf(7)}`);
    const common = {
      id: expect.any(String),
      data_source_id: ring.sourceId,
      qualifier: null,
      recorded_at: `${date}T06:30:00+05:30`,
      zone_offset: '+05:30',
    };
    const component = (value: number | null) => ({ value, qualifier: null });
    const own = { ...common, provider: 'internal', formula_version: 1 };
    const latest = scores.filter(({ recorded_at }: typeof common) => recorded_at.startsWith(date));
    expect(latest).toHaveLength(3);
    expect(latest).toEqual(
      expect.arrayContaining([
        {
          ...common,
          provider: 'ring-maker',
          category: 'sleep',
          value: 61,
          scale_max: 100,
          components: null,
          event_record_id: sleep.id,
          formula_version: null,
        },
        {
          ...own,
          category: 'sleep',
          value: 100,
          scale_max: 100,
          components: {
            duration: component(100),
            stages: component(null),
            consistency: component(100),
            interruptions: component(100),
          },
          event_record_id: sleep.id,
        },
        {
          ...own,
          category: 'resilience',
          // 50, 55, 50, 55, 50, 55, 50: a deviation of 2.673 about 52.14.
          value: 0.051,
          scale_max: 1,
          components: { resilience_score: component(100) },
          event_record_id: null,
        },
      ]),
    );
    expect(brief(await read(`health-scores?${RANGE}&category=resilience`))).toEqual([
      [dateOf(6), 0.051],
      [dateOf(5), 0.052],
      [dateOf(4), 0.053],
    ]);
    expect(await read(`health-scores?${RANGE}&provider=internal`)).toHaveLength(10);
    const second = await read(`health-scores?${RANGE}&provider=internal&limit=3&offset=3`);
    expect(second).toEqual((await read(`health-scores?${RANGE}&provider=internal`)).slice(3, 6));
  });

  it('follow when a night is deleted, or told otherwise', async () => {
    for (const date of DATES) await write(date, [nightOf(date, { averageHrvRmssd: 60 })]);
    const deep = `health-scores?${RANGE}&provider=internal&category=resilience`;
    expect(brief(await read(deep))).toEqual([
      [dateOf(6), 0],
      [dateOf(5), 0],
      [dateOf(4), 0],
    ]);
    const [{ id }] = await read(`events/sleep?start_date=${dateOf(0)}&end_date=${dateOf(2)}`);
    const path = `/api/v1/users/${ring.userId}/events/sleep/${id}`;
    expect(await server.request('DELETE', path)).toMatchObject({ status: 204 });
    // The second night is gone: the fifth date has four nights to look at.
    expect(brief(await read(deep))).toEqual([
      [dateOf(6), 0],
      [dateOf(5), 0],
    ]);
    const scores = await read(`health-scores?${RANGE}&category=sleep&limit=100`);
    const gone = scores.filter((it: { recorded_at: string }) => it.recorded_at.startsWith(dateOf(1)));
    expect(gone).toMatchObject([{ provider: 'ring-maker', event_record_id: null }]);
    await write(dateOf(2), [nightOf(dateOf(2), { averageHrvRmssd: 120 })]);
    expect(brief(await read(deep))).toEqual([
      [dateOf(6), 0.35],
      [dateOf(5), 0.373],
    ]);
  });

  it('are one a date, of the source that counts', async () => {
    const watch = await addWearer(server.app.get(DataSource), {
      userId: ring.userId,
      provider: 'watch-maker',
      deviceType: 'watch',
    });
    const [date] = DATES;
    await write(date, [nightOf(date)]);
    await write(date, [nightOf(date, { asleepSeconds: 6 * 3_600 })], { wearer: watch });
    const own = async () => {
      const scores = await read(`health-scores?${RANGE}&provider=internal`);
      return scores.map((it: Record<string, unknown>) => [it.data_source_id, it.value]);
    };
    expect(await own()).toEqual([[watch.sourceId, 67]]);
    const prefer = (ringPriority: number) =>
      server.asDeveloper('PUT', '/api/v1/priorities/device-types/ring', { body: { priority: ringPriority } });
    await prefer(1);
    await server.asDeveloper('PUT', '/api/v1/priorities/device-types/watch', { body: { priority: 2 } });
    expect(await own()).toEqual([[ring.sourceId, 100]]);
    await prefer(3);
    expect(await own()).toEqual([[watch.sourceId, 67]]);
  });

  it('averages what lies within a night, and nothing else of the day', async () => {
    const date = '2026-03-04';
    const heart = makeSeries('heart_rate', {
      '2026-03-03T17:29:59Z': 150,
      '2026-03-03T17:30:00Z': 50,
      '2026-03-03T23:10:00Z': 54,
      '2026-03-04T00:59:59Z': 61,
      '2026-03-04T01:00:00Z': 150,
      '2026-03-04T09:00:00Z': 150,
    });
    const hrv = makeSeries('heart_rate_variability_rmssd', {
      '2026-03-03T20:00:00Z': 40,
      '2026-03-04T00:30:00Z': 43,
      '2026-03-04T10:00:00Z': 150,
    });
    const spo2 = makeSeries('oxygen_saturation', { '2026-03-04T10:00:00Z': 99 });
    const graphs = { respiratory_rate: { instants: [1, 2], values: [14, 15] } };
    await write(date, [nightOf(date, { graphs })], { series: [heart, hrv, spo2] });
    const [summary] = await read('summaries/sleep?start_date=2026-03-04&end_date=2026-03-05');
    expect(summary).toMatchObject({
      stages: null,
      interruptions_count: null,
      efficiency_percent: 93,
      avg_heart_rate_bpm: 55,
      avg_hrv_sdnn_ms: null,
      avg_hrv_rmssd_ms: 41.5,
      avg_spo2_percent: null,
      avg_respiratory_rate: 14.5,
      nap_count: 0,
      nap_duration_minutes: 0,
    });
    const [recovery] = await read('summaries/recovery?start_date=2026-03-04&end_date=2026-03-05');
    expect(recovery).toMatchObject({ avg_hrv_rmssd_ms: 41.5, avg_spo2_percent: null, recovery_score: null });
    // What the provider tells of this very night counts for more.
    await write(date, [nightOf(date, { averageHeartRate: 57.2, averageHrvRmssd: 44 })]);
    const [told] = await read('summaries/sleep?start_date=2026-03-04&end_date=2026-03-05');
    expect(told).toMatchObject({ avg_heart_rate_bpm: 57, avg_hrv_rmssd_ms: 44, avg_respiratory_rate: 14.5 });
  });
});
