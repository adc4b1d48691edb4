import {
  always,
  anything,
  between,
  byName,
  date,
  flag,
  instant,
  list,
  matching,
  nullable,
  number,
  object,
  oneOf,
  text,
  uuid,
  whole,
  zoneOffset,
  type Schema,
} from './schema';
import { itemRules, seriesCode } from './series';

/** The objects of sections 1 to 10 of the contract, each with every field of theirs. */

const PROVIDERS = [
  ...['apple', 'samsung', 'garmin', 'google', 'polar', 'suunto', 'whoop', 'strava', 'oura', 'fitbit'],
  ...['ultrahuman', 'sensorbio'],
];
export const providerSlug = oneOf(...PROVIDERS);
/** Of scores, which this server computes too. */
const scorer = oneOf(...PROVIDERS, 'internal');
export const scorers = list(scorer);
export const deviceType = oneOf('watch', 'band', 'phone', 'scale', 'ring', 'other', 'unknown');

export const source = object({
  provider: providerSlug,
  source: nullable(text),
  device: nullable(text),
  device_type: nullable(deviceType),
  device_name: nullable(text),
});

export const user = object({
  id: uuid,
  created_at: instant,
  first_name: nullable(text),
  last_name: nullable(text),
  email: nullable(text),
  external_user_id: nullable(text),
  last_synced_at: nullable(instant),
  last_synced_provider: nullable(providerSlug),
  has_active_connection: flag,
});

export const users = object({
  items: list(user),
  total: whole,
  page: whole,
  limit: whole,
  pages: whole,
  has_next: flag,
  has_prev: flag,
});

export const provider = object({
  provider: providerSlug,
  name: text,
  has_cloud_api: flag,
  is_enabled: flag,
  icon_url: matching('^/static/provider-icons/[a-z0-9_-]+\\.svg$'),
  live_sync_mode: nullable(oneOf('pull', 'webhook')),
  live_sync_configurable: flag,
  data_granularity: nullable(oneOf('daily', 'hourly', 'raw')),
});

export const connection = object(
  {
    id: uuid,
    user_id: uuid,
    provider: providerSlug,
    provider_user_id: text,
    provider_username: nullable(text),
    scope: nullable(text),
    status: oneOf('active', 'revoked', 'expired'),
    last_synced_at: instant,
    created_at: instant,
    updated_at: instant,
    icon_url: matching('^/static/provider-icons/[a-z0-9_-]+\\.svg$'),
    max_historical_days: nullable(whole),
    rest_pull: flag,
    webhook_stream: flag,
    webhook_ping: flag,
    webhook_callback: flag,
    live_sync_mode: nullable(oneOf('pull', 'webhook')),
    linked_user_ids: list(uuid),
  },
  {
    status_reason: nullable(text),
    attention: nullable(oneOf('forbidden', 'refresh_failing', 'account_changed')),
  },
);

const run = {
  run_id: matching('^pull_[0-9a-f]{16}$'),
  user_id: uuid,
  provider: providerSlug,
  source: oneOf('pull', 'webhook', 'sdk', 'backfill', 'xml_import', 'linked_account'),
  stage: oneOf('queued', 'started', 'fetching', 'processing', 'saving', 'completed', 'failed', 'cancelled'),
  status: oneOf('in_progress', 'success', 'partial', 'failed', 'cancelled', 'skipped'),
  message: nullable(text),
  progress: nullable(between(0, 1)),
  items_processed: nullable(whole),
  items_total: nullable(whole),
  error: nullable(text),
  primary_user_id: nullable(uuid),
  started_at: nullable(instant),
  ended_at: nullable(instant),
};

export const syncEvent = object({ ...run, event_id: uuid, metadata: byName(anything), timestamp: instant });
export const syncRun = object({ ...run, last_update: instant });

export const syncQueued = object(
  { success: always(true), async: always(true), task_id: uuid, message: text },
  { run_id: run.run_id },
);

