import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DriftTally } from './drift-tally';
import type { KindTallies } from './kind-tally';

export type SyncSource = 'pull' | 'backfill';
/** Open Wearables' stages. Days are fetched, processed and saved side by side: while they are, a run is `saving`. */
export type SyncStage =
  'queued' | 'started' | 'fetching' | 'processing' | 'saving' | 'completed' | 'failed' | 'cancelled';
export type SyncStatus = 'in_progress' | 'success' | 'partial' | 'failed' | 'cancelled';

/** What a run did, by local day; reasons are error codes, never health values. */
export interface SyncRunDetails {
  daysStored: number;
  daysEmpty: number;
  /** Of the empty days, those that the vendor answered with 404. */
  daysNotFound: number;
  /** Empty, and not there yet by the account's clock when they were asked for. */
  daysNotBegun: number;
  daysUnchanged: number;
  failedDays: { date: string; reason: string }[];
  /** Samples and records written anew, and with another value. */
  inserted: number;
  updated: number;
  /** What the answers of the stored days held. */
  samples: number;
  sleepSessions: number;
  recoveryDays: number;
  /** Settled days that the vendor has cut anew. */
  daysRebucketed: number;
  /** Answers smaller than what is stored, by series code. */
  rolledBack: Record<string, number>;
  /** By kind of data. */
  kinds: KindTallies;
  rejected: Record<string, number>;
  unmapped: Record<string, number>;
  /** The same with samples, on its way into `drift_sighting`: empty once the run has ended. */
  drift: DriftTally;
  reason?: string;
}

/** One run of one connection. At most one pull and one backfill are in progress at a time, and a slot has one run. */
@Entity('sync_run')
@Index('sync_run_in_progress_key', ['userId', 'connectionId', 'source'], {
  unique: true,
  where: `status = 'in_progress'`,
})
@Index('sync_run_slot_key', ['userId', 'connectionId', 'slotAt'], {
  unique: true,
  where: 'slot_at IS NOT NULL',
})
@Index('sync_run_user_idx', ['userId', 'lastUpdate'])
@Index('sync_run_last_update_idx', ['lastUpdate'])
export class SyncRun {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'sync_run_pkey' })
  userId: string;

  /** `pull_` and 16 hexadecimal digits. */
  @PrimaryColumn('text', { name: 'run_id', primaryKeyConstraintName: 'sync_run_pkey' })
  runId: string;

  @Column('uuid', { name: 'task_id' })
  taskId: string;

  @Column('uuid', { name: 'connection_id' })
  connectionId: string;

  @Column('text')
  provider: string;

  @Column('text')
  source: SyncSource;

  @Column('text')
  stage: SyncStage;

  @Column('text')
  status: SyncStatus;

  @Column('text', { nullable: true })
  message: string | null;

  /** Days done and days to do. */
  @Column('int', { name: 'items_processed' })
  itemsProcessed: number;

  @Column('int', { name: 'items_total', nullable: true })
  itemsTotal: number | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('jsonb')
  details: SyncRunDetails;

  /** The scheduled slot that it serves; null where nothing but a person or a waiting day has called for it. */
  @Column('timestamptz', { name: 'slot_at', nullable: true })
  slotAt: Date | null;

  /** Since when a backfill is paused. */
  @Column('timestamptz', { name: 'paused_at', nullable: true })
  pausedAt: Date | null;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('timestamptz', { name: 'last_update' })
  lastUpdate: Date;
}
