import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A token request that is under way. Committed before it is sent, by whoever holds the row lock of the credential, and
 * deleted with its result: found by the next holder of the lock, it says that the last one died without a result.
 */
@Entity('refresh_attempt')
export class RefreshAttempt {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'refresh_attempt_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'connection_id', primaryKeyConstraintName: 'refresh_attempt_pkey' })
  connectionId: string;

  @Column('int', { name: 'token_version' })
  tokenVersion: number;

  @Column('timestamptz', { name: 'sent_at' })
  sentAt: Date;
}
