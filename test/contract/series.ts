import { always, type Schema } from './schema';

/** Section 12 of the contract: the unit of every series. What later versions call `active_energy` here was `energy`. */
const THEIRS: Record<string, string[]> = {
  bpm: [
    ...['heart_rate', 'resting_heart_rate', 'heart_rate_recovery_one_minute', 'walking_heart_rate_average'],
  ],
  ms: ['heart_rate_variability_sdnn', 'heart_rate_variability_rmssd', 'running_ground_contact_time'],
  percent: [
    ...['oxygen_saturation', 'body_fat_percentage', 'walking_double_support_percentage', 'weather_humidity'],
    ...['walking_asymmetry_percentage', 'walking_steadiness', 'running_vertical_ratio'],
    ...['running_stance_time_balance', 'garmin_body_battery'],
  ],
  mg_dl: ['blood_glucose', 'blood_alcohol_content'],
  mmHg: ['blood_pressure_systolic', 'blood_pressure_diastolic'],
  brpm: ['respiratory_rate'],
  count: [
    ...[
      'sleeping_breathing_disturbances',
      'steps',
      'flights_climbed',
      'swimming_stroke_count',
      'uv_exposure',
    ],
    ...['inhaler_usage', 'electrodermal_activity', 'push_count', 'atrial_fibrillation_burden'],
    ...['insulin_delivery', 'number_of_times_fallen', 'number_of_alcoholic_beverages', 'nike_fuel'],
  ],
  score: [
    ...['peripheral_perfusion_index', 'breathing_disturbance_index', 'physical_effort'],
    ...['workout_effort_score', 'estimated_workout_effort_score', 'garmin_stress_level'],
  ],
  liters: ['forced_vital_capacity', 'forced_expiratory_volume_1'],
  'L/min': ['peak_expiratory_flow_rate'],
  cm: [
    ...['height', 'waist_circumference', 'walking_step_length', 'running_vertical_oscillation'],
    'running_stride_length',
  ],
  kg: ['weight', 'lean_body_mass', 'body_fat_mass', 'skeletal_muscle_mass'],
  kg_m2: ['body_mass_index'],
  celsius: [
    ...['body_temperature', 'skin_temperature', 'skin_temperature_deviation', 'water_temperature'],
    ...['skin_temperature_trend_deviation', 'weather_temperature', 'air_temperature'],
    'garmin_skin_temperature',
  ],
  ml_kg_min: ['vo2_max'],
  meters: [
    ...['six_minute_walk_test_distance', 'distance_walking_running', 'distance_cycling', 'distance_other'],
    ...['distance_swimming', 'distance_downhill_snow_sports', 'underwater_depth', 'elevation'],
  ],
  years: ['cardiovascular_age', 'garmin_fitness_age'],
  kcal: ['active_energy', 'basal_energy'],
  minutes: ['stand_time', 'exercise_time', 'active_time', 'time_in_daylight'],
  met: ['average_met'],
  m_per_s: ['walking_speed', 'stair_descent_speed', 'stair_ascent_speed', 'running_speed', 'speed'],
  watts: ['running_power', 'power'],
  rpm: ['cadence'],
  dB: ['environmental_audio_exposure', 'headphone_audio_exposure', 'environmental_sound_reduction'],
  degrees: ['latitude', 'longitude'],
  mL: ['hydration'],
};

/** Documented series of this server that the contract has no code for, in the contract's units. */
const ADDED: Record<string, string[]> = {
  bpm: ['sleeping_heart_rate', 'average_sleeping_heart_rate', 'lowest_sleeping_heart_rate'],
  ms: ['average_heart_rate_variability_rmssd', 'sleeping_heart_rate_variability_rmssd'],
  percent: [
    ...['average_oxygen_saturation', 'glucose_variability', 'hba1c_estimate', 'glucose_time_in_target'],
    ...['sleep_efficiency', 'sleep_restorative_share'],
  ],
  mg_dl: ['average_glucose'],
  celsius: ['sleeping_skin_temperature'],
  minutes: [
    ...['inactive_time', 'weekly_active_time', 'morning_alertness', 'sleep_duration', 'sleep_time_in_bed'],
    ...['sleep_deep_duration', 'sleep_light_duration', 'sleep_rem_duration'],
  ],
  count: [
    ...['motion_index', 'steps_per_interval', 'sleep_movements', 'sleep_full_cycles', 'sleep_toss_turns'],
  ],
};

