import { startSimulator, type RunningSimulator } from '../simulator/server';
import { AcmeBandModule } from './acme-band/acme-band.module';
import { startAcmeBandVendor } from './acme-band/acme-band.vendor';
import { startApp, type TestApp } from './support/app';
import { syncFinished } from './support/sync-finished';
import { connectPersona, simulatedBy } from './support/vendor-connection';

/** Of the simulator's: worn every night. */
const PERSONA = 1001;

interface Item {
  source: { provider: string };
}

describe('priorities', () => {
  let simulator: RunningSimulator;
  let vendor: Awaited<ReturnType<typeof startAcmeBandVendor>>;
  let server: TestApp;
  let userId: string;

  /** One user with a ring of the first vendor and a band of the second, worn on the same days. */
  beforeAll(async () => {
    simulator = await startSimulator();
    vendor = await startAcmeBandVendor();
    server = await startApp(
      { ...simulatedBy(simulator), ACME_BAND_URL: vendor.url, SYNC_TICK: '50ms', BACKFILL_DAYS: '7' },
      { providers: [AcmeBandModule] },
    );
    userId = await connectPersona(server, PERSONA);
    await syncFinished(server, userId);
    await connectBand();
    await syncFinished(server, userId);
  });
  afterAll(async () => {
    await server?.close();
    await vendor?.close();
    await simulator?.close();
  });

  async function connectBand(): Promise<void> {
    const { body } = await server.request('GET', `/api/v1/oauth/acme-band/authorize?user_id=${userId}`);
    const consent = await fetch(body.authorization_url, { redirect: 'manual' });
    const back = new URL(consent.headers.get('location')!);
    await fetch(`${server.url}${back.pathname}${back.search}`, { redirect: 'manual' });
    for (;;) {
      const runs = await server.request('GET', `/api/v1/users/${userId}/sync/runs?limit=1`);
      if (runs.body[0]?.provider === 'acme-band') return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  /** Days that both devices have told of, with none of them still going on. */
  const range = `start_date=${day(-6)}&end_date=${day(-2)}`;

  /** The providers that a list shows, each once. */
  async function shown(path: string): Promise<string[]> {
    const { status, body } = await server.request('GET', `/api/v1/users/${userId}/${path}`);
    expect({ path, status, items: body.data.length }).toEqual({
      path,
      status: 200,
      items: expect.any(Number),
    });
    expect(body.data.length).toBeGreaterThan(2);
    return [...new Set<string>(body.data.map(({ source }: Item) => source.provider))];
  }

  const put = (path: string, body: object) =>
    server.asDeveloper('PUT', `/api/v1/priorities/${path}`, { body });
  const list = async (path: string) => {
    const { status, body } = await server.asDeveloper('GET', `/api/v1/priorities/${path}`);
    expect(status).toBe(200);
    return body.items;
  };
  const brief = (items: Record<string, unknown>[], name: string) =>
    items.map((it) => [it[name], it.priority]);

  it('begin as in Open Wearables, with the providers of this server behind', async () => {
    expect(brief(await list('providers'), 'provider')).toEqual([
      ['apple', 1],
      ['garmin', 2],
      ['polar', 3],
      ['suunto', 4],
      ['whoop', 5],
      ['acme-band', 6],
      ['ultrahuman', 7],
    ]);
    expect(brief(await list('device-types'), 'device_type')).toEqual([
      ['watch', 1],
      ['band', 2],
      ['ring', 3],
      ['phone', 4],
      ['scale', 5],
      ['other', 6],
      ['unknown', 99],
    ]);
    expect((await list('providers'))[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      provider: 'apple',
      priority: 1,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
  });

  it.each(['summaries/sleep', 'summaries/recovery', 'summaries/activity', 'events/sleep'])(
    'decide by the provider which device %s shows',
    async (route) => {
      const path = `${route}?${range}${route === 'events/sleep' ? '&filter_by_priority=true' : ''}`;
      await put('providers', {
        priorities: [
          { provider: 'ultrahuman', priority: 1 },
          { provider: 'acme-band', priority: 2 },
        ],
      });
      expect(await shown(path)).toEqual(['ultrahuman']);
      await put('providers/acme-band', { priority: 1 });
      await put('providers/ultrahuman', { priority: 2 });
      expect(await shown(path)).toEqual(['acme-band']);
      // The kind of device counts only between equals.
      await put('device-types', {
        priorities: [
          { device_type: 'ring', priority: 1 },
          { device_type: 'band', priority: 2 },
        ],
      });
      expect(await shown(path)).toEqual(['acme-band']);
      await put('providers/ultrahuman', { priority: 1 });
      expect(await shown(path)).toEqual(['ultrahuman']);
      await put('device-types/ring', { priority: 3 });
      expect(await shown(path)).toEqual(['acme-band']);
    },
  );

  it('decide from whose nights our own scores are made', async () => {
    const sources = await server.sql<{ id: string; provider: string }>(
      `SELECT id, provider FROM data_source WHERE user_id = $1`,
      [userId],
    );
    const providerOf = (id: string) => sources.find((it) => it.id === id)!.provider;
    const read = async (path: string) =>
      (await server.request('GET', `/api/v1/users/${userId}/${path}`)).body;
    for (const [first, second] of [
      ['ultrahuman', 'acme-band'],
      ['acme-band', 'ultrahuman'],
    ]) {
      const priorities = [first, second].map((provider, index) => ({ provider, priority: index + 1 }));
      await put('providers', { priorities });
      // The band tells no stages, so that its first nights have no score of ours.
      const own = await read(
        `health-scores?provider=internal&category=sleep&start_date=${day(-2)}&end_date=${day(0)}`,
      );
      const makers = own.data.map((it: { data_source_id: string }) => providerOf(it.data_source_id));
      expect(new Set(makers)).toEqual(new Set([first]));
    }
  });

  it('keep their ids, and tell when they were set', async () => {
    const [before] = (await list('providers')).filter((it: { provider: string }) => it.provider === 'polar');
    const { status, body } = await put('providers/polar', { priority: 100 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: before.id,
      provider: 'polar',
      priority: 100,
      created_at: before.created_at,
    });
    expect(Date.parse(body.updated_at)).toBeGreaterThan(Date.parse(before.updated_at));
    const ring = await put('device-types/ring', { priority: 4 });
    expect(ring).toMatchObject({ status: 200, body: { device_type: 'ring', priority: 4 } });
    const answer = await put('providers', { priorities: [{ provider: 'polar', priority: 3 }] });
    expect(answer.body.items).toEqual(await list('providers'));
    expect(brief(answer.body.items, 'provider')).toContainEqual(['polar', 3]);
  });

  it.each([
    ['providers/acme', { priority: 1 }, /^Unknown provider: 'acme'\. Known are .*ultrahuman/],
    ['device-types/glove', { priority: 1 }, /^Unknown device_type: 'glove'\. Known are .*watch/],
    ['providers/apple', { priority: 0 }, /^priority must be a whole number from 1 to 100/],
    ['providers/apple', { priority: 101 }, /^priority must be a whole number from 1 to 100/],
    ['device-types/ring', {}, /^priority must be a whole number from 1 to 100/],
    ['providers', { priorities: {} }, /^priorities must be a list/],
    ['providers', { priorities: [{ provider: 'apple', priority: 1.5 }] }, /priority must be a whole number/],
    [
      'providers',
      {
        priorities: [
          { provider: 'apple', priority: 8 },
          { provider: 'acme', priority: 1 },
        ],
      },
      /^Unknown provider: 'acme'/,
    ],
    [
      'device-types',
      {
        priorities: [
          { device_type: 'ring', priority: 8 },
          { device_type: 'ring', priority: 9 },
        ],
      },
      /^priorities must name each device_type once/,
    ],
  ])('are not set by %s %j', async (path, body, detail) => {
    const before = await list(path.split('/')[0]);
    const answer = await put(path, body);
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) } });
    expect(await list(path.split('/')[0])).toEqual(before);
  });

  it('are for developers', async () => {
    for (const path of ['providers', 'device-types'])
      expect(await server.request('GET', `/api/v1/priorities/${path}`, { key: null })).toMatchObject({
        status: 401,
      });
  });
});
