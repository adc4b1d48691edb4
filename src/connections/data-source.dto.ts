import type { HealthDataSource } from './data-source.entity';

/** What measures: one device of one connection. */
export class DataSourceRead {
  /** `data_source_id` of time series asks for this one @example 3f6d1c52-8a4e-4d0b-9c1f-7b2a5e9d4c30 */
  id: string;

  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  user_id: string;

  /** The provider's slug */
  provider: string;

  /** The connection that its data comes through @example c04b7d52-1f6e-4a39-8b0d-92e5c7a1d384 */
  user_connection_id: string | null;

  /** Model code @example ring_air */
  device_model: string | null;

  /** Of the device; null where the provider tells none @example null */
  software_version: string | null;

  /** App or bundle that recorded it; null where the provider tells none @example null */
  source: string | null;

  /** @example ring */
  device_type: 'watch' | 'band' | 'phone' | 'scale' | 'ring' | 'other' | 'unknown' | null;

  /** What the provider calls the app that recorded it; null where it tells none @example null */
  original_source_name: string | null;

  /** For people: the name of the device */
  display_name: string;
}

/** All of them: a user has few. */
export class DataSourceList {
  items: DataSourceRead[];

  /** @example 1 */
  total: number;
}

export const toDataSourceRead = (source: HealthDataSource): DataSourceRead => ({
  id: source.id,
  user_id: source.userId,
  provider: source.provider,
  user_connection_id: source.connectionId,
  device_model: source.deviceModel,
  software_version: null,
  source: null,
  device_type: source.deviceType,
  original_source_name: null,
  display_name: source.deviceName,
});
