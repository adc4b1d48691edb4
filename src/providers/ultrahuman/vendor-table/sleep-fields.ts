import { ignored, type MappedField, type SleepPart, type Unit, type VendorField } from './vendor-field';
import type { NightFigure } from './night-figures';

function night(path: string, canonical: string, figure: NightFigure, unit: Unit): MappedField {
  return { path: `sleep.${path}`, canonical, place: { in: 'night', figure }, unit };
}

function sleep(path: string, canonical: string, part: SleepPart, unit: Unit | null = null): MappedField {
  return { path: `sleep.${path}`, canonical, place: { in: 'sleep', part }, unit };
}

/** `{seconds}`, else `{minutes}`, else `{hours, remaining_minutes}`: not every field has each. */
function duration(field: string, canonical: string, figure: NightFigure): MappedField[] {
  return [
    night(`${field}.seconds`, canonical, figure, 'seconds'),
    night(`${field}.minutes`, canonical, figure, 'minutes'),
    { ...night(`${field}.hours`, canonical, figure, 'hours'), plus: 'remaining_minutes' },
  ];
}

/** A stage's row with seconds and rounded share, and its newer field. */
function stage(name: 'deep' | 'light' | 'rem'): MappedField[] {
  const row = `sleep_stages[${name}_sleep]`;
  return [
    night(`${row}.stage_time`, `duration_${name}`, name, 'seconds'),
    night(`${row}.percentage`, `${name}_pct`, `${name}_percent`, 'percent'),
    ...duration(`${name}_sleep`, `duration_${name}`, name),
    night(`${name}_sleep.percentage`, `${name}_pct`, `${name}_percent`, 'percent'),
    contributor(`${name}_sleep`),
  ];
}

/** A number that the vendor says went into its score. */
function contributor(field: string): MappedField {
  return {
    path: `sleep.${field}.contributor`,
    canonical: 'sleep_score',
    place: { in: 'score', category: 'sleep', part: 'component', name: field },
    unit: 'score',
  };
}

function score(path: string, unit: Unit): MappedField {
  return {
    path: `sleep.${path}`,
    canonical: 'sleep_score',
    place: { in: 'score', category: 'sleep', part: 'value' },
    unit,
  };
}

