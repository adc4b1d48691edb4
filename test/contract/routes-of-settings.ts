import type { Route } from './routes';
import { deviceType, providerSlug, scoreCategory, scorers } from './objects';
import { metricRules, seriesCode } from './series';
import {
  always,
  anything,
  between,
  flag,
  instant,
  list,
  nullable,
  number,
  object,
  oneOf,
  problem,
  text,
  uuid,
  whole,
  type Schema,
} from './schema';

const slugs = list(providerSlug);
const coveredFields = (code: Schema, providers: Schema) =>
  list(object({ code, providers }, { additive: flag }));
const coverage = object(
  {
    providers: slugs,
    timeseries: list(
      object({
        name: oneOf(
          ...['Heart & Cardiovascular', 'Blood & Respiratory', 'Body Composition', 'Fitness Metrics'],
          ...['Basic', 'Distance', 'Walking', 'Running', 'Swimming', 'Generic'].map(
            (kind) => `Activity - ${kind}`,
          ),
          ...['Environmental', 'Provider-Specific', 'Other'],
          // No category of theirs fits what is told of a night.
          'Sleep',
        ),
        metrics: list({
          ...object(
            { code: seriesCode, unit: text, providers: slugs },
            { additive: flag, devices: list(anything), target_range: anything },
          ),
          allOf: metricRules,
        }),
      }),
    ),
    ...Object.fromEntries(
      ['workout_fields', 'sleep_fields', 'menstrual_cycle_fields'].map((name) => [
        name,
        coveredFields(text, slugs),
      ]),
    ),
    health_scores: coveredFields(scoreCategory, scorers),
  },
  { aliases: list(anything), workouts: list(anything) },
);

const stats = object({
  total_users: object({ count: whole }),
  active_conn: object({ count: whole }),
  data_points: object({ count: whole, archived: whole }),
  event_records: object({ count: whole, workouts: whole, sleep: whole, menstrual_cycles: whole }),
  connections_coverage: object({
    users_with_active: whole,
    users_with_multi_active: whole,
    top_providers: { ...list(object({ provider: providerSlug, count: whole })), maxItems: 6 },
  }),
});

const ranked = { id: uuid, priority: between(1, 100, 'integer'), created_at: instant, updated_at: instant };
const providerPriority = object({ ...ranked, provider: providerSlug });
const devicePriority = object({ ...ranked, device_type: deviceType });

const bytes = ['live_data', 'live_index', 'archive_data', 'archive_index', 'other_tables', 'total'];
const archival = object({
  settings: object({
    archive_after_days: nullable(between(1, 3_650, 'integer')),
    delete_after_days: nullable(between(1, 7_300, 'integer')),
  }),
  storage: object({
    ...Object.fromEntries(bytes.map((name) => [`${name}_bytes`, whole])),
    ...Object.fromEntries(bytes.map((name) => [`${name}_pretty`, text])),
    live_total_pretty: text,
    archive_total_pretty: text,
    live_row_count: whole,
    archive_row_count: whole,
    avg_bytes_per_live_row: number,
    avg_bytes_per_archive_row: number,
    live_data_span_days: whole,
    growth_class: oneOf('bounded', 'linear_efficient', 'linear'),
  }),
});

/** The seed form of the portal reads all of these without asking whether they are there. */
const pair = { ...list(whole), minItems: 2, maxItems: 2 };
const noDates = { date_from: nullable(text), date_to: nullable(text) };
const stageDistribution = object(
  Object.fromEntries(['deep_pct_range', 'rem_pct_range', 'awake_pct_range'].map((name) => [name, pair])),
);

const seedPreset = object({
  id: text,
  label: text,
  description: text,
  profile: object({
    preset: nullable(text),
    ...Object.fromEntries(
      ['generate_workouts', 'generate_sleep', 'generate_time_series'].map((name) => [name, flag]),
    ),
    providers: nullable(slugs),
    num_connections: between(1, 5, 'integer'),
    workout_config: object({
      count: whole,
      workout_types: nullable(list(text)),
      ...Object.fromEntries(
        ['duration_min_minutes', 'duration_max_minutes', 'date_range_months'].map((name) => [name, whole]),
      ),
      ...Object.fromEntries(['hr_min_range', 'hr_max_range', 'steps_range'].map((name) => [name, pair])),
      ...noDates,
    }),
    sleep_config: object({
      ...Object.fromEntries(
        ['count', 'duration_min_minutes', 'duration_max_minutes', 'nap_chance_pct', 'date_range_months'].map(
          (name) => [name, whole],
        ),
      ),
      weekend_catchup: flag,
      stage_profile: nullable(text),
      stage_distribution: stageDistribution,
      ...noDates,
    }),
    time_series_config: object({
      enabled_types: list(text),
      include_blood_pressure: flag,
      date_range_months: whole,
      ...noDates,
    }),
  }),
});
const sleepProfile = object({
  id: oneOf('optimal', 'deep_deficit', 'rem_deprived', 'restless', 'athlete_recovery'),
  label: text,
  description: text,
  distribution: stageDistribution,
});

