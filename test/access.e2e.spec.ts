import { Controller, Get, Module } from '@nestjs/common';
import { ApiKeysService } from '../src/access/api-keys.service';
import type { KeyEnvironment } from '../src/access/api-key-format';
import type { ScopeName } from '../src/access/scope';
import { Clock } from '../src/database/clock';
import { startApp, type TestApp } from './support/app';

describe('access by API key', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());
  afterEach(() => jest.restoreAllMocks());

  const makeKey = (scopes: ScopeName[], environment: KeyEnvironment = 'test') =>
    server.app.get(ApiKeysService).create({ name: 'a client', scopes, environment });
  const users = (headers: Record<string, string>) =>
    server.request('GET', '/api/v1/users', { key: null, headers });

  it('takes the key from any of three headers', async () => {
    const { apiKey } = server;
    const ways: Record<string, string>[] = [
      { 'X-Open-Wearables-API-Key': apiKey },
      { 'X-API-Key': apiKey },
      { Authorization: `Bearer ${apiKey}` },
      { authorization: `bearer  ${apiKey}` },
      { 'X-API-Key': apiKey, Authorization: 'Basic dXNlcjpwYXNz' },
    ];
    for (const headers of ways) expect((await users(headers)).status).toBe(200);
  });

  it.each<Record<string, string>>([
    {},
    { 'X-API-Key': '' },
    { Authorization: 'Bearer' },
    { Authorization: 'Basic dXNlcjpwYXNz' },
  ])('asks for one: %j', async (headers) => {
    const answer = await users(headers);
    expect(answer.status).toBe(401);
    expect(answer.body.detail).toBe('Authentication required: provide JWT token or API key');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('refuses what is not a key of this server', async () => {
    const { key } = await makeKey(['read']);
    const body = key.slice(0, -9);
    const { formatKey, parseKey } = await import('../src/access/api-key-format');
    const parts = parseKey(key)!;
    for (const wrong of [
      'sk-0123456789abcdef0123456789abcdef',
      body,
      `${body}_00000000`,
      formatKey({ ...parts, secret: 'A'.repeat(43) }),
      formatKey({ ...parts, id: 'A'.repeat(12) }),
    ]) {
      expect(await users({ 'X-API-Key': wrong })).toMatchObject({
        status: 401,
        body: { detail: 'Invalid or missing API key' },
      });
    }
  });

  it('asks the database nothing about a mistyped key, and once in five seconds about a good one', async () => {
    const { key } = await makeKey(['read']);
    await server.sql('ALTER TABLE api_key RENAME TO api_key_away');
    const mistyped = await users({ 'X-API-Key': key.replace(/.$/, (last) => (last === '0' ? '1' : '0')) });
    await server.sql('ALTER TABLE api_key_away RENAME TO api_key');
    expect(mistyped.status).toBe(401);

    expect((await users({ 'X-API-Key': key })).status).toBe(200);
    await server.sql('ALTER TABLE api_key RENAME TO api_key_away');
    const cached = await users({ 'X-API-Key': key });
    await server.sql('ALTER TABLE api_key_away RENAME TO api_key');
    expect(cached.status).toBe(200);
  });

  it('takes a revoked key no longer than five seconds', async () => {
    const { key, stored } = await makeKey(['read']);
    expect((await users({ 'X-API-Key': key })).status).toBe(200);
    await server.sql('UPDATE api_key SET revoked_at = created_at WHERE id = $1', [stored.id]);
    const now = Date.now();
    jest.spyOn(server.app.get(Clock), 'now').mockReturnValue(new Date(now + 5_001));
    expect((await users({ 'X-API-Key': key })).status).toBe(401);
  });

  it('names the scope that is missing', async () => {
    const { key } = await makeKey(['read', 'sync']);
    const answer = await server.request('POST', '/api/v1/users', { key, body: {} });
    expect(answer).toMatchObject({
      status: 403,
      body: { detail: "This API key lacks the scope 'write'. It has: read, sync. Use a key with 'write'." },
    });
    expect((await users({ 'X-API-Key': key })).status).toBe(200);
  });

  it('tells a live key from a test key', async () => {
    const { key } = await makeKey(['read'], 'live');
    expect(key).toMatch(/^sk-vb_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9a-f]{8}$/);
    expect(await users({ 'X-API-Key': key })).toMatchObject({
      status: 401,
      body: {
        detail:
          'Invalid or missing API key: this is a live key, and this server takes test keys only (sk-vb_test_…).',
      },
    });
  });

  it('keeps no key in clear', async () => {
    const { key, stored } = await makeKey(['read']);
    const [, , , secret] = key.split('_');
    const [row] = await server.sql<{ text: string }>('SELECT k::text AS text FROM api_key k WHERE id = $1', [
      stored.id,
    ]);
    expect(row.text).not.toContain(secret);
    expect(row.text).not.toContain(Buffer.from(secret).toString('hex'));
  });
});

describe('a handler that does not say who may call it', () => {
  @Controller('forgotten')
  class ForgottenController {
    @Get()
    list(): string[] {
      return [];
    }
  }

  @Module({ controllers: [ForgottenController] })
  class ForgottenModule {}

  it('stops the boot and is named', async () => {
    await expect(startApp({}, { providers: [ForgottenModule] })).rejects.toThrow(
      /add @Scope\(.*\), @DeveloperOnly\(\) or @Public\(\) to ForgottenController\.list/,
    );
  });
});
