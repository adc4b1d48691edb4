import { IsIn, IsOptional, IsString } from 'class-validator';
import { OffsetQuery } from '../http/offset-query.dto';
import { PageMetadata, Pagination } from '../http/page.dto';
import type { ScoreComponent } from './canonical';
import { wireLocalTime } from './wire-time';

/** Open Wearables' categories, and the additive `metabolic`. */
const CATEGORIES = [
  'sleep',
  'recovery',
  'readiness',
  'activity',
  'stress',
  'resilience',
  'body_battery',
  'strain',
  'metabolic',
] as const;
type Category = (typeof CATEGORIES)[number];

export class ScoreQuery extends OffsetQuery {
  /** Start of the range, included: a date, ISO 8601, or Unix seconds @example 2026-08-01 */
  @IsOptional()
  @IsString({ message: 'start_date must be given once, as a date, ISO 8601 or Unix seconds' })
  start_date?: string;

  /** End of the range, excluded: a date, ISO 8601, or Unix seconds @example 2026-08-08 */
  @IsOptional()
  @IsString({ message: 'end_date must be given once, as a date, ISO 8601 or Unix seconds' })
  end_date?: string;

  /** Only scores of this kind */
  @IsOptional()
  @IsIn(CATEGORIES, { message: `category must be one of ${CATEGORIES.join(', ')}` })
  category?: Category;

  /** Only scores of this provider, by its slug; `internal`: only those that this server computes */
  @IsOptional()
  @IsString({ message: 'provider must be given once, as the slug of a provider' })
  provider?: string;
}

export class ScoreComponentRead {
  /** @example 90 */
  value: number | null;
  qualifier: string | null;
}

export class ScoreRead {
  id: string;

  /** The device whose measurements it was computed from */
  data_source_id: string | null;

  /** Slug of the provider that computed it; `internal`: this server, by a published formula */
  provider: string | null;

  category: Category;

  /**
   * 0 to 100; null where the provider names only the components. Of `resilience` a coefficient of variation such as 0.123,
   * with the figure from 0 to 100 in the component `resilience_score`, as in Open Wearables
   * @example 84
   */
  value: number | null;

  /** Of the provider's own scale: a score of 10 is shown brought to 100; 1 for a coefficient @example 100 */
  scale_max: number;
  qualifier: string | null;

  /**
   * The end of the night for sleep and recovery, else noon, with the user's own offset: its first ten characters are the
   * local date of the score. Noon in UTC where the offset is not known
   * @example 2026-08-07T05:52:00+05:30
   */
  recorded_at: string;

  /** @example +05:30 */
  zone_offset: string | null;

  /** What the score is made of, by name */
  components: Record<string, ScoreComponentRead> | null;

  /** Of a sleep score: the night of its date, as `events/sleep` lists it */
  event_record_id: string | null;

  /** Of the formula, where this server has computed the score @example 1 */
  formula_version: number | null;
}

export class ScorePage {
  /** Latest first */
  data: ScoreRead[];

  /** Paged by `offset`: the cursors are null */
  pagination: Pagination;
  metadata: PageMetadata;
}

/** A row of `score` or of `internal_score`, with its provider. */
export interface ScoreRow {
  id: string;
  source_id: string;
  provider: string;
  category: Category;
  value: number | null;
  scale_max: number;
  qualifier: string | null;
  recorded_at: Date;
  zone_offset: string | null;
  components: Record<string, ScoreComponent> | null;
  event_record_id: string | null;
  formula_version: number | null;
}

export const toScore = (row: ScoreRow): ScoreRead => ({
  id: row.id,
  data_source_id: row.source_id,
  provider: row.provider,
  category: row.category,
  value: row.value,
  scale_max: row.scale_max,
  qualifier: row.qualifier,
  recorded_at: wireLocalTime(row.recorded_at, row.zone_offset),
  zone_offset: row.zone_offset,
  components: row.components,
  event_record_id: row.event_record_id,
  formula_version: row.formula_version,
});
