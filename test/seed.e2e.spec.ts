import { startSimulator, type RunningSimulator } from '../simulator/server';
import { seedPerson } from '../src/seed/seed-person';
import { startApp, type TestApp } from './support/app';
import { syncFinished } from './support/sync-finished';
import { connectPersona, simulatedBy } from './support/vendor-connection';

const PATH = '/api/v1/settings/seed';

async function seedEnded(server: TestApp, taskId: string) {
  for (;;) {
    const { body } = await server.asDeveloper('GET', `${PATH}/${taskId}`);
    if (body.ended_at !== null) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('demo users from the simulator', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({ ...simulatedBy(simulator), SYNC_TICK: '100ms', BACKFILL_DAYS: '3' });
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });

  const seed = (body: object) => server.asDeveloper('POST', PATH, { body });
  const get = async (path: string) => (await server.request('GET', `/api/v1${path}`)).body;
  const ended = (taskId: string) => seedEnded(server, taskId);

  it('sign in at the vendor, each with an account of its own, and are synced like anybody', async () => {
    const asked = {
      num_users: 2,
      profile: { preset: 'sleep_deprived', num_connections: 5 },
      random_seed: 42,
    };
    const { status, body } = await seed(asked);
    expect([status, body]).toEqual([
      202,
      { task_id: expect.any(String), status: 'dispatched', seed_used: 42 },
    ]);
    const outcome = await ended(body.task_id);
    expect(outcome).toEqual({
      task_id: body.task_id,
      status: 'completed',
      seed_used: 42,
      num_users: 2,
      users: [0, 1].map(() => ({
        user_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        preset: 'sleep_deprived',
        providers: ['ultrahuman'],
        error: null,
      })),
      error: null,
      requested_at: expect.stringMatching(/Z$/),
      ended_at: expect.stringMatching(/Z$/),
    });
    const accounts = [];
    for (const { user_id } of outcome.users) {
      const [connection] = await get(`/users/${user_id}/connections`);
      expect(connection).toMatchObject({ status: 'active', provider: 'ultrahuman' });
      accounts.push(Number(connection.provider_user_id));
      expect(await syncFinished(server, user_id)).toMatchObject({ source: 'backfill', status: 'success' });
      const user = await get(`/users/${user_id}`);
      expect(user.email).toBe(
        `${user.first_name}.${user.last_name}.${user_id.slice(0, 8)}@example.com`.toLowerCase(),
      );
    }
    expect(new Set(accounts).size).toBe(2);
    expect(accounts.map((account) => account % 10_000)).toEqual([1_006, 1_006]);
    const { exchanges } = simulator.control.summary();
    expect(exchanges).toBe(2);
    const rows = await server.sql<{ n: number }>('SELECT count(DISTINCT user_id)::int AS n FROM series_day');
    expect(rows[0].n).toBe(2);
  });

  it('are the same for the same seed, and others for another', async () => {
    const first = (await seed({ random_seed: 42, profile: { preset: 'sleep_deprived' } })).body;
    const { users } = await ended(first.task_id);
    const before = simulator.control.summary().exchanges;
    const again = await ended(
      (await seed({ random_seed: 42, profile: { preset: 'sleep_deprived' } })).body.task_id,
    );
    expect([again.status, again.users]).toEqual(['completed', users]);
    expect(simulator.control.summary().exchanges).toBe(before);

    const { body } = await server.asDeveloper('POST', PATH, { body: {} });
    expect(Number.isInteger(body.seed_used)).toBe(true);
    const [other] = (await ended(body.task_id)).users;
    expect(other.user_id).not.toBe(users[0].user_id);
    const presets = (await server.asDeveloper('GET', `${PATH}/presets`)).body;
    expect(presets.map(({ id }: { id: string }) => id)).toContain(other.preset);
  });

  it('take another account where somebody has theirs already', async () => {
    const [kind, { account }] = [1_009, seedPerson(7, 0)];
    await connectPersona(server, kind + 10_000 * account);
    const { body } = await seed({ random_seed: 7, profile: { preset: 'minimal' } });
    const { users } = await ended(body.task_id);
    expect(users).toMatchObject([{ preset: 'minimal', providers: ['ultrahuman'], error: null }]);
    const [{ provider_user_id }] = await get(`/users/${users[0].user_id}/connections`);
    expect(Number(provider_user_id)).toBe(kind + 10_000 * (account + 1));
  });

  it('say why one could not be connected', async () => {
    simulator.control.addFault({ route: 'token', mode: 'status', status: 400, times: 1 });
    const { body } = await seed({ random_seed: 3, num_users: 2 });
    const { status, error, users } = await ended(body.task_id);
    expect([status, error]).toEqual([
      'failed',
      expect.stringMatching(/^Not all users could be connected: 1 of 2/),
    ]);
    expect(users[0]).toMatchObject({ providers: [], error: expect.stringMatching(/^ultrahuman: /) });
    expect(users[1]).toMatchObject({ providers: ['ultrahuman'], error: null });
  });

  it('are not connected to a provider that is switched off', async () => {
    const provider = '/api/v1/oauth/providers/ultrahuman';
    await server.asDeveloper('PUT', provider, { body: { is_enabled: false } });
    const { body } = await seed({ random_seed: 4 });
    const [user] = (await ended(body.task_id)).users;
    await server.asDeveloper('PUT', provider, { body: { is_enabled: true } });
    expect(user.error).toMatch(/^ultrahuman: .*switched off/);
  });

  it('come in kinds, which are listed with what to send', async () => {
    const { body } = await server.asDeveloper('GET', `${PATH}/presets`);
    expect(body.length).toBeGreaterThan(5);
    expect(body[0]).toEqual({
      id: 'steady_adult',
      label: 'Steady Adult',
      description: expect.any(String),
      profile: expect.objectContaining({ preset: 'steady_adult', generate_sleep: true, num_connections: 1 }),
    });
    const profiles = await server.asDeveloper('GET', `${PATH}/sleep-profiles`);
    expect(profiles.body.map(({ id }: { id: string }) => id)).toEqual([
      'optimal',
      'deep_deficit',
      'rem_deprived',
      'restless',
      'athlete_recovery',
    ]);
    const asListed = await seed({ num_users: 1, profile: body[0].profile, random_seed: 9 });
    expect(asListed.status).toBe(202);
    await ended(asListed.body.task_id);
  });

  it.each([
    [{ num_users: 11 }, 'num_users must be a whole number from 1 to 10'],
    [{ num_users: 0 }, 'num_users must be a whole number from 1 to 10'],
    [{ random_seed: 1.5 }, 'random_seed must be a whole number'],
    [{ profile: { num_connections: 6 } }, 'num_connections must be a whole number from 1 to 5'],
    [{ profile: { preset: 'astronaut' } }, /^There is no preset 'astronaut'\. Presets are: steady_adult, /],
    [
      { profile: { providers: ['garmin'] } },
      /^Provider 'garmin' is not simulated here\. Simulated are: ultrahuman\.$/,
    ],
    [{ profile: { providers: 'ultrahuman' } }, 'providers must be a list of slugs'],
    [{ profile: { sleep_config: 7 } }, 'sleep_config must be an object'],
    [{ users: 3 }, /^Unknown parameter 'users'/],
  ])('are not made of %j', async (body, detail) => {
    const { status, body: answer } = await seed(body);
    expect([status, answer.detail]).toEqual([400, expect.stringMatching(detail)]);
  });

  it('are for developers only to make', async () => {
    for (const [method, path] of [
      ['POST', PATH],
      ['GET', `${PATH}/presets`],
    ] as const)
      expect((await server.request(method, path)).status).toBe(401);
  });

  it('need a simulator that answers', async () => {
    await simulator.close();
    const { status, body } = await seed({});
    expect([status, body.detail]).toEqual([
      409,
      expect.stringMatching(/^The simulator of 'ultrahuman' does not answer/),
    ]);
  });
});

