import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One number for one local date. */
@Entity('daily_value')
@Index('daily_value_at_idx', ['userId', 'sourceId', 'code', 'at'])
export class StoredDailyValue {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'daily_value_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'source_id', primaryKeyConstraintName: 'daily_value_pkey' })
  sourceId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'daily_value_pkey' })
  code: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'daily_value_pkey' })
  date: string;

  @Column('double precision')
  value: number;

  /** Local noon of the date: how it is placed in a time series. */
  @Column('timestamptz')
  at: Date;

  /** `+05:30`; null where the day's zone is not known. */
  @Column('text', { name: 'zone_offset', nullable: true })
  zoneOffset: string | null;

  /** The range that the value is a share of; null where it is no such share. */
  @Column('double precision', { name: 'target_low', nullable: true })
  targetLow: number | null;

  @Column('double precision', { name: 'target_high', nullable: true })
  targetHigh: number | null;
}
