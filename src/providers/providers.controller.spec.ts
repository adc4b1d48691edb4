import { Module, ValidationPipe } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createDatabase } from '../../test/setup/database';
import { TEST_ENVIRONMENT } from '../../test/support/app';
import { DatabaseModule } from '../database/database.module';
import { ProviderRegistry } from './provider.registry';
import { WearableProviderPlugin } from './provider';
import { ProvidersModule } from './providers.module';

@WearableProviderPlugin()
class OakProvider {
  readonly definition = {
    slug: 'oak',
    name: 'Oak',
    iconSvg: '<svg/>',
    devices: [
      { model: 'oak_band', type: 'band', name: 'Oak Band' },
      {
        model: 'oak_patch',
        type: 'other',
        name: 'Oak Patch',
        measures: { codes: ['glucose_time_in_target', 'blood_glucose'], scores: [] },
      },
    ],
    credentials: { clientId: 'id', clientSecret: 'secret', redirectUri: 'https://example.com' },
    offers: {
      series: ['heart_rate'],
      daily: ['glucose_time_in_target'],
      sleepFields: ['sleep_stages', 'toss_turn_count'],
      scores: ['sleep', 'metabolic'],
      targets: { glucose_time_in_target: { low: 63, high: 140, unit: 'mg_dl' } },
      workouts: true,
    },
  };
}

@Module({ providers: [OakProvider] })
class OakModule {}

let app: NestFastifyApplication;
let own: string;

beforeAll(async () => {
  Object.assign(process.env, TEST_ENVIRONMENT, { DATABASE_URL: await createDatabase(), ROLE: 'api' });
  const testing = await Test.createTestingModule({
    imports: [DatabaseModule.forRoot(), ProvidersModule, OakModule],
  }).compile();
  app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  own = app
    .get(ProviderRegistry)
    .all()
    .map(({ definition }) => definition.slug)
    .find((slug) => slug !== 'oak')!;
});
afterAll(() => app.close());

async function get(path: string) {
  const response = await fetch(new URL(path, await app.getUrl()));
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('GET /oauth/providers', () => {
  it('lists all, with those that are not configured', async () => {
    const providers: { provider: string }[] = JSON.parse((await get('/oauth/providers')).text);
    expect(providers.map(({ provider }) => provider).toSorted()).toEqual(['oak', own].toSorted());
    expect(providers.find(({ provider }) => provider === 'oak')).toEqual({
      provider: 'oak',
      name: 'Oak',
      has_cloud_api: true,
      is_enabled: true,
      icon_url: '/static/provider-icons/oak.svg',
      live_sync_mode: 'pull',
      live_sync_configurable: false,
      data_granularity: null,
    });
  });

  it.each(['true', '1', 'on', 'yes'])('lists only those configured with enabled_only=%s', async (yes) => {
    const { text } = await get(`/oauth/providers?enabled_only=${yes}&cloud_only=${yes}`);
    expect(JSON.parse(text)).toHaveLength(1);
  });

  it.each(['false', '0', 'off', 'no'])('lists all with enabled_only=%s', async (no) => {
    expect(JSON.parse((await get(`/oauth/providers?enabled_only=${no}`)).text)).toHaveLength(2);
  });

  it('says what to send instead', async () => {
    const { status, text } = await get('/oauth/providers?enabled_only=maybe');
    expect([status, JSON.parse(text).message]).toEqual([400, ['enabled_only must be true or false']]);
  });
});

describe('GET /static/provider-icons', () => {
  it('serves an icon to pages of any origin', async () => {
    const { status, headers, text } = await get('/static/provider-icons/oak.svg');
    expect([status, text]).toEqual([200, '<svg/>']);
    expect(headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('cache-control')).toContain('max-age');
  });

  it.each(['ash.svg', 'oak', 'oak.png', '.svg'])('has no %s', async (file) => {
    expect((await get(`/static/provider-icons/${file}`)).status).toBe(404);
  });
});

describe('GET /meta/coverage', () => {
  it('turns the offers round: by code, who has it', async () => {
    const coverage = JSON.parse((await get('/meta/coverage')).text);
    const both = ['oak', own].toSorted();
    expect(coverage.providers).toEqual(both);
    const names = coverage.timeseries.map(({ name }: { name: string }) => name);
    expect(names.slice(0, 3)).toEqual(['Heart & Cardiovascular', 'Blood & Respiratory', 'Body Composition']);
    const metric = { additive: false, devices: [], target_range: null };
    expect(coverage.timeseries[0].metrics).toContainEqual({
      ...metric,
      code: 'heart_rate',
      unit: 'bpm',
      providers: both,
    });
    expect(coverage.timeseries[0].metrics).toContainEqual({
      ...metric,
      code: 'resting_heart_rate',
      unit: 'bpm',
      providers: [own],
    });
    expect(coverage.sleep_fields).toContainEqual({ code: 'sleep_stages', providers: both, additive: false });
    expect(coverage.health_scores).toMatchObject([
      { code: 'activity' },
      { code: 'metabolic', additive: true },
      { code: 'recovery' },
      // Computed by this server.
      { code: 'resilience', providers: ['internal'], additive: false },
      { code: 'sleep', providers: expect.arrayContaining(['internal', own]) },
    ]);
    expect(coverage).toMatchObject({ workout_fields: [], menstrual_cycle_fields: [] });
  });

  it('marks what Open Wearables does not have', async () => {
    const coverage = JSON.parse((await get('/meta/coverage')).text);
    const additive = (fields: { code: string; additive: boolean }[], code: string) =>
      fields.find((field) => field.code === code)?.additive;
    expect(additive(coverage.sleep_fields, 'toss_turn_count')).toBe(true);
    expect(additive(coverage.sleep_fields, 'sleep_stages')).toBe(false);
    expect(additive(coverage.health_scores, 'metabolic')).toBe(true);
    expect(additive(coverage.health_scores, 'sleep')).toBe(false);
  });

  it('names the device that is not the main one, and the range of a share', async () => {
    const coverage = JSON.parse((await get('/meta/coverage')).text);
    const metrics = coverage.timeseries.flatMap(({ metrics }: { metrics: { code: string }[] }) => metrics);
    const share = metrics.find(({ code }: { code: string }) => code === 'glucose_time_in_target');
    expect(share).toMatchObject({ unit: 'percent', additive: true });
    expect(share.target_range).toEqual({ low: 63, high: 140, unit: 'mg_dl' });
    expect(share.devices).toContainEqual({ provider: 'oak', device: 'oak_patch' });
    // The patch could measure glucose, but the provider does not offer it.
    const glucose = metrics.find(({ code }: { code: string }) => code === 'blood_glucose');
    expect(glucose?.devices ?? []).not.toContainEqual({ provider: 'oak', device: 'oak_patch' });
  });

  it('names the alias of heart rate variability, and who has workouts', async () => {
    const coverage = JSON.parse((await get('/meta/coverage')).text);
    expect(coverage.aliases).toEqual([
      {
        code: 'heart_rate_variability_sdnn',
        alias_of: 'heart_rate_variability_rmssd',
        providers: [own],
      },
    ]);
    expect(coverage.workouts).toContainEqual({
      provider: own,
      offered: false,
      note: 'not offered by the provider',
    });
    expect(coverage.workouts).toContainEqual({ provider: 'oak', offered: true, note: null });
  });
});
