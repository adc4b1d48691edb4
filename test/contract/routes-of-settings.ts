import type { Route } from './routes';
import {
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
} from './schema';

const coverage = object(
  {
    providers: list(text),
    timeseries: list(
      object({
        name: text,
        metrics: list(
          object(
            { code: text, unit: text, providers: list(text) },
            { additive: flag, devices: list(anything), target_range: anything },
          ),
        ),
      }),
    ),
    ...Object.fromEntries(
      ['workout_fields', 'sleep_fields', 'menstrual_cycle_fields', 'health_scores'].map((name) => [
        name,
        list(object({ code: text, providers: list(text) }, { additive: flag })),
      ]),
    ),
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
    top_providers: { ...list(object({ provider: text, count: whole })), maxItems: 6 },
  }),
});

const ranked = { id: uuid, priority: between(1, 100, 'integer'), created_at: instant, updated_at: instant };
const deviceType = oneOf('watch', 'band', 'ring', 'phone', 'scale', 'other', 'unknown');
const providerPriority = object({ ...ranked, provider: text });
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
    answer: object({ task_id: text, status: { const: 'dispatched' }, seed_used: whole }),
  },
  { operation: 'GET /api/v1/settings/seed/presets', as: 'developer', status: 200, answer: list(anything) },
  {
    operation: 'GET /api/v1/settings/seed/sleep-profiles',
    as: 'developer',
    status: 200,
    answer: list(anything),
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
