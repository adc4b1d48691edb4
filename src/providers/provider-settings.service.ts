import { BadRequestException, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Clock } from '../database/clock';
import type { ProviderDefinition } from './provider';
import { ProviderRegistry } from './provider.registry';
import { ProviderSetting } from './provider-setting.entity';
import type { UpdateProvider } from './providers.dto';

/** How long another process may go by what was set before. */
const CACHE_MS = 2_000;

type Changes = Pick<UpdateProvider, 'is_enabled' | 'data_granularity'>;

/** What developers have set for the providers: whether new users may connect, and how fine the data should be. */
@Injectable()
export class ProviderSettings {
  private cached?: { settings: Promise<Map<string, ProviderSetting>>; until: number };

  constructor(
    @InjectRepository(ProviderSetting) private readonly settings: Repository<ProviderSetting>,
    private readonly registry: ProviderRegistry,
    private readonly clock: Clock,
  ) {}

  /** By slug; only providers that something was set for. */
  async all(): Promise<ReadonlyMap<string, ProviderSetting>> {
    const now = this.clock.now().getTime();
    if (this.cached === undefined || now >= this.cached.until) {
      const settings = this.read();
      // What could not be read is asked for again at once.
      settings.catch(() => (this.cached = undefined));
      this.cached = { settings, until: now + CACHE_MS };
    }
    return this.cached.settings;
  }

  /** Whether new users may connect, as far as it is for developers to say. */
  async isEnabled(slug: string): Promise<boolean> {
    return (await this.all()).get(slug)?.isEnabled ?? true;
  }

  /** @throws BadRequestException */
  async change(slug: string, changes: Changes & Pick<UpdateProvider, 'live_sync_mode'>): Promise<void> {
    const { definition } = this.registry.get(slug);
    if (changes.live_sync_mode !== undefined) {
      throw new BadRequestException(`Provider '${slug}' does not support live sync mode configuration`);
    }
    await this.save([{ definition, changes }]);
  }

  /**
   * All of them, or none. One that this server does not have is off already.
   * @param wanted by slug
   * @throws BadRequestException
   */
  async enable(wanted: Record<string, boolean>): Promise<void> {
    const possible = Object.entries(wanted).filter(([slug, isOn]) => isOn || this.registry.find(slug));
    await this.save(
      possible.map(([slug, isEnabled]) => ({
        definition: this.registry.get(slug).definition,
        changes: { is_enabled: isEnabled },
      })),
    );
  }

  private async save(wanted: { definition: ProviderDefinition; changes: Changes }[]): Promise<void> {
    for (const { definition, changes } of wanted) if (changes.is_enabled) mustBeConfigured(definition);
    const now = this.clock.now();
    await this.settings.manager.transaction(async (manager) => {
      for (const { definition, changes } of wanted.toSorted(bySlug)) {
        await manager.query(SAVE, [
          definition.slug,
          changes.is_enabled ?? null,
          changes.data_granularity ?? null,
          changes.data_granularity !== undefined,
          now,
        ]);
      }
    });
    this.cached = undefined;
  }

  private async read(): Promise<Map<string, ProviderSetting>> {
    return new Map((await this.settings.find()).map((setting) => [setting.provider, setting]));
  }
}

/** $4: whether the granularity is to be changed, as null is one. */
const SAVE = `
  INSERT INTO provider_setting AS s (provider, is_enabled, data_granularity, updated_at)
  VALUES ($1, coalesce($2, true), $3, $5)
  ON CONFLICT (provider) DO UPDATE
     SET is_enabled = coalesce($2, s.is_enabled), updated_at = $5,
         data_granularity = CASE WHEN $4 THEN $3 ELSE s.data_granularity END`;

const bySlug = (a: { definition: ProviderDefinition }, b: { definition: ProviderDefinition }) =>
  a.definition.slug < b.definition.slug ? -1 : 1;

/** @throws BadRequestException */
export function mustBeConfigured({ slug, credentials, missingSettings }: ProviderDefinition): void {
  if (credentials !== null) return;
  throw new BadRequestException(
    `Provider '${slug}' is not configured on this server: set ${missingSettings.join(' and ')}.`,
  );
}
