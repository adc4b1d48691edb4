import { ACCOUNT_STEP } from '../simulator/life/personas';
import { startSimulator, type RunningSimulator } from '../simulator/server';
import { startApp, type TestApp } from './support/app';
import { Browser } from './support/browser';
import { allow, simulatedBy } from './support/vendor-connection';

const ORIGIN = 'https://app.example.com';
const DONE = `${ORIGIN}/users/7/pair/success?provider=x`;
const COOKIE = 'vitalbase_oauth';

/** As the portal does it, which sends no credential: over our page and the simulated vendor, with cookies. */
describe('a sign-in that is started without a credential', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  let browser: Browser;
  let userId: string;
  /** An account that nobody has connected yet: the same person's, one after another. */
  let persona = 1_001;
  beforeAll(async () => {
    simulator = await startSimulator();
    server = await startApp({
      ...simulatedBy(simulator),
      OAUTH_REDIRECT_ORIGINS: ORIGIN,
      OAUTH_PUBLIC_AUTHORIZE: 'true',
    });
  });
  afterAll(async () => {
    delete process.env.OAUTH_PUBLIC_AUTHORIZE;
    await server?.close();
    await simulator?.close();
  });
  beforeEach(async () => {
    browser = new Browser(server.url);
    persona += ACCOUNT_STEP;
    userId = await createUser({ first_name: 'Ada', last_name: 'Lovelace' });
  });

  const createUser = async (body: object): Promise<string> =>
    (await server.request('POST', '/api/v1/users', { body })).body.id;
  const authorize = (query: Record<string, string>, options: { key?: string | null } = { key: null }) =>
    server.request(
      'GET',
      `/api/v1/oauth/ultrahuman/authorize?${new URLSearchParams(query).toString()}`,
      options,
    );
  const begin = async () => (await authorize({ user_id: userId, redirect_uri: DONE })).body;
  const connections = async () =>
    (await server.request('GET', `/api/v1/users/${userId}/connections`)).body as unknown[];
  const end = (location: string | null) => {
    const url = new URL(location!, 'http://server');
    return { page: `${url.origin}${url.pathname}`, query: Object.fromEntries(url.searchParams) };
  };
  const overPage = (message: RegExp) => ({
    page: 'http://server/api/v1/oauth/error',
    query: { message: expect.stringMatching(message) },
  });

  /** Up to where the vendor sends the browser after consent. */
  async function consent(): Promise<URL> {
    const { authorization_url: address } = await begin();
    const page = await browser.get(address);
    const sent = await browser.post(Browser.formOf(page.body, address));
    return allow(sent.headers.get('location')!, persona);
  }

  it('leads over our page to the vendor and back to the app, with a connection', async () => {
    const { authorization_url: address, state } = await begin();
    expect(address).toBe(`http://localhost:8000/api/v1/oauth/ultrahuman/start?request=${state}`);
    expect(state).toMatch(/^[\w-]{43}$/);

    const page = await browser.get(address);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const text of ['app.example.com', 'Ultrahuman', 'Ada Lovelace']) expect(page.body).toContain(text);
    expect(page.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^vitalbase_oauth=[\w-]{43}; Path=\/; Max-Age=1800; HttpOnly; SameSite=Lax$/),
    ]);
    expect(page.headers.get('content-security-policy')).toContain(
      `form-action 'self' https: ${simulator.url}`,
    );
    expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`);
    expect(page.headers.get('cache-control')).toBe('no-store');

    const sent = await browser.post(Browser.formOf(page.body, address));
    expect(sent.status).toBe(303);
    expect(sent.headers.get('location')).toContain(`${simulator.url}/authorise?response_type=code`);
    const back = await browser.get((await allow(sent.headers.get('location')!, persona)).href);
    expect([back.status, back.headers.get('location')]).toEqual([303, DONE]);
    expect(await connections()).toMatchObject([{ status: 'active', provider: 'ultrahuman' }]);
  });

  it.each<[string, () => Browser]>([
    ['without the cookie', () => new Browser(server.url)],
    ['with the cookie of another', () => withCookie('x'.repeat(43))],
    ['with a cookie that is none', () => withCookie('x')],
  ])('is refused in a browser %s', async (_which, other) => {
    const back = await other().get((await consent()).href);
    expect(back.status).toBe(303);
    expect(end(back.headers.get('location'))).toEqual({
      page: `${ORIGIN}/users/7/pair/success`,
      query: {
        provider: 'x',
        error: 'access_denied',
        error_description: expect.stringContaining('another browser'),
      },
    });
    expect(await connections()).toEqual([]);
  });

  function withCookie(value: string): Browser {
    const other = new Browser(server.url);
    other.cookies.set(COOKIE, value);
    return other;
  }

  it('goes on only when somebody has pressed the button of the page in that browser', async () => {
    const { authorization_url: address, state } = await begin();
    const elsewhere = new Browser(server.url);
    const theirs = Browser.formOf((await elsewhere.get(address)).body, address);
    await browser.get(address);
    const start = '/api/v1/oauth/ultrahuman/start';
    for (const forged of [theirs, `${start}?request=${state}&confirmation=x`]) {
      expect(end((await browser.post(forged)).headers.get('location'))).toEqual(overPage(/cookie/));
    }
    expect(end((await new Browser(server.url).post(theirs)).headers.get('location'))).toEqual(
      overPage(/cookie/),
    );
    expect((await browser.post(`${start}?request=${state}`)).status).toBe(400);
  });

  it('works once, and several can be under way in one browser', async () => {
    const [one, two] = [await begin(), await begin()];
    const forms: string[] = [];
    for (const { authorization_url: address } of [one, two])
      forms.push(Browser.formOf((await browser.get(address)).body, address));
    for (const form of forms) {
      const sent = await browser.post(form);
      const back = await browser.get((await allow(sent.headers.get('location')!, persona)).href);
      expect(back.headers.get('location')).toBe(DONE);
      expect(end((await browser.post(form)).headers.get('location'))).toEqual(overPage(/over/));
    }
    expect(end((await browser.get(one.authorization_url)).headers.get('location'))).toEqual(overPage(/over/));
  });

  it('cannot be ended by what starts it', async () => {
    const { state } = await begin();
    const callback = `/api/v1/oauth/ultrahuman/callback?code=x&state=${state}`;
    const asClient = await server.request('GET', callback, { key: null });
    expect(asClient).toMatchObject({ status: 400, body: { detail: 'Invalid or expired state parameter' } });
    const asPerson = await browser.get(callback);
    expect(asPerson.status).toBe(400);
    expect(asPerson.headers.get('content-type')).toContain('text/html');
    expect(asPerson.body).toContain('Invalid or expired state parameter');
  });

  it('shows names as text', async () => {
    userId = await createUser({ first_name: '<script>alert(1)</script>' });
    const page = await browser.get((await begin()).authorization_url);
    expect(page.body).not.toContain('<script>');
    expect(page.body).toContain('&lt;script&gt;');
    userId = await createUser({});
    expect((await browser.get((await begin()).authorization_url)).body).toContain(`user ${userId}`);
  });

  it.each([
    ['has no page', 'start?request=nobody', 303],
    ['lacks its request', 'start', 400],
  ])('%s: %s', async (_what, path, status) => {
    expect((await browser.get(`/api/v1/oauth/ultrahuman/${path}`)).status).toBe(status);
  });

  describe('is refused at the beginning', () => {
    it.each([
      ['no redirect_uri', {}, /^A call without a credential needs a redirect_uri/],
      [
        'another origin',
        { redirect_uri: 'https://evil.test/' },
        /^redirect_uri leads to https:\/\/evil.test/,
      ],
    ])('with %s', async (_what, query, detail) => {
      const answer = await authorize({ user_id: userId, ...query });
      expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) } });
    });

    it('with a key that is not valid', async () => {
      const answer = await authorize({ user_id: userId, redirect_uri: DONE }, { key: 'sk-wrong' });
      expect(answer.status).toBe(401);
    });
  });

  it('is not the way of a call with a key', async () => {
    const { body } = await authorize({ user_id: userId }, { key: server.apiKey });
    expect(body.authorization_url).toContain(`${simulator.url}/authorise`);
    const back = await new Browser(server.url).get((await allow(body.authorization_url, persona)).href);
    expect(back.headers.get('location')).toContain('/api/v1/oauth/success');
  });
});
