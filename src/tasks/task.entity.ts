import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type TaskStatus = 'queued' | 'running' | 'completed' | 'failed';

/** Something that a person or the night asked for, and a worker does: what it is, and how far it has come. */
@Entity('background_task')
@Check('background_task_status_check', "status IN ('queued', 'running', 'completed', 'failed')")
@Check('background_task_end_check', "(status IN ('completed', 'failed')) = (ended_at IS NOT NULL)")
@Index('background_task_open_idx', ['key'], { unique: true, where: 'ended_at IS NULL' })
export class BackgroundTask {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'background_task_pkey' })
  id: string;

  @Column('text')
  kind: string;

  /** Of two open tasks of one key there is only one. */
  @Column('text')
  key: string;

  @Column('jsonb')
  input: object;

  @Column('text')
  status: TaskStatus;

  /** In the words of its kind: counts and ids, nothing that is secret. */
  @Column('jsonb')
  progress: object;

  /** What went wrong, for people. */
  @Column('text', { nullable: true })
  error: string | null;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