/** The vendor's sleep in all its generations; of several paths to one place the first that holds something counts. */
export const SLEEP_FIELDS: readonly VendorField[] = [
  sleep('bedtime_start', 'start', 'start', 'epoch_seconds'),
  sleep('bedtime_end', 'end', 'end', 'epoch_seconds'),
  // 2022: the night lies one level deeper, and its score goes to ten.
  { path: 'sleep.details', sameAs: 'sleep' },
  sleep('is_processing_new_data', 'provisional', 'provisional'),

  score('sleep_score.score', 'score'),
  score('quick_metrics[sleep_index].value', 'score'),
  score('score', 'score_of_10'),
  ...['title', 'state', 'score'].map((field): MappedField => ({
    path: `sleep.summary[].${field}`,
    canonical: 'sleep_score',
    place: { in: 'score', category: 'sleep', part: 'component' },
    unit: field === 'score' ? 'score' : null,
  })),

  night('quick_metrics[total_sleep].value', 'duration_asleep', 'total_sleep', 'seconds'),
  ...duration('total_sleep', 'duration_asleep', 'total_sleep'),
  night('quick_metrics[time_in_bed].value', 'duration_in_bed', 'time_in_bed', 'seconds'),
  ...duration('time_in_bed', 'duration_in_bed', 'time_in_bed'),
  night('quick_metrics[sleep_efic].value', 'efficiency', 'efficiency', 'percent'),
  night('sleep_efficiency.percentage', 'efficiency', 'efficiency', 'percent'),
  contributor('sleep_efficiency'),
  night('quick_metrics[avg_hr].value', 'hr_avg', 'average_heart_rate', 'bpm'),
  night('quick_metrics[avg_hrv].value', 'hrv_rmssd_avg', 'average_hrv', 'ms'),
  ...stage('deep'),
  ...stage('light'),
  ...stage('rem'),
  night('sleep_stages[awake].stage_time', 'duration_awake', 'awake', 'seconds'),
  night('sleep_stages[awake].percentage', 'awake_pct', 'awake_percent', 'percent'),
  night('spo2.value', 'oxygen_saturation_sleep_avg', 'average_spo2', 'percent'),
  sleep('spo2.is_beta', 'oxygen_saturation_sleep_avg', 'beta'),
  night('toss_turn.value', 'toss_turn_count', 'toss_turns', 'count'),
  sleep('toss_turn.is_beta', 'toss_turn_count', 'beta'),
  night('tosses_and_turns.count', 'toss_turn_count', 'toss_turns', 'count'),
  night('restorative_sleep.percentage', 'restorative_pct', 'restorative', 'percent'),
  night('full_sleep_cycles.cycles', 'cycles_full', 'full_cycles', 'count'),
  night('hr_drop.value', 'hr_nadir', 'heart_rate_drop', 'bpm'),
  sleep('hr_drop.timestamp', 'hr_nadir', 'heart_rate_drop', 'epoch_seconds'),

  {
    path: 'sleep.temperature_deviation.celsius',
    canonical: 'skin_temperature_deviation',
    place: { in: 'daily', code: 'skin_temperature_deviation' },
    unit: 'celsius_difference',
  },
  {
    path: 'sleep.temperature_deviation.value',
    canonical: 'skin_temperature_deviation',
    place: { in: 'daily', code: 'skin_temperature_deviation' },
    unit: 'celsius_difference',
  },
  contributor('temperature_deviation'),
  {
    path: 'sleep.average_body_temperature.celsius',
    canonical: 'skin_temperature_sleep_avg',
    place: { in: 'daily', code: 'sleeping_skin_temperature' },
    unit: 'celsius',
  },
  contributor('average_body_temperature'),
  {
    path: 'sleep.movements.count',
    canonical: 'movement_count',
    place: { in: 'daily', code: 'sleep_movements' },
    unit: 'count',
  },
  {
    path: 'sleep.morning_alertness.minutes',
    canonical: 'morning_alertness',
    place: { in: 'daily', code: 'morning_alertness' },
    unit: 'minutes',
  },

  sleep('sleep_graph.data[].start', 'stages', 'stages', 'epoch_seconds'),
  sleep('sleep_graph.data[].end', 'stages', 'stages', 'epoch_seconds'),
  // As one client writes them.
  sleep('sleep_graph.data[].startTime', 'stages', 'stages', 'epoch_seconds'),
  sleep('sleep_graph.data[].endTime', 'stages', 'stages', 'epoch_seconds'),
  sleep('sleep_graph.data[].type', 'stages', 'stages'),
  sleep('sleep_graph.data[].toss_turn', 'stages', 'stages', 'count'),
  sleep('movement_graph.data[].timestamp', 'movement_intensity', 'movements', 'epoch_seconds'),
  sleep('movement_graph.data[].type', 'movement_intensity', 'movements'),
  sleep('sleep_cycles.cycles[].startTime', 'cycles', 'cycles', 'epoch_seconds'),
  sleep('sleep_cycles.cycles[].endTime', 'cycles', 'cycles', 'epoch_seconds'),
  sleep('sleep_cycles.cycles[].cycleType', 'cycles', 'cycles'),
  ...ignored('title', 'sleep.sleep_cycles.legend[].title'),
  ...ignored('colour', 'sleep.sleep_cycles.legend[].color'),

  ...ignored('html', 'sleep.quick_metrics_tiled'),
  // Both are a history over days: each day says its own, as its score and its `morning_alertness`.
  ...ignored('trend', 'sleep.score_trend', 'sleep.sleep_inertia_trend'),
  ...ignored('text', 'sleep.sleep_inertia_interpretation'),
  ...ignored('tracking', 'sleep.index_tracking_params'),
];
