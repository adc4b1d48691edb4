import { join } from 'node:path';
import { readFixtures } from '../../../../test/support/provider-contract';
import type { DriftSample, NormalizedDay } from '../../../health-data/canonical';
import { normalizeAnswer } from './normalize';

/** One answer of each generation, and the whole of what becomes of it, worked out by hand. */
const fixture = (date: string): NormalizedDay =>
  normalizeAnswer(readFixtures(join(__dirname, '..', 'fixtures')).find((answer) => answer.date === date)!);

/** Epoch ms at an offset in seconds. */
const from = (instant: string) => (offset: number) => Date.parse(instant) + offset * 1_000;
const dailyOn =
  (date: string) =>
  ([code, value, target]: [code: string, value: number, target?: object]) => ({
    code,
    date,
    value,
    ...(target && { target }),
  });

const aNumber: DriftSample = { jsonType: 'number', length: null, literal: null };
const aString = (length: number): DriftSample => ({ jsonType: 'string', length, literal: null });
const nothingOfNight = {
  efficiencyPercent: null,
  averageHeartRate: null,
  averageHrvRmssd: null,
  averageSpo2: null,
};

it('the flat generation, in a list', () => {
  const date = '2026-03-07';
  const at = from('2026-03-06T18:30:00Z');
  const bed = from('2026-03-06T17:52:00Z');
  expect(fixture(date)).toEqual({
    date,
    outcome: 'data',
    startsAt: at(0),
    timeZone: 'Asia/Kolkata',
    series: [
      { code: 'heart_rate', instants: [at(92), at(377), at(974)], values: [61, 58, 64] },
      { code: 'heart_rate_variability_rmssd', instants: [at(381), at(979)], values: [47, 52] },
      {
        code: 'skin_temperature',
        instants: [at(181), at(466), at(771)],
        values: [34.84204864501953, 35.12, 33.9],
      },
      { code: 'steps', instants: [at(203), at(488), at(793)], values: [0, 113, 26] },
      { code: 'oxygen_saturation', instants: [at(604), at(1804)], values: [95.5, 98.5] },
      // It began before the midnight of the day that the night is filed under.
      { code: 'sleeping_heart_rate', instants: [at(-1200), at(505)], values: [55, 53] },
    ],
    daily: [
      ['average_heart_rate_variability_rmssd', 49],
      ['steps', 9274],
      ['steps_per_interval', 32.2],
      ['average_oxygen_saturation', 96.9],
      ['resting_heart_rate', 50],
      ['vo2_max', 43.5],
      ['active_time', 37],
      ['inactive_time', 415.5],
      ['weekly_active_time', 211],
      ['sleep_movements', 7],
      ['morning_alertness', 42],
    ].map((it) => dailyOn(date)(it as [string, number])),
    sleeps: [
      {
        date,
        start: bed(0),
        end: Date.parse('2026-03-07T00:47:00Z'),
        // The stages, not the 22,213 s above them; 22,200 s and 2,700 s are the 24,900 s in bed.
        asleepSeconds: 4_920 + 11_580 + 5_700,
        stageSeconds: { awake: 2_700, light: 11_580, deep: 4_920, rem: 5_700 },
        stages: [
          { stage: 'awake', start: bed(0), end: bed(300) },
          { stage: 'light', start: bed(300), end: bed(2_160) },
          { stage: 'deep', start: bed(2_160), end: bed(5_040), tossTurns: 1 },
          { stage: 'rem', start: bed(5_040), end: bed(6_180) },
        ],
        efficiencyPercent: 89,
        averageHeartRate: 56,
        // The sleep's own, not the 51 beside it.
        averageHrvRmssd: 48,
        averageSpo2: 97,
        graphs: {
          heart_rate: {
            instants: [bed(310), bed(610)],
            values: [57.5, 55.5],
            statistics: { average: 59, min: 45, max: 66 },
            span: { start: bed(30), end: bed(24_860) },
            marks: [{ kind: 'lowest', at: bed(4_321) }],
          },
          heart_rate_variability_rmssd: {
            instants: [bed(320)],
            values: [44.25],
            statistics: { average: 46.5, min: null, max: 91 },
            band: { low: 38, high: 63 },
          },
          // 95 °F
          skin_temperature: { instants: [bed(330)], values: [35] },
          respiratory_rate: { instants: [bed(340)], values: [14.75] },
        },
        details: {
          timeInBedSeconds: 24_880,
          stagePercent: { awake: 11, light: 46, deep: 20, rem: 23 },
          cycles: [
            { start: bed(350), end: bed(5_400), full: true },
            { start: bed(5_400), end: bed(8_100), full: false },
          ],
          tossTurnCount: 13,
          movements: [
            { at: bed(2_220), intensity: 'light' },
            { at: bed(3_333), intensity: 'vigorous' },
          ],
          averageRestingHeartRate: 54,
          beta: ['oxygen_saturation_sleep_avg', 'toss_turn_count'],
        },
      },
    ],
    scores: [
      {
        category: 'sleep',
        date,
        value: 81,
        qualifier: null,
        components: {
          sleep_efficiency: { value: 83.5, qualifier: 'good' },
          hrv_form: { value: 60.47222222222222, qualifier: 'warning' },
        },
      },
      { category: 'recovery', date, value: 72, qualifier: null, components: null },
      { category: 'activity', date, value: 68, qualifier: null, components: null },
    ],
    unmapped: [],
    // 1 % of oxygen.
    rejected: [{ path: 'spo2', of: 'oxygen_saturation', reason: 'out_of_range', count: 1, sample: aNumber }],
  });
});

