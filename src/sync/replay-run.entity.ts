import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { LocalDate } from '../health-data/canonical';
import type { ChangeCounts } from './replay-diff';

export type ReplayRunStatus = 'queued' | 'running' | 'completed' | 'failed';

/** What has been done so far. Counts only: no values, no dates. */
export interface ReplayResult {
  answers: number;
  invalid: number;
  dates: number;
  untouched: number;
  failedConnections: number;
  totals: Record<string, ChangeCounts>;
  /** The connection that had its turn last. */
  after: string | null;
}

/** A replay that an operator asked for over the API. */
@Entity('replay_run')
@Index('replay_run_requested_at_idx', ['requestedAt'])
export class ReplayRun {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'replay_run_pkey' })
  id: string;

  @Column('text')
  provider: string;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  @Column('date', { name: 'from_date', nullable: true })
  fromDate: LocalDate | null;

  @Column('date', { name: 'to_date', nullable: true })
  toDate: LocalDate | null;

  @Column('boolean', { name: 'dry_run' })
  dryRun: boolean;

  @Column('text')
  status: ReplayRunStatus;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('int', { name: 'connections_total' })
  connectionsTotal: number;

  @Column('int', { name: 'connections_done' })
  connectionsDone: number;

  @Column('jsonb')
  result: ReplayResult;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
