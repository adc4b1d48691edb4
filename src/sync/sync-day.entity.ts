import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type SyncDayStatus = 'pending' | 'stored' | 'empty' | 'failed' | 'parked';

/**
 * Ledger and calendar at once: one local day of one connection. A day is `stored` only in the transaction that
 * commits its data. It is open, that is to be fetched, while `nextAttemptAt` is set, whatever its status.
 */
@Entity('sync_day')
@Index('sync_day_open_idx', ['userId', 'connectionId', 'nextAttemptAt'], {
  where: 'next_attempt_at IS NOT NULL',
})
@Index('sync_day_parked_idx', ['failedSince'], {
  where: 'failed_since IS NOT NULL AND next_attempt_at IS NULL',
})
@Index('sync_day_failed_idx', ['userId', 'connectionId', 'date'], { where: 'error_code IS NOT NULL' })
export class SyncDay {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'sync_day_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'connection_id', primaryKeyConstraintName: 'sync_day_pkey' })
  connectionId: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'sync_day_pkey' })
  date: string;

  @Column('text')
  status: SyncDayStatus;

  /** Failed tries in a row. */
  @Column('int')
  attempts: number;

  @Column('timestamptz', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt: Date | null;

  /** Opened by a backfill or a historical sync: it waits behind all others. Of meaning while the day is open. */
  @Column('boolean', { default: false })
  history: boolean;

  /** Of the last failed try; null after a good one. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  /** The first of the tries that failed for the day itself, not for a vendor who is away; null after a good one. A day that has failed and is not open is parked. */
  @Column('timestamptz', { name: 'failed_since', nullable: true })
  failedSince: Date | null;

  /** Since when the vendor says of a day with data that it has none; null after an answer with data. */
  @Column('timestamptz', { name: 'empty_since', nullable: true })
  emptySince: Date | null;

  @Column('bytea', { name: 'answer_sha256', nullable: true })
  answerSha256: Buffer | null;

  @Column('int', { name: 'normalizer_version', nullable: true })
  normalizerVersion: number | null;

  @Column('timestamptz', { name: 'fetched_at', nullable: true })
  fetchedAt: Date | null;

  /** The local midnight that starts the day, as the vendor's answer tells. */
  @Column('timestamptz', { name: 'starts_at', nullable: true })
  startsAt: Date | null;

  @Column('text', { name: 'time_zone', nullable: true })
  timeZone: string | null;
}
