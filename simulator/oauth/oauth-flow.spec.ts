import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningSimulator, startSimulator } from '../server';
import { bodyOf, DemoClient, redirectUri, Tokens } from '../testing/demo-client';
import { GrantStore } from './grant-store';

describe('OAuth over HTTP', () => {
  let simulator: RunningSimulator;
  let client: DemoClient;

  beforeAll(async () => {
    simulator = await startSimulator();
    client = new DemoClient(simulator.url);
  });
  afterAll(() => simulator.close());

  it('shows a consent page with personas and the requested scopes, and escapes what it was given', async () => {
    const page = await (await client.consentPage({ scope: 'profile ring_data', state: '"><script>' })).text();
    expect(page).toContain('value="1001"');
    expect(page).toContain('Ring Data');
    expect(page).not.toContain('CGM Data');
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(page).not.toContain('<script>');
  });

  it('asks for the profile alone when no scope is named', async () => {
    const page = await client.consentPage();
    expect(await page.text()).toContain('name="scope" value="cgm_data"');
    const query = { client_id: 'vitalbase-demo', redirect_uri: redirectUri, response_type: 'code' };
    const bare = await fetch(`${simulator.url}/authorise?${new URLSearchParams(query).toString()}`);
    const scopes = [...(await bare.text()).matchAll(/name="scope" value="(\w+)"/g)].map(([, name]) => name);
    expect(scopes).toEqual(['profile']);
  });

  it('never redirects to a stranger', async () => {
    const strangers: Record<string, string>[] = [
      { client_id: 'other' },
      { redirect_uri: 'https://attacker.example/cb' },
    ];
    for (const fields of strangers) {
      const answer = await client.consentPage(fields);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('location')).toBeNull();
      expect(answer.headers.get('content-type')).toContain('text/html');
    }
  });

  it('sends other mistakes back to the client with its state', async () => {
    const location = (await client.consentPage({ response_type: 'token' })).headers.get('location');
    expect(location).toContain('error=unsupported_response_type');
    expect(location).toContain('state=st4te');
  });

  it('tells the client about a denial', async () => {
    const back = await client.decide(1001, ['ring_data'], 'deny');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: 'st4te' });
    expect(back.searchParams.get('error_description')).toMatch(/denied/);
  });

  it('hands out tokens for a code, with the scopes that were left on', async () => {
    const back = await client.decide(1003, ['ring_data', 'cgm_data']);
    expect(back.href.startsWith(redirectUri)).toBe(true);
    expect(back.searchParams.get('state')).toBe('st4te');
    const answer = await client.redeem(back.searchParams.get('code') ?? '');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const tokens = await bodyOf<Tokens>(answer);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 86_400, scope: 'ring_data cgm_data' });
    expect(Math.abs(tokens.created_at - Date.now() / 1000)).toBeLessThan(5);
    const info = await client.get('oauth/token/info', tokens.access_token);
    expect(await info.json()).toMatchObject({
      resource_owner_id: 1003,
      scope: ['ring_data', 'cgm_data'],
      application: { uid: 'vitalbase-demo' },
    });
  });

  it('never grants what a person withholds, however it is asked for', async () => {
    const page = await (await client.consentPage()).text();
    expect(page).toContain('form:has([value="1012"]:checked) .choice:has([value="cgm_data"])');
    expect(page.match(/name="persona"/g)).toHaveLength(13);
    expect((await client.connect(1012)).scope).toBe('profile ring_data');
    const nothingLeft = await client.decide(1012, ['cgm_data']);
    expect(nothingLeft.href).toBe('about:blank');
  });

  it('takes a code once, and only with its own redirect URI', async () => {
    const code = await client.code(1001);
    expect((await client.redeem(code)).status).toBe(200);
    const again = await client.redeem(code);
    expect(again.status).toBe(400);
    expect(await again.json()).toMatchObject({ error: 'invalid_grant' });
    const fields = { grant_type: 'authorization_code', redirect_uri: 'http://localhost:1/cb' };
    const elsewhere = await client.token({ ...fields, code: await client.code(1001) });
    expect(elsewhere.status).toBe(400);
  });

  it('rotates: the old pair is dead at once', async () => {
    const first = await client.connect(1002);
    const second = await bodyOf<Tokens>(await client.refresh(first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await client.get('oauth/token/info', first.access_token)).status).toBe(401);
    expect((await client.get('oauth/token/info', second.access_token)).status).toBe(200);
    const replayed = await client.refresh(first.refresh_token);
    expect(replayed.status).toBe(400);
    expect(await replayed.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('accepts JSON and refuses wrong credentials', async () => {
    const answer = await fetch(`${simulator.url}/api/partners/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: 'x', client_id: 'vitalbase-demo' }),
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('revokes a grant by either token, and shrugs at unknown ones', async () => {
    const tokens = await client.connect(1001);
    const revoke = (token: string) =>
      fetch(`${simulator.url}/api/partners/oauth/revoke`, {
        method: 'POST',
        body: new URLSearchParams({
          token,
          client_id: 'vitalbase-demo',
          client_secret: 'vitalbase-demo-secret',
        }),
      });
    for (const token of [tokens.refresh_token, 'never-issued']) {
      const answer = await revoke(token);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({});
    }
    const day = await client.day('2026-01-01', tokens.access_token);
    expect(day.status).toBe(401);
    expect(await day.json()).toEqual({ error: 'invalid_token' });
  });

  it('can let access tokens expire while the refresh token lives', async () => {
    const tokens = await client.connect(1003);
    const answer = await client.control('POST', 'expire-tokens', { user: 1003 });
    expect((await bodyOf<{ expired: number }>(answer)).expired).toBeGreaterThan(0);
    expect((await client.get('oauth/token/info', tokens.access_token)).status).toBe(401);
    expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('tells who the account belongs to, with the profile scope only', async () => {
    const whole = await client.get('v1/user_data/user_info', (await client.connect(1001)).access_token);
    expect(await whole.json()).toMatchObject({
      user_id: 1001,
      timezone: 'Asia/Kolkata',
      first_name: 'Aditi',
    });
    const partial = await client.connect(1001, ['ring_data']);
    expect((await client.get('v1/user_data/user_info', partial.access_token)).status).toBe(403);
  });

  it('insists on a registered redirect URI when there is one', async () => {
    const strict = await startSimulator({ redirectUris: ['https://app.example/cb'] });
    try {
      const strictClient = new DemoClient(strict.url);
      expect((await strictClient.consentPage()).status).toBe(400);
      expect((await strictClient.consentPage({ redirect_uri: 'https://app.example/cb' })).status).toBe(200);
      expect((await strictClient.consentPage({ redirect_uri: 'https://app.example/cb/' })).status).toBe(400);
    } finally {
      await strict.close();
    }
  });

  it('remembers its tokens over a restart when given a state file', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'simulator-'));
    const stateFile = join(dir, 'state.json');
    const before = await startSimulator({ stateFile });
    const tokens = await new DemoClient(before.url).connect(1001);
    await before.close();
    const after = await startSimulator({ stateFile });
    const answer = await new DemoClient(after.url).refresh(tokens.refresh_token);
    await after.close();
    rmSync(dir, { recursive: true });
    expect(answer.status).toBe(200);
  });
});

describe('GrantStore', () => {
  it('forgets a code after a minute', () => {
    let now = 1_800_000_000;
    const store = new GrantStore({ tokenTtlSeconds: 3600, now: () => now });
    const authorization = {
      user: 1001,
      scopes: ['profile' as const],
      clientId: 'c',
      redirectUri: redirectUri,
    };
    const [fresh, stale] = [store.issueCode(authorization), store.issueCode(authorization)];
    now += 59;
    expect(store.redeemCode(fresh, 'c', redirectUri)?.expiresAt).toBe(now + 3600);
    now += 1;
    expect(store.redeemCode(stale, 'c', redirectUri)).toBeNull();
  });
});