describe('a server that does not reach what browsers reach', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({
      ...simulatedBy(simulator),
      ULTRAHUMAN_AUTHORIZE_URL: 'http://127.0.0.1:9/authorise',
      SYNC_TICK: '100ms',
    });
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });

  it('makes demo users all the same, as with docker compose', async () => {
    const { status, body } = await server.asDeveloper('POST', PATH, { body: { random_seed: 1 } });
    expect(status).toBe(202);
    expect(await seedEnded(server, body.task_id)).toMatchObject({ status: 'completed', error: null });
  });
});

describe.each([
  ['which allows no simulator', 'false', 'example.com'],
  ['which would allow a simulator', 'true', 'ultrahuman.com'],
])('a server whose vendors are real, %s,', (_, allowed, vendor) => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp({
      ALLOW_SIMULATED_PROVIDER: allowed,
      ULTRAHUMAN_AUTHORIZE_URL: `https://auth.${vendor}/authorise`,
      ULTRAHUMAN_TOKEN_URL: `https://partner.${vendor}/oauth/token`,
      ULTRAHUMAN_API_BASE_URL: `https://partner.${vendor}/v1`,
      ULTRAHUMAN_CLIENT_ID: 'app',
      ULTRAHUMAN_CLIENT_SECRET: 'secret',
    });
  });
  afterAll(() => server?.close());

  it('makes no demo users, and says what it takes', async () => {
    const { status, body } = await server.asDeveloper('POST', PATH, { body: { num_users: 1 } });
    expect([status, body.detail]).toEqual([501, expect.stringMatching(/^No provider is simulated here/)]);
    expect((await server.asDeveloper('GET', `${PATH}/presets`)).body).toEqual([]);
  });
});
