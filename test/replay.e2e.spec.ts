import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ApiKeysService } from '../src/access/api-keys.service';
import { startApp, type TestApp } from './support/app';
import { DayProvider } from './support/day-provider';
import { fullDay, store, type Told } from './support/told-answers';

const DATES = ['2026-03-01', '2026-03-02', '2026-03-03'];
const told: Told[] = DATES.map((date, index) => ({
  date,
  at: `2026-03-0${index + 2}T07:1${index}:00Z`,
  payload: fullDay(date),
}));

/** SQLSTATE. */
const DEADLOCK_DETECTED = '40P01';

/** A server with the invented vendor, and a hand on it. */
async function startServer(environment: Record<string, string> = {}) {
  const provider = new DayProvider();
  @Module({ providers: [{ provide: DayProvider, useFactory: () => provider }] })
  class InventedVendor {}
  const server = await startApp(
    { SYNC_TICK: '50ms', BACKFILL_DAYS: '1', ...environment },
    { providers: [InventedVendor] },
  );
  return { server, provider };
}

describe('POST /api/v1/ops/replay', () => {
  let server: TestApp;
  let provider: DayProvider;
  let users: string[];
  beforeAll(async () => {
    ({ server, provider } = await startServer());
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    jest.restoreAllMocks();
    provider.reset();
    await empty();
    users = [await addUser(1), await addUser(2)];
  });

  /** A worker may just look at the same tables in another order, and PostgreSQL then ends one of the two. */
  async function empty(): Promise<void> {
    const tables = 'app_user, connection, sync_day, sync_run, raw_answer, replay_run, series_day';
    await server.sql(`TRUNCATE ${tables}`).catch((error: { driverError?: { code?: string } }) => {
      if (error.driverError?.code !== DEADLOCK_DETECTED) throw error;
      return empty();
    });
  }

  /** With data that a mistaken normalizer made, and a connection that is never due. */
  async function addUser(second: number): Promise<string> {
    const [userId, connectionId] = [randomUUID(), randomUUID()];
    const at = `2026-03-01T00:00:0${second}Z`;
    await server.sql(`INSERT INTO app_user (id, created_at) VALUES ($1, $2)`, [userId, at]);
    await server.sql(
      `INSERT INTO connection (user_id, id, provider, provider_user_id, status, sync_epoch, wake_at, next_slot_at,
                               lease_until, priority, created_at, updated_at)
       VALUES ($1, $2, 'scripted', $3, 'active', 3, '2999-01-01', '2999-01-01', '2999-01-01', 0, $4, $4)`,
      [userId, connectionId, `account-${userId}`, at],
    );
    provider.mistaken = true;
    const place = { database: server.app.get(DataSource), get: server.app.get.bind(server.app) };
    await store(place, { userId, connectionId, epoch: 3, work: 'live' }, told);
    provider.mistaken = false;
    await server.sql(`UPDATE connection SET wake_at = '2999-01-01', history_wake_at = NULL`);
    return userId;
  }

  const post = (body: object, key?: string | null) =>
    server.request('POST', '/api/v1/ops/replay', { body, ...(key !== undefined && { key }) });

  async function ended(id: string) {
    for (;;) {
      const { body } = await server.request('GET', `/api/v1/ops/replay/${id}`);
      if (body.status === 'completed' || body.status === 'failed') return body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const counts = async () => {
    const rows = await server.sql(
      `SELECT code, sum(count)::int AS count FROM series_day GROUP BY code ORDER BY code`,
    );
    return Object.fromEntries(rows.map(({ code, count }) => [code, count]));
  };

  it('makes the data of all users anew in the background, and tells how much changed', async () => {
    expect(await counts()).toMatchObject({ heart_rate: 42 });
    const started = await post({ provider: 'scripted' });
    expect(started).toMatchObject({ status: 202, body: { id: expect.any(String), status: 'queued' } });
    const run = await ended(started.body.id);
    expect(run).toEqual({
      id: started.body.id,
      provider: 'scripted',
      user_id: null,
      from: null,
      to: null,
      dry_run: false,
      status: 'completed',
      error: null,
      connections_done: 2,
      connections_total: 2,
      answers: 6,
      invalid_answers: 0,
      days: 6,
      days_untouched: 0,
      changes: [
        { name: 'heart_rate', inserted: 0, updated: 0, deleted: 18 },
        { name: 'score:recovery', inserted: 0, updated: 6, deleted: 0 },
        { name: 'skin_temperature', inserted: 18, updated: 0, deleted: 0 },
        { name: 'sleep', inserted: 0, updated: 12, deleted: 0 },
      ],
      requested_at: expect.stringMatching(/Z$/),
      ended_at: expect.stringMatching(/Z$/),
    });
    expect(await counts()).toMatchObject({ heart_rate: 24, skin_temperature: 18 });
  });

  it('does it for one user and some days', async () => {
    const { body } = await post({
      provider: 'scripted',
      user_id: users[1],
      from: '2026-03-02',
      to: '2026-03-02',
    });
    expect(await ended(body.id)).toMatchObject({
      user_id: users[1],
      from: '2026-03-02',
      to: '2026-03-02',
      connections_total: 1,
      days: 1,
    });
    expect(await counts()).toMatchObject({ heart_rate: 39, skin_temperature: 3 });
  });

  it('only counts when it is a dry run', async () => {
    const { body } = await post({ provider: 'scripted', dry_run: true });
    expect(await ended(body.id)).toMatchObject({
      dry_run: true,
      changes: expect.arrayContaining([{ name: 'heart_rate', inserted: 0, updated: 0, deleted: 18 }]),
    });
    expect(await counts()).toMatchObject({ heart_rate: 42 });
  });

  it('does the others when one connection fails, and says so', async () => {
    const [broken] = users;
    await server.sql(`UPDATE raw_answer SET body = 'broken' WHERE user_id = $1 AND date = '2026-03-03'`, [
      broken,
    ]);
    const { body } = await post({ provider: 'scripted' });
    expect(await ended(body.id)).toMatchObject({
      status: 'failed',
      error: "Connections that could not be replayed and are as they were: 1. The server's log says why.",
      connections_done: 2,
      days: 3,
    });
    expect(await counts()).toMatchObject({ heart_rate: 33, skin_temperature: 9 });
  });

  it('is done once, however many servers there are', async () => {
    const other = await startServer({ DATABASE_URL: server.databaseUrl });
    try {
      provider.forget();
      const started = await Promise.all([1, 2, 3].map(() => post({ provider: 'scripted' })));
      for (const { body } of started) expect(await ended(body.id)).toMatchObject({ answers: 6 });
      expect(provider.normalized + other.provider.normalized).toBe(18);
    } finally {
      await other.server.close();
    }
  });

  it('is carried on where a server that has died left it', async () => {
    const [{ id: after }] = await server.sql(`SELECT id FROM connection WHERE user_id = $1`, [users[0]]);
    const result = {
      answers: 40,
      invalid: 1,
      dates: 30,
      untouched: 2,
      failedConnections: 0,
      totals: {},
      after,
    };
    const id = randomUUID();
    await server.sql(
      `INSERT INTO replay_run (id, provider, dry_run, status, connections_total, connections_done, result, requested_at)
       VALUES ($1, 'scripted', false, 'running', 2, 1, $2, '2026-03-09')`,
      [id, result],
    );
    expect(await ended(id)).toMatchObject({ connections_done: 2, answers: 43, invalid_answers: 1, days: 33 });
    const changed = await server.sql(
      `SELECT DISTINCT user_id FROM series_day WHERE code = 'skin_temperature'`,
    );
    expect(changed).toEqual([{ user_id: users[1] }]);
  });

  it('needs a key with the scope ops', async () => {
    expect((await post({ provider: 'scripted' }, null)).status).toBe(401);
    const { key } = await server.app
      .get(ApiKeysService)
      .create({ name: 'app', scopes: ['read', 'write', 'connect', 'sync'], environment: 'test' });
    expect((await post({ provider: 'scripted' }, key)).status).toBe(403);
    expect((await server.request('GET', `/api/v1/ops/replay/${randomUUID()}`, { key })).status).toBe(403);
    expect(await server.sql('SELECT 1 FROM replay_run')).toEqual([]);
  });

  it.each<[object, RegExp]>([
    [{}, /provider must be the slug of a provider/],
    [{ provider: 'nobody' }, /Unknown provider: nobody\. Known providers: .*scripted/],
    [{ provider: 'scripted', user_id: 'me' }, /user_id must be a UUID/],
    [{ provider: 'scripted', from: 'yesterday' }, /Invalid from: 'yesterday'\. Expected a date such as/],
    [{ provider: 'scripted', to: '2026-02-30' }, /Invalid to: '2026-02-30'/],
    [{ provider: 'scripted', from: '2026-03-02', to: '2026-03-01' }, /ends on 2026-03-01, before it starts/],
    [{ provider: 'scripted', dry_run: 'maybe' }, /dry_run must be true or false/],
    [{ provider: 'scripted', dryrun: true }, /dryrun/],
  ])('refuses %j', async (body, detail) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) } });
    expect(await server.sql('SELECT 1 FROM replay_run')).toEqual([]);
  });

  it('knows only users who were connected, and replays that were started', async () => {
    const stranger = await server.request('POST', '/api/v1/users', { body: {} });
    expect(await post({ provider: 'scripted', user_id: stranger.body.id })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining("has never been connected to 'scripted'") },
    });
    expect((await post({ provider: 'scripted', user_id: randomUUID() })).status).toBe(404);
    const missing = await server.request('GET', `/api/v1/ops/replay/${randomUUID()}`);
    expect(missing).toMatchObject({ status: 404, body: { detail: expect.stringContaining('not found') } });
    expect((await server.request('GET', '/api/v1/ops/replay/7')).status).toBe(400);
  });
});
