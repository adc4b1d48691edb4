import { randomUUID } from 'node:crypto';
import { startSimulator, type RunningSimulator } from '../simulator/server';
import { startApp, type TestApp } from './support/app';
import { syncFinished } from './support/sync-finished';
import { connectPersona, simulatedBy } from './support/vendor-connection';

describe('data sources', () => {
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

  const sourcesOf = (userId: string) => server.request('GET', `/api/v1/users/${userId}/data-sources`);
  const connectionsOf = async (userId: string) =>
    (await server.request('GET', `/api/v1/users/${userId}/connections`)).body;

  it('are the devices that data has come from', async () => {
    const user = await connectPersona(server, 1_001);
    await syncFinished(server, user);
    const [{ id: connection }] = await connectionsOf(user);
    const { status, body } = await sourcesOf(user);
    expect(status).toBe(200);
    expect(body.total).toBe(body.items.length);
    expect(body.items[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user_id: user,
      provider: 'ultrahuman',
      user_connection_id: connection,
      device_model: 'ring_air',
      software_version: null,
      source: null,
      device_type: 'ring',
      original_source_name: null,
      display_name: 'Ultrahuman Ring Air',
    });
    const range = 'types=heart_rate&start_time=2020-01-01&end_time=2100-01-01&limit=1';
    const series = await server.request('GET', `/api/v1/users/${user}/timeseries?${range}`);
    expect(series.body.data[0].source.device_name).toBe(body.items[0].display_name);
  });

  it('stay when the connection ends', async () => {
    const user = await connectPersona(server, 1_002);
    await syncFinished(server, user);
    const before = await sourcesOf(user);
    await server.request('DELETE', `/api/v1/users/${user}/connections/ultrahuman`);
    expect((await sourcesOf(user)).body).toEqual(before.body);
  });

  it('of a user without data are none', async () => {
    const { body: user } = await server.request('POST', '/api/v1/users', { body: {} });
    expect(await sourcesOf(user.id)).toMatchObject({ status: 200, body: { items: [], total: 0 } });
  });

  it.each([
    ['a user who is not there', randomUUID(), 404],
    ['an id that is none', '42', 400],
  ])('of %s are refused', async (_who, id, status) => {
    expect((await sourcesOf(id)).status).toBe(status);
  });

  it('take no parameters', async () => {
    const { body: user } = await server.request('POST', '/api/v1/users', { body: {} });
    const answer = await server.request('GET', `/api/v1/users/${user.id}/data-sources?limit=3`);
    expect(answer.status).toBe(400);
  });

  describe('beside connections', () => {
    it('have every field of the contract, newest connection first', async () => {
      const user = await connectPersona(server, 1_003);
      await syncFinished(server, user);
      const [connection] = await connectionsOf(user);
      expect(connection).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        user_id: user,
        provider: 'ultrahuman',
        provider_user_id: expect.any(String),
        provider_username: expect.any(String),
        scope: 'ring_data cgm_data profile',
        status: 'active',
        last_synced_at: expect.stringMatching(/Z$/),
        created_at: expect.stringMatching(/Z$/),
        updated_at: expect.stringMatching(/Z$/),
        icon_url: '/static/provider-icons/ultrahuman.svg',
        max_historical_days: null,
        rest_pull: true,
        webhook_stream: false,
        webhook_ping: false,
        webhook_callback: false,
        live_sync_mode: 'pull',
        linked_user_ids: [],
        status_reason: null,
        attention: null,
      });
      const headers = { origin: 'https://elsewhere.example.com' };
      const icon = await server.request('GET', connection.icon_url, { key: null, headers });
      expect(icon.status).toBe(200);
      expect(Object.fromEntries(icon.headers)).toMatchObject({
        'content-type': 'image/svg+xml',
        'cache-control': 'public, max-age=86400',
        'cross-origin-resource-policy': 'cross-origin',
        'access-control-allow-origin': headers.origin,
      });
    });

    it('of an unknown user are a 404', async () => {
      const answer = await server.request('GET', `/api/v1/users/${randomUUID()}/connections`);
      expect(answer.status).toBe(404);
    });
  });
});
