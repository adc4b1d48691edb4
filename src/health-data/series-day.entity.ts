import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One UTC day of one series of one source, as two arrays. A sample's identity is (source, code, instant): days that
 * the vendor cuts anew merge here by instant. The view `sample` unnests it for any SQL tool.
 */
@Entity('series_day')
@Check(
  'series_day_arrays_check',
  'cardinality(offset_ms) = count AND cardinality("values") = count AND count > 0',
)
export class SeriesDay {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'series_day_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'source_id', primaryKeyConstraintName: 'series_day_pkey' })
  sourceId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'series_day_pkey' })
  code: string;

  /** A UTC day. */
  @PrimaryColumn('date', { primaryKeyConstraintName: 'series_day_pkey' })
  day: string;

  /** Milliseconds since that UTC midnight, ascending. */
  @Column('int', { array: true, name: 'offset_ms' })
  offsetMs: number[];

  @Column('double precision', { array: true })
  values: number[];

  @Column('int')
  count: number;

  @Column('double precision')
  min: number;

  @Column('double precision')
  max: number;

  @Column('double precision')
  sum: number;

  @Column('timestamptz', { name: 'first_at' })
  firstAt: Date;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  /** Of both arrays: an unchanged chunk is not written. */
  @Column('bytea')
  hash: Buffer;
}
