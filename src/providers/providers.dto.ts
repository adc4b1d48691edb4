import { QueryBoolean } from '../http/query-boolean';
import type { ProviderDefinition } from './provider';

export class ProvidersQuery {
  /** Only providers that the operator has configured */
  @QueryBoolean()
  enabled_only?: boolean = false;

  /** Only providers with a cloud API */
  @QueryBoolean()
  cloud_only?: boolean = false;
}

/** One wearable provider that this server knows. */
export class ProviderResponse {
  /** What the routes call it */
  provider: string;

  /** What people call it */
  name: string;

  /** Whether its data comes from an API of the vendor, and not from an app on the phone */
  has_cloud_api: boolean;

  /** Whether the operator has configured it, so that users can connect */
  is_enabled: boolean;

  /** Relative to this server */
  icon_url: string;

  /** How new data arrives: `pull` asks the vendor every hour */
  live_sync_mode: 'pull' | 'webhook' | null;

  /** Whether `live_sync_mode` can be changed */
  live_sync_configurable: boolean;

  /** null: as fine as the provider sends it */
  data_granularity: 'daily' | 'hourly' | 'raw' | null;
}

export const toProviderResponse = ({ slug, name, credentials }: ProviderDefinition): ProviderResponse => ({
  provider: slug,
  name,
  has_cloud_api: true,
  is_enabled: credentials !== null,
  icon_url: providerIconUrl(slug),
  live_sync_mode: 'pull',
  live_sync_configurable: false,
  data_granularity: null,
});

/** Relative to the server; clients resolve it against the API's base URL. */
export const providerIconUrl = (slug: string): string => `/static/provider-icons/${slug}.svg`;
