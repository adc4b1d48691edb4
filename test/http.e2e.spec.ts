import { connect } from 'node:net';
import { PinoLogger } from 'nestjs-pino';
import { startApp, type TestApp } from './support/app';

const UNKNOWN = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';

describe('the HTTP surface', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());

  describe('errors', () => {
    it('have the members of RFC 9457, a text as detail, and the request id in the header only', async () => {
      const { status, headers, body } = await server.request('GET', `/api/v1/users/${UNKNOWN}`);
      expect(status).toBe(404);
      expect(body).toEqual({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: `User with ID: ${UNKNOWN} not found.`,
      });
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    });

    it.each(['application/problem+json', 'text/html, application/problem+json;q=0.9'])(
      'are application/problem+json for a client that asks for it: %s',
      async (Accept) => {
        const { headers, body } = await server.request('GET', `/api/v1/users/${UNKNOWN}`, {
          headers: { Accept },
        });
        expect(headers.get('content-type')).toContain('application/problem+json');
        expect(body.detail).toContain('not found');
      },
    );

    it('name the unknown route', async () => {
      const { status, body } = await server.request('GET', '/api/v1/nothing?secret=1');
      expect(status).toBe(404);
      expect(body.detail).toBe('There is no GET /api/v1/nothing. The page /docs lists what there is.');
    });

    it('name the methods that a path does take', async () => {
      const { status, headers, body } = await server.request('DELETE', '/api/v1/users');
      expect(status).toBe(405);
      expect(headers.get('allow')).toBe('GET, HEAD, POST');
      expect(body.detail).toBe('/api/v1/users does not take DELETE. Use GET or HEAD or POST.');
    });

    it.each([
      ['not percent-encoded', '/api/v1/users/%zz', 400],
      ['too long', `/api/v1/users/${'a'.repeat(600)}`, 414],
      ['with a NUL', '/api/v1/users?search=a%00b', 400],
    ])('say what is wrong with a URL that is %s', async (_what, path, expected) => {
      const { status, headers, body } = await server.request('GET', path);
      expect(status).toBe(expected);
      expect(body).toMatchObject({ type: 'about:blank', status, detail: expect.stringContaining('URL') });
      expect(headers.get('x-request-id')).toBeTruthy();
    });

    it('name a parameter that is not known, and those that are', async () => {
      const { status, body } = await server.request('GET', '/api/v1/users?colour=red');
      expect(status).toBe(400);
      expect(body.detail).toBe(
        "Unknown parameter 'colour'. Accepted are: page, limit, sort_by, sort_order, search, email, external_user_id.",
      );
    });

    it('name a parameter where none is taken', async () => {
      const { status, body } = await server.request('GET', `/api/v1/users/${UNKNOWN}?verbose=true`);
      expect(status).toBe(400);
      expect(body.detail).toBe("Unknown parameter 'verbose'. None is accepted here.");
    });

    it('tell nothing about the inside', async () => {
      await server.sql('ALTER TABLE app_user RENAME TO app_user_away');
      const { status, body } = await server.request('GET', '/api/v1/users');
      await server.sql('ALTER TABLE app_user_away RENAME TO app_user');
      expect(status).toBe(500);
      expect(body).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'Internal Server Error',
      });
    });
  });

  describe('request ids', () => {
    it('are taken over from the caller', async () => {
      const { headers } = await server.request('GET', '/', {
        headers: { 'X-Request-Id': 'order-66.retry:2' },
      });
      expect(headers.get('x-request-id')).toBe('order-66.retry:2');
    });

    it.each(['white space', 'a'.repeat(129), '"<script>"'])('are made anew instead of %j', async (id) => {
      const { headers } = await server.request('GET', '/', { headers: { 'X-Request-Id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  describe('bodies', () => {
    it.each([
      ['{"first_name": ', 'not valid JSON'],
      ['{"first_name": "a\\u0000b"}', 'NUL'],
      ['{"__proto__": {"admin": true}}', '__proto__'],
      ['[]', 'not a JSON object'],
      ['"text"', 'not a JSON object'],
    ])('of %s are refused', async (body, detail) => {
      const answer = await server.request('POST', '/api/v1/users', { body });
      expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining(detail) } });
    });

    it.each(['text/plain', 'application/xml'])('of type %s are refused', async (type) => {
      const answer = await server.request('POST', '/api/v1/users', {
        body: '<a/>',
        headers: { 'Content-Type': type },
      });
      expect(answer).toMatchObject({
        status: 415,
        body: { detail: 'The body is not JSON. Send JSON with Content-Type: application/json.' },
      });
    });

    it('may hold 1 MiB and no more', async () => {
      const answer = await server.request('POST', '/api/v1/users', {
        body: { first_name: 'x'.repeat(1_048_577) },
      });
      expect(answer).toMatchObject({
        status: 413,
        body: { detail: expect.stringContaining('1048576 bytes') },
      });
    });

    it.each([
      ['GET', '/api/v1/users', 200],
      ['POST', '/api/v1/users', 201],
      ['DELETE', '/api/v1/users', 405],
    ])('may be empty under Content-Type: application/json: %s %s', async (method, path, status) => {
      const answer = await server.request(method, path, { headers: { 'Content-Type': 'application/json' } });
      expect(answer.status).toBe(status);
    });

    it('may be null, which is none', async () => {
      expect((await server.request('POST', '/api/v1/users', { body: 'null' })).status).toBe(201);
    });
  });

  it('is logged by route, without ids, query values, headers and bodies', async () => {
    const lines = jest.spyOn(PinoLogger.root, 'info');
    const { headers } = await server.request('POST', `/api/v1/users?secret=1`, {
      body: { first_name: 'Secret' },
      headers: { 'User-Agent': 'secret-agent' },
    });
    await server.request('GET', `/api/v1/users/${UNKNOWN}`);
    const entries = lines.mock.calls;
    lines.mockRestore();
    const ms = expect.any(Number);
    expect(entries).toEqual([
      [
        { request_id: headers.get('x-request-id'), method: 'POST', route: '/api/v1/users', status: 400, ms },
        'request',
      ],
      [
        { request_id: expect.any(String), method: 'GET', route: '/api/v1/users/:user_id', status: 404, ms },
        'request',
      ],
    ]);
  });

  it('answers the API uncached and with the headers of helmet', async () => {
    const { headers } = await server.request('GET', '/api/v1/users');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });

  it('answers something that is not HTTP in the same words', async () => {
    const { hostname, port } = new URL(server.url);
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      connect(Number(port), hostname)
        .on('data', (chunk) => (text += String(chunk)))
        .on('close', () => resolve(text))
        .end('nonsense\r\n\r\n');
    });
    expect(answer).toContain('HTTP/1.1 400 Bad Request');
    expect(JSON.parse(answer.split('\r\n\r\n')[1])).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'This is not an HTTP request (RFC 9112).',
    });
  });

  describe('without a key', () => {
    it('serves the root, the health checks and the API page', async () => {
      const get = (path: string) => server.request('GET', path, { key: null });
      expect(await get('/')).toMatchObject({ status: 200, body: { message: 'Server is running!' } });
      expect(await get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
      expect(await get('/health/ready')).toMatchObject({
        status: 200,
        body: { status: 'ok', database: 'up', migrations: 'up', journal: 'on disk' },
      });
      expect((await get('/docs')).body).toContain('<title>Vitalbase API</title>');
      expect((await get('/openapi.json')).body.info.title).toBe('Vitalbase');
    });

    it('is ready without a journal on disk, and says so', async () => {
      const environment = { DATABASE_URL: server.databaseUrl, JOURNAL_DIR: `${__filename}/no-folder` };
      const other = await startApp(environment);
      const answer = await other.request('GET', '/health/ready', { key: null });
      await other.close();
      expect(answer).toMatchObject({ status: 200, body: { status: 'ok', journal: 'memory only' } });
    });

    it('says that it is not ready while a migration is missing', async () => {
      await server.sql('ALTER TABLE migration RENAME TO migration_away');
      const answer = await server.request('GET', '/health/ready', { key: null });
      await server.sql('DROP TABLE IF EXISTS migration');
      await server.sql('ALTER TABLE migration_away RENAME TO migration');
      expect(answer).toMatchObject({ status: 503, body: { detail: 'Not ready: migrations down.' } });
    });
  });
});
