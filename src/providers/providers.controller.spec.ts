import { Global, Module, ValidationPipe } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Clock } from '../database/clock';
import { ProviderRegistry } from './provider.registry';
import { WearableProviderPlugin } from './provider';
import { ProvidersModule } from './providers.module';

@Global()
@Module({ providers: [Clock], exports: [Clock] })
class ClockModule {}

@WearableProviderPlugin()
class OakProvider {
  readonly definition = {
    slug: 'oak',
    name: 'Oak',
    iconSvg: '<svg/>',
    credentials: { clientId: 'id', clientSecret: 'secret', redirectUri: 'https://example.com' },
    offers: {
      series: ['heart_rate'],
      daily: [],
      sleepFields: ['sleep_stages'],
      scores: ['sleep'],
      workouts: true,
    },
  };
}

@Module({ providers: [OakProvider] })
class OakModule {}

let app: NestFastifyApplication;
let own: string;

beforeAll(async () => {
  const testing = await Test.createTestingModule({
    imports: [ClockModule, ProvidersModule, OakModule],
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
    expect(headers.get('access-control-allow-origin')).toBe('*');
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
    expect(coverage.timeseries.map(({ name }: { name: string }) => name)).toEqual([
      'Heart & Cardiovascular',
      'Body Composition',
      'Fitness Metrics',
      'Activity - Basic',
    ]);
    expect(coverage.timeseries[0].metrics).toEqual([
      { code: 'heart_rate', unit: 'bpm', providers: both },
      { code: 'heart_rate_variability_rmssd', unit: 'ms', providers: [own] },
      { code: 'resting_heart_rate', unit: 'bpm', providers: [own] },
    ]);
    expect(coverage.sleep_fields).toContainEqual({ code: 'sleep_stages', providers: both });
    expect(coverage.health_scores.map(({ code }: { code: string }) => code)).toEqual([
      'activity',
      'metabolic',
      'recovery',
      'sleep',
    ]);
    expect(coverage).toMatchObject({ workout_fields: [], menstrual_cycle_fields: [] });
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
