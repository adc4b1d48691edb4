import type { ScopeName } from '../../src/access/scope';
import { startApp, TEST_DEVELOPER, type TestApp } from '../support/app';
import { claimsOf, forgedToken } from '../support/forged-token';
import { simulatedBy } from '../support/vendor-connection';
import { deviations } from './deviations';
import { REFERENCE, type Access } from './reference';
import { problem } from './schema';
import { scopeOf } from './served';

const UNKNOWN = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';
const WRONG_KEY = `sk-${'0'.repeat(32)}`;

const operationsFor = (wanted: Access) =>
  REFERENCE.filter(({ access }) => access === wanted).map(({ operation }) => operation);

/** Section 1.2 of the contract, to the letter, at every route. */
describe('a credential of the contract', () => {
  let server: TestApp;
  /** By what they are, the headers of whoever brings them. */
  let credentials: Record<string, Record<string, string>>;
  const keysWith = new Map<ScopeName, string>();

  beforeAll(async () => {
    server = await startApp(simulatedBy({ url: 'http://127.0.0.1:9' }));
    const { ApiKeysService } = await import('../../src/access/api-keys.service');
    for (const scope of ['read', 'write'] as const) {
      const wanted = { name: `only ${scope}`, scopes: [scope], environment: 'test' } as const;
      keysWith.set(scope, (await server.app.get(ApiKeysService).create(wanted)).key);
    }
    credentials = await credentialsOf(server);
  });
  afterAll(() => server?.close());

  /** @param names of credentials that are sent together */
  async function told(operation: string, ...names: string[]) {
    const headers = Object.assign({}, ...names.map((name) => credentials[name])) as Record<string, string>;
    return tellOf(operation, headers);
  }

  async function tellOf(operation: string, headers: Record<string, string>) {
    const [method, path] = operation.split(' ');
    const url = path.replace('{provider}', 'ultrahuman').replaceAll(/\{\w+\}/g, UNKNOWN);
    const { status, body, headers: answered } = await server.request(method, url, { key: null, headers });
    return {
      status,
      detail: body?.detail,
      challenge: answered.get('www-authenticate'),
      deviations: deviations(problem, body),
    };
  }
  const unauthorized = (detail: string) => ({ status: 401, detail, challenge: 'Bearer', deviations: [] });

  describe.each(operationsFor('K'))('at %s', (operation) => {
    it.each([
      ['nothing'],
      ['a token of another server'],
      ['a token that is over'],
      ['a token of a session that has ended'],
      ['a token of an app'],
    ])('%s is no credential', async (name) => {
      expect(await told(operation, name)).toEqual(
        unauthorized('Authentication required: provide JWT token or API key'),
      );
    });

    it.each([
      [['a wrong key']],
      [['a wrong key by its short name']],
      [['a wrong key', 'a token of another server']],
      [['a wrong key', 'a token of an app']],
    ])('%j is refused', async (names) => {
      expect(await told(operation, ...names)).toEqual(unauthorized('Invalid or missing API key'));
    });

    it.each([
      [['a key']],
      [['a key by its short name']],
      [['a developer']],
      [['a developer', 'a wrong key']],
      [['a key', 'a token of another server']],
      [['a key', 'a token of an app']],
    ])('%j is let in', async (names) => {
      expect((await told(operation, ...names)).status).not.toBe(401);
    });

    it('a key of another scope is told which it lacks', async () => {
      const needed = scopeOf(operation);
      const other = needed === 'read' ? 'write' : 'read';
      expect(await tellOf(operation, { 'X-API-Key': keysWith.get(other)! })).toEqual({
        status: 403,
        detail: `This API key lacks the scope '${needed}'. It has: ${other}. Use a key with '${needed}'.`,
        challenge: null,
        deviations: [],
      });
    });
  });

  describe.each(operationsFor('D'))('at %s', (operation) => {
    it.each([
      ['nothing'],
      ['a key'],
      ['a wrong key'],
      ['a token of another server'],
      ['a token that is over'],
      ['a token of a session that has ended'],
    ])('%s is refused', async (name) => {
      expect(await told(operation, name)).toEqual(unauthorized('Could not validate credentials'));
    });

    it.each([[['a token of an app']], [['a token of an app', 'a key']]])('%j is refused', async (names) => {
      expect(await told(operation, ...names)).toEqual(unauthorized('SDK tokens cannot access this endpoint'));
    });
  });

  // These two answer 401 of their own accord.
  it.each(operationsFor('-').filter((operation) => !/login|refresh/.test(operation)))(
    'at %s any will do',
    async (operation) => {
      expect((await told(operation, 'a wrong key', 'a token of another server')).status).not.toBe(401);
    },
  );
});

async function credentialsOf(server: TestApp): Promise<Record<string, Record<string, string>>> {
  await server.asDeveloper('GET', '/api/v1/auth/me');
  const { email: username, password } = TEST_DEVELOPER;
  const login = { key: null, body: { username, password } };
  const { access_token: token } = (await server.request('POST', '/api/v1/auth/login', login)).body;
  const claims = claimsOf(token);
  const past = Math.floor(Date.now() / 1_000) - 60;
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
  return {
    nothing: {},
    'a key': { 'X-Open-Wearables-API-Key': server.apiKey },
    'a key by its short name': { 'X-API-Key': server.apiKey },
    'a wrong key': { 'X-Open-Wearables-API-Key': WRONG_KEY },
    'a wrong key by its short name': { 'X-API-Key': WRONG_KEY },
    'a developer': bearer(token),
    'a token of another server': bearer(forgedToken(claims, Buffer.alloc(32))),
    'a token that is over': bearer(forgedToken({ ...claims, exp: past })),
    'a token of a session that has ended': bearer(forgedToken({ ...claims, sid: UNKNOWN })),
    'a token of an app': bearer(forgedToken({ ...claims, scope: 'sdk', app_id: 'app_1' })),
  };
}