it('the generation with numbers inside the sleep, by date, and a nap', () => {
  const date = '2026-03-08';
  const at = from('2026-03-08T08:00:00Z');
  const bed = from('2026-03-08T06:20:00Z');
  const nap = from('2026-03-08T22:30:00Z');
  expect(fixture(date)).toEqual({
    date,
    outcome: 'data',
    startsAt: at(0),
    timeZone: 'America/Los_Angeles',
    series: [{ code: 'heart_rate', instants: [at(95), at(702)], values: [71, 73] }],
    daily: [
      ['skin_temperature_deviation', -0.31],
      ['sleeping_skin_temperature', 35.47],
      ['sleep_movements', 17],
      ['morning_alertness', 48],
    ].map((it) => dailyOn(date)(it as [string, number])),
    sleeps: [
      {
        ...nothingOfNight,
        date,
        start: bed(0),
        end: bed(27_900),
        // Deep sleep by its seconds, the others by their minutes; awake is the rest of 27,900 s.
        asleepSeconds: 5_041 + 13_740 + 5_940,
        stageSeconds: { deep: 5_041, light: 13_740, rem: 5_940, awake: 3_179 },
        stages: [],
        efficiencyPercent: 88.6,
        graphs: {},
        details: {
          // 7 h 44 min
          timeInBedSeconds: 27_840,
          stagePercent: { deep: 18, light: 49, rem: 21 },
          restorativePercent: 43,
          fullCycles: 4,
          tossTurnCount: 23,
          heartRateDrop: { at: bed(16_200), value: 47 },
        },
      },
      {
        ...nothingOfNight,
        date,
        start: nap(0),
        end: nap(2_580),
        asleepSeconds: 540,
        stageSeconds: { deep: 540, light: 0, rem: 0, awake: 2_040 },
        stages: [],
        graphs: {},
        details: { aside: { score: 52, components: null, daily: { sleep_movements: 2 } } },
      },
    ],
    scores: [
      {
        category: 'sleep',
        date,
        value: 79,
        qualifier: null,
        components: {
          // The summary's, not the 76 beside the percentage.
          sleep_efficiency: { value: 75.25, qualifier: 'good' },
          deep_sleep: { value: 67, qualifier: null },
          rem_sleep: { value: 74, qualifier: null },
          temperature_deviation: { value: 93, qualifier: null },
          average_body_temperature: { value: 92, qualifier: null },
        },
      },
      { category: 'recovery', date, value: 63, qualifier: null, components: null },
    ],
    unmapped: [],
    rejected: [
      {
        path: 'metrics',
        reason: 'other_day',
        count: 1,
        sample: { jsonType: 'array', length: 0, literal: null },
      },
      { path: 'hr', of: 'heart_rate', reason: 'out_of_range', count: 1, sample: aNumber },
      { path: 'sleep.spo2.value', of: 'sleep', reason: 'out_of_range', count: 1, sample: aNumber },
    ],
  });
});

it('the documented types of their own, without a sleep', () => {
  const date = '2026-03-12';
  expect(fixture(date)).toEqual({
    date,
    outcome: 'data',
    startsAt: null,
    timeZone: 'America/New_York',
    series: [],
    daily: [
      ['average_heart_rate_variability_rmssd', 45],
      ['steps', 183],
      ['steps_per_interval', 91],
      ['average_oxygen_saturation', 97.5],
      ['resting_heart_rate', 51],
      ['active_time', 44],
      ['sleep_movements', 11],
      ['skin_temperature_deviation', -0.2],
      // 97.7 °F
      ['sleeping_skin_temperature', 36.5],
      ['average_sleeping_heart_rate', 49],
      ['sleeping_heart_rate_variability_rmssd', 55],
      // Seconds by their place, 25,560 to 6,360; light sleep says minutes itself.
      ['sleep_duration', 426],
      ['sleep_time_in_bed', 465],
      ['sleep_deep_duration', 88],
      ['sleep_light_duration', 232],
      ['sleep_rem_duration', 106],
      ['sleep_efficiency', 92],
      ['sleep_restorative_share', 46],
      ['sleep_full_cycles', 5],
      ['sleep_toss_turns', 19],
      ['lowest_sleeping_heart_rate', 48],
    ].map((it) => dailyOn(date)(it as [string, number])),
    sleeps: [],
    scores: [
      { category: 'sleep', date, value: 84, qualifier: null, components: null },
      { category: 'recovery', date, value: 78, qualifier: null, components: null },
      { category: 'activity', date, value: 86, qualifier: null, components: null },
    ],
    unmapped: [{ kind: 'field', path: 'hr.last_reading', of: 'heart_rate', count: 1, sample: aNumber }],
    rejected: [
      // "7 /10" is no number of minutes.
      {
        path: 'morning_alertness',
        of: 'daily:morning_alertness',
        reason: 'unknown_unit',
        count: 1,
        sample: aString(3),
      },
      { path: 'vo2_max', of: 'daily:vo2_max', reason: 'stale', count: 1, sample: aNumber },
    ],
  });
});

