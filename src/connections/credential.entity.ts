import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The OAuth tokens of one connection, encrypted (`TokenVault`). */
@Entity('credential')
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

  /** Set and committed before a refresh is sent, cleared by the new pair. */
  @Column('timestamptz', { name: 'refresh_attempted_at', nullable: true })
  refreshAttemptedAt: Date | null;

  /** When the vendor first said `invalid_grant` to this version; a second one, later, ends the connection. */
  @Column('timestamptz', { name: 'refresh_refused_at', nullable: true })
  refreshRefusedAt: Date | null;
}
