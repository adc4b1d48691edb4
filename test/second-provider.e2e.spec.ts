import { join } from 'node:path';
import { ProviderRegistry } from '../src/providers/provider.registry';
import { AcmeBandModule } from './acme-band/acme-band.module';
import { startAcmeBandVendor } from './acme-band/acme-band.vendor';
import { startApp, type TestApp } from './support/app';
import { describeProviderContract } from './support/provider-contract';
import { syncFinished } from './support/sync-finished';

/** `docs/add-a-provider.md` tells what this test did: one folder, one import, no edit anywhere else. */
describe('a second provider, added by a folder and one import', () => {
  let vendor: Awaited<ReturnType<typeof startAcmeBandVendor>>;
  let server: TestApp;
  let userId: string;

  beforeAll(async () => {
    vendor = await startAcmeBandVendor();
    server = await startApp(
      { ACME_BAND_URL: vendor.url, SYNC_TICK: '100ms' },
      { providers: [AcmeBandModule] },
    );
    const user = await server.request('POST', '/api/v1/users', { body: { first_name: 'Robin' } });
    userId = user.body.id;
  });
  afterAll(async () => {
    await server?.close();
    await vendor?.close();
  });

  describeProviderContract('acme-band', async () => ({
    provider: server.app.get(ProviderRegistry).get('acme-band'),
    fixtures: join(__dirname, 'acme-band', 'fixtures'),
  }));

  it('is listed beside the built-in ones', async () => {
    const { body } = await server.request('GET', '/api/v1/oauth/providers');
    expect(body).toContainEqual(
      expect.objectContaining({ provider: 'acme-band', name: 'Acme Band', is_enabled: true }),
    );
  });

  it('connects through OAuth with PKCE and Basic client authentication', async () => {
    const authorize = await server.request('GET', `/api/v1/oauth/acme-band/authorize?user_id=${userId}`);
    expect(authorize.status).toBe(200);
    const consent = await fetch(authorize.body.authorization_url, { redirect: 'manual' });
    const back = new URL(consent.headers.get('location')!);
    const callback = await fetch(`${server.url}${back.pathname}${back.search}`, { redirect: 'manual' });
    expect(callback.status).toBe(303);
    expect(callback.headers.get('location')).toContain('/api/v1/oauth/success?provider=acme-band');

    const { body } = await server.request('GET', `/api/v1/users/${userId}/connections`);
    expect(body).toMatchObject([{ provider: 'acme-band', provider_user_id: 'acme-77', status: 'active' }]);
  });

  it('backfills by itself', async () => {
    const run = await syncFinished(server, userId);
    expect(run).toMatchObject({ provider: 'acme-band', status: 'success' });
  });

  it('is read back through the same routes', async () => {
    const day = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10);
    const dayOfMonth = Number(day.slice(8));
    const end = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const { body } = await server.request(
      'GET',
      `/api/v1/users/${userId}/timeseries?types=heart_rate&types=steps&start_time=${day}T03:30:00Z&end_time=${end}T01:30:00Z`,
    );
    // Newfoundland keeps half-hour offsets, -03:30 in winter and -02:30 in summer.
    const zone_offset = expect.stringMatching(/^-0[23]:30$/);
    const source = expect.objectContaining({
      provider: 'acme-band',
      device_name: 'Acme Band One',
      device_type: 'band',
    });
    expect(
      body.data.map(({ type, value, is_daily_total, ...rest }: Record<string, unknown>) => ({
        type,
        value,
        is_daily_total,
        zone: rest.zone_offset,
        source: rest.source,
      })),
    ).toEqual([
      { type: 'heart_rate', value: 60 + dayOfMonth, is_daily_total: null, zone: zone_offset, source },
      { type: 'steps', value: 5_000 + dayOfMonth, is_daily_total: true, zone: zone_offset, source },
    ]);
  });
});
