import { startSimulator, type RunningSimulator } from '../../simulator/server';
import { startApp, TEST_DEVELOPER, type TestApp } from '../support/app';
import { Browser } from '../support/browser';
import { allow, connectPersona, simulatedBy } from '../support/vendor-connection';
import { syncFinished } from '../support/sync-finished';
import { readFields } from './fields';
import { McpClient } from './mcp-client';
import { PortalClient, SessionOver, type SyncEvent } from './portal-client';

const ORIGIN = 'https://portal.example.com';
const PERSONA = 1003;
const DAY_MS = 86_400_000;
const dayAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const unix = (days: number) => Math.floor(Date.parse(dayAgo(days)) / 1_000);

/** Clients of Open Wearables are pointed at this server by changing a URL: what they need must be there. */
describe('a client of Open Wearables', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  let user: string;
  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({
      ...simulatedBy(simulator),
      SYNC_TICK: '100ms',
      OAUTH_REDIRECT_ORIGINS: ORIGIN,
      OAUTH_PUBLIC_AUTHORIZE: 'true',
    });
    user = await connectPersona(server, PERSONA);
    await syncFinished(server, user);
    // Makes the account that the portal signs in with.
    await server.asDeveloper('GET', '/api/v1/auth/me');
  }, 120_000);
  afterAll(async () => {
    delete process.env.OAUTH_PUBLIC_AUTHORIZE;
    await server?.close();
    await simulator?.close();
  });

  describe('that is the MCP server', () => {
    let mcp: McpClient;
    beforeAll(async () => {
      await server.request('PATCH', `/api/v1/users/${user}`, { body: { first_name: 'Jonas' } });
      mcp = new McpClient(server.url, server.apiKey);
    });

    it('finds users, and by a part of their name', async () => {
      expect(await mcp.getUsers()).toMatchObject({ users: [{ id: user, first_name: 'Jonas' }], total: 1 });
      expect(await mcp.getUsers('JON')).toMatchObject({ total: 1 });
      expect(await mcp.getUsers('somebody else')).toEqual({ users: [], total: 0 });
    });

    it('sums up activity and sleep over bare dates, the last of which is excluded', async () => {
      const activity = await mcp.getActivitySummary(user, dayAgo(8), dayAgo(1));
      expect(activity.data.map(({ date }) => date)).toEqual([8, 7, 6, 5, 4, 3, 2].map(dayAgo));
      const sleep = await mcp.getSleepSummary(user, dayAgo(8), dayAgo(1));
      expect(sleep.data.map(({ date }) => date)).toEqual([8, 7, 6, 5, 4, 3, 2].map(dayAgo));
    });

    it('gets no workouts where the provider has none', async () => {
      expect((await mcp.getWorkoutEvents(user, dayAgo(8), dayAgo(1), 'run')).data).toEqual([]);
    });

    it.each(['raw', '5min', '1hour'])('reads series of several types to the end: %s', async (resolution) => {
      const types = ['heart_rate', 'steps'];
      const samples = await mcp.getTimeseries(user, dayAgo(3), dayAgo(2), types, resolution);
      const perHour = resolution === '1hour' ? 2 : 10;
      expect(samples.length).toBeGreaterThan(20 * perHour);
      expect([...new Set(samples.map(({ type }) => type))].toSorted()).toEqual(types);
      const keys = samples.map(({ timestamp, type }) => `${timestamp} ${type}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(samples.map(({ timestamp }) => timestamp)).toEqual(
        samples.map(({ timestamp }) => timestamp).toSorted(),
      );
    });

    it('tells a wrong key and an unknown user apart', async () => {
      const stranger = new McpClient(server.url, `sk-${'0'.repeat(32)}`);
      await expect(stranger.getUsers()).rejects.toThrow('Invalid API key');
      const nobody = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';
      await expect(mcp.getSleepSummary(nobody, dayAgo(8), dayAgo(1))).rejects.toThrow('User not found');
    });
  });

  describe('that is the portal', () => {
    let portal: PortalClient;
    beforeAll(async () => {
      portal = new PortalClient(server.url, ORIGIN);
      await portal.login(TEST_DEVELOPER.email, TEST_DEVELOPER.password);
    });

    it('signs in, and takes any 401 for the end of the session', async () => {
      const stranger = new PortalClient(server.url, ORIGIN);
      await expect(stranger.login(TEST_DEVELOPER.email, 'wrong')).rejects.toThrow(
        'Incorrect email or password',
      );
      await expect(stranger.get('/auth/me')).rejects.toThrow(SessionOver);
      // Provider trouble is never one.
      await expect(
        portal.call('POST', `/providers/ultrahuman/users/${user}/sync`, {
          query: { async: false, data_type: 'workouts' },
        }),
      ).rejects.not.toBeInstanceOf(SessionOver);
    });

    it('has its shell and its dashboard', async () => {
      readFields(await portal.get('/auth/me'), ['email', 'first_name', 'last_name']);
      expect(await portal.get('/config')).toEqual({ outgoing_webhooks_enabled: false });
      readFields(await portal.get('/dashboard/stats'), [
        ...['total_users.count', 'active_conn.count', 'data_points.count', 'data_points.archived'],
        ...['count', 'workouts', 'sleep', 'menstrual_cycles'].map((name) => `event_records.${name}`),
        ...['users_with_active', 'users_with_multi_active'].map((name) => `connections_coverage.${name}`),
        ...['provider', 'count'].map((name) => `connections_coverage.top_providers[].${name}`),
      ]);
      for (const sort_by of ['created_at', 'last_synced_at'])
        readFields(await portal.get('/users', { limit: 5, sort_by }), ['items[].id']);
    });

    it('makes, lists, changes and deletes users', async () => {
      const body = { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@portal.example' };
      const { id } = await portal.call<{ id: string }>('POST', '/users', { body });
      const query = { page: 1, limit: 9, sort_by: 'created_at', sort_order: 'desc', search: 'ada@portal' };
      const list = await portal.get<{ items: { id: string }[] }>('/users', query);
      readFields(list, [
        ...['total', 'page', 'pages', 'has_next', 'has_prev'],
        ...['id', 'first_name', 'last_name', 'email', 'created_at'].map((name) => `items[].${name}`),
        ...['last_synced_at', 'last_synced_provider', 'has_active_connection'].map(
          (name) => `items[].${name}`,
        ),
      ]);
      expect(list.items.map((item) => item.id)).toEqual([id]);
      await portal.call('PATCH', `/users/${id}`, { body: { first_name: 'Augusta' } });
      expect(await portal.get(`/users/${id}`)).toMatchObject({
        first_name: 'Augusta',
        last_name: 'Lovelace',
      });
      expect(await portal.call('DELETE', `/users/${id}`)).toMatchObject({ id });
      await expect(portal.get(`/users/${id}`)).rejects.toThrow(`User with ID: ${id} not found.`);
    });

    it('connects a user without a header, follows the sync, disconnects and purges', async () => {
      const { id } = await portal.call<{ id: string }>('POST', '/users', { body: { first_name: 'Grace' } });
      readFields(
        { list: await portal.get('/oauth/providers', { cloud_only: true, enabled_only: true }) },
        ['provider', 'name', 'icon_url', 'has_cloud_api', 'is_enabled'].map((name) => `list[].${name}`),
      );
      const back = `${ORIGIN}/users/${id}/pair/success?provider=ultrahuman`;
      const { authorization_url: address } = await portal.call<{ authorization_url: string }>(
        'GET',
        '/oauth/ultrahuman/authorize',
        { query: { user_id: id, redirect_uri: back }, signedIn: false },
      );
      expect(await signInAtVendor(address, PERSONA + 10_000)).toBe(back);

      const ended = ({ status }: SyncEvent) => status !== 'in_progress';
      const events = await portal.follow(id, ended);
      expect(events.at(0)).toMatchObject({ stage: 'started', status: 'in_progress' });
      expect(events.at(-1)).toMatchObject({
        stage: 'completed',
        status: 'success',
        metadata: {
          is_historical: expect.any(Boolean),
          inserted: expect.any(Number),
          updated: expect.any(Number),
        },
      });
      // Whoever opens the panel later is told the last steps in the same order.
      expect((await portal.follow(id, ended)).slice(-10)).toEqual(events.slice(-10));

      const connections = `/users/${id}/connections`;
      readFields(
        { list: await portal.get(connections) },
        ['id', 'provider', 'status', 'last_synced_at', 'icon_url', 'max_historical_days', 'rest_pull']
          .concat(['webhook_stream', 'webhook_ping', 'webhook_callback', 'live_sync_mode', 'linked_user_ids'])
          .map((name) => `list[].${name}`),
      );
      const sync = `/providers/ultrahuman/users/${id}/sync`;
      readFields(await portal.call('POST', sync), ['success', 'message']);
      readFields(await portal.call('POST', `${sync}/historical`, { query: { days: 2 } }), [
        'success',
        'message',
      ]);
      expect(await portal.call('DELETE', `${connections}/ultrahuman`)).toBeUndefined();
      expect(await portal.call('DELETE', `${connections}/ultrahuman`)).toBeUndefined();
      expect(await portal.call('DELETE', `${connections}/ultrahuman/data`)).toBeUndefined();
      expect(await portal.get(`/users/${id}/summaries/data`)).toMatchObject({ total_data_points: 0 });
    });

    /** What the browser does: our page, its button, the vendor's page, and back. @returns where it ends */
    async function signInAtVendor(address: string, persona: number): Promise<string | null> {
      const browser = new Browser(server.url);
      const page = await browser.get(address);
      const sent = await browser.post(Browser.formOf(page.body, address));
      const { pathname, search } = await allow(sent.headers.get('location')!, persona);
      return (await browser.get(`${pathname}${search}`)).headers.get('location');
    }

    it('shows syncs', async () => {
      const run = [
        'run_id',
        'user_id',
        'provider',
        'source',
        'stage',
        'status',
        'message',
        'progress',
        'items_processed',
      ]
        .concat(['items_total', 'error', 'started_at', 'ended_at', 'last_update'])
        .map((name) => `list[].${name}`);
      readFields({ list: await portal.get(`/users/${user}/sync/runs`, { limit: 30 }) }, run);
      readFields(
        { list: await portal.get('/sync/runs', { limit: 50, provider: 'ultrahuman', status: 'success' }) },
        run,
      );
      const recent = await portal.get<object[]>(`/users/${user}/sync/recent`, { limit: 100 });
      expect(recent.length).toBeGreaterThan(2);
      readFields({ list: recent }, ['list[].message', 'list[].stage', 'list[].metadata', 'list[].timestamp']);
    });

    it('fills the tabs of a user', async () => {
      const of = `/users/${user}`;
      const [start, end] = [dayAgo(7), dayAgo(0)];
      readFields(await portal.get(`${of}/summaries/data`), [
        ...['has_womens_health_data', 'total_data_points', 'series_type_counts', 'by_provider[].data_points'],
      ]);
      const days = { start_date: `${start}T00:00:00.000Z`, end_date: `${end}T00:00:00.000Z` };
      expect(await portal.get(`${of}/summaries/activity`, { ...days, limit: 7 })).toMatchObject({
        data: { length: 7 },
      });
      const table = await portal.pages<{ date: string }>(`${of}/summaries/activity`, {
        ...{ start_date: dayAgo(25), end_date: end, limit: 10, sort_order: 'desc' },
      });
      expect(table.map(({ date }) => date)).toEqual(Array.from({ length: 25 }, (_, day) => dayAgo(day + 1)));
      readFields(await portal.get(`${of}/summaries/sleep`, { ...days, limit: 100 }), [
        'data[].stages?.deep_minutes',
      ]);
      readFields(await portal.get(`${of}/summaries/body`, { average_period: 7, latest_window_hours: 4 }), [
        ...['slow_changing.weight_kg', 'averaged.resting_heart_rate_bpm', 'latest.skin_temperature_celsius'],
      ]);
      expect(
        await portal.get(`${of}/events/workouts`, {
          start_date: unix(7),
          end_date: unix(0),
          sort_order: 'desc',
        }),
      ).toMatchObject({ data: [] });
    });

    it('draws a sleep: its stages, and the pulse of the night', async () => {
      const of = `/users/${user}`;
      const query = { start_date: '2000-01-01', end_date: dayAgo(-1), limit: 10, filter_by_priority: true };
      const sleeps = await portal.pages<{ id: string; start_time: string; end_time: string }>(
        `${of}/events/sleep`,
        query,
      );
      expect(sleeps.length).toBeGreaterThan(20);
      readFields({ list: sleeps }, [
        ...['stages', 'sleep_stage_intervals', 'efficiency_percent', 'duration_seconds'].map(
          (it) => `list[].${it}`,
        ),
        ...['sleep_duration_seconds', 'is_nap', 'source.device_name'].map((it) => `list[].${it}`),
      ]);
      const [{ start_time, end_time }] = sleeps.slice(1);
      const chart = { start_time, end_time, types: ['heart_rate'], resolution: '5min', limit: 100 };
      expect((await portal.get<{ data: object[] }>(`${of}/timeseries`, chart)).data.length).toBeGreaterThan(
        30,
      );
      const { id } = sleeps.at(-1)!;
      expect(await portal.call('DELETE', `${of}/events/sleep/${id}`)).toBeUndefined();
      await expect(portal.call('DELETE', `${of}/events/sleep/${id}`)).rejects.toThrow(/^Sleep session/);
    });

    it('groups scores by the local date that they begin with', async () => {
      const query = { start_date: dayAgo(10), end_date: dayAgo(0), limit: 1_000 };
      const page = await portal.get<{ data: { category: string; provider: string; recorded_at: string }[] }>(
        `/users/${user}/health-scores`,
        query,
      );
      readFields(
        page,
        ['category', 'value', 'qualifier', 'components', 'recorded_at', 'provider'].map(
          (it) => `data[].${it}`,
        ),
      );
      const keys = page.data.map((it) => `${it.provider} ${it.category} ${it.recorded_at.slice(0, 10)}`);
      expect(keys.filter((key) => key.startsWith('ultrahuman sleep')).length).toBeGreaterThan(5);
      expect(new Set(keys).size).toBe(keys.length);
    });

    it('has its page of coverage', async () => {
      const metrics = ['code', 'unit', 'providers'].map((name) => `timeseries[].metrics[].${name}`);
      const coverage = await portal.get('/meta/coverage');
      expect(coverage).toMatchObject({ providers: expect.arrayContaining(['ultrahuman']) });
      readFields(coverage, ['timeseries[].name', ...metrics]);
    });
  });
});
