import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { describeProviderContract } from '../../test/support/provider-contract';
import { Clock } from '../database/clock';
import { ProviderRegistry } from './provider.registry';
import { ProvidersModule } from './providers.module';

@Global()
@Module({ providers: [Clock], exports: [Clock] })
class ClockModule {}

/** A provider is a folder, named by its slug. */
const slugs = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let app: TestingModule;
beforeAll(async () => {
  app = await Test.createTestingModule({ imports: [ClockModule, ProvidersModule] }).compile();
  await app.init();
});
afterAll(() => app.close());

it('registers the provider of every folder, and no other', () => {
  expect(
    app
      .get(ProviderRegistry)
      .all()
      .map(({ definition }) => definition.slug),
  ).toEqual(slugs.toSorted());
});

for (const slug of slugs)
  describeProviderContract(slug, async () => ({
    provider: app.get(ProviderRegistry).get(slug),
    fixtures: join(__dirname, slug, 'fixtures'),
  }));
