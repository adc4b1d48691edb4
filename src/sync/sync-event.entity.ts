import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { SyncStage, SyncStatus } from './sync-run.entity';

/** One step of a run, as clients see it; an unchanged scheduled run leaves none. */
@Entity('sync_event')
@Index('sync_event_run_idx', ['userId', 'runId'])
export class SyncEvent {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'sync_event_pkey' })
  userId: string;

  /** Monotonic; also the id of the event stream. */
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'sync_event_pkey',
  })
  id: string;

  @Column('uuid', { name: 'event_id' })
  eventId: string;

  @Column('text', { name: 'run_id' })
  runId: string;

  @Column('text')
  stage: SyncStage;

  @Column('text')
  status: SyncStatus;

  @Column('text', { nullable: true })
  message: string | null;

  /** 0–1 */
  @Column('double precision', { nullable: true })
  progress: number | null;

  @Column('int', { name: 'items_processed', nullable: true })
  itemsProcessed: number | null;

  @Column('int', { name: 'items_total', nullable: true })
  itemsTotal: number | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('jsonb')
  metadata: Record<string, unknown>;

  @Column('timestamptz')
  timestamp: Date;
}
