import { join } from 'node:path';
import { readFixtures } from '../../../../test/support/provider-contract';
import { ProviderPayloadInvalid } from '../../provider-errors';
import { normalizeAnswer } from './normalize';

const DATE = '2026-03-07';
/** Local midnight at +05:30. */
const START = Date.parse('2026-03-06T18:30:00Z') / 1000;
const DAY = 86_400;

const fixture = (date: string) =>
  normalizeAnswer(readFixtures(join(__dirname, '..', 'fixtures')).find((answer) => answer.date === date)!);

const dated = (type: string, object: object) => ({ type, object: { day_start_timestamp: START, ...object } });
const normalize = (entries: unknown[], more: object = {}) =>
  normalizeAnswer({
    date: DATE,
    status: 200,
    body: Buffer.from(JSON.stringify({ data: { metric_data: entries, ...more } })),
  });

const point = (offset: number, value: unknown) => ({ timestamp: START + offset, value });
const hr = (...values: unknown[]) => dated('hr', { values });

describe('a worn day', () => {
  const at = (offset: number) => (START + offset) * 1000;
  const bed = Date.parse('2026-03-06T17:52:00Z');
  const bedAt = (offset: number) => bed + offset * 1000;

  it('becomes series, daily values, a sleep and scores', () => {
    const day = fixture('2026-03-07');
    expect(day).toMatchObject({ outcome: 'data', startsAt: START * 1000, timeZone: 'Asia/Kolkata' });
    expect(day.series).toEqual([
      { code: 'heart_rate', instants: [at(92), at(377), at(974)], values: [61, 58, 64] },
      { code: 'heart_rate_variability_rmssd', instants: [at(381), at(979)], values: [47, 52] },
      {
        code: 'skin_temperature',
        instants: [at(181), at(466), at(771)],
        values: [34.84204864501953, 35.12, 33.9],
      },
      { code: 'steps', instants: [at(203), at(488), at(793)], values: [0, 113, 26] },
    ]);
    expect(day.daily).toEqual([
      { code: 'steps', date: DATE, value: 9274 },
      { code: 'resting_heart_rate', date: DATE, value: 53 },
      { code: 'vo2_max', date: DATE, value: 43.5 },
    ]);
    expect(day.sleeps).toEqual([
      {
        date: DATE,
        start: bed,
        end: Date.parse('2026-03-07T00:47:00Z'),
        asleepSeconds: 4920 + 11_580 + 5700,
        stageSeconds: { awake: 2700, light: 11_580, deep: 4920, rem: 5700 },
        stages: [
          { stage: 'awake', start: bed, end: bedAt(300) },
          { stage: 'light', start: bedAt(300), end: bedAt(2160) },
          { stage: 'deep', start: bedAt(2160), end: bedAt(5040) },
          { stage: 'rem', start: bedAt(5040), end: bedAt(6180) },
        ],
        efficiencyPercent: 89,
        averageHeartRate: 56,
        averageHrvRmssd: 48,
        averageSpo2: 97,
        graphs: {
          heart_rate: { instants: [bedAt(310), bedAt(610)], values: [57.5, 55.5] },
          heart_rate_variability_rmssd: { instants: [bedAt(320)], values: [44.25] },
        },
      },
    ]);
    expect(day.scores).toEqual([
      {
        category: 'sleep',
        date: DATE,
        value: 81,
        qualifier: null,
        components: {
          sleep_efficiency: { value: 83.5, qualifier: 'good' },
          hrv_form: { value: 60.47222222222222, qualifier: 'warning' },
        },
      },
      { category: 'recovery', date: DATE, value: 72, qualifier: null, components: null },
      { category: 'activity', date: DATE, value: 68, qualifier: null, components: null },
    ]);
  });

  it('counts what is not mapped by its key path, and no texts, links or trends', () => {
    const { unmapped, rejected } = fixture('2026-03-07');
    expect(rejected).toEqual([]);
    expect(unmapped.map(({ path }) => path).toSorted()).toEqual([
      'active_minutes',
      'night_rhr',
      'sleep.movement_graph',
    ]);
  });
});

