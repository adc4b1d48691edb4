import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

const KEY = { primaryKeyConstraintName: 'series_local_day_pkey' };

/**
 * What the samples of one local day of one series of one source come to (docs/adr/0018). It is written together with the
 * samples, and stays when old samples are deleted.
 */
@Entity('series_local_day')
@Check(
  'series_local_day_start_check',
  'is_local = (starts_at IS NOT NULL) AND is_local = (zone_offset IS NOT NULL)',
)
@Check('series_local_day_count_check', 'count > 0')
@Index('series_local_day_undated_idx', ['userId', 'sourceId', 'date'], { where: 'NOT is_local' })
export class SeriesLocalDay {
  @PrimaryColumn('uuid', { name: 'user_id', ...KEY })
  userId: string;

  @PrimaryColumn('uuid', { name: 'source_id', ...KEY })
  sourceId: string;

  @PrimaryColumn('text', { ...KEY })
  code: string;

  @PrimaryColumn('date', { ...KEY })
  date: string;

  /** False: when the local day begins is not known. The row is of the samples of this UTC day that lie in no known local day. */
  @PrimaryColumn('boolean', { name: 'is_local', ...KEY })
  isLocal: boolean;

  @Column('timestamptz', { name: 'starts_at', nullable: true })
  startsAt: Date | null;

  /** `+05:30`, at the start. */
  @Column('text', { name: 'zone_offset', nullable: true })
  zoneOffset: string | null;

  @Column('int')
  count: number;

  @Column('double precision')
  min: number;

  @Column('double precision')
  max: number;

  /** Added up in the order of time. */
  @Column('double precision')
  sum: number;

  @Column('timestamptz', { name: 'first_at' })
  firstAt: Date;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  /** Of steps only, as `docs/summaries.md` counts them. */
  @Column('int', { name: 'active_seconds', nullable: true })
  activeSeconds: number | null;

  @Column('int', { name: 'sedentary_seconds', nullable: true })
  sedentarySeconds: number | null;

  /** Of heart rate only. */
  @Column('int', { name: 'light_seconds', nullable: true })
  lightSeconds: number | null;

  @Column('int', { name: 'moderate_seconds', nullable: true })
  moderateSeconds: number | null;

  @Column('int', { name: 'vigorous_seconds', nullable: true })
  vigorousSeconds: number | null;

  /** Samples of it have been deleted for their age: from then on only an answer with at least as many replaces it. */
  @Column('boolean')
  archived: boolean;
}
