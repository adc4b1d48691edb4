import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { ABSENT_ROUTES, type AbsentRoute } from '../src/absent/absent-routes';
import { startApp, type TestApp } from './support/app';
import { DayProvider } from './support/day-provider';

@Module({ providers: [DayProvider] })
class DayProviderModule {}

describe('routes for what this product does not have', () => {
  let server: TestApp;
  let userId: string;

  beforeAll(async () => {
    server = await startApp({}, { providers: [DayProviderModule] });
    userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
  });
  afterAll(() => server?.close());

  const pathOf = ({ path }: AbsentRoute, user = userId) =>
    `/api/v1/${path
      .replace('{user_id}', user)
      .replace('{provider}', 'scripted')
      .replaceAll(/\{\w+\}/g, 'ep_1')}`;
  const named = (routes: readonly AbsentRoute[]) =>
    routes.map((route) => [`${route.method} ${route.path}`, route] as const);
  const guarded = ABSENT_ROUTES.filter(({ access }) => access !== 'public');

  it.each(named(ABSENT_ROUTES))('%s says so, whatever is sent', async (_name, route) => {
    const body = route.method === 'GET' ? undefined : { name: 'x', nested: { of: [1] } };
    const { status, body: answer } = await server.asDeveloper(route.method, `${pathOf(route)}?limit=5&x=1`, {
      body,
    });
    expect([status, answer]).toEqual([
      route.status,
      expect.objectContaining({
        status: route.status,
        detail: route.detail.replace(
          '{provider}',
          route.path.startsWith('providers/{') ? 'scripted' : '{provider}',
        ),
      }),
    ]);
  });

  it.each(named(guarded))('%s asks who it is', async (_name, route) => {
    expect((await server.request(route.method, pathOf(route), { key: null })).status).toBe(401);
  });

  it.each(named(guarded.filter(({ path }) => path.includes('{user_id}'))))(
    '%s knows no stranger',
    async (_name, route) => {
      const stranger = randomUUID();
      const { status, body } = await server.asDeveloper(route.method, pathOf(route, stranger));
      expect([status, body.detail]).toEqual([404, `User with ID: ${stranger} not found.`]);
    },
  );

  it('say in the words of the contract that a provider has no workouts', async () => {
    const { body } = await server.request('GET', `/api/v1/providers/scripted/users/${userId}/workouts/7`);
    expect(body.detail).toBe("Provider 'scripted' does not support workouts");
    const unknown = await server.request('GET', `/api/v1/providers/nobody/users/${userId}/workouts`);
    expect([unknown.status, unknown.body.detail]).toEqual([
      400,
      expect.stringMatching(/^Unknown provider: nobody/),
    ]);
  });

  it('need no credential where a client has none', async () => {
    const open = ABSENT_ROUTES.filter(({ access }) => access === 'public');
    const answers = await Promise.all(
      open.map((route) => server.request(route.method, pathOf(route, randomUUID()), { key: null })),
    );
    expect(answers.map(({ status }) => status)).toEqual(open.map(({ status }) => status));
  });

  it('take a file without reading it, and no other route does', async () => {
    const upload = (path: string) => {
      const form = new FormData();
      form.append('file', new Blob(['<HealthData/>'.repeat(200_000)]), 'export.xml');
      return fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'X-Open-Wearables-API-Key': server.apiKey },
        body: form,
      });
    };
    const direct = await upload(`/api/v1/users/${userId}/import/apple/xml/direct`);
    expect([direct.status, await direct.json()]).toEqual([
      501,
      expect.objectContaining({ detail: expect.stringMatching(/^Apple Health exports are not supported/) }),
    ]);
    expect((await upload('/api/v1/users')).status).toBe(415);
    expect((await server.request('GET', `/api/v1/users/${userId}`)).status).toBe(200);
  });
});

describe('events that no provider offers', () => {
  let server: TestApp;
  let userId: string;

  beforeAll(async () => {
    server = await startApp();
    userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
  });
  afterAll(() => server?.close());

  it.each(['menstrual-cycles', 'workouts'])('are an empty page of %s', async (kind) => {
    const query = 'start_date=2026-08-01&end_date=2026-08-08&limit=10';
    const { status, body } = await server.request('GET', `/api/v1/users/${userId}/events/${kind}?${query}`);
    expect([status, body]).toEqual([
      200,
      {
        data: [],
        pagination: { next_cursor: null, previous_cursor: null, has_more: false, total_count: 0 },
        metadata: {
          resolution: null,
          sample_count: 0,
          start_time: '2026-08-01T00:00:00Z',
          end_time: '2026-08-08T00:00:00Z',
        },
      },
    ]);
    expect((await server.request('GET', `/api/v1/users/${userId}/events/${kind}`)).status).toBe(400);
    const stranger = await server.request('GET', `/api/v1/users/${randomUUID()}/events/${kind}?${query}`);
    expect(stranger.status).toBe(404);
  });

  it.each([
    ['menstrual-cycles', 'Menstrual cycle record not found'],
    ['workouts', 'Workout not found'],
  ])('cannot be deleted from %s', async (kind, detail) => {
    const remove = (id: string) => server.request('DELETE', `/api/v1/users/${userId}/events/${kind}/${id}`);
    const { status, body } = await remove(randomUUID());
    expect([status, body.detail]).toEqual([404, detail]);
    expect((await remove('7')).status).toBe(400);
  });
});
