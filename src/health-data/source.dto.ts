/** What measured. */
export class SourceRead {
  /** Slug of the provider */
  provider: string;

  /** App or bundle that recorded it; null where the provider tells none */
  source: string | null;

  /** Model code of the device */
  device: string | null;

  /** @example ring */
  device_type: 'watch' | 'band' | 'phone' | 'scale' | 'ring' | 'other' | 'unknown' | null;

  /** Name of the device, for people */
  device_name: string | null;
}

/** The columns of `data_source` that a source is made of. */
export interface SourceRow {
  provider: string;
  device_model: string;
  device_type: SourceRead['device_type'];
  device_name: string;
}

export const SOURCE_COLUMNS = 'd.provider, d.device_model, d.device_type, d.device_name';

export const toSource = (row: SourceRow): SourceRead => ({
  provider: row.provider,
  source: null,
  device: row.device_model,
  device_type: row.device_type,
  device_name: row.device_name,
});
