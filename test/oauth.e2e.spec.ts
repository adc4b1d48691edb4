import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Strategy } from 'passport';
import { Client } from 'pg';
import { OAuthPassport } from '../src/oauth/oauth-passport';
import { OAuthFlow, REDIRECT_URI } from './support/oauth-flow';

const NOBODY = '5b0e9c9e-0000-4000-8000-000000000000';

describe('connecting a wearable through OAuth', () => {
  let flow: OAuthFlow;
  let userId: string;
  beforeAll(async () => {
    flow = await OAuthFlow.start();
  });
  afterAll(() => flow?.close());
  beforeEach(async () => {
    await flow.reset();
    userId = await flow.createUser();
  });
  // That page is for browsers only.
  afterEach(() => assert.deepEqual(flow.vendor.requestsTo('/authorize'), []));

  const connections = async () =>
    (await flow.server.request('GET', `/api/v1/users/${userId}/connections`)).body;

  describe('authorize', () => {
    it("answers with the vendor's own address and a state", async () => {
      const { status, body } = await flow.authorize({ user_id: userId });
      expect(status).toBe(200);
      expect(body).toEqual({
        authorization_url: expect.any(String),
        state: expect.stringMatching(/^[\w-]{43}$/),
      });
      const url = new URL(body.authorization_url);
      expect(`${url.origin}${url.pathname}`).toBe(`${flow.vendor.url}/authorize`);
      expect(Object.fromEntries(url.searchParams)).toEqual({
        response_type: 'code',
        client_id: 'client-1',
        redirect_uri: 'http://localhost:8000/callback',
        scope: 'pulse steps',
        state: body.state,
      });
    });

    it.each([
      ['an unknown user', { user_id: NOBODY }, 404, `User with ID: ${NOBODY} not found.`],
      ['a malformed user id', { user_id: '7' }, 400, 'user_id must be the UUID of a user'],
      ['no user id', {}, 400, 'user_id must be the UUID of a user'],
      ['an unknown parameter', { user_id: NOBODY, redirect: 'x' }, 400, "Unknown parameter 'redirect'"],
      [
        'a redirect_uri that is not listed',
        { user_id: NOBODY, redirect_uri: 'https://evil.test/' },
        400,
        'redirect_uri leads to https://evil.test, which is not allowed. Add it to OAUTH_REDIRECT_ORIGINS',
      ],
    ])('refuses %s', async (_name, query, status, detail) => {
      const answer = await flow.authorize(query);
      expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } });
    });

    it('refuses a provider that it does not know', async () => {
      const detail = expect.stringContaining('Unknown provider: nobody');
      expect(await flow.authorize({ user_id: userId }, 'nobody')).toMatchObject({
        status: 400,
        body: { detail },
      });
    });

    it('names the settings that an unconfigured provider lacks', async () => {
      const problem = {
        status: 400,
        body: {
          detail:
            "Provider 'unconfigured' is not configured on this server: set SCRIPTED_CLIENT_ID and SCRIPTED_CLIENT_SECRET.",
        },
      };
      expect(await flow.authorize({ user_id: userId }, 'unconfigured')).toMatchObject(problem);
      expect(await flow.callback({ state: 'x', code: 'y' }, 'unconfigured')).toMatchObject(problem);
    });

    it('needs a key', async () => {
      const path = `/api/v1/oauth/scripted/authorize?user_id=${userId}`;
      expect(await flow.server.request('GET', path, { key: null })).toMatchObject({ status: 401 });
    });
  });

  describe('a flow that goes well', () => {
    it('connects, and sends the browser to our own page', async () => {
      const answer = await flow.callback({ state: await flow.begin(userId), code: 'a-code' });
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe(
        `/api/v1/oauth/success?provider=scripted&user_id=${userId}`,
      );
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(Object.fromEntries(flow.vendor.requestsTo('/token')[0].form)).toEqual({
        grant_type: 'authorization_code',
        code: 'a-code',
        redirect_uri: 'http://localhost:8000/callback',
        client_id: 'client-1',
        client_secret: 'secret-1',
      });
      expect(flow.vendor.requestsTo('/account')[0].authorization).toBe('Bearer plain-access');
    });

    it('sends the browser to the redirect_uri as it was given, whatever the vendor adds', async () => {
      const state = await flow.begin(userId, REDIRECT_URI);
      const answer = await flow.callback({
        state,
        code: 'a-code',
        session_state: 'x',
        iss: 'https://vendor.test',
      });
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe(REDIRECT_URI);
    });

    it('shows the connection with every field of the contract', async () => {
      flow.signInAs('account-shown');
      await flow.connect(userId);
      const [connection, ...others] = await connections();
      expect(others).toEqual([]);
      const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(connection).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        user_id: userId,
        provider: 'scripted',
        provider_user_id: 'account-shown',
        provider_username: 'ada@example.com',
        scope: 'pulse',
        status: 'active',
        status_reason: null,
        attention: null,
        last_synced_at: instant,
        created_at: instant,
        updated_at: instant,
        icon_url: '/static/provider-icons/scripted.svg',
        max_historical_days: 45,
        rest_pull: true,
        webhook_stream: false,
        webhook_ping: false,
        webhook_callback: false,
        live_sync_mode: 'pull',
        linked_user_ids: [],
      });
    });

    it('keeps the tokens encrypted', async () => {
      await flow.connect(userId);
      const [{ text }] = await flow.server.sql<{ text: string }>(
        'SELECT credential::text AS text FROM credential WHERE user_id = $1',
        [userId],
      );
      for (const secret of ['plain-access', 'plain-refresh']) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString('hex'));
      }
      expect(text).toContain(',test,');
    });

    it('proves with PKCE that it began the flow, and signs in by Basic, where the provider wants that', async () => {
      const { body } = await flow.authorize({ user_id: userId }, 'strict');
      const asked = new URL(body.authorization_url).searchParams;
      expect(asked.get('scope')).toBe('pulse,steps');
      expect(asked.get('code_challenge_method')).toBe('S256');
      const answer = await flow.callback({ state: body.state, code: 'a-code' }, 'strict');
      expect(answer.headers.get('location')).toContain('/oauth/success');
      const [{ form, authorization }] = flow.vendor.requestsTo('/token');
      const challenge = createHash('sha256').update(form.get('code_verifier')!).digest('base64url');
      expect(challenge).toBe(asked.get('code_challenge'));
      expect(authorization).toBe(`Basic ${Buffer.from('client-1:secret-1').toString('base64')}`);
      expect(form.has('client_secret')).toBe(false);
    });

    it('wakes the sync', async () => {
      const client = new Client(flow.server.databaseUrl);
      await client.connect();
      const heard: string[] = [];
      client.on('notification', ({ channel }) => heard.push(channel));
      await client.query('LISTEN vitalbase_sync');
      await flow.connect(userId);
      for (let tries = 0; tries < 100 && heard.length === 0; tries++) await wait(20);
      await client.end();
      expect(heard).toContain('vitalbase_sync');
    });
  });

  it('takes both the address and the exchange from the strategy', async () => {
    const address = 'https://elsewhere.example.com/sign-in?state=from-the-strategy';
    class OtherStrategy extends Strategy {
      override authenticate({ query }: { query: { code?: string } }): void {
        if (!query.code) return this.redirect(address);
        this.success({
          accessToken: `for ${query.code}`,
          refreshToken: null,
          expiresInSeconds: null,
          scope: 'other',
        });
      }
    }
    const other = await flow.secondServer();
    try {
      other.app.get(OAuthPassport).use('scripted', new OtherStrategy());
      const { body } = await other.request('GET', `/api/v1/oauth/scripted/authorize?user_id=${userId}`);
      expect(body).toEqual({ authorization_url: address, state: 'from-the-strategy' });

      const state = await flow.begin(userId);
      await other.request('GET', `/api/v1/oauth/scripted/callback?state=${state}&code=c-9`);
      expect(flow.vendor.requestsTo('/token')).toEqual([]);
      expect(flow.vendor.requestsTo('/account')[0].authorization).toBe('Bearer for c-9');
      expect(await connections()).toMatchObject([{ scope: 'other', status: 'active' }]);
    } finally {
      await other.close();
    }
  });

  it('knows no connections of an unknown user', async () => {
    const answer = await flow.server.request('GET', `/api/v1/users/${NOBODY}/connections`);
    expect(answer).toMatchObject({ status: 404, body: { detail: `User with ID: ${NOBODY} not found.` } });
    expect(await connections()).toEqual([]);
  });

  describe('the last page', () => {
    const page = (path: string, accept: string) =>
      flow.server.request('GET', `/api/v1/oauth/${path}`, { key: null, headers: { accept } });

    it('is JSON for a client', async () => {
      const success = await page(`success?provider=scripted&user_id=${userId}`, '*/*');
      const message = 'Successfully connected to scripted';
      const body = { success: true, message, user_id: userId, provider: 'scripted' };
      expect({ status: success.status, body: success.body }).toEqual({ status: 200, body });
      const error = await page('error?message=access_denied%3A+No', 'application/json');
      expect(error.body).toEqual({ success: false, message: 'access_denied: No' });
    });

    it('is HTML for a browser, with nothing in it that runs', async () => {
      const { status, headers, body } = await page(
        'error?message=%3Cscript%3Ealert(%22x%22)%3C/script%3E%26',
        'text/html,application/xhtml+xml,*/*;q=0.8',
      );
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(body).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;');
      expect(body).not.toContain('<script');
      const style = createHash('sha256')
        .update(/<style>(.*)<\/style>/s.exec(body)![1])
        .digest('base64');
      const policy = headers.get('content-security-policy');
      expect(policy).toContain(`default-src 'none'; style-src 'sha256-${style}'`);
    });

    it.each([
      'success',
      `success?provider=%3Cb%3E&user_id=${NOBODY}`,
      'success?provider=scripted&user_id=7',
      'error',
      'error?message=a&message=b',
    ])('refuses /oauth/%s', async (path) => {
      const answer = await page(path, 'text/html');
      expect(answer).toMatchObject({ status: 400, body: { detail: expect.any(String) } });
    });
  });
});
