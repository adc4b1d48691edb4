import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One authorization under way (RFC 6749 section 10.12): single use, 15 minutes. */
@Entity('oauth_state')
export class OAuthState {
  /**
   * SHA-256 of the 32 random bytes the browser carries: a reader of the table cannot complete a flow. Of one that has not
   * been to our start page yet it is that of `start ` and the bytes, so that neither can be taken for the other.
   */
  @PrimaryColumn('bytea', { name: 'state_hash', primaryKeyConstraintName: 'oauth_state_pkey' })
  stateHash: Buffer;

  @Column('text')
  provider: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Where the browser goes afterwards; null: our own success page. */
  @Column('text', { name: 'redirect_uri', nullable: true })
  redirectUri: string | null;

  /** PKCE verifier (RFC 7636), encrypted; null where the provider offers no PKCE. */
  @Column('bytea', { name: 'pkce_verifier', nullable: true })
  pkceVerifier: Buffer | null;

  @Column('text', { name: 'key_id', nullable: true })
  keyId: string | null;

  /** Of a flow that was started without a credential: SHA-256 of the secret of the browser that must come back. */
  @Column('bytea', { name: 'browser_hash', nullable: true })
  browserHash: Buffer | null;

  @Index('oauth_state_expires_at_idx')
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
