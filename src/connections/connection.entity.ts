import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type ConnectionStatus = 'active' | 'expired' | 'revoked';
/** Why a connection is not active. */
export type StatusReason =
  'invalid_grant' | 'refresh_response_lost' | 'no_refresh_token' | 'disconnected' | 'replaced';
export type ConnectionAttention = 'forbidden' | 'refresh_failing' | 'account_changed';

/** One user's link to one account at one vendor; also the queue entry of its sync work. */
@Entity('connection')
@Index('connection_user_provider_key', ['userId', 'provider'], { unique: true, where: `status <> 'revoked'` })
@Index('connection_account_key', ['provider', 'providerUserId'], {
  unique: true,
  where: `status <> 'revoked'`,
})
@Index('connection_due_idx', ['priority', 'wakeAt'], { where: `status = 'active'` })
@Index('connection_history_due_idx', ['priority', 'historyWakeAt'], {
  where: `status = 'active' AND history_wake_at IS NOT NULL`,
})
export class Connection {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'connection_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'connection_pkey' })
  id: string;

  @Column('text')
  provider: string;

  /** The vendor's stable id of the account. */
  @Column('text', { name: 'provider_user_id' })
  providerUserId: string;

  @Column('text', { name: 'provider_username', nullable: true })
  providerUsername: string | null;

  /** The scopes granted, as the vendor's token answer says them. */
  @Column('text', { nullable: true })
  scope: string | null;

  @Column('text')
  status: ConnectionStatus;

  /** Null while it is active, and for one that ended before reasons were kept. */
  @Column('text', { name: 'status_reason', nullable: true })
  statusReason: StatusReason | null;

  @Column('text', { nullable: true })
  attention: ConnectionAttention | null;

  /** The IANA zone last seen in an answer. */
  @Column('text', { name: 'time_zone', nullable: true })
  timeZone: string | null;

  /** Raised by every claim: a write under an older epoch finds no row. */
  @Column('int', { name: 'sync_epoch' })
  syncEpoch: number;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil: Date | null;

  /** When there is next something to do that cannot wait: the next slot or the earliest open day but for history. */
  @Column('timestamptz', { name: 'wake_at' })
  wakeAt: Date;

  /** When there is next some history to read; null: none, or its run is paused. */
  @Column('timestamptz', { name: 'history_wake_at', nullable: true })
  historyWakeAt: Date | null;

  /** Signed in, and the days of its backfill are still to be opened. */
  @Column('boolean', { name: 'backfill_due', default: true })
  backfillDue: boolean;

  /** The next scheduled slot, at this connection's own phase. */
  @Column('timestamptz', { name: 'next_slot_at' })
  nextSlotAt: Date;

  /** Lower first: 0 while a person waits, who has asked for a sync or has just connected; else 1. */
  @Column('smallint')
  priority: number;

  @Column('timestamptz', { name: 'last_synced_at', nullable: true })
  lastSyncedAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
