import { setTimeout as wait } from 'node:timers/promises';
import { startSimulator, type RunningSimulator } from '../simulator/server';
import { startApp, type TestApp } from './support/app';
import { allow, connectPersona, simulatedBy } from './support/vendor-connection';
import { syncFinished } from './support/sync-finished';

const PERSONA = 1002;
const HOUR = 3_600_000;

/** The vendor answers a refresh with tokens of another account: from then on its data is somebody else's. */
describe('an account that changes behind a connection', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  let userId: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({ ...simulatedBy(simulator), SYNC_TICK: '100ms', BACKFILL_DAYS: '3' });
    userId = await connectPersona(server, PERSONA);
    await syncFinished(server, userId);
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });

  const sync = async () => {
    const since = Math.floor(Date.now() / 1_000) - 2 * 86_400;
    const path = `/api/v1/providers/ultrahuman/users/${userId}/sync?async=false&since=${since}`;
    const { body } = await server.request('POST', path);
    return (await server.request('GET', `/api/v1/users/${userId}/sync/runs/${body.run_id}`)).body;
  };
  const connections = async () =>
    (await server.request('GET', `/api/v1/users/${userId}/connections`)).body as Record<string, unknown>[];
  const asked = () => simulator.control.requests().map(({ route, status }) => `${route} ${status}`);
  const healthRows = async () => {
    const tables = ['series_day', 'series_local_day', 'daily_value', 'sleep_session', 'score', 'raw_answer'];
    const rows = tables.map((table) =>
      server.sql(`SELECT xmin::text, t.* FROM ${table} t WHERE user_id = $1 ORDER BY t::text`, [userId]),
    );
    return (await Promise.all(rows)).flat();
  };
  const runs = async () =>
    (await server.request('GET', `/api/v1/users/${userId}/sync/runs?limit=20`)).body as Record<
      string,
      unknown
    >[];
  /** @returns the backfill that follows by itself; beside it there may be a pull, of the days that waited for this. */
  async function signInAgain(): Promise<Record<string, unknown>> {
    const before = new Set((await runs()).map(({ run_id }) => run_id));
    const { body } = await server.request('GET', `/api/v1/oauth/ultrahuman/authorize?user_id=${userId}`);
    const callback = await allow(body.authorization_url, PERSONA);
    const answer = await fetch(`${server.url}${callback.pathname}${callback.search}`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toContain('/oauth/success');
    for (;;) {
      const following = (await runs()).filter(({ run_id }) => !before.has(run_id));
      const backfill = following.find(({ source }) => source === 'backfill');
      if (backfill && following.every(({ status }) => status !== 'in_progress')) return backfill;
      await wait(50);
    }
  }

  it('is told from a refresh that changes nothing, which asks once whose token it is', async () => {
    simulator.control.expireTokens(PERSONA);
    simulator.control.clearRequests();
    expect(await sync()).toMatchObject({ status: 'success' });
    expect(asked().filter((line) => /^token/.test(line))).toEqual(['token 200', 'token_info 200']);
    expect(await connections()).toMatchObject([{ status: 'active', attention: null }]);
  });

  it('stores nothing of the other account, and says what to do', async () => {
    const before = await healthRows();
    expect(before.length).toBeGreaterThan(30);
    simulator.control.changeAccount(PERSONA, 4711);
    simulator.control.expireTokens(PERSONA);
    simulator.control.clearRequests();

    expect(await sync()).toMatchObject({
      status: 'failed',
      error: 'account_changed',
      details: { reason: 'account_changed', days_stored: 0, inserted: 0 },
    });
    expect(asked().filter((line) => line === 'metrics 200')).toEqual([]);
    expect(asked().filter((line) => /^token/.test(line))).toEqual(['token 200', 'token_info 200']);
    expect(await healthRows()).toEqual(before);
    expect(await connections()).toMatchObject([
      { status: 'active', attention: 'account_changed', provider_user_id: String(PERSONA) },
    ]);
  });

  it('leaves the vendor alone, also when somebody asks for a sync, and waits for a day', async () => {
    simulator.control.clearRequests();
    expect(await sync()).toMatchObject({ status: 'failed', error: 'account_changed' });
    expect(asked()).toEqual([]);
    const [{ wake_at, next_slot_at }] = await server.sql<{ wake_at: Date; next_slot_at: Date }>(
      `SELECT wake_at, next_slot_at FROM connection WHERE user_id = $1`,
      [userId],
    );
    for (const at of [wake_at, next_slot_at]) {
      expect(at.getTime() - Date.now()).toBeGreaterThan(23.9 * HOUR);
      expect(at.getTime() - Date.now()).toBeLessThan(24.1 * HOUR);
    }
  });

  it('goes on where it stopped once the user has signed in with the first account', async () => {
    const [{ id }] = await connections();
    simulator.control.changeAccount(PERSONA, null);
    expect(await signInAgain()).toMatchObject({ source: 'backfill', status: 'success' });
    expect(await connections()).toMatchObject([{ id, status: 'active', attention: null }]);
    const open = await server.sql(
      `SELECT date FROM sync_day WHERE user_id = $1 AND next_attempt_at IS NOT NULL`,
      [userId],
    );
    expect(open).toEqual([]);
  });

  it('is a connection of its own once the user has signed in with the other account', async () => {
    const [{ id }] = await connections();
    simulator.control.changeAccount(PERSONA, 4712);
    simulator.control.expireTokens(PERSONA);
    expect(await sync()).toMatchObject({ status: 'failed', error: 'account_changed' });
    expect(await signInAgain()).toMatchObject({ source: 'backfill' });
    expect(await connections()).toMatchObject([
      { provider_user_id: '4712', status: 'active', attention: null },
      { id, provider_user_id: String(PERSONA), status: 'revoked', attention: null },
    ]);
  });
});
