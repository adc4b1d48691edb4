import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ScoreCategory, ScoreComponent } from './canonical';

/** A score of one local date, 0–100, as its provider computed it. */
@Entity('score')
@Index('score_recorded_idx', ['userId', 'recordedAt'])
export class StoredScore {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'score_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'source_id', primaryKeyConstraintName: 'score_pkey' })
  sourceId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'score_pkey' })
  category: ScoreCategory;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'score_pkey' })
  date: string;

  /** The id that clients see. */
  @Column('uuid')
  id: string;

  /** Null where only the components are known. */
  @Column('double precision', { nullable: true })
  value: number | null;

  /** Of the vendor's own scale, which `value` has been brought to 100 from. */
  @Column('int', { name: 'scale_max' })
  scaleMax: number;

  @Column('text', { nullable: true })
  qualifier: string | null;

  /** The end of the night for sleep and recovery, else local noon: with `zone_offset` always on `date`. */
  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt: Date;

  @Column('text', { name: 'zone_offset', nullable: true })
  zoneOffset: string | null;

  @Column('jsonb', { nullable: true })
  components: Record<string, ScoreComponent> | null;
}
