import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SleepDetails, SleepSession, StageInterval } from './canonical';

/** One sleep. A deleted one stays as a tombstone, so that a re-sync does not bring it back. */
@Entity('sleep_session')
@Index('sleep_session_start_idx', ['userId', 'startAt'])
@Index('sleep_session_date_idx', ['userId', 'date'])
export class StoredSleepSession {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'sleep_session_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'source_id', primaryKeyConstraintName: 'sleep_session_pkey' })
  sourceId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sleep_session_pkey' })
  id: string;

  /** The local date of waking up. */
  @Column('date')
  date: string;

  @Column('timestamptz', { name: 'start_at' })
  startAt: Date;

  @Column('timestamptz', { name: 'end_at' })
  endAt: Date;

  /** At the end of the sleep. */
  @Column('text', { name: 'zone_offset', nullable: true })
  zoneOffset: string | null;

  @Column('int', { name: 'asleep_seconds', nullable: true })
  asleepSeconds: number | null;

  @Column('jsonb', { name: 'stage_seconds', nullable: true })
  stageSeconds: SleepSession['stageSeconds'];

  @Column('jsonb')
  stages: StageInterval[];

  /** Times awake that sleep came before and after; null without stages, and so are the next two. */
  @Column('int', { name: 'awakenings_count', nullable: true })
  awakeningsCount: number | null;

  @Column('int', { name: 'awake_seconds', nullable: true })
  awakeSeconds: number | null;

  /** Those of more than five minutes. */
  @Column('int', { name: 'long_awakenings_count', nullable: true })
  longAwakeningsCount: number | null;

  @Column('double precision', { name: 'efficiency_percent', nullable: true })
  efficiencyPercent: number | null;

  @Column('double precision', { name: 'average_heart_rate', nullable: true })
  averageHeartRate: number | null;

  @Column('double precision', { name: 'average_hrv_rmssd', nullable: true })
  averageHrvRmssd: number | null;

  @Column('double precision', { name: 'average_spo2', nullable: true })
  averageSpo2: number | null;

  /** What the samples within it average to, where its provider tells no average: `sleep-averages.ts`. */
  @Column('double precision', { name: 'sampled_heart_rate', nullable: true })
  sampledHeartRate: number | null;

  @Column('double precision', { name: 'sampled_hrv_rmssd', nullable: true })
  sampledHrvRmssd: number | null;

  @Column('double precision', { name: 'sampled_spo2', nullable: true })
  sampledSpo2: number | null;

  /** Samples within it have been deleted for their age: what they averaged to stays. */
  @Column('boolean', { default: false })
  archived: boolean;

  /** Of its curve of breaths. */
  @Column('double precision', { name: 'average_respiratory_rate', nullable: true })
  averageRespiratoryRate: number | null;

  @Column('jsonb')
  graphs: SleepSession['graphs'];

  @Column('jsonb')
  details: SleepDetails;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;

  /** Of all that the provider says of it: an unchanged sleep is not written. */
  @Column('bytea')
  hash: Buffer;
}