export const syncDone = object(
  {
    success: flag,
    details: object({
      data_247: object({
        sleep_sessions_synced: whole,
        activity_samples: whole,
        recovery_days_synced: whole,
        failed_days: whole,
        errors: list(text),
      }),
    }),
  },
  { async: always(false), task_id: uuid, run_id: run.run_id, message: text },
);

export const historicalSync = object(
  {
    success: always(true),
    provider: providerSlug,
    user_id: uuid,
    method: oneOf('pull_api', 'webhook_backfill'),
    task_id: uuid,
    message: text,
    days: whole,
    start_date: text,
    end_date: text,
  },
  { run_id: run.run_id },
);

const stageMinutes = object({
  awake_minutes: whole,
  light_minutes: whole,
  deep_minutes: whole,
  rem_minutes: whole,
});

export const sleep = object({
  id: uuid,
  start_time: instant,
  end_time: instant,
  zone_offset: zoneOffset,
  source,
  duration_seconds: whole,
  sleep_duration_seconds: nullable(whole),
  efficiency_percent: nullable(between(0, 100)),
  stages: nullable(stageMinutes),
  sleep_stage_intervals: nullable(
    list(
      object({
        stage: oneOf('in_bed', 'awake', 'sleeping', 'light', 'deep', 'rem', 'unknown'),
        start_time: instant,
        end_time: instant,
      }),
    ),
  ),
  is_nap: flag,
});

const optionalNumbers = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, nullable(number)]));

export const workout = object({
  id: uuid,
  type: text,
  name: nullable(text),
  start_time: instant,
  end_time: instant,
  zone_offset: zoneOffset,
  duration_seconds: nullable(whole),
  source,
  ...optionalNumbers('calories_kcal', 'distance_meters', 'avg_heart_rate_bpm', 'max_heart_rate_bpm'),
  ...optionalNumbers('avg_pace_sec_per_km', 'elevation_gain_meters', 'heart_rate_min', 'steps_count'),
  ...optionalNumbers('average_speed', 'max_speed', 'average_cadence', 'average_watts', 'max_watts'),
  ...optionalNumbers('moving_time_seconds', 'elev_high', 'elev_low'),
});

/** @param asked fields that are only there on request */
export const sample = (resolution: string, asked: Record<string, Schema> = {}): Schema => ({
  ...object(
    {
      timestamp: instant,
      zone_offset: zoneOffset,
      type: seriesCode,
      value: number,
      unit: text,
      source: nullable(source),
      is_daily_total: nullable(flag),
      ...asked,
    },
    { target_range: object({ low: number, high: number, unit: always('mg_dl') }) },
  ),
  allOf: itemRules(resolution),
});

export const activityDay = object({
  date,
  source,
  steps: nullable(whole),
  distance_meters: nullable(number),
  floors_climbed: nullable(whole),
  elevation_meters: nullable(number),
  active_calories_kcal: nullable(number),
  total_calories_kcal: nullable(number),
  active_minutes: nullable(whole),
  sedentary_minutes: nullable(whole),
  intensity_minutes: nullable(object({ light: whole, moderate: whole, vigorous: whole })),
  heart_rate: nullable(object({ avg_bpm: whole, max_bpm: whole, min_bpm: whole })),
});

export const sleepDay = object({
  date,
  source,
  start_time: nullable(instant),
  end_time: nullable(instant),
  zone_offset: zoneOffset,
  duration_minutes: nullable(whole),
  total_duration_minutes: nullable(whole),
  time_in_bed_minutes: nullable(whole),
  efficiency_percent: nullable(between(0, 100)),
  stages: nullable(stageMinutes),
  interruptions_count: nullable(whole),
  nap_count: whole,
  nap_duration_minutes: nullable(whole),
  sessions: nullable(
    list(
      object({
        start_time: instant,
        end_time: instant,
        zone_offset: zoneOffset,
        duration_minutes: nullable(whole),
        is_nap: flag,
      }),
    ),
  ),
  avg_heart_rate_bpm: nullable(whole),
  avg_hrv_sdnn_ms: nullable(number),
  avg_hrv_rmssd_ms: nullable(number),
  avg_respiratory_rate: nullable(number),
  avg_spo2_percent: nullable(number),
});

