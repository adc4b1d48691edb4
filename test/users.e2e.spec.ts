import { randomUUID } from 'node:crypto';
import { Clock } from '../src/database/clock';
import { startApp, type TestApp } from './support/app';

describe('users', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  beforeEach(() => server.sql('TRUNCATE app_user, connection'));
  afterAll(() => server?.close());

  const create = (body: object) => server.request('POST', '/api/v1/users', { body });
  const list = async (query: string) => (await server.request('GET', `/api/v1/users?${query}`)).body;
  const names = ({ items }: { items: { first_name: string }[] }) => items.map((item) => item.first_name);

  async function connect(userId: string, provider: string, status: string, lastSyncedAt: string | null) {
    await server.sql(
      `INSERT INTO connection (user_id, id, provider, provider_user_id, status, sync_epoch, wake_at, next_slot_at,
                               priority, last_synced_at, created_at, updated_at)
       VALUES ($1, $2::uuid, $3, $2::uuid::text, $4, 0, $5, $5, 1, $6, $5, $5)`,
      [userId, randomUUID(), provider, status, '2026-01-02T03:04:05Z', lastSyncedAt],
    );
  }

  it('are created with everything', async () => {
    const { status, body } = await create({
      id: '1B4E28BA-2FA1-41D2-883F-0016D3CCA427',
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@example.com',
      external_user_id: 'customer-4711',
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@example.com',
      external_user_id: 'customer-4711',
      last_synced_at: null,
      last_synced_provider: null,
      has_active_connection: false,
    });
    expect((await server.request('GET', `/api/v1/users/${body.id}`)).body).toEqual(body);
  });

  it('are created with nothing, and with nulls', async () => {
    expect(await server.request('POST', '/api/v1/users')).toMatchObject({
      status: 201,
      body: { first_name: null },
    });
    expect(await create({})).toMatchObject({ status: 201, body: { email: null } });
    expect(await create({ email: null, external_user_id: null })).toMatchObject({ status: 201 });
  });

  it('do not share an e-mail address, an id or an external id', async () => {
    const taken = { id: randomUUID(), email: 'ada@example.com', external_user_id: 'customer-4711' };
    await create(taken);
    expect(await create({ email: taken.email })).toMatchObject({
      status: 409,
      body: { detail: 'User with this email already exists.' },
    });
    expect(await create({ id: taken.id })).toMatchObject({
      status: 409,
      body: { detail: `User with ID: ${taken.id} already exists.` },
    });
    expect(await create({ external_user_id: taken.external_user_id })).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^User entity already exists\. Details: .*customer-4711/) },
    });
  });

  it('let exactly one of many requests at once have an address', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create({ email: 'race@example.com' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
  });

  it.each([
    [{ first_name: 'x'.repeat(101) }, 'first_name must be at most 100 characters long'],
    [{ last_name: 7 }, 'last_name must be'],
    [{ email: 'ada' }, 'email must be an e-mail address such as ada@example.com'],
    [{ id: '4711' }, 'id must be a UUID'],
    [{ external_user_id: '' }, 'external_user_id must not be empty'],
    [
      { nickname: 'Countess' },
      "Unknown parameter 'nickname'. Accepted are: id, first_name, last_name, email",
    ],
  ])('are refused with %j', async (body, detail) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(detail) },
    });
  });

  describe('are changed', () => {
    const change = (id: string, body?: object) => server.request('PATCH', `/api/v1/users/${id}`, { body });
    const ada = { first_name: 'Ada', last_name: 'L', email: 'ada@example.com', external_user_id: 'c-1' };

    it('by what is sent: null clears, the rest stays', async () => {
      const { body: created } = await create(ada);
      const renamed = await change(created.id, { last_name: 'King', external_user_id: null });
      expect(renamed.status).toBe(200);
      expect(renamed.body).toEqual({ ...created, last_name: 'King', external_user_id: null });
      expect((await server.request('GET', `/api/v1/users/${created.id}`)).body).toEqual(renamed.body);
      expect(await change(created.id, {})).toMatchObject({ status: 200, body: renamed.body });
      expect(await change(created.id)).toMatchObject({ status: 200, body: renamed.body });
      const cleared = { first_name: null, last_name: null, email: null };
      expect((await change(created.id, cleared)).body).toEqual({ ...renamed.body, ...cleared });
    });

    it('with the state of their syncs in the answer', async () => {
      const { body: created } = await create(ada);
      await connect(created.id, 'ring-co', 'active', '2026-03-05T06:07:08Z');
      expect((await change(created.id, { first_name: 'A' })).body).toMatchObject({
        last_synced_at: '2026-03-05T06:07:08.000Z',
        last_synced_provider: 'ring-co',
        has_active_connection: true,
      });
    });

    it('to nothing that another user has', async () => {
      await create(ada);
      const { body: bob } = await create({ email: 'bob@example.com' });
      expect(await change(bob.id, { email: ada.email })).toMatchObject({
        status: 409,
        body: { detail: 'User with this email already exists.' },
      });
      expect(await change(bob.id, { external_user_id: 'c-1' })).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/^User entity already exists\. Details: .*'c-1'/) },
      });
      expect(await change(bob.id, { email: 'bob@example.com' })).toMatchObject({ status: 200 });
    });

    it.each([
      [{ email: 'ada' }, 'email must be an e-mail address'],
      [{ first_name: 'x'.repeat(101) }, 'first_name must be at most 100'],
      [{ external_user_id: '' }, 'external_user_id must not be empty'],
      [{ id: randomUUID() }, "Unknown parameter 'id'. Accepted are: first_name, last_name, email"],
      [{ created_at: '2026-01-01' }, "Unknown parameter 'created_at'"],
    ])('not by %j', async (body, detail) => {
      const { body: user } = await create({});
      expect(await change(user.id, body)).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining(detail) },
      });
    });

    it('only if they are there', async () => {
      const id = randomUUID();
      for (const body of [{}, { first_name: 'Ada' }]) {
        expect(await change(id, body)).toMatchObject({
          status: 404,
          body: { detail: `User with ID: ${id} not found.` },
        });
      }
      expect((await change('42', {})).status).toBe(400);
    });
  });

  it('come in pages, newest first', async () => {
    const clock = jest.spyOn(server.app.get(Clock), 'now');
    for (const [second, first_name] of ['A', 'B', 'C', 'D', 'E'].entries()) {
      clock.mockReturnValue(new Date(Date.UTC(2026, 0, 1, 0, 0, second)));
      await create({ first_name });
    }
    clock.mockRestore();
    const page = await list('limit=2&page=2');
    expect(names(page)).toEqual(['C', 'B']);
    expect(page).toMatchObject({ total: 5, page: 2, limit: 2, pages: 3, has_next: true, has_prev: true });
    expect(await list('limit=2&page=3')).toMatchObject({ has_next: false, has_prev: true });
    expect(await list('')).toMatchObject({
      total: 5,
      page: 1,
      limit: 20,
      pages: 1,
      has_next: false,
      has_prev: false,
    });
  });

  it('of an empty server are an empty page', async () => {
    expect(await list('')).toEqual({
      items: [],
      total: 0,
      page: 1,
      limit: 20,
      pages: 0,
      has_next: false,
      has_prev: false,
    });
  });

  it('are found by a part of name or address, with wildcards taken literally', async () => {
    await create({ first_name: 'Ada', email: 'ada_l@example.com' });
    await create({ first_name: 'Adam', last_name: '100% Smith' });
    await create({ first_name: 'Bob\\', email: 'adaXl@example.com' });
    expect(names(await list('search=ADA&sort_by=first_name&sort_order=asc'))).toEqual([
      'Ada',
      'Adam',
      'Bob\\',
    ]);
    expect(names(await list('search=ada_l'))).toEqual(['Ada']);
    expect(names(await list('search=100%25'))).toEqual(['Adam']);
    expect(names(await list('search=bob%5C'))).toEqual(['Bob\\']);
    expect(await list('search=nobody')).toMatchObject({ items: [], total: 0 });
  });

  it('are found by their exact address or external id', async () => {
    await create({ first_name: 'Ada', email: 'ada@example.com', external_user_id: 'c-1' });
    await create({ first_name: 'Bob', email: 'bob@example.com', external_user_id: 'c-11' });
    expect(names(await list('email=ada@example.com'))).toEqual(['Ada']);
    expect(names(await list('external_user_id=c-1'))).toEqual(['Ada']);
    expect(names(await list('email=ADA@example.com'))).toEqual([]);
  });

  it('tell of their syncs, in the list and alone', async () => {
    const [ada, bob, cy] = await Promise.all(
      ['Ada', 'Bob', 'Cy'].map(async (first_name): Promise<string> => (await create({ first_name })).body.id),
    );
    await connect(ada, 'ring-co', 'active', '2026-03-05T06:07:08Z');
    await connect(ada, 'band-co', 'expired', '2026-03-04T05:06:07Z');
    await connect(bob, 'band-co', 'expired', '2026-02-01T09:08:07Z');
    await connect(cy, 'ring-co', 'active', null);
    const { items } = await list('sort_by=last_synced_at&sort_order=asc');
    const state = (user: Record<string, unknown>) => [
      user.first_name,
      user.last_synced_at,
      user.last_synced_provider,
      user.has_active_connection,
    ];
    const expected = [
      ['Bob', '2026-02-01T09:08:07.000Z', 'band-co', false],
      ['Ada', '2026-03-05T06:07:08.000Z', 'ring-co', true],
      ['Cy', null, null, true],
    ];
    expect(items.map(state)).toEqual(expected);
    const alone = await Promise.all([bob, ada, cy].map((id) => server.request('GET', `/api/v1/users/${id}`)));
    expect(alone.map(({ body }) => state(body))).toEqual(expected);
  });

  it.each([
    ['page=0', 'page must be a whole number, 1 or more'],
    ['limit=1001', 'limit must be a whole number from 1 to 1000'],
    ['limit=ten', 'limit must be a whole number from 1 to 100'],
    ['limit=1&limit=2', 'limit must be a whole number from 1 to 100'],
    ['sort_by=password', 'sort_by must be one of created_at, email'],
    ['sort_order=up', 'sort_order must be asc or desc'],
    ['search=a&search=b', 'search must be given once'],
    ['search[]=a', "Unknown parameter 'search[]'"],
  ])('are not listed by %s', async (query, detail) => {
    expect(await server.request('GET', `/api/v1/users?${query}`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(detail) },
    });
  });

  it('with a malformed id are a 400 that shows a good one', async () => {
    expect(await server.request('GET', '/api/v1/users/42')).toMatchObject({
      status: 400,
      body: {
        detail: expect.stringMatching(/^Invalid user_id: '42'\. Expected a UUID such as [0-9a-f-]{36}\.$/),
      },
    });
  });
});
