import { SERIES_TYPES, type SeriesCode } from '../../../health-data/canonical';

interface FigureOfNight {
  unit: 'seconds' | 'percent' | 'count' | 'bpm' | 'ms' | 'epoch_seconds';
  /** Both ends allowed. */
  range: readonly [min: number, max: number];
  /** What it becomes in an answer that names it without any sleep; left out: nothing names it so. */
  daily?: SeriesCode;
}

const DAY_SECONDS = [0, 86_400] as const;
const { hardRange: PERCENT } = SERIES_TYPES.sleep_efficiency;

/** Single numbers of one night: fields of its sleep. */
export const NIGHT_FIGURES = {
  total_sleep: { unit: 'seconds', range: DAY_SECONDS, daily: 'sleep_duration' },
  time_in_bed: { unit: 'seconds', range: DAY_SECONDS, daily: 'sleep_time_in_bed' },
  deep: { unit: 'seconds', range: DAY_SECONDS, daily: 'sleep_deep_duration' },
  light: { unit: 'seconds', range: DAY_SECONDS, daily: 'sleep_light_duration' },
  rem: { unit: 'seconds', range: DAY_SECONDS, daily: 'sleep_rem_duration' },
  awake: { unit: 'seconds', range: DAY_SECONDS },
  deep_percent: { unit: 'percent', range: PERCENT },
  light_percent: { unit: 'percent', range: PERCENT },
  rem_percent: { unit: 'percent', range: PERCENT },
  awake_percent: { unit: 'percent', range: PERCENT },
  efficiency: { unit: 'percent', range: PERCENT, daily: 'sleep_efficiency' },
  restorative: { unit: 'percent', range: PERCENT, daily: 'sleep_restorative_share' },
  full_cycles: {
    unit: 'count',
    range: SERIES_TYPES.sleep_full_cycles.hardRange,
    daily: 'sleep_full_cycles',
  },
  toss_turns: { unit: 'count', range: SERIES_TYPES.sleep_toss_turns.hardRange, daily: 'sleep_toss_turns' },
  average_heart_rate: { unit: 'bpm', range: SERIES_TYPES.heart_rate.hardRange },
  average_hrv: {
    unit: 'ms',
    range: SERIES_TYPES.sleeping_heart_rate_variability_rmssd.hardRange,
    daily: 'sleeping_heart_rate_variability_rmssd',
  },
  average_spo2: { unit: 'percent', range: SERIES_TYPES.oxygen_saturation.hardRange },
  average_resting_heart_rate: {
    unit: 'bpm',
    range: SERIES_TYPES.average_sleeping_heart_rate.hardRange,
    daily: 'average_sleeping_heart_rate',
  },
  heart_rate_drop: {
    unit: 'bpm',
    range: SERIES_TYPES.lowest_sleeping_heart_rate.hardRange,
    daily: 'lowest_sleeping_heart_rate',
  },
} as const satisfies Record<string, FigureOfNight>;

export type NightFigure = keyof typeof NIGHT_FIGURES;

/** The daily code of a figure; null where it can only belong to a sleep. */
export function dailyCodeOf(figure: NightFigure): SeriesCode | null {
  const found: FigureOfNight = NIGHT_FIGURES[figure];
  return found.daily ?? null;
}
