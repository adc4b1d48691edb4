import { Clock } from '../src/database/clock';
import { startApp, TEST_DEVELOPER, type TestApp } from './support/app';
import { claimsOf, forgedToken, unsignedToken } from './support/forged-token';

const UNKNOWN = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';
const { email, password } = TEST_DEVELOPER;

describe("a developer's sign-in", () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
    await server.asDeveloper('GET', '/api/v1/auth/me');
  });
  afterAll(() => server?.close());
  afterEach(() => jest.restoreAllMocks());

  const form = (fields: Record<string, string>) => ({
    key: null,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
  const login = (fields: Record<string, string>) =>
    server.request('POST', '/api/v1/auth/login', form(fields));
  const withToken = (path: string, token: string, headers: Record<string, string> = {}) =>
    server.request('GET', path, { key: null, headers: { Authorization: `Bearer ${token}`, ...headers } });
  const me = (token: string) => withToken('/api/v1/auth/me', token);

  const soon = () => Math.floor(Date.now() / 1_000) + 600;
  it('answers tokens to a form', async () => {
    const { status, body, headers } = await login({ username: email, password, grant_type: 'password' });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'bearer',
      refresh_token: expect.stringMatching(/^rt-[0-9a-f]{32}$/),
      expires_in: 3_600,
      developer_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(claimsOf(body.access_token)).toMatchObject({ sub: body.developer_id, exp: expect.any(Number) });
    expect(await me(body.access_token)).toMatchObject({
      status: 200,
      body: {
        id: body.developer_id,
        first_name: null,
        last_name: null,
        email,
        created_at: expect.stringMatching(/Z$/),
        updated_at: expect.stringMatching(/Z$/),
      },
    });
  });

  it('takes JSON too, and the address however it is typed', async () => {
    const answer = await server.request('POST', '/api/v1/auth/login', {
      key: null,
      body: { username: ` ${email.toUpperCase()} `, password },
    });
    expect(answer.status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['a wrong password', { username: email, password: 'wrong' }],
    ['an unknown address', { username: 'nobody@example.com', password }],
    ['no password', { username: email }],
    ['nothing', {}],
    ['a password without end', { username: email, password: 'a'.repeat(5_000) }],
  ])('says the same of %s', async (_what, fields) => {
    const answer = await login(fields);
    expect(answer).toMatchObject({ status: 401, body: { detail: 'Incorrect email or password' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('says so of a JSON body with other things in it', async () => {
    for (const body of [{ username: 1, password: ['a'] }, undefined]) {
      const answer = await server.request('POST', '/api/v1/auth/login', { key: null, body });
      expect(answer).toMatchObject({ status: 401, body: { detail: 'Incorrect email or password' } });
    }
  });

  it('opens what is for developers only, which no API key does', async () => {
    const refused = {
      status: 401,
      body: { detail: 'Could not validate credentials' },
    };
    const withKey = await server.request('GET', '/api/v1/auth/me');
    expect(withKey).toMatchObject(refused);
    expect(withKey.headers.get('www-authenticate')).toBe('Bearer');
    expect(await me(server.apiKey)).toMatchObject(refused);
    expect(await server.request('GET', '/api/v1/auth/me', { key: null })).toMatchObject(refused);
  });

  it('opens what keys open, whatever key comes with it', async () => {
    const { body } = await login({ username: email, password });
    expect((await withToken('/api/v1/users', body.access_token)).status).toBe(200);
    expect((await withToken('/api/v1/users', body.access_token, { 'X-API-Key': 'sk-wrong' })).status).toBe(
      200,
    );
  });

  describe('with a token that is none of ours', () => {
    const tokens: [string, () => Promise<string> | string][] = [
      [
        'signed with another secret',
        () => forgedToken({ sub: UNKNOWN, sid: UNKNOWN, exp: soon() }, Buffer.alloc(32)),
      ],
      ['without a signature', () => unsignedToken({ sub: UNKNOWN, sid: UNKNOWN, exp: soon() })],
      ['of nobody', () => forgedToken({ sub: UNKNOWN, sid: UNKNOWN, exp: soon() })],
      ['without an end', () => forgedToken({ sub: UNKNOWN, sid: UNKNOWN })],
      ['that is no token', () => 'x.y.z'],
    ];

    it.each(tokens)('%s, it refuses', async (_what, make) => {
      const token = await make();
      expect(await me(token)).toMatchObject({
        status: 401,
        body: { detail: 'Could not validate credentials' },
      });
      expect(await withToken('/api/v1/users', token)).toMatchObject({
        status: 401,
        body: { detail: 'Authentication required: provide JWT token or API key' },
      });
      expect((await withToken('/api/v1/users', token, { 'X-API-Key': server.apiKey })).status).toBe(200);
    });

    it('of an app on a device, it says so', async () => {
      const token = forgedToken({ sub: UNKNOWN, scope: 'sdk', app_id: 'app', exp: soon() });
      expect(await me(token)).toMatchObject({
        status: 401,
        body: { detail: 'SDK tokens cannot access this endpoint' },
      });
      expect((await withToken('/api/v1/users', token)).status).toBe(401);
      expect((await withToken('/api/v1/users', token, { 'X-API-Key': server.apiKey })).status).toBe(200);
    });
  });

  it('ends with its hour', async () => {
    const { body } = await login({ username: email, password });
    const now = Date.now();
    const clock = jest.spyOn(server.app.get(Clock), 'now');
    clock.mockReturnValue(new Date(now + 3_590_000));
    expect((await me(body.access_token)).status).toBe(200);
    clock.mockReturnValue(new Date(now + 3_601_000));
    expect((await me(body.access_token)).status).toBe(401);
  });

  it('ends with the account', async () => {
    const { DevelopersService } = await import('../src/access/developers/developers.service');
    const leaving = { email: 'leaving@example.com', password: 'a password of mine' };
    await server.app.get(DevelopersService).create(leaving);
    const { body } = await login({ username: leaving.email, password: leaving.password });
    expect((await me(body.access_token)).status).toBe(200);
    await server.sql('DELETE FROM developer WHERE email = $1', [leaving.email]);
    expect((await me(body.access_token)).status).toBe(401);
    expect((await withToken('/api/v1/users', body.access_token)).status).toBe(401);
  });

  it('keeps neither passwords nor tokens in clear', async () => {
    const { body } = await login({ username: email, password });
    const rows = await server.sql<{ row: string }>(
      `SELECT d::text AS row FROM developer d UNION ALL SELECT s::text FROM developer_session s
        UNION ALL SELECT t::text FROM refresh_token t`,
    );
    const text = rows.map(({ row }) => row).join('\n');
    expect(text).not.toContain(password);
    expect(text).not.toContain(body.refresh_token.slice(3));
    expect(text).not.toContain(Buffer.from(body.refresh_token).toString('hex'));
    expect(text).not.toContain(body.access_token);
  });
});
