import { startApp, type TestApp } from './support/app';

const PORTAL = 'https://portal.example.com';
const OTHER = 'https://other.example.com';

describe('browsers', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp({
      CORS_ORIGINS: `${PORTAL}, http://localhost:3000`,
      OAUTH_REDIRECT_ORIGINS: 'https://app.example.com',
    });
  });
  afterAll(() => server?.close());

  const from = (origin: string, method: string, path: string, headers: Record<string, string> = {}) =>
    server.request(method, path, { key: null, headers: { Origin: origin, ...headers } });
  const preflight = (origin: string, path: string, method = 'GET') =>
    from(origin, 'OPTIONS', path, {
      'Access-Control-Request-Method': method,
      'Access-Control-Request-Headers': 'authorization,content-type,x-open-wearables-api-key',
    });
  const allowed = (headers: Headers) => headers.get('access-control-allow-origin');

  it.each([
    ['/api/v1/users', 'GET'],
    ['/api/v1/auth/me', 'PATCH'],
    ['/api/v1/auth/login', 'POST'],
    ['/api/v1/users/7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60/sync/stream', 'GET'],
    ['/static/provider-icons/ultrahuman.svg', 'GET'],
    ['/api/v1/nothing', 'DELETE'],
  ])('ask without a credential before they call %s with %s', async (path, method) => {
    const { status, headers, body } = await preflight(PORTAL, path, method);
    expect([status, body]).toEqual([204, null]);
    expect(allowed(headers)).toBe(PORTAL);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-allow-methods')).toContain(method);
    for (const header of ['authorization', 'content-type', 'x-open-wearables-api-key']) {
      expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain(header);
    }
  });

  it.each([
    ['an answer', '/', 200],
    ['a refusal', '/api/v1/users', 401],
    ['a mistake in the URL', '/api/v1/users?search=%00', 400],
    ['a route that is not there', '/api/v1/nothing', 404],
    ['an icon', '/static/provider-icons/ultrahuman.svg', 200],
  ])('of the portal may read %s', async (_what, path, expected) => {
    const { status, headers } = await from(PORTAL, 'GET', path);
    expect(status).toBe(expected);
    expect(allowed(headers)).toBe(PORTAL);
    expect(headers.get('vary')?.toLowerCase()).toContain('origin');
    expect(headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('of the portal may read the request id, when to come back, and how much is left', async () => {
    const { headers } = await from('http://localhost:3000', 'GET', '/api/v1/users');
    expect(allowed(headers)).toBe('http://localhost:3000');
    expect(headers.get('access-control-expose-headers')).toBe(
      'X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset',
    );
  });

  it('of the portal may follow the stream of events', async () => {
    const { body: user } = await server.request('POST', '/api/v1/users', { body: {} });
    const path = `/api/v1/users/${user.id}/sync/stream?follow=false`;
    const { status, headers } = await server.request('GET', path, { headers: { Origin: PORTAL } });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(allowed(headers)).toBe(PORTAL);
  });

  it.each([
    OTHER,
    'null',
    `${PORTAL}.evil.example`,
    PORTAL.replace('https', 'http'),
    'https://app.example.com',
  ])('of %s are not let in', async (origin) => {
    expect(allowed((await from(origin, 'GET', '/api/v1/users')).headers)).toBeNull();
    const { status, headers } = await preflight(origin, '/api/v1/users');
    expect(status).toBe(405);
    expect(allowed(headers)).toBeNull();
  });

  it('of any origin may show an icon', async () => {
    const { headers } = await from(OTHER, 'GET', '/static/provider-icons/ultrahuman.svg');
    expect(allowed(headers)).toBe(OTHER);
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });
});

describe('without CORS_ORIGINS', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp({ CORS_ORIGINS: '', OAUTH_REDIRECT_ORIGINS: 'https://app.example.com' });
  });
  afterAll(() => server?.close());

  it('browsers of OAUTH_REDIRECT_ORIGINS are let in, and a portal learns what there is', async () => {
    const { status, headers, body } = await server.asDeveloper('GET', '/api/v1/config', {
      headers: { Origin: 'https://app.example.com' },
    });
    expect([status, body]).toEqual([200, { outgoing_webhooks_enabled: false }]);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect((await server.request('GET', '/api/v1/config')).status).toBe(401);
  });
});
