import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The last sign-in of a user with a provider that has not gone well, for operators: one that has leaves no row. It
 * holds no state, no code and no token.
 */
@Entity('sign_in')
export class SignIn {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'sign_in_pkey' })
  userId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'sign_in_pkey' })
  provider: string;

  /** Before `failedAt`, unless the user is at it again, or went away. */
  @Index('sign_in_begun_at_idx')
  @Column('timestamptz', { name: 'begun_at' })
  begunAt: Date;

  /** Null: none has come back yet. */
  @Column('timestamptz', { name: 'failed_at', nullable: true })
  failedAt: Date | null;

  /** Of the last failed one, as the browser was told it (`OAuthFailure`). */
  @Column('text', { nullable: true })
  error: string | null;

  /** Failed ones in a row. */
  @Column('int')
  failures: number;
}
