import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ScoreComponent } from './canonical';
import type { InternalCategory } from './internal-score';

/** A score of one local date that this server has computed from the nights of one device. */
@Entity('internal_score')
export class InternalScore {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'internal_score_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'source_id', primaryKeyConstraintName: 'internal_score_pkey' })
  sourceId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'internal_score_pkey' })
  category: InternalCategory;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'internal_score_pkey' })
  date: string;

  /** The id that clients see. */
  @Column('uuid')
  id: string;

  /** The night of the date. */
  @Column('uuid', { name: 'sleep_id' })
  sleepId: string;

  /** 0–100; of `resilience` a coefficient of variation. */
  @Column('double precision')
  value: number;

  @Column('jsonb')
  components: Record<string, ScoreComponent>;

  /** The end of the night, or noon: with `zone_offset` always on `date`. */
  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt: Date;

  @Column('text', { name: 'zone_offset', nullable: true })
  zoneOffset: string | null;

  /** By which it was computed. */
  @Column('int', { name: 'formula_version' })
  formulaVersion: number;

  /** Nights that it was made of have been deleted for their age: from then on it stays as it is, as long as its own night does. */
  @Column('boolean', { default: false })
  archived: boolean;
}
