import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator, type RunningSimulator } from '../simulator/server';
import { startApp, type TestApp } from './support/app';
import { syncFinished } from './support/sync-finished';
import { connectPersona, simulatedBy } from './support/vendor-connection';

const PAYLOADS = join(__dirname, '..', '..', 'shared', 'payloads');

/**
 * Answers captured from the vendor, served by the simulator and read back through REST. The expectations were
 * worked out by hand from the files. The captures are not part of this repository: where they are not found beside
 * it, the fixtures next to the normalizers stand in.
 */
const describeWithPayloads = existsSync(PAYLOADS) ? describe : describe.skip;

describeWithPayloads('answers captured from the vendor', () => {
  let simulator: RunningSimulator;
  let server: TestApp;

  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({ ...simulatedBy(simulator), SYNC_TICK: '100ms' });
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });

  /** Syncs one date of the replayed folder for a fresh user. @returns a reader of that user's routes */
  async function replayed(date: string, persona: number, envelope: 'e1' | 'e2' = 'e1') {
    simulator.control.setEnvelope(envelope);
    simulator.control.replay({ dir: PAYLOADS, user: persona });
    const user = await connectPersona(server, persona);
    await syncFinished(server, user);
    const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
    const resync = async () => {
      const sync = await server.request(
        'POST',
        `/api/v1/providers/ultrahuman/users/${user}/sync?summary_start_time=${date}&summary_end_time=${next}`,
      );
      expect(sync.status).toBe(200);
      return syncFinished(server, user);
    };
    const run = await resync();
    const read = async (path: string) => (await server.request('GET', `/api/v1/users/${user}/${path}`)).body;
    const disconnect = async () => {
      simulator.control.replay({ user: persona });
      await server.sql(`UPDATE connection SET status = 'revoked' WHERE user_id = $1`, [user]);
    };
    return { run, read, resync, disconnect };
  }

  const series = (types: string, from: string, to: string) =>
    `timeseries?${types
      .split(' ')
      .map((type) => `types=${type}`)
      .join('&')}&start_time=${from}&end_time=${to}&limit=1000`;
  const brief = ({ data }: { data: Record<string, unknown>[] }) =>
    data.map(({ timestamp, value, zone_offset }) => [timestamp, value, zone_offset]);

  it('01: the 2022 generation at UTC+4', async () => {
    const { run, read, disconnect } = await replayed('2022-12-23', 1001);
    const [from, to] = ['2022-12-22T20:00:00Z', '2022-12-23T20:00:00Z'];
    // 1671739294 is 94 s after the local midnight 2022-12-22T20:00:00Z.
    const heartRate = brief(await read(series('heart_rate', from, to)));
    expect(heartRate).toHaveLength(13);
    expect(heartRate[0]).toEqual(['2022-12-22T20:01:34Z', 81, '+04:00']);
    expect(heartRate[12]).toEqual(['2022-12-22T21:00:12Z', 93, '+04:00']);
    expect(brief(await read(series('skin_temperature', from, to)))).toEqual([
      ['2022-12-22T20:03:13Z', 32.84204864501953, '+04:00'],
      ['2022-12-22T20:08:06Z', 31.783939361572266, '+04:00'],
      ['2022-12-22T20:12:59Z', 32.68800354003906, '+04:00'],
      ['2022-12-22T20:17:52Z', 33.4249153137207, '+04:00'],
      ['2022-12-22T20:22:45Z', 30.226356506347656, '+04:00'],
    ]);
    expect(
      brief(await read(series('heart_rate_variability_rmssd', from, to))).map(([, value]) => value),
    ).toEqual([100, 33, 34, 49, 39]);
    // No `total` in 2022: 114 + 25 + 0 + 0 + 59 = 198, stamped at local noon, 08:00Z.
    expect(brief(await read(series('steps', from, to)))).toEqual([
      ['2022-12-22T20:03:13Z', 114, '+04:00'],
      ['2022-12-22T20:08:06Z', 25, '+04:00'],
      ['2022-12-22T20:12:59Z', 0, '+04:00'],
      ['2022-12-22T20:17:52Z', 0, '+04:00'],
      ['2022-12-22T20:22:45Z', 59, '+04:00'],
      ['2022-12-23T08:00:00Z', 198, '+04:00'],
    ]);
    const movements = brief(await read(series('motion_index', from, to)));
    expect(movements.map(([, value]) => value)).toEqual([104, 74, 15, 12, 63, 42]);
    // The night hangs on the movements, without bed times: 1671744060 to 1671753720 by its hypnogram, 9,660 s.
    // Deep 600 + 1,200 + 840, light 240 + 2,040 + 600 + 3,540, awake 300 + 300.
    const sleep = await read('events/sleep?start_date=2022-12-22&end_date=2022-12-25&include=details');
    expect(sleep.data).toMatchObject([
      {
        start_time: '2022-12-22T21:21:00Z',
        end_time: '2022-12-23T00:02:00Z',
        duration_seconds: 9_660,
        sleep_duration_seconds: 9_060,
        stages: { deep_minutes: 44, light_minutes: 107, rem_minutes: 0, awake_minutes: 10 },
        is_nap: false,
        // Asleep after the first 300 s; awake again once.
        details: { latency_seconds: 300, awakenings_count: 1 },
      },
    ]);
    const [score] = (
      await read('health-scores?provider=ultrahuman&start_date=2022-12-22&end_date=2022-12-25')
    ).data;
    // Seven contributors, and no score: none is made up.
    expect(score).toMatchObject({
      category: 'sleep',
      value: null,
      components: {
        sleep_efficiency: { value: 65, qualifier: 'warning' },
        total_sleep: { value: 79, qualifier: 'good' },
        temperature: { value: 98, qualifier: 'optimal' },
        restfulness: { value: 76.75, qualifier: 'good' },
        hrv_form: { value: 50, qualifier: 'warning' },
        timing: { value: 40, qualifier: 'warning' },
        restoration_time: { value: 60.47222222222222, qualifier: 'warning' },
      },
    });
    expect(await read(`sync/runs/${String(run.run_id)}`)).toMatchObject({
      details: { unmapped: {}, rejected: {} },
    });
    await disconnect();
  });

  it('02: a full day of the OAuth endpoint', async () => {
    const { run, read, disconnect } = await replayed('2024-01-15', 1001);
    const all = await read(
      series('heart_rate resting_heart_rate vo2_max', '2024-01-15', '2024-01-15T23:59:59Z'),
    );
    expect(all.data.map((item: Record<string, unknown>) => [item.type, item.timestamp, item.value])).toEqual([
      ['heart_rate', '2024-01-15T00:00:15Z', 58],
      ['heart_rate', '2024-01-15T00:05:15Z', 62],
      ['heart_rate', '2024-01-15T00:10:15Z', 55],
      ['heart_rate', '2024-01-15T00:15:15Z', 71],
      ['heart_rate', '2024-01-15T00:20:15Z', 68],
      ['resting_heart_rate', '2024-01-15T12:00:00Z', 51],
      ['vo2_max', '2024-01-15T12:00:00Z', 42.5],
    ]);
    const steps = await read(series('steps', '2024-01-15', '2024-01-15T23:59:59Z'));
    expect(steps.data.map((item: Record<string, unknown>) => [item.value, item.is_daily_total])).toEqual([
      [0, false],
      [120, false],
      [85, false],
      [200, false],
      [8452, true],
    ]);
    // Bedtime 1705287600 to 1705314000 is 26,400 s; deep 4,680 + light 11,520 + REM 7,800 = 24,000 s asleep.
    const others = await read(
      series(
        'sleeping_heart_rate active_time inactive_time weekly_active_time steps_per_interval sleep_movements morning_alertness',
        '2024-01-15',
        '2024-01-15T23:59:59Z',
      ),
    );
    const told = others.data.map((item: Record<string, unknown>) => [item.type, item.value]);
    // 3,200 movements in a night cannot be, nor can an alertness of "7 /10" be minutes, nor 6,200 steps an interval.
    expect(told.toSorted()).toEqual([
      ['active_time', 35],
      ['inactive_time', 210],
      ['sleeping_heart_rate', 50],
      ['sleeping_heart_rate', 51],
      ['sleeping_heart_rate', 52],
      ['weekly_active_time', 150],
    ]);
    expect((await read(`sync/runs/${String(run.run_id)}`)).details).toMatchObject({
      unmapped: {},
      rejected: {
        'morning_alertness unknown_unit': 1,
        'movements out_of_range': 1,
        'steps.avg out_of_range': 1,
      },
    });
    const sleep = await read('events/sleep?start_date=2024-01-14&end_date=2024-01-17&include=details');
    expect(sleep.data).toMatchObject([
      {
        start_time: '2024-01-15T03:00:00Z',
        end_time: '2024-01-15T10:20:00Z',
        duration_seconds: 26_400,
        sleep_duration_seconds: 24_000,
        efficiency_percent: 91,
        stages: { deep_minutes: 78, light_minutes: 192, rem_minutes: 130, awake_minutes: 35 },
        is_nap: false,
        details: {
          time_in_bed_seconds: 26_400,
          stage_percent: { deep: 18, light: 44, rem: 30, awake: 8 },
          toss_turn_count: 12,
          avg_heart_rate_bpm: 52,
          avg_hrv_rmssd_ms: 48,
          avg_resting_heart_rate_bpm: 51,
          avg_spo2_percent: 97,
          // 1705287600, one hour each.
          cycles: [
            { start_time: '2024-01-15T03:00:00Z', end_time: '2024-01-15T04:00:00Z', full: true },
            { start_time: '2024-01-15T04:00:00Z', end_time: '2024-01-15T05:00:00Z', full: true },
            { start_time: '2024-01-15T05:00:00Z', end_time: '2024-01-15T06:00:00Z', full: false },
          ],
          beta: ['avg_spo2_percent'],
        },
      },
    ]);
    const scores = await read('health-scores?provider=ultrahuman&start_date=2024-01-15&end_date=2024-01-16');
    // `metabolic_score` is null and does not appear; of the sleep score there are only the contributors.
    expect(
      scores.data.map((item: Record<string, unknown>) => [item.category, item.value]).toSorted(),
    ).toEqual([
      ['activity', 65],
      ['recovery', 78],
      ['sleep', null],
    ]);
    await disconnect();
  });

  it('03: the map envelope, whose zone contradicts its day start', async () => {
    const { read, disconnect } = await replayed('2024-01-15', 1002, 'e2');
    // The day starts at UTC midnight although the zone says Berlin: the day's own offset counts.
    expect(brief(await read(series('heart_rate', '2024-01-15', '2024-01-16')))).toEqual([
      ['2024-01-15T00:00:00Z', 70, '+00:00'],
      ['2024-01-15T00:01:40Z', 72.5, '+00:00'],
    ]);
    expect(
      brief(await read(series('steps', '2024-01-15', '2024-01-15T23:00:00Z'))).map(([, value]) => value),
    ).toEqual([100, 200, 8500]);
    await disconnect();
  });

  it('04: the documented example', async () => {
    const { run, read, disconnect } = await replayed('2025-05-01', 1001, 'e2');
    expect(run).toMatchObject({ status: 'success' });
    const daily = await read(series('steps resting_heart_rate vo2_max', '2025-05-01', '2025-05-02'));
    // 180 steps; a resting heart rate beside `avg_sleep_hrv` is measured; a VO2 max without any sample is carried over.
    expect(daily.data.map((item: Record<string, unknown>) => [item.type, item.value]).toSorted()).toEqual([
      ['resting_heart_rate', 50],
      ['steps', 180],
    ]);
    // Seconds become minutes, and a night without its times stays with the day: 25,500 s.
    const night = await read(
      series(
        'sleep_duration sleeping_heart_rate_variability_rmssd average_sleeping_heart_rate skin_temperature_deviation ' +
          'sleeping_skin_temperature average_oxygen_saturation average_heart_rate_variability_rmssd hba1c_estimate ' +
          'blood_glucose active_time',
        '2025-04-30',
        '2025-05-02',
      ),
    );
    expect(night.data.map((item: Record<string, unknown>) => [item.type, item.value]).toSorted()).toEqual([
      ['active_time', 45],
      ['average_heart_rate_variability_rmssd', 45],
      ['average_oxygen_saturation', 97.5],
      ['average_sleeping_heart_rate', 48],
      ['blood_glucose', 82],
      ['hba1c_estimate', 5.1],
      ['skin_temperature_deviation', -0.2],
      ['sleep_duration', 425],
      ['sleeping_heart_rate_variability_rmssd', 55],
      ['sleeping_skin_temperature', 36.4],
    ]);
    const scores = await read('health-scores?provider=ultrahuman&start_date=2025-05-01&end_date=2025-05-03');
    expect(
      scores.data.map((item: Record<string, unknown>) => [item.category, item.value]).toSorted(),
    ).toEqual([
      ['activity', 85],
      ['recovery', 77],
      ['sleep', 85],
    ]);
    await disconnect();
  });

  it('06: a fragment of heart rate variability in summer', async () => {
    const { read, disconnect } = await replayed('2026-06-14', 1003);
    expect(
      brief(
        await read(series('heart_rate_variability_rmssd', '2026-06-13T22:00:00Z', '2026-06-14T22:00:00Z')),
      ),
    ).toEqual([
      ['2026-06-13T22:01:32Z', 146, '+02:00'],
      ['2026-06-13T22:06:33Z', 140, '+02:00'],
    ]);
    await disconnect();
  });

  it('10: answers without data leave what is stored alone', async () => {
    const { cases } = JSON.parse(readFileSync(join(PAYLOADS, '10-error-bodies.json'), 'utf8'));
    const withoutData = cases.filter(
      ({ http_status, body }: { http_status: number; body: unknown }) =>
        body !== null && (http_status === 200 || http_status === 404),
    );
    expect(withoutData).toHaveLength(4);
    const { read, resync, disconnect } = await replayed('2024-01-15', 1002);
    for (const { body } of withoutData) {
      simulator.control.replay({ answers: { '2024-01-15': body }, user: 1002 });
      expect(await resync()).toMatchObject({
        status: expect.stringMatching(/^(success|partial)$/),
        error: null,
      });
      expect(brief(await read(series('heart_rate', '2024-01-15', '2024-01-16')))).toHaveLength(5);
    }
    await disconnect();
  });
});