const codesOf = (units: Record<string, string[]>) => Object.values(units).flat();
const added = new Set(codesOf(ADDED));

/** What adds up over a day: the contract's `S`, and `hydration`, which it takes for an average by mistake. */
const COUNTERS = new Set([
  ...['sleeping_breathing_disturbances', 'steps', 'active_energy', 'basal_energy', 'stand_time', 'hydration'],
  ...['exercise_time', 'flights_climbed', 'active_time', 'distance_walking_running', 'distance_cycling'],
  ...['distance_swimming', 'distance_downhill_snow_sports', 'distance_other', 'swimming_stroke_count'],
  ...['time_in_daylight', 'uv_exposure', 'inhaler_usage', 'push_count', 'atrial_fibrillation_burden'],
  ...['insulin_delivery', 'number_of_times_fallen', 'number_of_alcoholic_beverages', 'nike_fuel'],
  ...['inactive_time', 'weekly_active_time', 'sleep_movements', 'sleep_duration', 'sleep_time_in_bed'],
  ...['sleep_deep_duration', 'sleep_light_duration', 'sleep_rem_duration', 'sleep_full_cycles'],
  'sleep_toss_turns',
]);

/** Of what a ring and a glucose sensor measure there are samples of these, and of all else one value a day. */
const SAMPLED = [
  ...['heart_rate', 'heart_rate_variability_rmssd', 'skin_temperature', 'oxygen_saturation', 'steps'],
  ...['blood_glucose', 'sleeping_heart_rate', 'motion_index'],
];
const ONCE_A_DAY = ['resting_heart_rate', 'active_time', 'vo2_max', 'skin_temperature_deviation'];
const onceADay = new Set([...ONCE_A_DAY, ...[...added].filter((code) => !SAMPLED.includes(code))]);

export const seriesCode: Schema = { type: 'string', enum: [...codesOf(THEIRS), ...added] };

/**
 * True: a day's total. False: a part of it. Null: nothing that adds up. On purpose the value of a whole day among raw
 * samples is always marked as one, whatever it measures.
 */
function dailyTotals(code: string, resolution: string): (boolean | null)[] {
  const isCounter = COUNTERS.has(code);
  if (resolution === '1day') return [isCounter ? true : null];
  if (resolution !== 'raw') return [isCounter ? false : null];
  if (onceADay.has(code)) return [true];
  return isCounter ? [false, true] : [null];
}

/** What else an item of a time series must be, given its `type`. */
export function itemRules(resolution: string): Schema[] {
  return [
    ...unitRules('type'),
    ...rules(
      'type',
      (code) => dailyTotals(code, resolution),
      (totals) => ({ is_daily_total: { enum: totals } }),
    ),
    { if: { type: 'object', required: ['target_range'] }, then: isOneOf('type', ['glucose_time_in_target']) },
  ];
}

/** What else a metric of the coverage must be, given its `code`. */
export const metricRules: Schema[] = [
  ...unitRules('code'),
  ...rules(
    'code',
    (code) => added.has(code),
    (isAdded) => ({ additive: always(isAdded) }),
  ),
];

function unitRules(name: string): Schema[] {
  const units = [THEIRS, ADDED].flatMap((group) =>
    Object.entries(group).flatMap(([unit, codes]) => codes.map((code) => [code, unit] as const)),
  );
  const unitOf = new Map(units);
  return rules(
    name,
    (code) => unitOf.get(code),
    (unit) => ({ unit: always(unit) }),
  );
}

/** One rule for all codes that come to the same. */
function rules<Fact>(
  name: string,
  factOf: (code: string) => Fact,
  propertiesOf: (fact: Fact) => Record<string, Schema>,
): Schema[] {
  const groups = Map.groupBy([...codesOf(THEIRS), ...added], (code) => JSON.stringify(factOf(code)));
  return [...groups.values()].map((codes) => ({
    if: isOneOf(name, codes),
    then: { type: 'object', properties: propertiesOf(factOf(codes[0])) },
  }));
}

function isOneOf(name: string, codes: string[]): Schema {
  return { type: 'object', properties: { [name]: { enum: codes } } };
}
