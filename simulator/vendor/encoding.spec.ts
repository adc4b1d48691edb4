import { sampleNight, sampleVendorDay } from '../testing/sample-vendor-day';
import { VendorDay } from '../truth/vendor-day';
import { dayEntries, wrapEntries } from './day-answer';

const everything = ['profile', 'ring_data', 'cgm_data'] as const;
const encode = (changes: Partial<VendorDay> = {}) => dayEntries(sampleVendorDay(changes), [...everything]);
const objectsOf = (type: string, changes: Partial<VendorDay> = {}) =>
  encode(changes)
    .filter((entry) => entry.type === type)
    .map(({ object }) => object);
const objectOf = (type: string, changes: Partial<VendorDay> = {}) => {
  const [object, ...others] = objectsOf(type, changes);
  expect(others).toEqual([]);
  return object;
};
const start = sampleVendorDay().day_start;

describe('series', () => {
  it('have the shapes that were measured', () => {
    const { hr, temp } = sampleVendorDay().samples;
    expect(objectOf('hr')).toEqual({
      day_start_timestamp: start,
      title: 'Heart Rate',
      last_reading: 66,
      unit: 'BPM',
      values: hr?.map(([timestamp, value]) => ({ timestamp, value })),
    });
    expect(objectOf('temp')).toMatchObject({ last_reading: 34, values: [{ value: temp?.[0][1] }] });
    expect(objectOf('hrv')).toMatchObject({ avg: 77, trend_title: '+7', trend_direction: 'positive' });
    expect(objectOf('steps')).toMatchObject({ total: 140, avg: 46.666666666666664, subtitle: 'Average' });
    expect(objectOf('spo2')).toMatchObject({ avg: 96.4, unit: '%', last_reading: 96 });
    expect(objectOf('night_rhr')).toMatchObject({ avg: 49, subtitle: 'Sleep Time Average' });
    expect(objectOf('glucose')).toMatchObject({ unit: 'mg/dL', values: [{ value: 101 }] });
  });

  it('that are omitted have no entry, empty ones are told the way the vendor does', () => {
    const samples = {
      hr: null,
      hrv: [],
      temp: null,
      steps: [],
      spo2: null,
      night_rhr: [],
      glucose: [],
    };
    const averages = { hrv: null, spo2: null, steps: null, night_rhr: 49 };
    const changes = { samples, averages, steps_total: 0 };
    for (const type of ['hr', 'hrv', 'temp', 'spo2']) expect(objectsOf(type, changes)).toEqual([]);
    expect(objectOf('steps', changes)).toEqual({
      day_start_timestamp: start,
      subtitle: 'Average',
      total: 0,
      values: [],
    });
    expect(objectOf('night_rhr', changes)).toMatchObject({ avg: 49, values: [] });
    expect(objectOf('glucose', changes)).toMatchObject({ values: [] });
    expect(objectsOf('glucose', { ...changes, has_cgm_account: false })).toEqual([]);
    expect(objectsOf('steps', { samples: { ...samples, steps: null } })).toEqual([]);
  });
});

describe('scalars', () => {
  it.each([
    ['recovery_index', 79],
    ['movement_index', 68],
    ['active_minutes', 35],
    ['inactive_time', 245],
    ['weekly_active_minutes', 198],
    ['avg_sleep_hrv', 64],
    ['sleep_rhr', 51],
    ['vo2_max', 42],
    ['movements', 9],
    ['morning_alertness', 123],
    ['metabolic_score', 82],
    ['average_glucose', 104],
    ['glucose_variability', 15],
    ['hba1c', 5.3],
    ['time_in_target', 94],
  ])('%s is %d', (type, value) => {
    expect(objectOf(type)).toMatchObject({ value, day_start_timestamp: start });
  });

  it('without a value are absent, metabolic ones null', () => {
    const scalars = { ...sampleVendorDay().scalars, recovery: null };
    const types = encode({ scalars, carried_forward: { resting_hr: null, vo2max: 42 } }).map(
      ({ type }) => type,
    );
    expect(types).not.toContain('recovery_index');
    expect(types).not.toContain('sleep_rhr');
    expect(objectOf('hba1c', { metabolic: null })).toHaveProperty('value', null);
  });

  it('are all there is before the morning fetch, and only two of them', () => {
    const types = dayEntries(sampleVendorDay({ synced: false }), [...everything]).map(({ type }) => type);
    expect(types).toEqual(['sleep_rhr', 'vo2_max']);
  });
});

