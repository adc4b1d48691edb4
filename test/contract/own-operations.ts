/** Operations that the contract does not have: for operators, or additions that no client of the contract knows. */
export const OWN_OPERATIONS = [
  // Health checks and figures, for whoever runs the server.
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /api/v1/ops/drift',
  'GET /api/v1/ops/sync',
  'GET /api/v1/ops/sync/parked',
  'POST /api/v1/ops/sync/parked/release',
  'POST /api/v1/ops/replay',
  'GET /api/v1/ops/replay/{replay_id}',
  'GET /api/v1/ops/users/{user_id}/diagnosis',
  // The way on from a `run_id`, which the contract's own `task_id` does not offer.
  'GET /api/v1/users/{user_id}/sync/runs/{run_id}',
  'POST /api/v1/users/{user_id}/sync/runs/{run_id}/pause',
  'POST /api/v1/users/{user_id}/sync/runs/{run_id}/resume',
  'POST /api/v1/users/{user_id}/sync/runs/{run_id}/cancel',
  // The way on from a `task_id`, likewise.
  'GET /api/v1/settings/archival/run/{task_id}',
  'GET /api/v1/settings/seed/{task_id}',
  // All that is known of one sleep.
  'GET /api/v1/users/{user_id}/events/sleep/{sleep_id}',
  // The page of an invitation, where there is no portal.
  'GET /api/v1/invitations/accept',
];