const SEEDED = {
  num_users: 1,
  profile: { generate_workouts: false, generate_sleep: true, generate_time_series: true, num_connections: 1 },
  random_seed: 7,
};

/** Sections 10 and 11 of the contract. */
export const settingsRoutes: Route[] = [
  { operation: 'GET /api/v1/meta/coverage', as: 'nobody', status: 200, answer: coverage },
  { operation: 'GET /api/v1/dashboard/stats', as: 'developer', status: 200, answer: stats },
  {
    operation: 'GET /api/v1/priorities/providers',
    as: 'developer',
    status: 200,
    answer: object({ items: list(providerPriority) }),
  },
  {
    operation: 'PUT /api/v1/priorities/providers',
    as: 'developer',
    ask: () => ({ body: { priorities: [{ provider: 'ultrahuman', priority: 9 }] } }),
    status: 200,
    answer: object({ items: list(providerPriority) }),
  },
  {
    operation: 'PUT /api/v1/priorities/providers/{provider}',
    as: 'developer',
    ask: () => ({ params: { provider: 'ultrahuman' }, body: { priority: 8 } }),
    status: 200,
    answer: providerPriority,
  },
  {
    operation: 'GET /api/v1/priorities/device-types',
    as: 'developer',
    status: 200,
    answer: object({ items: list(devicePriority) }),
  },
  {
    operation: 'PUT /api/v1/priorities/device-types',
    as: 'developer',
    ask: () => ({ body: { priorities: [{ device_type: 'ring', priority: 3 }] } }),
    status: 200,
    answer: object({ items: list(devicePriority) }),
  },
  {
    operation: 'PUT /api/v1/priorities/device-types/{device_type}',
    as: 'developer',
    ask: () => ({ params: { device_type: 'ring' }, body: { priority: 3 } }),
    status: 200,
    answer: devicePriority,
  },
  { operation: 'GET /api/v1/settings/archival', as: 'developer', status: 200, answer: archival },
  {
    operation: 'PUT /api/v1/settings/archival',
    as: 'developer',
    ask: () => ({ body: { archive_after_days: 3_650, delete_after_days: null } }),
    status: 200,
    answer: archival,
  },
  {
    operation: 'POST /api/v1/settings/archival/run',
    as: 'developer',
    status: 202,
    answer: object({ task_id: text, status: text }),
  },
  {
    operation: 'POST /api/v1/settings/seed',
    as: 'developer',
    ask: () => ({ body: SEEDED }),
    status: 202,
    answer: object({ task_id: text, status: always('dispatched'), seed_used: whole }),
  },
  {
    operation: 'GET /api/v1/settings/seed/presets',
    as: 'developer',
    status: 200,
    answer: list(seedPreset),
  },
  {
    operation: 'GET /api/v1/settings/seed/sleep-profiles',
    as: 'developer',
    status: 200,
    answer: list(sleepProfile),
  },

  ...['GET /api/v1/applications', 'POST /api/v1/applications'].map((operation) => ({
    operation,
    as: 'developer' as const,
    status: 501,
    answer: problem,
  })),
  ...[
    'DELETE /api/v1/applications/{app_id}',
    'POST /api/v1/applications/{app_id}/rotate-secret',
    'GET /api/v1/webhooks/endpoints/{endpoint_id}',
  ].map((operation) => ({
    operation,
    as: 'developer' as const,
    ask: () => ({ params: { app_id: 'app_1', endpoint_id: 'ep_1' } }),
    status: operation.includes('webhooks') ? 503 : 501,
    answer: problem,
  })),
  {
    operation: 'POST /api/v1/invitation-code/redeem',
    as: 'nobody',
    ask: () => ({ body: { code: 'ABCD2345' } }),
    status: 501,
    answer: problem,
  },
  ...[
    ['GET /api/v1/webhooks/event-types', 'nobody'],
    ['GET /api/v1/webhooks/endpoints', 'developer'],
    ['POST /api/v1/webhooks/endpoints', 'developer'],
    ['PATCH /api/v1/webhooks/endpoints/{endpoint_id}', 'developer'],
    ['DELETE /api/v1/webhooks/endpoints/{endpoint_id}', 'developer'],
    ['GET /api/v1/webhooks/endpoints/{endpoint_id}/secret', 'developer'],
    ['POST /api/v1/webhooks/endpoints/{endpoint_id}/test', 'developer'],
    ['GET /api/v1/webhooks/endpoints/{endpoint_id}/attempts', 'developer'],
    ['GET /api/v1/webhooks/messages', 'developer'],
  ].map(([operation, as]) => ({
    operation,
    as: as as 'nobody' | 'developer',
    ask: () => ({ params: { endpoint_id: 'ep_1' } }),
    status: 503,
    answer: problem,
  })),
];
