import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A token that nobody here uses any more, kept only until the vendor has been told to end it (`TokenVault`). */
@Entity('revocation')
@Index('revocation_next_attempt_at_idx', ['nextAttemptAt'])
export class Revocation {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'revocation_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'revocation_pkey' })
  id: string;

  @Column('text')
  provider: string;

  @Column('bytea')
  token: Buffer;

  @Column('text', { name: 'token_type' })
  tokenType: 'access_token' | 'refresh_token';

  /** Which of ENCRYPTION_KEYS encrypted it. */
  @Column('text', { name: 'key_id' })
  keyId: string;

  @Column('int')
  attempts: number;

  @Column('timestamptz', { name: 'next_attempt_at' })
  nextAttemptAt: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
