import { startApp, TEST_DEVELOPER, type TestApp } from './support/app';

const UNKNOWN = '6f0e4c12-93ab-4d57-8b1e-2a7c5d9e0f34';
const PASSWORD = 'a password of mine';

describe('developers', () => {
  let server: TestApp;
  let count = 0;
  beforeAll(async () => {
    server = await startApp();
    await server.asDeveloper('GET', '/api/v1/auth/me');
  });
  afterAll(() => server?.close());

  /** A developer of one's own, since a test may end sessions or change the password. */
  async function newDeveloper() {
    const { DevelopersService } = await import('../src/access/developers/developers.service');
    count += 1;
    return server.app
      .get(DevelopersService)
      .create({ email: `developer-${count}@example.com`, password: PASSWORD });
  }
  const login = (username: string, password = PASSWORD) =>
    server.request('POST', '/api/v1/auth/login', { key: null, body: { username, password } });
  const as = (token: string, method: string, path: string, body?: object) =>
    server.request(method, `/api/v1${path}`, {
      key: null,
      headers: { Authorization: `Bearer ${token}` },
      body,
    });
  const isSignedIn = async (token: string) => (await as(token, 'GET', '/auth/me')).status === 200;
  const refresh = (refresh_token: string) =>
    server.request('POST', '/api/v1/token/refresh', { key: null, body: { refresh_token } });
  const revoke = (refresh_token: string) =>
    server.request('POST', '/api/v1/token/revoke', { key: null, body: { refresh_token } });
  const INVALID = { status: 401, body: { detail: 'Invalid or revoked refresh token' } };

  describe('a refresh token', () => {
    it('is exchanged for new tokens, of the same shape', async () => {
      const { email } = await newDeveloper();
      const first = (await login(email)).body;
      const { status, body } = await refresh(first.refresh_token);
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(Object.keys(first));
      expect(body.refresh_token).not.toBe(first.refresh_token);
      expect(await isSignedIn(body.access_token)).toBe(true);
    });

    it('that comes a second time ends the sign-in, and no other', async () => {
      const { email } = await newDeveloper();
      const other = (await login(email)).body;
      const first = (await login(email)).body;
      const second = (await refresh(first.refresh_token)).body;
      expect(await refresh(first.refresh_token)).toMatchObject(INVALID);
      expect(await refresh(second.refresh_token)).toMatchObject(INVALID);
      expect(await isSignedIn(second.access_token)).toBe(false);
      expect(await isSignedIn(other.access_token)).toBe(true);
      expect((await refresh(other.refresh_token)).status).toBe(200);
    });

    it('sent twice at once brings one pair at most, and then none that works', async () => {
      const { email } = await newDeveloper();
      const { refresh_token } = (await login(email)).body;
      const answers = await Promise.all([1, 2, 3].map(() => refresh(refresh_token)));
      const good = answers.filter(({ status }) => status === 200);
      expect(good).toHaveLength(1);
      expect(await refresh(good[0].body.refresh_token)).toMatchObject(INVALID);
    });

    it.each(['rt-0123456789abcdef0123456789abcdef', 'rt-', 'x'])('is not %s', async (text) => {
      expect(await refresh(text)).toMatchObject(INVALID);
      expect((await revoke(text)).status).toBe(404);
    });

    it('must be sent', async () => {
      const answer = await server.request('POST', '/api/v1/token/refresh', { key: null, body: {} });
      expect(answer).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('refresh_token') },
      });
    });

    it('is revoked once', async () => {
      const { email } = await newDeveloper();
      const { refresh_token, access_token } = (await login(email)).body;
      expect((await revoke(refresh_token)).status).toBe(204);
      expect((await revoke(refresh_token)).status).toBe(404);
      expect(await refresh(refresh_token)).toMatchObject(INVALID);
      expect(await isSignedIn(access_token)).toBe(false);
    });
  });

  it('sign in anew after 90 days without a refresh, which ends what was forgotten', async () => {
    const { email } = await newDeveloper();
    const [forgotten, kept] = [(await login(email)).body, (await login(email)).body];
    const setUsed = (token: string, daysAgo: number) =>
      server.sql(
        `UPDATE developer_session SET used_at = $1 WHERE id = (SELECT session_id FROM refresh_token
          WHERE token_hash = sha256(convert_to($2, 'UTF8')))`,
        [new Date(Date.now() - daysAgo * 24 * 3_600_000), token],
      );
    await setUsed(forgotten.refresh_token, 91);
    await setUsed(kept.refresh_token, 89);
    expect((await login(email)).status).toBe(200);
    expect(await refresh(forgotten.refresh_token)).toMatchObject(INVALID);
    expect((await refresh(kept.refresh_token)).status).toBe(200);
  });

  it('sign out of one place', async () => {
    const { email } = await newDeveloper();
    const [here, there] = [(await login(email)).body, (await login(email)).body];
    const answer = await as(here.access_token, 'POST', '/auth/logout');
    expect(answer).toMatchObject({ status: 200, body: { message: expect.any(String) } });
    expect(await isSignedIn(here.access_token)).toBe(false);
    expect(await refresh(here.refresh_token)).toMatchObject(INVALID);
    expect(await isSignedIn(there.access_token)).toBe(true);
  });

  describe('change their password', () => {
    const NEXT = 'another password';
    const change = (token: string, changes: object) =>
      as(token, 'POST', '/auth/change-password', {
        current_password: PASSWORD,
        new_password: NEXT,
        confirm_password: NEXT,
        ...changes,
      });

    it('which ends their other sign-ins', async () => {
      const { email } = await newDeveloper();
      const [here, there] = [(await login(email)).body, (await login(email)).body];
      const answer = await change(here.access_token, {});
      expect(answer).toMatchObject({ status: 200, body: { message: expect.any(String) } });
      expect((await login(email)).status).toBe(401);
      expect((await login(email, NEXT)).status).toBe(200);
      expect(await refresh(there.refresh_token)).toMatchObject(INVALID);
      expect(await isSignedIn(there.access_token)).toBe(false);
      expect((await refresh(here.refresh_token)).status).toBe(200);
    });

    it.each([
      [{ current_password: 'wrong' }, 'Incorrect current password'],
      [
        { new_password: 'short', confirm_password: 'short' },
        'new_password must be at least 8 characters long',
      ],
      [
        { confirm_password: 'something else' },
        'new_password and confirm_password differ. Send the same twice.',
      ],
      [{ current_password: null }, 'current_password must be a text'],
    ])('but not with %j', async (changes, detail) => {
      const { email } = await newDeveloper();
      const { access_token } = (await login(email)).body;
      expect(await change(access_token, changes)).toMatchObject({ status: 400, body: { detail } });
      expect((await login(email)).status).toBe(200);
    });
  });

  it('change their own name and address, and clear a name', async () => {
    const { id, email } = await newDeveloper();
    const { access_token } = (await login(email)).body;
    const named = await as(access_token, 'PATCH', '/auth/me', { first_name: 'Grace', last_name: 'Hopper' });
    expect(named).toMatchObject({
      status: 200,
      body: { id, email, first_name: 'Grace', last_name: 'Hopper' },
    });
    const moved = await as(access_token, 'PATCH', '/auth/me', {
      last_name: null,
      email: ' Grace@Example.com'.trim(),
    });
    expect(moved.body).toMatchObject({ first_name: 'Grace', last_name: null, email: 'grace@example.com' });
    expect((await as(access_token, 'GET', '/auth/me')).body).toEqual(moved.body);
    expect((await login('grace@example.com')).status).toBe(200);
  });

  it.each([
    [{ email: TEST_DEVELOPER.email.toUpperCase() }, /^Developer entity already exists\. Details: email/],
    [{ email: null }, /^email must be/],
    [{ email: 'nobody' }, /^email must be/],
    [{ password: 'a new password' }, /^Unknown parameter 'password'/],
    [{ first_name: 'x'.repeat(101) }, /^first_name must be at most/],
  ])('cannot become %j', async (body, detail) => {
    const { email } = await newDeveloper();
    const { access_token } = (await login(email)).body;
    expect(await as(access_token, 'PATCH', '/auth/me', body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(detail) },
    });
  });

  it('are listed, read and changed by each other', async () => {
    const { id, email } = await newDeveloper();
    const list = (await server.asDeveloper('GET', '/api/v1/developers')).body;
    const listed = list.find((one: { id: string }) => one.id === id);
    expect(listed).toEqual({
      id,
      email,
      first_name: null,
      last_name: null,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(list[0].email).toBe(TEST_DEVELOPER.email);
    const path = `/api/v1/developers/${id}`;
    expect((await server.asDeveloper('GET', path)).body).toEqual(listed);
    const changed = await server.asDeveloper('PATCH', path, { body: { first_name: 'Joan' } });
    expect(changed).toMatchObject({ status: 200, body: { id, first_name: 'Joan' } });
  });

  it('are deleted, and signed out with it', async () => {
    const { id, email } = await newDeveloper();
    const { access_token, refresh_token } = (await login(email)).body;
    const { body: key } = await as(access_token, 'POST', '/developer/api-keys', { name: 'stays' });
    const answer = await server.asDeveloper('DELETE', `/api/v1/developers/${id}`);
    expect(answer).toMatchObject({ status: 200, body: { id, email } });
    expect(await isSignedIn(access_token)).toBe(false);
    expect(await refresh(refresh_token)).toMatchObject(INVALID);
    expect((await login(email)).status).toBe(401);
    expect((await server.request('GET', '/api/v1/users', { key: key.id })).status).toBe(200);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('who are not there cannot be asked for: %s', async (method) => {
    const body = method === 'PATCH' ? {} : undefined;
    expect(await server.asDeveloper(method, `/api/v1/developers/${UNKNOWN}`, { body })).toMatchObject({
      status: 404,
      body: { detail: `Developer with ID: ${UNKNOWN} not found.` },
    });
    expect((await server.asDeveloper(method, '/api/v1/developers/me', { body })).status).toBe(400);
  });

  it.each([
    ['POST', '/auth/logout'],
    ['POST', '/auth/change-password'],
    ['PATCH', '/auth/me'],
    ['GET', '/developers'],
    ['GET', `/developers/${UNKNOWN}`],
    ['PATCH', `/developers/${UNKNOWN}`],
    ['DELETE', `/developers/${UNKNOWN}`],
    ['GET', '/developer/api-keys'],
    ['POST', '/developer/api-keys'],
    ['PATCH', '/developer/api-keys/key_1'],
    ['DELETE', '/developer/api-keys/key_1'],
    ['POST', '/developer/api-keys/key_1/rotate'],
  ])('are the only ones who may %s %s', async (method, path) => {
    const answer = await server.request(method, `/api/v1${path}`);
    expect(answer).toMatchObject({ status: 401, body: { detail: 'Could not validate credentials' } });
  });
});

describe('the last developer', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());

  it('stays, also when two delete each other', async () => {
    const { DevelopersService } = await import('../src/access/developers/developers.service');
    const developers = server.app.get(DevelopersService);
    const { body: me } = await server.asDeveloper('GET', '/api/v1/auth/me');
    expect(await server.asDeveloper('DELETE', `/api/v1/developers/${me.id}`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('last developer') },
    });
    const other = await developers.create({ email: 'other@example.com', password: PASSWORD });
    const ends = await Promise.allSettled([developers.delete(me.id), developers.delete(other.id)]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await developers.list()).toHaveLength(1);
  });
});
