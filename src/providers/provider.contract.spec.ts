import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { describeProviderContract } from '../../test/support/provider-contract';
import { TEST_ENVIRONMENT } from '../../test/support/app';
import { DatabaseModule } from '../database/database.module';
import { ProviderRegistry } from './provider.registry';
import { ProvidersModule } from './providers.module';

/** A provider is a folder, named by its slug. */
const slugs = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let app: TestingModule;
beforeAll(async () => {
  Object.assign(process.env, TEST_ENVIRONMENT, { DATABASE_URL: process.env.TEST_SERVER_URL });
  app = await Test.createTestingModule({
    imports: [DatabaseModule.forRoot({ connect: false }), ProvidersModule],
  }).compile();
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
