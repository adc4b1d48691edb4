import type { ScoreCategory, SeriesCode } from '../../../health-data/canonical';
import type { NightFigure } from './night-figures';
import type { Evidence, MappedField, Unit, VendorField } from './vendor-field';

/** `{value}`, one type each; section 3.2 of what is known of the vendor. */
function daily(
  type: string,
  canonical: string,
  code: SeriesCode,
  unit: Unit,
  measuredWith?: Evidence,
): MappedField {
  return { path: `${type}.value`, canonical, place: { in: 'daily', code, measuredWith }, unit };
}

function score(type: string, category: ScoreCategory): VendorField[] {
  const canonical = `${category}_score`;
  return [
    { path: `${type}.value`, canonical, place: { in: 'score', category, part: 'value' }, unit: 'score' },
    { path: `${type}.summary`, sameAs: 'sleep.summary' },
  ];
}

/** Documented types of their own; live answers hold them inside the sleep, in minutes, and that goes before. */
function night(type: string, canonical: string, figure: NightFigure, unit: Unit): MappedField {
  return { path: `${type}.value`, canonical, place: { in: 'night', figure }, unit };
}

/** The first that an answer holds counts. */
export const SCALAR_FIELDS: readonly VendorField[] = [
  ...score('sleep_score', 'sleep'),
  ...score('recovery_index', 'recovery'),
  ...score('recovery_score', 'recovery'),
  {
    path: 'recovery.score',
    canonical: 'recovery_score',
    place: { in: 'score', category: 'recovery', part: 'value' },
    unit: 'score_of_10',
  },
  ...score('movement_index', 'activity'),
  ...score('metabolic_score', 'metabolic'),

  daily('sleep_rhr', 'resting_heart_rate', 'resting_heart_rate', 'bpm', 'a night'),
  daily('vo2_max', 'vo2_max_estimate', 'vo2_max', 'ml_kg_min', 'a sleep or a heart rate'),
  daily('active_minutes', 'active_duration', 'active_time', 'minutes'),
  daily('inactive_time', 'inactive_duration', 'inactive_time', 'minutes'),
  daily('weekly_active_minutes', 'weekly_active_duration', 'weekly_active_time', 'minutes'),
  daily('movements', 'movement_count', 'sleep_movements', 'count'),
  daily('morning_alertness', 'morning_alertness', 'morning_alertness', 'minutes'),
  { path: 'morning_alertness.status', ignored: 'text', words: ['calculated', 'good'] },
  daily(
    'temperature_deviation',
    'skin_temperature_deviation',
    'skin_temperature_deviation',
    'celsius_difference',
  ),
  daily('average_body_temperature', 'skin_temperature_sleep_avg', 'sleeping_skin_temperature', 'celsius'),

  daily('average_glucose', 'glucose_mean', 'average_glucose', 'mg_dl'),
  daily('glucose_variability', 'glucose_cv', 'glucose_variability', 'percent'),
  daily('hba1c', 'hba1c_estimate_vendor', 'hba1c_estimate', 'percent'),
  {
    path: 'time_in_target.value',
    canonical: 'glucose_time_in_range',
    // mg/dL; the vendor's own range, narrower than the consensus one.
    place: { in: 'daily', code: 'glucose_time_in_target', target: { low: 70, high: 140 } },
    unit: 'percent',
  },

  night('avg_sleep_hrv', 'hrv_rmssd_sleep_avg', 'average_hrv', 'ms'),
  night('total_sleep', 'duration_asleep', 'total_sleep', 'seconds'),
  night('time_in_bed', 'duration_in_bed', 'time_in_bed', 'seconds'),
  night('deep_sleep', 'duration_deep', 'deep', 'seconds'),
  night('light_sleep', 'duration_light', 'light', 'seconds'),
  night('rem_sleep', 'duration_rem', 'rem', 'seconds'),
  night('sleep_efficiency', 'efficiency', 'efficiency', 'percent'),
  night('restorative_sleep', 'restorative_pct', 'restorative', 'percent'),
  night('full_sleep_cycles', 'cycles_full', 'full_cycles', 'count'),
  night('tosses_and_turns', 'toss_turn_count', 'toss_turns', 'count'),
  night('hr_drop', 'hr_nadir', 'heart_rate_drop', 'bpm'),
  {
    path: 'hr_drop.timestamp',
    canonical: 'hr_nadir',
    place: { in: 'sleep', part: 'heart_rate_drop' },
    unit: 'epoch_seconds',
  },
];
