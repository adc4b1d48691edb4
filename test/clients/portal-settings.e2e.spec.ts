import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator, type RunningSimulator } from '../../simulator/server';
import { startApp, TEST_DEVELOPER, type TestApp } from '../support/app';
import { simulatedBy } from '../support/vendor-connection';
import { readFields } from './fields';
import { PortalClient, SessionOver } from './portal-client';

const ORIGIN = 'https://portal.example.com';
const PASSWORD = 'a password of six words';
const ANOTHER = 'another password of words';

interface ApiKey {
  id: string;
  name: string;
}

const DEVELOPER = ['id', 'first_name', 'last_name', 'email', 'created_at', 'updated_at'];
const INVITATION = ['id', 'email', 'token', 'status', 'expires_at', 'created_at', 'invited_by_id'];
const API_KEY = ['id', 'name', 'created_by', 'created_at'];
const PRIORITY = ['id', 'priority', 'created_at', 'updated_at'];
const PROVIDER = [
  ...['provider', 'name', 'has_cloud_api', 'is_enabled', 'icon_url', 'live_sync_mode'],
  ...['live_sync_configurable', 'data_granularity'],
];

/** The pages of settings, with what the portal sends and reads there. */
describe('the settings of the portal', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  let portal: PortalClient;
  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({
      ...simulatedBy(simulator),
      SYNC_TICK: '100ms',
      BACKFILL_DAYS: '2',
      OAUTH_REDIRECT_ORIGINS: ORIGIN,
    });
    // Makes the account that the portal signs in with.
    await server.asDeveloper('GET', '/api/v1/auth/me');
    portal = await signedIn(TEST_DEVELOPER.email, TEST_DEVELOPER.password);
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });

  async function signedIn(email: string, password: string): Promise<PortalClient> {
    const client = new PortalClient(server.url, ORIGIN);
    await client.login(email, password);
    return client;
  }

  const put = <T>(path: string, body: object) => portal.call<T>('PUT', path, { body });
  const post = <T>(path: string, body?: object) => portal.call<T>('POST', path, { body });
  const inList = (names: string[], list = 'list') => names.map((name) => `${list}[].${name}`);

  /** Who is invited and accepts, on a page for people who are not signed in. */
  async function invited(email: string): Promise<{ id: string }> {
    const { token } = await post<{ token: string }>('/invitations', { email });
    const body = { token, first_name: 'Grace', last_name: 'Hopper', password: PASSWORD };
    return portal.call('POST', '/invitations/accept', { body, signedIn: false });
  }

  it('makes, lists, renames, rotates and deletes API keys by the id that each answer gave', async () => {
    const opens = async (key: string) => (await server.request('GET', '/api/v1/users', { key })).status;
    const made = await post<ApiKey>('/developer/api-keys', { name: 'Default' });
    readFields(made, API_KEY);
    // The dialog shows the id for copying: it is the key.
    expect(await opens(made.id)).toBe(200);

    const renamed = await portal.call<ApiKey>('PATCH', `/developer/api-keys/${made.id}`, {
      body: { name: 'Mobile app' },
    });
    expect(renamed).toMatchObject({ name: 'Mobile app' });
    const list = await portal.get<ApiKey[]>('/developer/api-keys');
    readFields({ list }, inList(API_KEY));
    const listed = list.find(({ name }) => name === 'Mobile app')!;

    const rotated = await post<ApiKey>(`/developer/api-keys/${listed.id}/rotate`);
    readFields(rotated, API_KEY);
    expect([await opens(rotated.id), await opens(made.id)]).toEqual([200, 401]);

    readFields(await portal.call('DELETE', `/developer/api-keys/${rotated.id}`), API_KEY);
    expect(await opens(rotated.id)).toBe(401);
    expect((await portal.get<ApiKey[]>('/developer/api-keys')).map(({ name }) => name)).toEqual(['tests']);
  });

  it('changes the names and the password of who is signed in', async () => {
    await invited('ada@portal.example');
    const own = await signedIn('ada@portal.example', PASSWORD);
    const body = { first_name: 'Ada', last_name: 'Lovelace' };
    const changed = await own.call('PATCH', '/auth/me', { body });
    readFields(changed, DEVELOPER);
    expect(await own.get('/auth/me')).toMatchObject(body);

    const change = (current_password: string) =>
      own.call('POST', '/auth/change-password', {
        body: { current_password, new_password: ANOTHER, confirm_password: ANOTHER },
      });
    await expect(change('wrong')).rejects.toThrow('Incorrect current password');
    readFields(await change(PASSWORD), ['message']);
    const again = await signedIn('ada@portal.example', ANOTHER);
    readFields(await again.call('POST', '/auth/logout'), ['message']);
    await expect(again.get('/auth/me')).rejects.toThrow(SessionOver);
  });

  it('lists, changes and deletes developers', async () => {
    const { id } = await invited('grace@portal.example');
    const list = await portal.get<{ id: string }[]>('/developers');
    readFields({ list }, inList(DEVELOPER));
    expect(list.map((developer) => developer.id)).toContain(id);
    readFields(await portal.get(`/developers/${id}`), DEVELOPER);
    const body = { first_name: 'Admiral' };
    expect(await portal.call('PATCH', `/developers/${id}`, { body })).toMatchObject({ id, ...body });
    readFields(await portal.call('DELETE', `/developers/${id}`), DEVELOPER);
    await expect(portal.get(`/developers/${id}`)).rejects.toThrow(/not found/);
  });

  it('invites, invites again and takes an invitation back', async () => {
    const { id } = await post<{ id: string }>('/invitations', { email: 'alan@portal.example' });
    readFields({ list: await portal.get('/invitations') }, inList(INVITATION));
    const resent = await post<{ token: string }>(`/invitations/${id}/resend`);
    readFields(resent, INVITATION);
    expect(await portal.call('DELETE', `/invitations/${id}`)).toMatchObject({ id, status: 'revoked' });
    const body = { token: resent.token, first_name: 'Alan', last_name: 'Turing', password: PASSWORD };
    await expect(portal.call('POST', '/invitations/accept', { body, signedIn: false })).rejects.toThrow(
      'Invalid or expired invitation',
    );
  });

  it('switches providers off and on, one and all', async () => {
    const one = await put('/oauth/providers/ultrahuman', { is_enabled: false });
    readFields(one, PROVIDER);
    expect(one).toMatchObject({ provider: 'ultrahuman', is_enabled: false });
    expect(await portal.get('/oauth/providers', { enabled_only: true })).toEqual([]);
    const list = await put('/oauth/providers', { providers: { ultrahuman: true } });
    readFields({ list }, inList(PROVIDER));
    expect(list).toMatchObject([{ provider: 'ultrahuman', is_enabled: true }]);
    await expect(put('/oauth/providers/nobody', { is_enabled: true })).rejects.toThrow(
      'Unknown provider: nobody',
    );
  });

  it.each([
    ['provider', 'providers', 'ultrahuman'],
    ['device_type', 'device-types', 'ring'],
  ])('orders by %s', async (field, path, name) => {
    const fields = inList([...PRIORITY, field], 'items');
    const before = await portal.get<{ items: Record<string, string | number>[] }>(`/priorities/${path}`);
    readFields(before, fields);
    // After a drag the portal sends the whole list, numbered from one.
    const order = before.items.map((item) => item[field]).toReversed();
    const priorities = order.map((it, index) => ({ [field]: it, priority: index + 1 }));
    const after = await put<typeof before>(`/priorities/${path}`, { priorities });
    readFields(after, fields);
    expect(after.items.map((item) => item[field])).toEqual(order);

    const one = await put(`/priorities/${path}/${name}`, { priority: 42 });
    readFields(one, [...PRIORITY, field]);
    expect(one).toMatchObject({ [field]: name, priority: 42 });
  });

  it('shows what is kept and what it takes up, changes it and has it done', async () => {
    const kinds = ['live_data', 'live_index', 'archive_data', 'archive_index', 'other_tables', 'total'];
    const fields = [
      ...['archive_after_days', 'delete_after_days'].map((name) => `settings.${name}`),
      ...kinds.flatMap((kind) => [`storage.${kind}_bytes`, `storage.${kind}_pretty`]),
      ...['live_row_count', 'archive_row_count', 'avg_bytes_per_live_row', 'avg_bytes_per_archive_row'].map(
        (name) => `storage.${name}`,
      ),
      ...['storage.live_data_span_days', 'storage.growth_class'],
    ];
    readFields(await portal.get('/settings/archival'), fields);
    for (const settings of [
      { archive_after_days: 90, delete_after_days: 730 },
      { archive_after_days: null, delete_after_days: null },
    ]) {
      const changed = await put('/settings/archival', settings);
      readFields(changed, fields);
      expect(changed).toMatchObject({ settings });
    }
    readFields(await post('/settings/archival/run'), ['task_id', 'status']);
  });

  it('makes demo users, who then are on the page of users', async () => {
    const list = await portal.get<{ id: string; profile: object }[]>('/settings/seed/presets');
    const form = ['preset', 'workout_config.count', 'sleep_config.stage_distribution.deep_pct_range'].concat(
      'time_series_config.enabled_types',
    );
    readFields({ list }, inList(['id', 'label', 'description', ...form.map((it) => `profile.${it}`)]));
    const nights = await portal.get<{ id: string }[]>('/settings/seed/sleep-profiles');
    const shares = ['deep_pct_range', 'rem_pct_range', 'awake_pct_range'].map((it) => `distribution.${it}`);
    readFields({ list: nights }, inList(['id', 'label', 'description', ...shares]));
    expect(nights.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['optimal', 'deep_deficit', 'rem_deprived', 'restless', 'athlete_recovery']),
    );

    // The form is filled in from the preset, and sent as it stands.
    const started = await post('/settings/seed', {
      num_users: 2,
      profile: list[0].profile,
      random_seed: null,
    });
    readFields(started, ['task_id', 'seed_used']);
    expect(started).toMatchObject({ status: 'dispatched' });
    expect(await syncedUsers(2)).toMatchObject({
      items: [{ last_synced_provider: 'ultrahuman' }, { last_synced_provider: 'ultrahuman' }],
    });
  });

  async function syncedUsers(wanted: number) {
    for (let waited = 0; waited < 20_000; waited += 100) {
      const query = { page: 1, limit: 9, sort_by: 'created_at', sort_order: 'desc' };
      const page = await portal.get<{ items: { last_synced_at: string | null }[] }>('/users', query);
      if (page.items.filter((item) => item.last_synced_at !== null).length === wanted) return page;
      await sleep(100);
    }
    throw new Error(`There are no ${wanted} users with data`);
  }

  it('shows a text on the tab of applications, which there are none of', async () => {
    await expect(portal.get('/applications')).rejects.toThrow(/\w+ \w+/);
  });
});
