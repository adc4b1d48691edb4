import {
  connection,
  historicalSync,
  provider,
  syncDone,
  syncEvent,
  syncQueued,
  syncRun,
  user,
  users,
} from './objects';
import type { ContractWorld } from './contract-world';
import type { Route } from './routes';
import { always, anything, list, matching, object, problem, text, uuid } from './schema';

const PROVIDER = '/api/v1/providers/{provider}/users/{user_id}';
const SYNC = '/api/v1/users/{user_id}/sync';
const emptyList = { type: 'array', maxItems: 0 };

/** Sections 1, 3, 4 and 5 of the contract. */
export const userRoutes: Route[] = [
  {
    operation: 'GET /',
    as: 'nobody',
    status: 200,
    answer: object({ message: always('Server is running!') }),
  },

  { operation: 'GET /api/v1/users', status: 200, answer: users },
  {
    operation: 'GET /api/v1/users',
    query: 'page=1&limit=9&sort_by=last_synced_at&sort_order=asc&search=nobody-is-called-so',
    status: 200,
    answer: users,
    nothing: 'nobody is called so',
  },
  { operation: 'GET /api/v1/users/{user_id}', status: 200, answer: user, newcomer: user },
  { operation: 'POST /api/v1/users', ask: () => ({ body: {} }), status: 201, answer: user },
  {
    operation: 'POST /api/v1/users',
    ask: () => ({
      body: {
        first_name: 'Ada',
        last_name: 'Lovelace',
        email: 'ada@contract.example',
        external_user_id: 'contract-1',
      },
    }),
    status: 201,
    answer: user,
  },
  {
    operation: 'PATCH /api/v1/users/{user_id}',
    ask: async (world) => ({
      params: { user_id: await world.newUser() },
      body: { first_name: 'Grace', email: null },
    }),
    status: 200,
    answer: user,
  },
  {
    operation: 'DELETE /api/v1/users/{user_id}',
    ask: async (world) => ({ params: { user_id: await world.newUser() } }),
    status: 200,
    answer: user,
  },

  { operation: 'GET /api/v1/oauth/providers', as: 'nobody', status: 200, answer: list(provider) },
  {
    operation: 'GET /api/v1/oauth/providers',
    query: 'enabled_only=true&cloud_only=true',
    as: 'nobody',
    status: 200,
    answer: list(provider),
  },
  {
    operation: 'PUT /api/v1/oauth/providers/{provider}',
    as: 'developer',
    ask: () => ({ params: { provider: 'ultrahuman' }, body: { is_enabled: true } }),
    status: 200,
    answer: provider,
  },
  {
    operation: 'PUT /api/v1/oauth/providers',
    as: 'developer',
    ask: () => ({ body: { providers: { ultrahuman: true } } }),
    status: 200,
    answer: list(provider),
  },
  {
    operation: 'GET /api/v1/oauth/{provider}/authorize',
    ask: ({ newcomer }) => ({ params: { provider: 'ultrahuman', newcomer } }),
    query: 'user_id={newcomer}',
    status: 200,
    answer: object({ authorization_url: matching('^https?://.+[?&]state='), state: text }),
  },
  {
    operation: 'GET /api/v1/oauth/{provider}/callback',
    as: 'nobody',
    ask: () => ({ params: { provider: 'ultrahuman' } }),
    query: 'error=access_denied',
    status: 303,
    answer: null,
  },
  {
    operation: 'GET /api/v1/oauth/success',
    as: 'nobody',
    query: 'provider=ultrahuman&user_id=7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60',
    status: 200,
    answer: object({
      success: always(true),
      message: always('Successfully connected to ultrahuman'),
      user_id: uuid,
      provider: always('ultrahuman'),
    }),
  },
  {
    operation: 'GET /api/v1/oauth/error',
    as: 'nobody',
    query: 'message=access_denied',
    status: 200,
    answer: object({ success: always(false), message: always('access_denied') }),
  },
  {
    operation: 'GET /api/v1/users/{user_id}/connections',
    status: 200,
    answer: list(connection),
    newcomer: emptyList,
  },
  {
    operation: 'DELETE /api/v1/users/{user_id}/connections/{provider}',
    ask: async (world) => ({ params: { user_id: await world.connectedUser(1), provider: 'ultrahuman' } }),
    status: 204,
    answer: null,
  },
  {
    operation: 'DELETE /api/v1/users/{user_id}/connections/{provider}/data',
    ask: async (world) => ({ params: { user_id: await world.connectedUser(2), provider: 'ultrahuman' } }),
    status: 204,
    answer: null,
  },
  {
    operation: 'GET /static/provider-icons/{file}',
    as: 'nobody',
    ask: () => ({ params: { file: 'ultrahuman.svg' } }),
    status: 200,
    answer: matching('^<svg'),
  },

  { operation: `POST ${PROVIDER}/sync`, status: 200, answer: syncQueued },
  { operation: `POST ${PROVIDER}/sync`, query: 'data_type=247', status: 200, answer: syncQueued },
  {
    operation: `POST ${PROVIDER}/sync`,
    query:
      'async=false&data_type=247&since=0&limit=50&offset=0&filter_by_modification_time=true&samples=false',
    status: 200,
    answer: syncDone,
  },
  {
    operation: `POST ${PROVIDER}/sync`,
    query: 'async=false&data_type=workouts',
    status: 501,
    answer: problem,
  },
  { operation: `POST ${PROVIDER}/sync/historical`, query: 'days=2', status: 200, answer: historicalSync },
  { operation: `GET ${PROVIDER}/workouts`, status: 501, answer: problem },
  {
    operation: `GET ${PROVIDER}/workouts/{workout_id}`,
    ask: ({ user }) => ({ params: { user_id: user, workout_id: '17' } }),
    status: 501,
    answer: problem,
  },
  ...['GET {}/status', 'POST {}/cancel', 'POST {}/{type}/retry'].map((operation) => ({
    operation: operation.replace('{}', '/api/v1/providers/garmin/users/{user_id}/backfill'),
    ask: ({ user }: ContractWorld) => ({ params: { user_id: user, type: 'dailies' } }),
    status: 501,
    answer: problem,
  })),
  {
    operation: `GET ${SYNC}/stream`,
    query: 'follow=false&replay=200',
    read: blocksOf,
    status: 200,
    answer: list(object({ event: always('sync.status'), data: syncEvent }, { id: text, retry: text })),
  },
  {
    operation: `GET ${SYNC}/recent`,
    query: 'limit=200',
    status: 200,
    answer: list(syncEvent),
    newcomer: emptyList,
  },
  {
    operation: `GET ${SYNC}/runs`,
    query: 'limit=200',
    status: 200,
    answer: list(syncRun),
    newcomer: emptyList,
  },
  {
    operation: `GET /api/v1/sync/runs`,
    query: 'limit=10000&provider=ultrahuman&source=backfill',
    status: 200,
    answer: list(syncRun),
  },
  { operation: 'GET /openapi.json', as: 'nobody', status: 200, answer: anything },
];

/** The fields of each block of a stream of events, the data parsed; comments are no block. */
function blocksOf(stream: string): Record<string, unknown>[] {
  const blocks = stream
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => !line.startsWith(':')));
  return blocks.flatMap((lines) => {
    const fields = lines.filter(Boolean).map((line) => /^(\w+): (.*)$/.exec(line)!.slice(1));
    if (fields.length === 0) return [];
    const { data, ...rest } = Object.fromEntries(fields) as Record<string, string>;
    return [{ ...rest, ...(data !== undefined && { data: JSON.parse(data) as unknown }) }];
  });
}
