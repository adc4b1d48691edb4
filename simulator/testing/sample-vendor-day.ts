import { CurveStatistics, NightTruth } from '../truth/day-truth';
import { VendorDay } from '../truth/vendor-day';

/** Local midnight of 2026-05-04 in Adelaide. */
const start = Date.parse('2026-05-03T14:30:00Z') / 1000;

const statistics = (avg: number, min: number, max: number): CurveStatistics => ({ avg, min, max });

/** 00:10 to 07:23: 433 minutes in bed, 33 of them awake. */
export const sampleNight: NightTruth = {
  start: start + 600,
  end: start + 600 + 433 * 60,
  nap: false,
  time_in_bed_seconds: 25_980,
  asleep_seconds: 24_000,
  stage_seconds: { deep: 4500, light: 13_500, rem: 6000, awake: 1980 },
  stages: [
    { start: start + 600, end: start + 900, stage: 'awake', toss_turns: null },
    { start: start + 900, end: start + 14_400, stage: 'light', toss_turns: 11 },
    { start: start + 14_400, end: start + 18_900, stage: 'deep', toss_turns: null },
    { start: start + 18_900, end: start + 24_900, stage: 'rem', toss_turns: 3 },
    { start: start + 24_900, end: start + 26_580, stage: 'awake', toss_turns: null },
  ],
  stage_percent: { deep: 17, light: 52, rem: 23, awake: 8 },
  efficiency: 92,
  avg_hr: 54,
  avg_hrv: 63,
  avg_resting_hr: 49,
  spo2: 97,
  spo2_is_beta: true,
  toss_turn_is_beta: false,
  restorative_percent: 44,
  full_cycles: 2,
  cycles: [
    { start: start + 900, end: start + 6900, full: true },
    { start: start + 6900, end: start + 14_100, full: true },
    { start: start + 14_100, end: start + 16_200, full: false },
  ],
  toss_turns: 14,
  movements: [
    { at: start + 2000, intensity: 'light' },
    { at: start + 9000, intensity: 'vigorous' },
  ],
  hr_drop: { at: start + 15_000, value: 46 },
  graphs: {
    hr: [
      [start + 600, 58.5],
      [start + 900, 52],
    ],
    hrv: [[start + 600, 61.25]],
    temp: [],
  },
  graph_statistics: { hr: statistics(55, 45, 71), hrv: statistics(62, 31, 99), temp: statistics(35, 34, 36) },
  score: 86,
  contributors: [
    { key: 'sleep_efficiency', value: 88.4722222222222, state: 'optimal' },
    { key: 'hrv_form', value: 60.5, state: 'warning' },
    { key: 'temperature', value: 74.25, state: 'good' },
  ],
};

/** 15:10 to 15:40. */
export const sampleNap: NightTruth = {
  ...sampleNight,
  start: start + 54_600,
  end: start + 56_400,
  nap: true,
  time_in_bed_seconds: 1800,
  asleep_seconds: 1560,
  stage_seconds: { deep: 0, light: 1560, rem: 0, awake: 240 },
  efficiency: 87,
  avg_resting_hr: null,
  hr_drop: null,
  score: 41,
};

/** A day as the vendor's servers would hold it, with no two numbers alike. */
export function sampleVendorDay(changes: Partial<VendorDay> = {}): VendorDay {
  return {
    user: 1008,
    date: '2026-05-04',
    zone_now: 'Australia/Adelaide',
    day_start: start,
    generation: 'flat',
    lower_case_sleep: false,
    synced: true,
    samples: {
      hr: [1, 2, 3, 4, 5, 6].map((step) => [start + 94 + step * 291, 60 + step]),
      hrv: [
        [start + 402, 71],
        [start + 1002, 84],
      ],
      temp: [[start + 175, 33.84204864501953]],
      steps: [
        [start + 176, 0],
        [start + 469, 113],
        [start + 762, 27],
      ],
      spo2: [[start + 5000, 96]],
      night_rhr: [[start + 4800, 50]],
      glucose: [[start + 130, 101]],
    },
    averages: { hrv: 77, spo2: 96.4, steps: 46.666666666666664, night_rhr: 49 },
    steps_total: 140,
    sleeps: [sampleNight, sampleNap],
    scalars: {
      active_minutes: 35,
      inactive_minutes: 245,
      weekly_active_minutes: 198,
      movement: 68,
      recovery: 79,
      avg_sleep_hrv: 64,
      temperature_deviation: -0.2,
      average_body_temperature: 35.7,
      sleep_movements: 9,
      morning_alertness: 123,
    },
    metabolic: {
      score: 82,
      average_glucose: 104,
      variability_percent: 15,
      hba1c: 5.3,
      time_in_target_percent: 94,
      target_low: 70,
      target_high: 140,
    },
    has_cgm_account: true,
    carried_forward: { resting_hr: 51, vo2max: 42 },
    ...changes,
  };
}
