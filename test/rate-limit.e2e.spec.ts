import { setTimeout as wait } from 'node:timers/promises';
import { startApp, type TestApp } from './support/app';
import type { TestAnswer } from './support/send';

/** Requests that come at once: two seconds' worth of these settings. */
const PER_CREDENTIAL = 20;
const PER_ADDRESS = 10;

describe('the limit of requests', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp({
      RATE_LIMIT_PER_CREDENTIAL: '2',
      RATE_LIMIT_PER_ADDRESS: '1',
      OAUTH_REDIRECT_ORIGINS: 'https://app.example.com',
      OAUTH_PUBLIC_AUTHORIZE: 'true',
      TRUSTED_PROXIES: 'loopback',
    });
  });
  afterAll(async () => {
    for (const name of ['OAUTH_PUBLIC_AUTHORIZE', 'TRUSTED_PROXIES']) delete process.env[name];
    await server?.close();
  });

  const newKey = async (): Promise<string> => {
    const { ApiKeysService } = await import('../src/access/api-keys.service');
    const wanted = { name: 'limited', scopes: ['read'] as const, environment: 'test' as const };
    return (await server.app.get(ApiKeysService).create(wanted)).key;
  };
  let addresses = 0;
  /** A client behind the proxy whom nobody has seen yet. */
  const newAddress = () => ({ 'x-forwarded-for': `192.0.2.${++addresses}` });

  async function several(count: number, ask: () => Promise<TestAnswer>): Promise<TestAnswer[]> {
    const answers: TestAnswer[] = [];
    for (let asked = 0; asked < count; asked++) answers.push(await ask());
    return answers;
  }
  const statuses = (answers: TestAnswer[]) => [...new Set(answers.map(({ status }) => status))];
  const users = (key: string | null, headers: Record<string, string> = {}) =>
    server.request('GET', '/api/v1/users?limit=1', { key, headers });
  const providers = (headers: Record<string, string>) =>
    server.request('GET', '/api/v1/oauth/providers', { key: null, headers });

  it('holds however the path is written', async () => {
    const headers = newAddress();
    const written = (path: string) => server.request('GET', path, { key: null, headers });
    const answers = await several(PER_ADDRESS, () => written('/%61pi/v1/oauth/providers'));
    expect(statuses(answers)).toEqual([200]);
    expect(answers[0].headers.get('cache-control')).toBe('no-store');
    expect((await written('/%61pi/v1/oauth/providers')).status).toBe(429);
    expect((await written('/api/v1/oauth/providers')).status).toBe(429);
  });

  it('is told with every answer, and refuses what comes too soon', async () => {
    const key = await newKey();
    const answers = await several(PER_CREDENTIAL, () => users(key));
    expect(statuses(answers)).toEqual([200]);
    expect(Object.fromEntries(answers[3].headers)).toMatchObject({
      'ratelimit-limit': '20',
      'ratelimit-remaining': '16',
      'ratelimit-reset': expect.stringMatching(/^([1-9]|10)$/),
    });
    expect(answers[3].headers.get('retry-after')).toBeNull();

    const refused = await users(key);
    const seconds = refused.headers.get('retry-after')!;
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: `Too many requests: at most 20 in 10 seconds for this credential. Wait ${seconds} seconds, as Retry-After says, and send it again.`,
    });
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');

    await wait(Number(seconds) * 1_000);
    expect((await users(key)).status).toBe(200);
  }, 30_000);

  it('is of each credential alone, wherever it comes from', async () => {
    const [one, other] = [await newKey(), await newKey()];
    await several(PER_CREDENTIAL, () => users(one, newAddress()));
    expect((await users(one, newAddress())).status).toBe(429);
    expect((await users(other)).status).toBe(200);
    const developer = await server.asDeveloper('GET', '/api/v1/users?limit=1');
    expect([developer.status, developer.headers.get('ratelimit-remaining')]).toEqual([200, '19']);
  });

  it('counts what a credential may not do', async () => {
    const key = await newKey();
    const create = () => server.request('POST', '/api/v1/users', { key, body: {} });
    expect(statuses(await several(PER_CREDENTIAL, create))).toEqual([403]);
    expect((await create()).status).toBe(429);
  });

  it('is of each address for what is open to everybody', async () => {
    const [one, other] = [newAddress(), newAddress()];
    expect(statuses(await several(PER_ADDRESS, () => providers(one)))).toEqual([200]);
    const refused = await providers(one);
    expect(refused).toMatchObject({
      status: 429,
      body: { detail: expect.stringContaining('at most 10 in 10 seconds for this address') },
    });
    expect((await providers(other)).status).toBe(200);
  });

  it('is of the network of an IPv6 client, which may choose its address', async () => {
    const asked = async (address: string) => {
      const answer = await providers({ 'x-forwarded-for': address });
      return Number(answer.headers.get('ratelimit-remaining'));
    };
    expect(await asked('2001:db8:1:2::1')).toBe(PER_ADDRESS - 1);
    expect(await asked('2001:db8:1:2:a:b:c:d')).toBe(PER_ADDRESS - 2);
    expect(await asked('2001:db8:1:3::1')).toBe(PER_ADDRESS - 1);
    expect(await asked('198.51.100.7')).toBe(PER_ADDRESS - 1);
    expect(await asked('::ffff:198.51.100.7')).toBe(PER_ADDRESS - 2);
  });

  it('counts credentials that are not valid by address, and takes nothing from valid ones beside them', async () => {
    const here = newAddress();
    const wrong = () => users('sk-wrong', here);
    expect(statuses(await several(PER_ADDRESS, wrong))).toEqual([401]);
    expect((await wrong()).status).toBe(429);
    expect((await users(null, here)).status).toBe(429);
    expect((await users(await newKey(), here)).status).toBe(200);
  });

  it('lets an app without a credential start a few sign-ins a minute', async () => {
    const here = newAddress();
    const query = `user_id=5b0e9c9e-0000-4000-8000-000000000000&redirect_uri=https://app.example.com/`;
    const authorize = (key: string | null) =>
      server.request('GET', `/api/v1/oauth/ultrahuman/authorize?${query}`, { key, headers: here });
    const answers = await several(30, () => authorize(null));
    expect(statuses(answers)).toEqual([400]);
    expect(await authorize(null)).toMatchObject({
      status: 429,
      body: { detail: expect.stringContaining('at most 30 in 60 seconds') },
    });
    expect((await authorize(server.apiKey)).status).toBe(400);
  });

  it.each(['/', '/health/live', '/health/ready', '/metrics', '/static/provider-icons/ultrahuman.svg'])(
    'leaves %s alone',
    async (path) => {
      const here = newAddress();
      const answers = await several(3 * PER_ADDRESS, () => server.request('GET', path, { headers: here }));
      expect(statuses(answers)).toEqual([200]);
      expect(answers[0].headers.get('ratelimit-limit')).toBeNull();
    },
  );
});

describe('the limit of requests as it comes', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp({ RATE_LIMIT_PER_CREDENTIAL: '', RATE_LIMIT_PER_ADDRESS: '' });
  });
  afterAll(() => server?.close());

  it('lets a client read a hundred pages in a row', async () => {
    for (let page = 1; page <= 100; page++) {
      const { status } = await server.request('GET', `/api/v1/users?limit=1&page=${page}`);
      expect(status).toBe(200);
    }
  });

  it('believes no header about where a request comes from', async () => {
    const remaining = async (address: string) => {
      const headers = { 'x-forwarded-for': address };
      const answer = await server.request('GET', '/api/v1/oauth/providers', { key: null, headers });
      return Number(answer.headers.get('ratelimit-remaining'));
    };
    const first = await remaining('192.0.2.1');
    expect(await remaining('192.0.2.2')).toBe(first - 1);
  });
});