describe('the sleep object', () => {
  const nested = [
    'total_sleep',
    'sleep_score',
    'deep_sleep',
    'restorative_sleep',
    'hr_drop',
    'full_sleep_cycles',
  ];

  it('is one entry a sleep', () => {
    expect(objectsOf('Sleep').map(({ bedtime_start: at }) => at)).toEqual([start + 600, start + 54_600]);
    expect(objectsOf('sleep')).toEqual([]);
    expect(objectsOf('sleep', { lower_case_sleep: true })).toHaveLength(2);
  });

  it('of 2024 is flat', () => {
    const [night] = objectsOf('Sleep');
    for (const name of nested) expect(night).not.toHaveProperty(name);
    expect(night).toMatchObject({
      bedtime_end: start + 600 + 25_980,
      quick_metrics: [
        { type: 'sleep_index', value: 86 },
        { type: 'total_sleep', value: 24_000 },
        { type: 'time_in_bed', value: 25_980 },
        { type: 'sleep_efic', value: 92 },
        { type: 'avg_hr', value: 54 },
        { type: 'avg_hrv', value: 63 },
      ],
      sleep_stages: [
        { type: 'deep_sleep', stage_time: 4500, percentage: 17, stage_time_text: '1h 15m • 17%' },
        { type: 'light_sleep', stage_time: 13_500 },
        { type: 'rem_sleep', stage_time: 6000 },
        { type: 'awake', stage_time: 1980, percentage: 8 },
      ],
      respiratory_graph: null,
      tags_section: {},
      spo2: { value: 97, is_beta: true },
      toss_turn: { value: 14, is_beta: false, subtitle: '12:10 AM - 7:23 AM' },
      score_trend: { day_avg: 86 },
    });
  });

  it('draws the graphs', () => {
    const [night] = objectsOf('Sleep');
    expect(night).toMatchObject({
      sleep_graph: {
        data: [
          { start: start + 600, end: start + 900, type: 'awake' },
          { type: 'light_sleep', toss_turn: 11 },
          { type: 'deep_sleep' },
          { type: 'rem_sleep', toss_turn: 3 },
          { type: 'awake' },
        ],
      },
      movement_graph: { data: [{ timestamp: start + 2000, type: 'light' }, { type: 'vigorous' }] },
      hr_graph: {
        data: [{ value: 58.5 }, { value: 52 }],
        gist_object: { avg: 55, min: 45, max: 71 },
        marks: [{ mark_point: start + 15_000 }],
      },
      hrv_graph: { data: [{ value: 61.25 }], unit: 'ms', zone: {} },
      temp_graph: {},
      summary: [
        { title: 'Sleep Efficiency', score: 88.4722222222222, state: 'optimal' },
        { title: 'HRV Form', score: 60.5, state: 'warning' },
        { title: 'Temperature', score: 74.25 },
      ],
      sleep_inertia_trend: { gist_object: { detail_text: '123' } },
      sleep_cycles: {
        title: 'Sleep Cycles • 3',
        cycles: [{ startTime: start + 900, cycleType: 'full' }, {}, { cycleType: 'partial' }],
      },
    });
    expect(night.temp_graph).toEqual({});
    expect(objectsOf('Sleep')[1]).not.toHaveProperty('sleep_inertia_trend');
  });

  it('of 2025 has its scalars inside, in minutes', () => {
    const [night, nap] = objectsOf('Sleep', { generation: 'nested' });
    expect(night).toMatchObject({
      sleep_score: { score: 86 },
      total_sleep: { minutes: 400, hours: 6, remaining_minutes: 40, seconds: 24_000 },
      time_in_bed: { minutes: 433, hours: 7, remaining_minutes: 13 },
      sleep_efficiency: { percentage: 92, contributor: 'Optimal' },
      deep_sleep: { minutes: 75, seconds: 4500, percentage: 17 },
      light_sleep: { minutes: 225, seconds: 13_500, percentage: 52 },
      rem_sleep: { minutes: 100, seconds: 6000, percentage: 23 },
      temperature_deviation: { celsius: -0.2 },
      average_body_temperature: { celsius: 35.7 },
      restorative_sleep: { percentage: 44 },
      movements: { count: 9 },
      morning_alertness: { minutes: 123 },
      full_sleep_cycles: { cycles: 2 },
      tosses_and_turns: { count: 14 },
      hr_drop: { timestamp: start + 15_000, value: 46 },
    });
    expect(night.quick_metrics).toHaveLength(6);
    expect(nap).toMatchObject({ total_sleep: { minutes: 26 }, hr_drop: null });
    for (const name of ['temperature_deviation', 'movements']) expect(nap).not.toHaveProperty(name);
    const types = encode({ generation: 'nested' }).map(({ type }) => type);
    for (const type of ['movements', 'morning_alertness', 'total_sleep']) expect(types).not.toContain(type);
  });

  it('of the documentation leaves its scalars to types of their own, in seconds', () => {
    const changes = { generation: 'top_level' as const };
    const [night] = objectsOf('Sleep', changes);
    for (const name of nested) expect(night).not.toHaveProperty(name);
    expect(JSON.stringify(night.quick_metrics)).not.toContain('sleep_index');
    const told = encode(changes).flatMap(({ type, object }) =>
      'value' in object ? [[type, object.value]] : [],
    );
    expect(Object.fromEntries(told)).toMatchObject({
      sleep_score: 86,
      total_sleep: 24_000,
      time_in_bed: 25_980,
      deep_sleep: 4500,
      light_sleep: 13_500,
      rem_sleep: 6000,
      sleep_efficiency: 92,
      temperature_deviation: -0.2,
      average_body_temperature: 35.7,
      restorative_sleep: 44,
      full_sleep_cycles: 2,
      tosses_and_turns: 14,
      hr_drop: 46,
      movements: 9,
      morning_alertness: 123,
    });
    expect(objectOf('total_sleep', changes)).toMatchObject({ display_text: '6h 40m', unit: 'seconds' });
    expect(objectOf('hr_drop', changes)).toMatchObject({ timestamp: start + 15_000 });
  });

  it('has no score where the vendor sends none', () => {
    const silent = {
      sleeps: [{ ...sampleNight, score: null, full_cycles: null, restorative_percent: null }],
    };
    for (const generation of ['flat', 'nested', 'top_level'] as const) {
      const text = JSON.stringify(encode({ ...silent, generation }));
      for (const name of [
        'sleep_score',
        'sleep_index',
        'score_trend',
        'full_sleep_cycles',
        'restorative_sleep',
      ])
        expect(text).not.toContain(name);
    }
  });
});

describe('the envelope', () => {
  it('names the zone, or leaves it out where it is never told', () => {
    expect(wrapEntries([], 'e1', '2026-05-04', 'Australia/Adelaide')).toEqual({
      data: { metric_data: [], latest_time_zone: 'Australia/Adelaide' },
      error: null,
      status: 200,
    });
    expect(wrapEntries([], 'e1', '2026-05-04', null)).toEqual({
      data: { metric_data: [] },
      error: null,
      status: 200,
    });
    expect(wrapEntries([], 'e2', '2026-05-04', null)).toEqual({
      data: { metrics: { '2026-05-04': [] } },
      error: null,
      status: 'ok',
    });
  });
});
