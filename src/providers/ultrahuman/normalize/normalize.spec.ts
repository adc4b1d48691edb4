import { join } from 'node:path';
import { readFixtures } from '../../../../test/support/provider-contract';
import { normalizeAnswer } from './normalize';

const DATE = '2026-03-07';
/** Local midnight at +05:30. */
const START = Date.parse('2026-03-06T18:30:00Z') / 1000;
const DAY = 86_400;

const fixture = (date: string) =>
  normalizeAnswer(readFixtures(join(__dirname, '..', 'fixtures')).find((answer) => answer.date === date)!);

const dated = (type: string, object: object) => ({ type, object: { day_start_timestamp: START, ...object } });
const answer = (envelope: object) =>
  normalizeAnswer({ date: DATE, status: 200, body: Buffer.from(JSON.stringify(envelope)) });
const normalize = (entries: unknown[], more: object = {}) =>
  answer({ data: { metric_data: entries, ...more } });

const point = (offset: number, value: unknown) => ({ timestamp: START + offset, value });
const hr = (...values: unknown[]) => dated('hr', { values });

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

  it('does not take a resting heart rate for an unworn day, and keeps its true zeros', () => {
    const steps = { values: [point(203, 0), point(488, 0)], total: 0, avg: 0 };
    const unworn = [
      dated('steps', steps),
      dated('movement_index', { value: 57 }),
      dated('active_minutes', { value: 0 }),
    ];
    const carried = [dated('sleep_rhr', { value: 54 }), dated('vo2_max', { value: 43 })];
    const day = normalize([...unworn, ...carried]);
    expect(day.series).toMatchObject([{ code: 'steps', values: [0, 0] }]);
    expect(day.daily.map(({ code, value }) => [code, value])).toEqual([
      ['steps', 0],
      ['steps_per_interval', 0],
      ['active_time', 0],
    ]);
    expect(day.scores).toMatchObject([{ category: 'activity', value: 57 }]);
    expect(day.rejected.map(({ path, reason }) => [path, reason])).toEqual([
      ['sleep_rhr', 'stale'],
      ['vo2_max', 'stale'],
    ]);
  });

  it('takes vo2_max beside a heart rate, and sleep_rhr beside a night’s heart rate variability', () => {
    const scalars = [dated('sleep_rhr', { value: 51 }), dated('vo2_max', { value: 44 })];
    const codes = (...entries: object[]) => normalize([...scalars, ...entries]).daily.map(({ code }) => code);
    expect(codes(hr(point(95, 62)))).toEqual(['vo2_max']);
    expect(codes(dated('avg_sleep_hrv', { value: 48 }))).toEqual([
      'resting_heart_rate',
      'sleeping_heart_rate_variability_rmssd',
    ]);
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
    expect(() => normalize(startingAt(offset))).toThrow(
      expect.objectContaining({
        reason: 'other_day',
        rejected: [expect.objectContaining({ path: 'hr', reason: 'other_day', count: 1 })],
      }),
    );
  });

  it('refuses an answer that is all about another day, its undated sleep too', () => {
    const wake = START - 5 * 3600;
    const entries = [
      dated('hr', { day_start_timestamp: START - DAY, values: [point(90 - DAY, 62)] }),
      { type: 'Sleep', object: { bedtime_start: wake - 25_000, bedtime_end: wake } },
      { type: 'recovery_index', object: { value: 48 } },
    ];
    const paths = ['hr', 'recovery_index', 'sleep'].map((path) => expect.objectContaining({ path }));
    for (const zone of [{}, { latest_time_zone: 'Asia/Kolkata' }])
      expect(() => normalize(entries, zone)).toThrow(
        expect.objectContaining({ reason: 'other_day', rejected: expect.arrayContaining(paths) }),
      );
  });

  it('refuses a map that holds only another date, and counts what it holds', () => {
    const metrics = { '2026-03-06': [hr(point(95, 62)), dated('recovery_index', { value: 48 })] };
    expect(() => answer({ data: { metrics }, status: 'ok' })).toThrow(
      expect.objectContaining({
        reason: 'other_day',
        rejected: [expect.objectContaining({ path: 'metrics', reason: 'other_day', count: 2 })],
      }),
    );
  });

  it('takes a map for empty that holds the asked date without entries', () => {
    const metrics = { '2026-03-06': [hr(point(95, 62))], [DATE]: [] };
    expect(answer({ data: { metrics }, status: 'ok' })).toMatchObject({ outcome: 'empty', series: [] });
  });

  it('takes the asked date of a map whatever stands under its neighbours', () => {
    const metrics = { '2026-03-06': [hr(point(95, 61))], [DATE]: [hr(point(395, 62))], '2026-03-08': 'none' };
    expect(answer({ data: { metrics } })).toMatchObject({
      outcome: 'data',
      series: [{ values: [62] }],
      rejected: [{ path: 'metrics', reason: 'other_day', count: 2 }],
    });
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
    expect(day.rejected.map(({ path, reason, count }) => `${path} ${reason} ${count}`).toSorted()).toEqual([
      'entry malformed 1',
      'hr malformed 4',
      'hr other_day 1',
      'hr out_of_range 1',
      'hrv.values malformed 1',
      'movement_index out_of_range 1',
      'steps out_of_range 1',
      'steps.total out_of_range 1',
    ]);
  });

  it.each([64, { value: 64, timestamp: START + 395 }])('takes a last reading of %j for no sample', (tile) => {
    const of = (fields: object) => normalize([dated('steps', { last_reading: tile, ...fields })]);
    const day = of({ values: [point(95, 62)] });
    expect(day.series).toMatchObject([{ instants: [(START + 95) * 1000], values: [62] }]);
    expect(day.daily).toMatchObject([{ code: 'steps', value: 62 }]);
    for (const values of [[], [point(95, 62)], null]) expect(of({ values }).unmapped).toEqual([]);
  });

  it.each([64, { value: 64, timestamp: START + 395 }])(
    'counts a last reading of %j without samples',
    (tile) => {
      const day = normalize([dated('hr', { last_reading: tile })]);
      expect(day).toMatchObject({ series: [], rejected: [] });
      expect(day.unmapped).toMatchObject([{ kind: 'field', path: 'hr.last_reading', count: 1 }]);
    },
  );

  it('knows the words of the alertness’s status, and counts a new one', () => {
    const of = (status: unknown) => normalize([dated('morning_alertness', { value: 48, status })]).unmapped;
    for (const known of ['calculated', 'Good', null, '', undefined]) expect(of(known)).toEqual([]);
    expect(of('estimated')).toMatchObject([{ kind: 'value', path: 'morning_alertness.status.estimated' }]);
    expect(of(7)).toMatchObject([{ kind: 'value', path: 'morning_alertness.status' }]);
    const elsewhere = normalize([dated('vo2_max', { value: null, status: 'estimated' })]);
    expect(elsewhere.unmapped).toEqual([]);
  });

  it('files heart rate variability as RMSSD, and the ring’s temperature as that of the skin', () => {
    const day = normalize([
      dated('hrv', { values: [point(95, 146)] }),
      dated('temp', { values: [point(99, 26.6)] }),
    ]);
    expect(day.series.map(({ code }) => code)).toEqual(['heart_rate_variability_rmssd', 'skin_temperature']);
  });

  it.each([0, 1, 2])('takes no oxygen saturation of %i %', (value) => {
    const day = normalize([dated('spo2', { values: [point(95, value), point(395, 97)], avg: value })]);
    expect(day.series).toMatchObject([{ values: [97] }]);
    expect(day.daily).toEqual([]);
    expect(day.rejected).toMatchObject([
      { path: 'spo2', reason: 'out_of_range' },
      { path: 'spo2.avg', reason: 'out_of_range' },
    ]);
  });

  it('takes an average above no values, and a night’s heart rate from the evening before', () => {
    const day = normalize([
      dated('night_rhr', { values: [], avg: 51 }),
      dated('hrv', { values: [], avg: '48' }),
      // 09:30Z: no zone's 7 March has begun, but the night before it has in the east.
      dated('night_rhr', { values: [point(-9 * 3600, 53)] }),
      hr(point(-9 * 3600, 63)),
    ]);
    expect(day.rejected).toMatchObject([{ path: 'hr', reason: 'other_day', count: 1 }]);
    expect(day.daily.map(({ code, value }) => [code, value])).toEqual([
      ['average_heart_rate_variability_rmssd', 48],
      ['average_sleeping_heart_rate', 51],
    ]);
    expect(day.series).toMatchObject([{ code: 'sleeping_heart_rate', values: [53] }]);
  });

  it('counts what it does not know: types, fields and words, by key path and form, never by value', () => {
    const day = normalize([
      dated('Body Glow 20260307', { value: 5 }),
      dated('body glow 1234', { value: 6 }),
      dated('stress', { value: null, title: 'Stress' }),
      { ...hr(point(95, 62)), origin: 'ring' },
      dated('hr', { values: [{ ...point(395, 63), quality: 0.87 }], confidence: { level: 'high' } }),
    ]);
    expect(day.unmapped).toEqual([
      {
        kind: 'field',
        path: 'entry.origin',
        count: 1,
        sample: { jsonType: 'string', length: 4, literal: 'ring' },
      },
      {
        kind: 'type',
        path: 'body_glow_#',
        count: 2,
        sample: { jsonType: 'object', length: 2, literal: null },
      },
      {
        kind: 'field',
        path: 'hr.values.quality',
        of: 'heart_rate',
        count: 1,
        sample: { jsonType: 'number', length: null, literal: null },
      },
      {
        kind: 'field',
        path: 'hr.confidence',
        of: 'heart_rate',
        count: 1,
        sample: { jsonType: 'object', length: 1, literal: null },
      },
    ]);
  });

  it('counts what it does not know around the metrics', () => {
    const day = answer({ data: { metric_data: [], next_page: 7 }, request_id: 'Ab-1', status: 200 });
    expect(day.unmapped.map(({ path }) => path)).toEqual(['envelope.data.next_page', 'envelope.request_id']);
  });

  it('takes a kelvin for no degree: values whose unit it does not know are rejected together', () => {
    const temp = (unit: unknown) =>
      normalize([dated('temp', { values: [point(95, 35), point(399, 34)], unit })]);
    expect(temp('kelvin')).toMatchObject({
      series: [],
      rejected: [
        { path: 'temp', reason: 'unknown_unit', count: 2, sample: { jsonType: 'string', literal: 'kelvin' } },
      ],
    });
    expect(temp(7).series).toEqual([]);
    for (const known of ['°C', ' c', 'Celsius', null, '', undefined])
      expect(temp(known)).toMatchObject({ series: [{ values: [35, 34] }], rejected: [] });
  });

  it('converts °F, mmol/L and other durations', () => {
    const day = normalize([
      dated('temp', { values: [point(95, 91.4)], unit: '°F' }),
      dated('average_glucose', { value: 6, unit: 'mmol/L' }),
      dated('inactive_time', { value: 7.5, unit: 'hours' }),
      dated('temperature_deviation', { value: -0.9, unit: '°F' }),
    ]);
    expect(day.series).toMatchObject([{ values: [expect.closeTo(33, 9)] }]);
    expect(Object.fromEntries(day.daily.map(({ code, value }) => [code, value]))).toEqual({
      average_glucose: expect.closeTo(108.0936, 9),
      inactive_time: 450,
      skin_temperature_deviation: -0.5,
    });
  });

  it('flags an index that may be on a scale of ten, and takes it as it is', () => {
    const day = normalize([dated('recovery_index', { value: 7.8 })]);
    expect(day.scores).toMatchObject([{ category: 'recovery', value: 7.8 }]);
    expect(day.unmapped).toMatchObject([{ kind: 'value', path: 'recovery_index.scale' }]);
  });

  it('prefers the newest name of a score, and keeps what went into it', () => {
    const named = [dated('recovery_score', { value: 61 }), { type: 'recovery', object: { score: 6.4 } }];
    const summary = [{ title: 'Resting HR', state: 'optimal', score: 91 }];
    const of = (...entries: object[]) => normalize(entries).scores;
    expect(of(...named, dated('recovery_index', { value: 71, summary }))).toEqual([
      {
        category: 'recovery',
        date: DATE,
        value: 71,
        qualifier: null,
        components: { resting_hr: { value: 91, qualifier: 'optimal' } },
      },
    ]);
    expect(of(...named)).toMatchObject([{ value: 61 }]);
    expect(of(named[1])).toMatchObject([{ value: 64, scaleMax: 10 }]);
  });

  it.each(['+05:30', 'Mars/Base', 7, ''])('takes no time zone from %j', (latest_time_zone) => {
    const day = normalize([hr(point(95, 62))], { latest_time_zone });
    expect(day.timeZone).toBeNull();
    expect(day.rejected.map(({ path }) => path)).toEqual(latest_time_zone === '' ? [] : ['latest_time_zone']);
  });
});