export const recoveryDay = object(
  {
    date,
    source,
    sleep_duration_seconds: nullable(whole),
    sleep_efficiency_percent: nullable(between(0, 100)),
    resting_heart_rate_bpm: nullable(whole),
    avg_hrv_sdnn_ms: nullable(number),
    avg_spo2_percent: nullable(number),
    recovery_score: nullable(between(0, 100, 'integer')),
  },
  { avg_hrv_rmssd_ms: nullable(number) },
);

const pressures = ['avg', 'max', 'min'].flatMap((kind) =>
  ['systolic', 'diastolic'].map((side) => `${kind}_${side}_mmhg`),
);

export const body = object({
  source,
  slow_changing: object(
    optionalNumbers('weight_kg', 'height_cm', 'body_fat_percent', 'muscle_mass_kg', 'bmi', 'age'),
  ),
  averaged: object({
    period_days: whole,
    resting_heart_rate_bpm: nullable(whole),
    avg_hrv_sdnn_ms: nullable(number),
    avg_hrv_rmssd_ms: nullable(number),
    period_start: instant,
    period_end: instant,
  }),
  latest: object({
    body_temperature_celsius: nullable(number),
    body_temperature_measured_at: nullable(instant),
    skin_temperature_celsius: nullable(number),
    skin_temperature_measured_at: nullable(instant),
    blood_pressure: nullable(object({ ...optionalNumbers(...pressures), reading_count: whole })),
    blood_pressure_measured_at: nullable(instant),
  }),
});

const counts = byName(whole);
const seriesCounts = { ...counts, propertyNames: seriesCode };

export const dataSummary = object({
  user_id: uuid,
  total_data_points: whole,
  total_workouts: whole,
  total_sleep_events: whole,
  series_type_counts: seriesCounts,
  workout_type_counts: counts,
  by_provider: list(
    object({
      provider: providerSlug,
      data_points: whole,
      series_counts: seriesCounts,
      workout_count: whole,
      sleep_count: whole,
    }),
  ),
  has_womens_health_data: flag,
});

export const timeline = object({
  bucket: always('day'),
  group_by: always('series_type'),
  series: list(
    object({
      key: seriesCode,
      metric: text,
      buckets: list({
        type: 'array',
        minItems: 2,
        maxItems: 2,
        items: [date, whole],
        additionalItems: false,
      }),
    }),
  ),
});

export const scoreCategory = oneOf(
  ...['sleep', 'recovery', 'readiness', 'activity', 'stress', 'resilience', 'body_battery', 'strain'],
  // No category of theirs fits the vendor's metabolic score.
  'metabolic',
);

export const score = object(
  {
    id: uuid,
    data_source_id: nullable(uuid),
    provider: nullable(scorer),
    category: scoreCategory,
    value: nullable(number),
    qualifier: nullable(text),
    recorded_at: matching('^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})$'),
    zone_offset: zoneOffset,
    components: nullable(byName(object({ value: nullable(number), qualifier: nullable(text) }))),
    event_record_id: nullable(uuid),
  },
  { scale_max: number, formula_version: nullable(whole) },
);

export const dataSources = object({
  items: list(
    object({
      id: uuid,
      user_id: uuid,
      provider: providerSlug,
      user_connection_id: nullable(uuid),
      device_model: nullable(text),
      software_version: nullable(text),
      source: nullable(text),
      device_type: nullable(deviceType),
      original_source_name: nullable(text),
      display_name: nullable(text),
    }),
  ),
  total: whole,
});
