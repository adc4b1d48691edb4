import { PinoLogger } from 'nestjs-pino';
import { startApp, type TestApp } from './support/app';

const KEY = /^sk-vb_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9a-f]{8}$/;
const PATH = '/api/v1/developer/api-keys';

describe('the API keys of developers', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());

  const make = async (body?: object) => (await server.asDeveloper('POST', PATH, { body })).body;
  const list = async (): Promise<{ id: string; name: string }[]> =>
    (await server.asDeveloper('GET', PATH)).body;
  const works = async (key: string) => (await server.request('GET', '/api/v1/users', { key })).status === 200;

  it('are shown whole to whoever makes them, and never again', async () => {
    const me = (await server.asDeveloper('GET', '/api/v1/auth/me')).body;
    const answer = await server.asDeveloper('POST', PATH, { body: { name: 'Mobile app' } });
    expect(answer.status).toBe(201);
    const { id: key } = answer.body;
    const publicPart = key.split('_')[2];
    const read = {
      id: key,
      name: 'Mobile app',
      created_by: me.id,
      created_at: expect.stringMatching(/Z$/),
      key,
      key_prefix: `sk-vb_test_${publicPart}`,
      scopes: ['read', 'write', 'connect', 'sync'],
    };
    expect(answer.body).toEqual(read);
    expect(key).toMatch(KEY);
    const { body: listed } = await server.asDeveloper('GET', PATH);
    expect(listed).toContainEqual({ ...read, id: `key_${publicPart}`, key: null });
    expect(JSON.stringify(listed)).not.toContain(key.split('_')[3]);
  });

  it('work, with and without their prefix', async () => {
    const { id: key } = await make();
    expect(await works(key)).toBe(true);
    expect(await works(key.replace('sk-', ''))).toBe(true);
    const bearer = { key: null, headers: { Authorization: `Bearer ${key}` } };
    expect((await server.request('GET', '/api/v1/users', bearer)).status).toBe(200);
    expect(await works(`sk-${key}`)).toBe(false);
    expect(await works((await list())[0].id)).toBe(false);
  });

  it('are called Default unless they are named, and may what they are given', async () => {
    expect(await make()).toMatchObject({ name: 'Default' });
    expect(await make({ name: null, scopes: null })).toMatchObject({
      name: 'Default',
      scopes: ['read', 'write', 'connect', 'sync'],
    });
    const { id, scopes } = await make({ scopes: ['read'] });
    expect(scopes).toEqual(['read']);
    expect((await server.request('POST', '/api/v1/users', { key: id, body: {} })).status).toBe(403);
  });

  it.each([
    [{ name: '' }, /^name must not be empty/],
    [{ name: 'x'.repeat(101) }, /^name must be at most 100/],
    [{ scopes: [] }, /^scopes must name at least one/],
    [{ scopes: ['admin'] }, /^scopes must be of read/],
    [{ scopes: ['read', 'read'] }, /^scopes must not name one twice/],
    [{ environment: 'live' }, /^Unknown parameter 'environment'/],
  ])('are not made of %j', async (body, detail) => {
    expect(await server.asDeveloper('POST', PATH, { body })).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(detail) },
    });
  });

  const byListedId = (key: string) => `key_${key.split('_')[2]}`;
  const asGiven = (key: string) => key;
  describe.each([
    ['as given to their maker', asGiven],
    ['without the prefix', (key: string) => key.replace('sk-', '')],
    ['as listed', byListedId],
  ])('addressed by their id %s', (_what, pathOf) => {
    const at = (key: string, more = '') => `${PATH}/${pathOf(key)}${more}`;

    it('are renamed', async () => {
      const { id: key } = await make();
      const answer = await server.asDeveloper('PATCH', at(key), { body: { name: 'Renamed' } });
      expect(answer).toMatchObject({ status: 200, body: { id: byListedId(key), name: 'Renamed' } });
      expect(await list()).toContainEqual(answer.body);
    });

    it('are revoked, at once', async () => {
      const { id: key } = await make();
      expect(await works(key)).toBe(true);
      const answer = await server.asDeveloper('DELETE', at(key));
      expect(answer).toMatchObject({ status: 200, body: { id: byListedId(key) } });
      expect(await works(key)).toBe(false);
      expect((await list()).map(({ id }) => id)).not.toContain(byListedId(key));
      expect((await server.asDeveloper('DELETE', at(key))).status).toBe(404);
    });

    it('are rotated under their name, with their scopes', async () => {
      const { id: key } = await make({ name: 'Kept', scopes: ['read', 'sync'] });
      expect(await works(key)).toBe(true);
      const answer = await server.asDeveloper('POST', at(key, '/rotate'));
      expect(answer).toMatchObject({ status: 201, body: { name: 'Kept', scopes: ['read', 'sync'] } });
      expect(answer.body.id).toMatch(KEY);
      expect(await works(key)).toBe(false);
      expect(await works(answer.body.id)).toBe(true);
      expect((await server.asDeveloper('POST', at(key, '/rotate'))).status).toBe(404);
    });
  });

  it('are not found by what is almost one, which is not repeated', async () => {
    const { id: key } = await make();
    const secret = key.split('_')[3];
    const { formatKey, parseKey } = await import('../src/access/api-key-format');
    const otherSecret = formatKey({ ...parseKey(key)!, secret: 'A'.repeat(43) });
    for (const wrong of [key.slice(0, -1), otherSecret, 'key_0123456789AB', 'anything']) {
      for (const [method, path] of [
        ['PATCH', `${PATH}/${wrong}`],
        ['DELETE', `${PATH}/${wrong}`],
        ['POST', `${PATH}/${wrong}/rotate`],
      ]) {
        const body = method === 'PATCH' ? { name: 'x' } : undefined;
        const answer = await server.asDeveloper(method, path, { body });
        expect(answer).toMatchObject({
          status: 404,
          body: { detail: expect.stringMatching(/^ApiKey with ID/) },
        });
        expect(answer.body.detail).not.toContain(secret);
      }
    }
    expect(await works(key)).toBe(true);
  });

  it('are not logged, whatever path they come in', async () => {
    const { id: key } = await make();
    const lines = jest.spyOn(PinoLogger.root, 'info');
    await server.asDeveloper('PATCH', `${PATH}/${key}`, { body: { name: 'Renamed' } });
    await server.asDeveloper('GET', `${PATH}/${key}`);
    await server.asDeveloper('POST', `${PATH}/${key}/rotate`);
    const logged = JSON.stringify(lines.mock.calls);
    lines.mockRestore();
    expect(logged).toContain(`${PATH}/:key_id/rotate`);
    expect(logged).not.toContain(key.split('_')[2]);
  });

  it('of commands are listed too, without a maker', async () => {
    const names = await server.asDeveloper('GET', PATH);
    expect(names.body).toContainEqual(expect.objectContaining({ name: 'tests', created_by: null }));
  });
});
