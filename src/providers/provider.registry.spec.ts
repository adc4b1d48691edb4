import { Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { WearableProviderPlugin } from './provider';
import { ProviderRegistry } from './provider.registry';

@WearableProviderPlugin()
class OakProvider {
  readonly definition = { slug: 'oak' };
}

@WearableProviderPlugin()
class ElmProvider {
  readonly definition = { slug: 'elm' };
}

@WearableProviderPlugin()
class OtherOakProvider {
  readonly definition = { slug: 'oak' };
}

class NotAProvider {}

async function boot(...providers: Type[]): Promise<ProviderRegistry> {
  @Module({ providers })
  class SomeModule {}
  const app = await Test.createTestingModule({
    imports: [DiscoveryModule, SomeModule],
    providers: [ProviderRegistry],
  }).compile();
  await app.init();
  return app.get(ProviderRegistry);
}

describe('ProviderRegistry', () => {
  it('finds what wears the decorator, wherever it is, ordered by slug', async () => {
    const registry = await boot(OakProvider, NotAProvider, ElmProvider);
    expect(registry.all().map(({ definition }) => definition.slug)).toEqual(['elm', 'oak']);
    expect(registry.get('oak')).toBeInstanceOf(OakProvider);
  });

  it('stops the boot when two providers claim one slug', async () => {
    await expect(boot(OakProvider, OtherOakProvider)).rejects.toThrow(
      'Two providers claim the slug "oak": OakProvider and OtherOakProvider. Give one of them another slug',
    );
  });

  it('answers an unknown slug with those that there are', async () => {
    const registry = await boot(OakProvider, ElmProvider);
    expect(() => registry.get('ash')).toThrow('Unknown provider: ash. Known providers: elm, oak.');
    expect(registry.find('ash')).toBeUndefined();
  });
});
