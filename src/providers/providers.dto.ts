import { ApiProperty } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  Validate,
  ValidateIf,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { QueryBoolean } from '../http/query-boolean';
import type { ProviderDefinition } from './provider';
import { GRANULARITIES, type ProviderSetting } from './provider-setting.entity';

export class ProvidersQuery {
  /** Only providers that the operator has configured */
  @QueryBoolean()
  enabled_only?: boolean = false;

  /** Only providers with a cloud API */
  @QueryBoolean()
  cloud_only?: boolean = false;
}

const ENABLED_BY_SLUG =
  'providers must be an object that says true or false by provider, such as {"acme": true}';

@ValidatorConstraint({ name: 'areBooleans' })
class AreBooleans implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return (
      typeof value !== 'object' ||
      value === null ||
      Object.values(value).every((it) => typeof it === 'boolean')
    );
  }

  defaultMessage(): string {
    return ENABLED_BY_SLUG;
  }
}

const LIVE_SYNC_MODES = ['pull', 'webhook'] as const;
const isSent = (_update: object, value: unknown) => value !== undefined;

/** What is left out stays as it is. */
export class UpdateProvider {
  /** False: no new user can connect; those who are connected go on being synced @example true */
  @ValidateIf(isSent)
  @IsBoolean({ message: 'is_enabled must be true or false' })
  is_enabled?: boolean;

  /** Only where `live_sync_configurable` is true */
  @ValidateIf(isSent)
  @IsIn(LIVE_SYNC_MODES, {
    message: 'live_sync_mode must be pull or webhook; leave it out to keep it as it is',
  })
  live_sync_mode?: 'pull' | 'webhook';

  /** Kept and given back. This server stores what a provider sends as fine as it comes, whatever stands here; null: not set */
  @IsOptional()
  @IsIn(GRANULARITIES, { message: 'data_granularity must be daily, hourly, raw or null' })
  data_granularity?: 'daily' | 'hourly' | 'raw' | null;
}

/** Providers that are left out stay as they are. */
export class EnableProviders {
  /** By slug, whether new users can connect */
  @IsObject({ message: ENABLED_BY_SLUG })
  @ApiProperty({ type: 'object', additionalProperties: { type: 'boolean' }, example: {} })
  @Validate(AreBooleans)
  providers: Record<string, boolean>;
}

/** One wearable provider that this server knows. */
export class ProviderResponse {
  /** What the routes call it */
  provider: string;

  /** What people call it */
  name: string;

  /** Whether its data comes from an API of the vendor, and not from an app on the phone */
  has_cloud_api: boolean;

  /** Whether users can connect: the operator has configured it, and no developer has switched it off */
  is_enabled: boolean;

  /** Relative to this server */
  icon_url: string;

  /** How new data arrives: `pull` asks the vendor every hour */
  live_sync_mode: 'pull' | 'webhook' | null;

  /** Whether `live_sync_mode` can be changed */
  live_sync_configurable: boolean;

  /** As it was set; null: not set. Data is stored as fine as the provider sends it */
  data_granularity: 'daily' | 'hourly' | 'raw' | null;
}

/** @param setting undefined where nobody has set anything */
export const toProviderResponse = (
  { slug, name, credentials }: ProviderDefinition,
  setting: ProviderSetting | undefined,
): ProviderResponse => ({
  provider: slug,
  name,
  has_cloud_api: true,
  is_enabled: credentials !== null && (setting?.isEnabled ?? true),
  icon_url: providerIconUrl(slug),
  live_sync_mode: 'pull',
  live_sync_configurable: false,
  data_granularity: setting?.dataGranularity ?? null,
});

/** Relative to the server; clients resolve it against the API's base URL. */
export const providerIconUrl = (slug: string): string => `/static/provider-icons/${slug}.svg`;