describe('the newer generation, keyed by date', () => {
  it('reads minutes where there are no seconds, and only the asked date', () => {
    const day = fixture('2026-03-08');
    const start = Date.parse('2026-03-08T08:00:00Z');
    expect(day.series).toEqual([
      { code: 'heart_rate', instants: [start + 95_000, start + 702_000], values: [71, 73] },
    ]);
    const asleep = 5041 + 229 * 60 + 99 * 60;
    expect(day.sleeps).toEqual([
      expect.objectContaining({
        asleepSeconds: asleep,
        stageSeconds: { deep: 5041, light: 229 * 60, rem: 99 * 60, awake: 27_900 - asleep },
        efficiencyPercent: 88.6,
        averageSpo2: null,
        stages: [],
        graphs: {},
      }),
    ]);
    expect(day.scores.map(({ category, value }) => [category, value])).toEqual([
      ['sleep', 79],
      ['metabolic', 66],
    ]);
    expect(day.rejected).toEqual([
      { path: 'metrics', reason: 'other_day', count: 1 },
      { path: 'sleep.spo2', reason: 'out_of_range', count: 1 },
      { path: 'hr', reason: 'out_of_range', count: 1 },
    ]);
    expect(day.unmapped).toEqual([{ path: 'sleep.full_sleep_cycles', count: 1 }]);
  });
});

describe('the generation of 2022', () => {
  it('scores of 10 become scores of 100, and steps add up', () => {
    const day = fixture('2022-11-04');
    expect(day.daily).toEqual([{ code: 'steps', date: '2022-11-04', value: 139 }]);
    expect(day.sleeps).toMatchObject([{ asleepSeconds: 21_300, stageSeconds: null }]);
    expect(day.scores).toMatchObject([
      { category: 'sleep', value: 74, components: { timing: { value: 40, qualifier: 'poor' } } },
      { category: 'recovery', value: 63 },
    ]);
    expect(day.unmapped).toEqual([]);
  });
});

describe('which answer wins', () => {
  it('does not take yesterday’s values, which the vendor repeats before the morning', () => {
    expect(fixture('2026-03-09')).toMatchObject({
      outcome: 'empty',
      daily: [],
      rejected: [
        { path: 'sleep_rhr', reason: 'stale', count: 1 },
        { path: 'vo2_max', reason: 'stale', count: 1 },
      ],
    });
  });

  it('takes vo2_max beside a heart rate, and sleep_rhr beside a night’s heart rate variability', () => {
    const scalars = [dated('sleep_rhr', { value: 51 }), dated('vo2_max', { value: 44 })];
    const codes = (...entries: object[]) => normalize([...scalars, ...entries]).daily.map(({ code }) => code);
    expect(codes(hr(point(95, 62)))).toEqual(['vo2_max']);
    expect(codes(dated('avg_sleep_hrv', { value: 48 }))).toEqual(['resting_heart_rate']);
    expect(codes(hr(point(95, 999)), dated('avg_sleep_hrv', { value: null }))).toEqual([]);
  });

  it('takes an answer without data for a value, not an error', () => {
    expect(fixture('2026-03-10')).toMatchObject({ outcome: 'empty', rejected: [], unmapped: [] });
  });

  it('leaves out another day’s entry and keeps the rest', () => {
    const yesterday = { type: 'temp', object: { day_start_timestamp: START - DAY, values: [point(90, 33)] } };
    const day = normalize([yesterday, hr(point(95, 62))]);
    expect(day.series.map(({ code }) => code)).toEqual(['heart_rate']);
    expect(day).toMatchObject({
      startsAt: START * 1000,
      rejected: [{ path: 'temp', reason: 'other_day', count: 1 }],
    });
  });

  const UTC_MIDNIGHT = Date.parse(DATE) / 1000;
  const startingAt = (offset: number) => {
    const values = [{ timestamp: UTC_MIDNIGHT + 3600, value: 62 }];
    return [{ type: 'hr', object: { day_start_timestamp: UTC_MIDNIGHT + offset, values } }];
  };

  it.each([-14 * 3600, 12 * 3600])('a day that starts %i s from UTC midnight is the asked one', (offset) => {
    expect(normalize(startingAt(offset))).toMatchObject({
      startsAt: (UTC_MIDNIGHT + offset) * 1000,
      outcome: 'data',
    });
  });

  it.each([-14 * 3600 - 1, 12 * 3600 + 1])('a day that starts %i s from it is another', (offset) => {
    expect(() => normalize(startingAt(offset))).toThrow(expect.objectContaining({ reason: 'other_day' }));
  });

  it('refuses an answer that is all about another day, its undated sleep too', () => {
    const wake = START - 5 * 3600;
    const entries = [
      dated('hr', { day_start_timestamp: START - DAY, values: [point(90 - DAY, 62)] }),
      { type: 'Sleep', object: { bedtime_start: wake - 25_000, bedtime_end: wake } },
      { type: 'recovery_index', object: { value: 48 } },
    ];
    for (const zone of [{}, { latest_time_zone: 'Asia/Kolkata' }])
      expect(() => normalize(entries, zone)).toThrow(ProviderPayloadInvalid);
  });

  it('keeps a sleep that ends on the asked date, though all that has a date is another day’s', () => {
    const sleep = { type: 'Sleep', object: { bedtime_start: START - 3000, bedtime_end: START + 24_000 } };
    const other = dated('hr', { day_start_timestamp: START - DAY, values: [point(90 - DAY, 62)] });
    const day = normalize([other, sleep], { latest_time_zone: 'Asia/Kolkata' });
    expect(day).toMatchObject({ startsAt: null, sleeps: [{ date: DATE }], series: [] });
  });

  it('says which local midnight most entries name', () => {
    const [first, second] = [START, START + 3600];
    const named = [first, second, second].map((day_start_timestamp, index) => ({
      type: ['hr', 'temp', 'hrv'][index],
      object: { day_start_timestamp, values: [point(95 + index, 35 + index)] },
    }));
    expect(normalize(named).startsAt).toBe(second * 1000);
  });
});

