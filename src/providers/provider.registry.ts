import { BadRequestException, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { WearableProviderPlugin, type WearableProvider } from './provider';

/** Every class that wears `@WearableProviderPlugin()`, wherever its module is imported. */
@Injectable()
export class ProviderRegistry implements OnModuleInit {
  private readonly bySlug = new Map<string, WearableProvider>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error when two providers claim one slug: the boot ends here. */
  onModuleInit(): void {
    const wrappers = this.discovery.getProviders({ metadataKey: WearableProviderPlugin.KEY });
    const providers: WearableProvider[] = wrappers.map(({ instance }) => instance);
    for (const provider of providers) this.add(provider);
  }

  /** Ordered by slug. */
  all(): WearableProvider[] {
    return [...this.bySlug.values()].toSorted((a, b) => (a.definition.slug < b.definition.slug ? -1 : 1));
  }

  find(slug: string): WearableProvider | undefined {
    return this.bySlug.get(slug);
  }

  /** @throws BadRequestException naming the providers that there are */
  get(slug: string): WearableProvider {
    const provider = this.find(slug);
    if (provider) return provider;
    const known = this.all().map(({ definition }) => definition.slug);
    throw new BadRequestException(`Unknown provider: ${slug}. Known providers: ${known.join(', ')}.`);
  }

  private add(provider: WearableProvider): void {
    const { slug } = provider.definition;
    const holder = this.bySlug.get(slug);
    if (holder && holder !== provider)
      throw new Error(
        `Two providers claim the slug "${slug}": ${holder.constructor.name} and ${provider.constructor.name}. ` +
          'Give one of them another slug in its definition.',
      );
    this.bySlug.set(slug, provider);
  }
}
