import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startSimulator, type RunningSimulator } from '../simulator/server';
import { startApp, type TestApp } from './support/app';
import { fillAll, rowsOf } from './support/personal-rows';
import { syncFinished } from './support/sync-finished';
import { allow, connectPersona, simulatedBy } from './support/vendor-connection';

/** Of one who disconnects with all data: what says that there was a connection, and what was synced when. */
const LOG = new Set(['connection', 'sync_run', 'sync_event', 'data_key', 'revocation', 'replay_run']);

const OF_A_RENEWAL = new Set(['credential', 'refresh_attempt']);

/** Tables that no work behind takes anything from. */
const OF_A_USER = [
  'connection',
  'credential',
  'data_key',
  'data_source',
  'raw_answer',
  'score',
  'series_day',
  'sleep_session',
];

describe('erasing', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  let persona = 1_000;
  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({ ...simulatedBy(simulator), SYNC_TICK: '100ms', BACKFILL_DAYS: '8' });
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });
  afterEach(() => slowly(0));

  const connect = () => connectPersona(server, ++persona);
  const deleteUser = (userId: string) => server.request('DELETE', `/api/v1/users/${userId}`);
  const purge = (userId: string, provider = 'ultrahuman') =>
    server.request('DELETE', `/api/v1/users/${userId}/connections/${provider}/data`);
  const rows = (userId: string) => rowsOf(server, userId);
  const dataOf = async (userId: string) => {
    const counts = await rows(userId);
    return OF_A_USER.map((table) => [table, counts[table]]);
  };
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((all, count) => all + count, 0);

  const slowly = (ms: number) =>
    fetch(`${simulator.url}/__sim/latency`, {
      method: 'POST',
      body: JSON.stringify({ route: 'metrics', ms }),
    });

  /** Once it has stored a day and is at the next. */
  async function underWay(userId: string): Promise<void> {
    for (let tenth = 0; tenth < 200; tenth++) {
      const { raw_answer: stored } = await rows(userId);
      if (stored > 0) return;
      await wait(50);
    }
    throw new Error('no day was stored');
  }

  /** Until whoever worked for the user has noticed: a slot of a third's lease, and the day in hand. */
  async function settled(userId: string): Promise<Record<string, number>> {
    await wait(2_500);
    return rows(userId);
  }

  describe('a user', () => {
    it('leaves nothing in any table, and takes nothing from others', async () => {
      const [ada, bob] = [await connect(), await connect()];
      for (const user of [ada, bob]) {
        await syncFinished(server, user);
        await fillAll(server, user);
      }
      expect(Object.keys(await rows(ada))).toEqual(expect.arrayContaining(OF_A_USER));
      const before = (await server.request('GET', `/api/v1/users/${ada}`)).body;
      const others = await dataOf(bob);

      const { status, body } = await deleteUser(ada);
      expect([status, body]).toEqual([200, before]);
      expect(body).toMatchObject({
        id: ada,
        has_active_connection: true,
        last_synced_provider: 'ultrahuman',
      });
      expect(sum(await rows(ada))).toBe(0);
      expect(await server.sql('SELECT 1 FROM app_user WHERE id = $1', [ada])).toEqual([]);
      expect(await dataOf(bob)).toEqual(others);
      expect(await deleteUser(ada)).toMatchObject({
        status: 404,
        body: { detail: `User with ID: ${ada} not found.` },
      });
    });

    it('who is being synced gets nothing written afterwards', async () => {
      await slowly(400);
      const user = await connect();
      await underWay(user);
      expect((await deleteUser(user)).status).toBe(200);
      expect(sum(await settled(user))).toBe(0);
    });

    it('is missing for those who wait for its sync', async () => {
      const user = await connect();
      await syncFinished(server, user);
      await slowly(400);
      const path = `/api/v1/providers/ultrahuman/users/${user}/sync?async=false`;
      const waiting = server.request('POST', path);
      await wait(600);
      await deleteUser(user);
      expect((await waiting).status).toBe(404);
    });

    it('with an open sign-in is not found when the browser comes back', async () => {
      const { body: user } = await server.request('POST', '/api/v1/users', { body: {} });
      const { body } = await server.request('GET', `/api/v1/oauth/ultrahuman/authorize?user_id=${user.id}`);
      await deleteUser(user.id);
      const callback = `/api/v1/oauth/ultrahuman/callback?state=${body.state}&code=x`;
      expect(await server.request('GET', callback, { key: null })).toMatchObject({ status: 400 });
      expect(sum(await rows(user.id))).toBe(0);
    });

    it('is free to connect the account again under another user', async () => {
      const first = await connect();
      await deleteUser(first);
      const second = await connectPersona(server, persona);
      expect(await syncFinished(server, second)).toMatchObject({ status: 'success' });
    });

    it.each([
      ['who is not there', randomUUID(), 404],
      ['whose id is none', '42', 400],
    ])('%s is refused', async (_who, id, status) => {
      expect((await deleteUser(id)).status).toBe(status);
    });
  });

  describe("a provider's data", () => {
    it('goes with the tokens; the connection is shown as ended, and its runs stay in the log', async () => {
      const user = await connect();
      await syncFinished(server, user);
      await fillAll(server, user);
      expect((await rows(user)).series_day).toBeGreaterThan(5);
      expect(await purge(user)).toMatchObject({ status: 204, body: null });
      expect(await leftOf(user)).toEqual([]);
      const { body } = await server.request('GET', `/api/v1/users/${user}/connections`);
      expect(body).toMatchObject([{ provider: 'ultrahuman', status: 'revoked' }]);
      expect(body[0].last_synced_at).toBe(body[0].created_at);
      const range = 'start_time=2020-01-01&end_time=2030-01-01';
      const series = await server.request('GET', `/api/v1/users/${user}/timeseries?${range}`);
      expect(series.body).toMatchObject({ data: [], pagination: { total_count: 0 } });
      expect((await purge(user)).status).toBe(204);
    });

    it('does not come back from a sync that was under way', async () => {
      await slowly(400);
      const user = await connect();
      await underWay(user);
      expect((await purge(user)).status).toBe(204);
      const { raw_answer, series_day, sync_day, data_source } = await settled(user);
      expect({ raw_answer, series_day, sync_day, data_source }).toEqual({
        raw_answer: 0,
        series_day: 0,
        sync_day: 0,
        data_source: 0,
      });
    });

    it('is fetched from the beginning after a new sign-in', async () => {
      const user = await connect();
      await syncFinished(server, user);
      const whole = await rows(user);
      await purge(user);
      await signInAgain(user);
      for (let tenth = 0; tenth < 100 && (await rows(user)).sync_day < whole.sync_day; tenth++)
        await wait(100);
      expect(await syncFinished(server, user)).toMatchObject({ source: 'backfill', status: 'success' });
      const again = await rows(user);
      for (const table of ['sync_day', 'raw_answer', 'data_source']) expect(again[table]).toBe(whole[table]);
      expect(again.series_day).toBeGreaterThanOrEqual(whole.series_day);
      const { body } = await server.request('GET', `/api/v1/users/${user}/connections`);
      expect(body).toMatchObject([{ status: 'active', status_reason: null }]);
    });

    it.each([
      ['of a user who never connected', 'ultrahuman', 404, /never had a connection/],
      ['of a provider that is not there', 'oak', 404, /never had a connection to 'oak'/],
    ])('%s is refused', async (_what, provider, status, detail) => {
      const { body } = await server.request('POST', '/api/v1/users', { body: {} });
      expect(await purge(body.id, provider)).toMatchObject({
        status,
        body: { detail: expect.stringMatching(detail) },
      });
    });
  });

  /** Rows that come from the provider: those of `fillAll` may stand for others. */
  async function ofProvider(user: string): Promise<Record<string, number>> {
    await server.sql(`DELETE FROM sign_in WHERE user_id = $1`, [user]);
    await server.sql(`DELETE FROM oauth_state WHERE user_id = $1`, [user]);
    return rows(user);
  }

  /** Tokens whose renewal is under way go when it has ended; everything else is gone at once. */
  async function leftOf(user: string): Promise<string[]> {
    for (let tenth = 0; ; tenth++) {
      const counts = Object.entries(await ofProvider(user));
      const left = counts.filter(([table, count]) => count > 0 && !LOG.has(table)).map(([table]) => table);
      if (tenth === 100 || !left.every((table) => OF_A_RENEWAL.has(table)) || left.length === 0) return left;
      await wait(100);
    }
  }

  async function signInAgain(user: string): Promise<void> {
    const { body } = await server.request('GET', `/api/v1/oauth/ultrahuman/authorize?user_id=${user}`);
    const { pathname, search } = await allow(body.authorization_url, persona);
    const { headers } = await server.request('GET', `${pathname}${search}`, { key: null });
    expect(headers.get('location')).toContain('/oauth/success');
  }
});
