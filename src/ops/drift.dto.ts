import { IsIn, IsOptional, IsString } from 'class-validator';
import { OffsetQuery } from '../http/offset-query.dto';
import { Pagination } from '../http/page.dto';
import type { DriftSighting } from '../sync/drift-sighting.entity';
import { DRIFT_KINDS, type DriftKind } from '../sync/drift-tally';

export class DriftQuery extends OffsetQuery {
  /** Only of this provider, by its slug */
  @IsOptional()
  @IsString({ message: 'provider must be given once, as a slug' })
  provider?: string;

  /** Only of this kind */
  @IsOptional()
  @IsIn(DRIFT_KINDS, { message: `kind must be one of ${DRIFT_KINDS.join(', ')}` })
  kind?: DriftKind;

  /** Only what was seen at or after this time: a date, ISO 8601, or Unix seconds */
  @IsOptional()
  @IsString({ message: 'since must be given once, as a date, ISO 8601 or Unix seconds' })
  since?: string;
}

/** The shape of the first value seen under a name, never the value itself. */
export class DriftSampleRead {
  /** Where it stands in the provider's answer @example sleep.hypnogram.type.power_nap */
  path: string;

  /** @example string */
  json_type: string;

  /** Characters of a string, items of an array, fields of an object; else null @example 9 */
  length: number | null;

  /** The value itself where it is a plain word (`^[a-z_]{1,32}$`); else null @example power_nap */
  literal: string | null;
}

export class DriftSightingRead {
  /** Slug of the provider */
  provider: string;

  /** What is unknown: a `type` of metric, a `field`, a `value` of a closed list; or `rejected`: a value not taken @example value */
  kind: DriftKind;

  /** A path in the provider's answer, for a value with the value as its last step, for a rejection with the reason after a colon; `other` gathers all names beyond the first 1,000 @example sleep.hypnogram.type.power_nap */
  name: string;

  /** Why a value was not taken; null for the other kinds @example null */
  reason: string | null;

  /** In how many places of how many answers, over all users @example 12 */
  count: number;

  /** End of the first run that saw it @example 2026-08-07T10:00:00.000Z */
  first_seen_at: string;

  /** End of the last run that saw it @example 2026-08-07T18:00:00.000Z */
  last_seen_at: string;

  sample: DriftSampleRead;
}

export class DriftPage {
  /** The latest sighting first */
  data: DriftSightingRead[];

  /** Paged by `offset`: the cursors are null */
  pagination: Pagination;
}

export const toDriftSighting = (row: DriftSighting): DriftSightingRead => ({
  provider: row.provider,
  kind: row.kind,
  name: row.name,
  reason: row.kind === 'rejected' ? (/:(\w+)$/.exec(row.name)?.[1] ?? null) : null,
  count: Number(row.count),
  first_seen_at: row.firstSeenAt.toISOString(),
  last_seen_at: row.lastSeenAt.toISOString(),
  sample: {
    path: row.sample.path,
    json_type: row.sample.jsonType,
    length: row.sample.length,
    literal: row.sample.literal,
  },
});