it('2022: scores of ten, and the night one level deeper', () => {
  const date = '2022-11-04';
  const at = from('2022-11-03T20:00:00Z');
  expect(fixture(date)).toEqual({
    date,
    outcome: 'data',
    startsAt: at(0),
    timeZone: null,
    series: [{ code: 'steps', instants: [at(93), at(386)], values: [114, 25] }],
    daily: [
      // No total: 114 + 25.
      ['steps', 139],
      ['steps_per_interval', 69.5],
    ].map((it) => dailyOn(date)(it as [string, number])),
    sleeps: [
      {
        ...nothingOfNight,
        date,
        start: at(2_100),
        end: at(27_660),
        asleepSeconds: 21_300,
        stageSeconds: null,
        stages: [],
        graphs: {},
        details: { provisional: true },
      },
    ],
    scores: [
      {
        category: 'sleep',
        date,
        value: 74,
        scaleMax: 10,
        qualifier: null,
        components: { timing: { value: 40, qualifier: 'poor' } },
      },
      { category: 'recovery', date, value: 63, scaleMax: 10, qualifier: null, components: null },
    ],
    unmapped: [],
    rejected: [],
  });
});

it('2022: the night under the movements, and contributors without a score', () => {
  const date = '2022-12-05';
  const at = from('2022-12-04T20:00:00Z');
  const bed = from('2022-12-04T21:18:00Z');
  expect(fixture(date)).toEqual({
    date,
    outcome: 'data',
    startsAt: at(0),
    timeZone: null,
    series: [{ code: 'motion_index', instants: [at(193), at(486), at(779)], values: [104, 74, 0] }],
    daily: [],
    sleeps: [
      {
        ...nothingOfNight,
        date,
        start: bed(0),
        end: bed(9_660),
        asleepSeconds: 600 + 8_760,
        stageSeconds: { awake: 300, deep: 600, light: 8_760, rem: 0 },
        stages: [
          { stage: 'awake', start: bed(0), end: bed(300) },
          { stage: 'deep', start: bed(300), end: bed(900) },
          { stage: 'light', start: bed(900), end: bed(9_660) },
        ],
        graphs: {
          heart_rate: { instants: [bed(0), bed(300)], values: [80.5, 77.5] },
          heart_rate_variability_rmssd: { instants: [bed(600)], values: [14.5] },
        },
        details: {},
      },
    ],
    scores: [
      {
        category: 'sleep',
        date,
        value: null,
        qualifier: null,
        components: {
          restoration_time: { value: 60.47222222222222, qualifier: 'warning' },
          temperature: { value: 98, qualifier: 'optimal' },
        },
      },
    ],
    unmapped: [],
    rejected: [],
  });
});

it('a glucose sensor, its series in two entries and two units', () => {
  const date = '2026-03-14';
  const at = from('2026-03-14T00:00:00Z');
  expect(fixture(date)).toEqual({
    date,
    outcome: 'data',
    startsAt: at(0),
    timeZone: 'Europe/London',
    series: [
      {
        code: 'blood_glucose',
        instants: [at(120), at(420), at(720), at(1_020)],
        // 5.5 mmol/L × 18.0156
        values: [88, 93.5, 141, expect.closeTo(99.0858, 9)],
      },
    ],
    daily: [
      dailyOn(date)(['average_glucose', 101.4]),
      dailyOn(date)(['glucose_variability', 17.5]),
      dailyOn(date)(['hba1c_estimate', 5.1]),
      dailyOn(date)(['glucose_time_in_target', 94, { low: 70, high: 140 }]),
    ],
    sleeps: [],
    scores: [{ category: 'metabolic', date, value: 83, qualifier: null, components: null }],
    unmapped: [],
    // 0.2 mmol/L
    rejected: [{ path: 'glucose', of: 'blood_glucose', reason: 'out_of_range', count: 1, sample: aNumber }],
  });
});
