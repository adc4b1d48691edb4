import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The OAuth tokens of one connection, encrypted (`TokenVault`). */
@Entity('credential')
@Index('credential_refresh_retry_at_idx', ['refreshRetryAt'], { where: 'refresh_retry_at IS NOT NULL' })
@Index('credential_answer_lost_idx', ['refreshRetryAt'], { where: 'answer_lost_at IS NOT NULL' })
export class Credential {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'credential_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'connection_id', primaryKeyConstraintName: 'credential_pkey' })
  connectionId: string;

  @Column('bytea', { name: 'access_token' })
  accessToken: Buffer;

  @Column('bytea', { name: 'refresh_token', nullable: true })
  refreshToken: Buffer | null;

  /** Which of ENCRYPTION_KEYS encrypted both. */
  @Column('text', { name: 'key_id' })
  keyId: string;

  /** Whether this pair is known to belong to the connection's account: a refreshed one is checked before its first use. */
  @Column('boolean', { name: 'account_verified' })
  accountVerified: boolean;

  /** Raised with every new pair: compare-and-set for concurrent refreshes. */
  @Column('int', { name: 'token_version' })
  tokenVersion: number;

  /** When this pair came. */
  @Column('timestamptz', { name: 'issued_at' })
  issuedAt: Date;

  /** Null where the vendor does not say: then only its 401 tells. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** Refreshes in a row that brought no pair. */
  @Column('int', { name: 'refresh_failures' })
  refreshFailures: number;

  /** Not before then is the vendor asked again; null where the last refresh brought a pair or the end. */
  @Column('timestamptz', { name: 'refresh_retry_at', nullable: true })
  refreshRetryAt: Date | null;

  /** When the last refresh brought no pair. */
  @Column('timestamptz', { name: 'refresh_failed_at', nullable: true })
  refreshFailedAt: Date | null;

  /** Why the last refresh brought no pair: the code of a provider error, or `answer_lost`. */
  @Column('text', { name: 'refresh_error', nullable: true })
  refreshError: string | null;

  /** When the vendor first said `invalid_grant` to this version; a second one, later, ends the connection. */
  @Column('timestamptz', { name: 'refresh_refused_at', nullable: true })
  refreshRefusedAt: Date | null;

  /** When an answer about this version was first lost: since then the vendor may hold it for used. */
  @Column('timestamptz', { name: 'answer_lost_at', nullable: true })
  answerLostAt: Date | null;

  /** Lost answers about this version, each counted before the same token is sent again. */
  @Column('int', { name: 'lost_answers' })
  lostAnswers: number;

  /** When the vendor's API last refused a token that had just replaced a refused one. */
  @Column('timestamptz', { name: 'rejected_at', nullable: true })
  rejectedAt: Date | null;
}
