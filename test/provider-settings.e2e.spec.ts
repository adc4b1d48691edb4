import { Clock } from '../src/database/clock';
import type { TestApp } from './support/app';
import { OAuthFlow, REDIRECT_URI, backWith, endOf } from './support/oauth-flow';

const PATH = '/api/v1/oauth/providers';

describe('the settings of providers', () => {
  let flow: OAuthFlow;
  beforeAll(async () => {
    flow = await OAuthFlow.start();
  });
  afterAll(() => flow?.close());
  beforeEach(async () => {
    await flow.reset();
    await set('scripted', { is_enabled: true, data_granularity: null });
  });

  const set = (provider: string, body?: object) =>
    flow.server.asDeveloper('PUT', `${PATH}/${provider}`, { body });
  const setAll = (body?: object) => flow.server.asDeveloper('PUT', PATH, { body });
  const list = async (query = '', server: TestApp = flow.server) =>
    (await server.request('GET', `${PATH}${query}`, { key: null })).body as Record<string, unknown>[];
  const enabled = async (server?: TestApp) =>
    Object.fromEntries((await list('', server)).map((it) => [it.provider, it.is_enabled]));
  const scripted = {
    provider: 'scripted',
    name: 'Scripted',
    has_cloud_api: true,
    is_enabled: true,
    icon_url: '/static/provider-icons/scripted.svg',
    live_sync_mode: 'pull',
    live_sync_configurable: false,
    data_granularity: null,
  };

  it('are changed one by one, and are seen by everybody', async () => {
    const changed = { ...scripted, is_enabled: false, data_granularity: 'hourly' };
    expect(await set('scripted', { is_enabled: false, data_granularity: 'hourly' })).toMatchObject({
      status: 200,
      body: changed,
    });
    expect(await list()).toContainEqual(changed);
    expect(await list('?enabled_only=yes')).not.toContainEqual(
      expect.objectContaining({ provider: 'scripted' }),
    );
  });

  it('stay as they are where nothing is sent, and null takes the granularity back', async () => {
    await set('scripted', { data_granularity: 'daily' });
    expect((await set('scripted', { is_enabled: false })).body).toMatchObject({ data_granularity: 'daily' });
    expect((await set('scripted', {})).body).toMatchObject({ is_enabled: false, data_granularity: 'daily' });
    expect((await set('scripted')).status).toBe(200);
    expect((await set('scripted', { data_granularity: null })).body).toEqual({
      ...scripted,
      is_enabled: false,
    });
  });

  it('are changed together, or not at all', async () => {
    const { status, body } = await setAll({ providers: { scripted: false, strict: false } });
    expect(status).toBe(200);
    expect(body).toEqual(await list());
    expect(await enabled()).toMatchObject({ scripted: false, strict: false, unconfigured: false });
    expect((await setAll({ providers: { scripted: true, oak: true } })).status).toBe(400);
    expect(await enabled()).toMatchObject({ scripted: false });
    expect((await setAll({ providers: { oak: false } })).status).toBe(200);
    expect((await setAll({ providers: {} })).status).toBe(200);
    await setAll({ providers: { scripted: true, strict: true } });
    expect(await enabled()).toMatchObject({ scripted: true, strict: true });
  });

  it.each([
    ['oak', { is_enabled: true }, /^Unknown provider: oak/],
    ['scripted', { live_sync_mode: null }, /^live_sync_mode must be pull or webhook/],
    ['scripted', { live_sync_mode: 'push' }, /^live_sync_mode must be pull or webhook/],
    [
      'scripted',
      { live_sync_mode: 'pull' },
      /^Provider 'scripted' does not support live sync mode configuration$/,
    ],
    ['scripted', { is_enabled: null }, /^is_enabled must be true or false/],
    ['scripted', { is_enabled: 'yes' }, /^is_enabled must be true or false/],
    ['scripted', { data_granularity: 'weekly' }, /^data_granularity must be daily, hourly, raw or null/],
    ['scripted', { enabled: true }, /^Unknown parameter 'enabled'/],
    ['unconfigured', { is_enabled: true }, /not configured on this server: set SCRIPTED_CLIENT_ID and/],
  ])('of %s refuse %j', async (provider, body, detail) => {
    expect(await set(provider, body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(detail) },
    });
  });

  it.each([
    [undefined],
    [{}],
    [{ providers: null }],
    [{ providers: [true] }],
    [{ providers: { scripted: 1 } }],
    [{ providers: { scripted: null } }],
    [{ scripted: true }],
  ])('refuse %j for all', async (body) => {
    expect((await setAll(body)).status).toBe(400);
  });

  it('are for developers only', async () => {
    for (const path of [PATH, `${PATH}/scripted`]) {
      for (const key of [null, flow.server.apiKey]) {
        const answer = await flow.server.request('PUT', path, { key, body: { providers: {} } });
        expect(answer.status).toBe(401);
      }
    }
  });

  it('reach the other processes within two seconds', async () => {
    const other = await flow.secondServer();
    try {
      expect(await enabled(other)).toMatchObject({ scripted: true });
      await set('scripted', { is_enabled: false });
      const later = new Date(Date.now() + 2_000);
      jest.spyOn(other.app.get(Clock), 'now').mockReturnValue(later);
      expect(await enabled(other)).toMatchObject({ scripted: false });
    } finally {
      jest.restoreAllMocks();
      await other.close();
    }
  });

  describe('switched off', () => {
    it('take no new sign-ins, and say so', async () => {
      const userId = await flow.createUser();
      await set('scripted', { is_enabled: false });
      expect(await flow.authorize({ user_id: userId })).toMatchObject({
        status: 400,
        body: {
          detail: expect.stringMatching(
            /^Provider 'scripted' is switched off.*PUT \/api\/v1\/oauth\/providers/,
          ),
        },
      });
    });

    it('end the sign-ins that are under way', async () => {
      const userId = await flow.createUser();
      const state = await flow.begin(userId, REDIRECT_URI);
      await set('scripted', { is_enabled: false });
      expect(endOf(await flow.callback({ state, code: 'a-code' }))).toEqual(backWith('access_denied'));
      expect(await flow.rowsOf(userId)).toEqual([]);
    });

    it('leave those alone who are connected', async () => {
      const userId = await flow.createUser();
      await flow.connect(userId);
      await set('scripted', { is_enabled: false });
      const sync = await flow.server.request('POST', `/api/v1/providers/scripted/users/${userId}/sync`);
      expect(sync).toMatchObject({ status: 200, body: { success: true } });
    });
  });
});