describe('tolerance', () => {
  it('takes types in any case, numbers in quotes, milliseconds and nulls', () => {
    const values = [null, point(95, '62'), { timestamp: (START + 390) * 1000, value: 63 }, point(500, null)];
    const day = normalize([null, { type: 'HR', object: { values } }, { type: 'temp', object: null }]);
    expect(day.series).toMatchObject([{ values: [62, 63] }]);
    expect(day.rejected).toEqual([]);
  });

  it('merges a type that comes twice: points by instant, the later wins; scalars by the last value', () => {
    const day = normalize([
      hr(point(390, 65), point(95, 62)),
      dated('recovery_index', { value: 71 }),
      hr(point(390, 66), point(200, 64), point(95, null)),
      dated('recovery_index', { value: 74 }),
      dated('recovery_index', { value: null }),
    ]);
    expect(day.series).toMatchObject([
      { instants: [95, 200, 390].map((offset) => (START + offset) * 1000), values: [62, 64, 66] },
    ]);
    expect(day.scores).toMatchObject([{ category: 'recovery', value: 74 }]);
  });

  it('rejects what cannot be, and keeps what stands beside it', () => {
    const day = normalize([
      hr(point(95, 62), point(96, 251), point(97, 'fast'), point(98, true), { value: 60 }, 7, point(99, 20)),
      hr({ timestamp: 12, value: 61 }),
      dated('steps', { values: [point(203, 1501), point(204, 12)], total: 200_000 }),
      dated('hrv', { values: 'none' }),
      { type: 5, object: {} },
      dated('movement_index', { value: 101 }),
    ]);
    expect(day.series.map(({ values }) => values)).toEqual([[62, 20], [12]]);
    expect(day.daily).toEqual([]);
    expect(day.rejected).toEqual(
      expect.arrayContaining([
        { path: 'entry', reason: 'malformed', count: 1 },
        { path: 'hr', reason: 'out_of_range', count: 1 },
        { path: 'hr', reason: 'malformed', count: 4 },
        { path: 'hr', reason: 'other_day', count: 1 },
        { path: 'steps', reason: 'out_of_range', count: 1 },
        { path: 'steps.total', reason: 'out_of_range', count: 1 },
        { path: 'hrv', reason: 'malformed', count: 1 },
        { path: 'movement_index', reason: 'out_of_range', count: 1 },
      ]),
    );
    expect(day.rejected).toHaveLength(8);
  });

  it('counts types that it does not know, and nothing for those that hold nothing', () => {
    const day = normalize([
      dated('Body Glow', { value: 5 }),
      dated('body glow', { value: 6 }),
      dated('hba1c', { value: null, title: 'HbA1c' }),
      dated('glucose', { values: [] }),
    ]);
    expect(day).toMatchObject({ outcome: 'data', unmapped: [{ path: 'body_glow', count: 2 }] });
  });

  it.each(['+05:30', 'Mars/Base', 7, ''])('takes no time zone from %j', (latest_time_zone) => {
    expect(normalize([hr(point(95, 62))], { latest_time_zone }).timeZone).toBeNull();
  });
});
