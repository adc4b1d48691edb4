import { startSimulator, type RunningSimulator } from '../simulator/server';
import type { DayTruth } from '../simulator/truth/day-truth';
import { startApp, type TestApp } from './support/app';
import { syncFinished } from './support/sync-finished';
import { connectPersona, simulatedBy } from './support/vendor-connection';

const DAYS = 30;
const seconds = (text: string) => Date.parse(text) / 1_000;
const dateAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** Connect, backfill, read back: what REST serves equals the life that the simulator made before it encoded it. */
describe.each([
  [1001, 'Asia/Kolkata'],
  [1002, 'America/Los_Angeles'],
  [1003, 'Europe/Berlin'],
])('the main job for persona %i in %s', (persona) => {
  let simulator: RunningSimulator;
  let server: TestApp;
  let user: string;
  let run: Record<string, unknown>;
  let truth: DayTruth[];

  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({ ...simulatedBy(simulator), SYNC_TICK: '100ms' });
    user = await connectPersona(server, persona);
    run = await syncFinished(server, user);
    truth = simulator.control.truth(persona, dateAgo(DAYS - 1), dateAgo(1));
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });

  it('backfills by itself after the sign-in', () => {
    expect(run).toMatchObject({
      provider: 'ultrahuman',
      source: 'backfill',
      status: 'success',
      stage: 'completed',
    });
  });

  const read = async (path: string) => (await server.request('GET', `/api/v1/users/${user}/${path}`)).body;

  async function samples(type: string, { day_start, day_end }: DayTruth): Promise<[number, number][]> {
    const [from, to] = [day_start, day_end].map((at) => new Date(at * 1_000).toISOString());
    // A bare midnight end would include the next day: one second less leaves out nothing, no sample falls there.
    const { data } = await read(
      `timeseries?types=${type}&start_time=${from}&end_time=${Date.parse(to) / 1_000 - 0.5}&limit=10000`,
    );
    return data
      .filter((item: { is_daily_total: boolean | null }) => item.is_daily_total !== true)
      .map(({ timestamp, value }: { timestamp: string; value: number }) => [seconds(timestamp), value]);
  }

  it.each([
    ['heart_rate', 'hr'],
    ['heart_rate_variability_rmssd', 'hrv'],
    ['skin_temperature', 'temp'],
    ['steps', 'steps'],
  ] as const)('serves every sample of %s, and none that was not measured', async (type, key) => {
    for (const day of truth)
      expect(await samples(type, day)).toEqual(day.samples[key].map(([at, value]) => [at, value]));
  });

  it('serves the daily values under their local dates', async () => {
    const { data } = await read(
      `timeseries?types=steps&types=resting_heart_rate&types=vo2_max&start_time=${dateAgo(DAYS)}&end_time=${dateAgo(-1)}&limit=10000`,
    );
    const daily = new Map<string, number>();
    for (const item of data)
      if (item.is_daily_total === true) daily.set(`${item.type} ${localDate(item)}`, item.value);
    for (const { date, steps_total, resting_hr, vo2max } of truth) {
      expect([date, daily.get(`steps ${date}`)]).toEqual([date, steps_total]);
      expect([date, daily.get(`resting_heart_rate ${date}`) ?? null]).toEqual([date, resting_hr]);
      expect([date, daily.get(`vo2_max ${date}`) ?? null]).toEqual([date, vo2max]);
    }
  });

  it('serves every night with its stages and its hypnogram', async () => {
    const { data } = await read(
      `events/sleep?start_date=${dateAgo(DAYS)}&end_date=${dateAgo(-1)}&limit=1000`,
    );
    const byStart = new Map(data.map((item: { start_time: string }) => [seconds(item.start_time), item]));
    const nights = truth.flatMap(({ sleep }) => (sleep === null ? [] : [sleep]));
    expect(nights.length).toBeGreaterThan(20);
    for (const night of nights)
      expect(byStart.get(night.start)).toMatchObject({
        end_time: new Date(night.end * 1_000).toISOString().replace('.000', ''),
        sleep_duration_seconds: night.asleep_seconds,
        efficiency_percent: night.efficiency,
        stages: {
          deep_minutes: Math.round(night.stage_seconds.deep / 60),
          light_minutes: Math.round(night.stage_seconds.light / 60),
          rem_minutes: Math.round(night.stage_seconds.rem / 60),
          awake_minutes: Math.round(night.stage_seconds.awake / 60),
        },
        sleep_stage_intervals: night.stages.map(({ stage, start, end }) => ({
          stage,
          start_time: new Date(start * 1_000).toISOString().replace('.000', ''),
          end_time: new Date(end * 1_000).toISOString().replace('.000', ''),
        })),
        is_nap: false,
      });
  });

  it('serves the scores under their local dates', async () => {
    const { data } = await read(
      `health-scores?start_date=${dateAgo(DAYS)}&end_date=${dateAgo(-1)}&limit=1000`,
    );
    const scores = new Map<string, number>();
    for (const item of data)
      scores.set(`${item.category} ${localDate({ ...item, timestamp: item.recorded_at })}`, item.value);
    for (const { date, sleep, recovery, movement, metabolic } of truth) {
      expect([date, scores.get(`recovery ${date}`) ?? null]).toEqual([date, recovery]);
      expect([date, scores.get(`activity ${date}`) ?? null]).toEqual([date, movement]);
      expect([date, scores.get(`metabolic ${date}`) ?? null]).toEqual([date, metabolic?.score ?? null]);
      expect([date, scores.get(`sleep ${date}`) ?? null]).toEqual([date, sleep?.score ?? null]);
    }
  });

  it('writes no row of health data when the same month comes again', async () => {
    const rows = () =>
      server.sql(
        `SELECT 'series' AS kind, count(*), max(xmin::text::bigint) FROM series_day UNION ALL
         SELECT 'daily', count(*), max(xmin::text::bigint) FROM daily_value UNION ALL
         SELECT 'sleep', count(*), max(xmin::text::bigint) FROM sleep_session UNION ALL
         SELECT 'score', count(*), max(xmin::text::bigint) FROM score`,
      );
    const before = await rows();
    // Yesterday and before: today's answer grows while the test runs.
    const sync = await server.request(
      'POST',
      `/api/v1/providers/ultrahuman/users/${user}/sync?summary_start_time=${dateAgo(DAYS)}&summary_end_time=${dateAgo(2)}`,
    );
    expect(sync.body).toMatchObject({
      success: true,
      async: true,
      run_id: expect.stringMatching(/^pull_[0-9a-f]{16}$/),
    });
    expect(await syncFinished(server, user)).toMatchObject({ status: 'success' });
    expect(await rows()).toEqual(before);
  });
});

/** The calendar date that an item's own offset gives. */
function localDate({ timestamp, zone_offset }: { timestamp: string; zone_offset: string }): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone_offset)!;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(Date.parse(timestamp) + offset).toISOString().slice(0, 10);
}
