import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A client app's key. The secret itself is shown once and never stored. */
@Entity('api_key')
export class ApiKey {
  /** The public part of the key, by which it is looked up. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'api_key_pkey' })
  id: string;

  @Column('text')
  name: string;

  @Column('text')
  environment: 'test' | 'live';

  /** HMAC-SHA256 of the secret under API_KEY_PEPPER. */
  @Column('bytea', { name: 'secret_hmac' })
  secretHmac: Buffer;

  @Column('text', { array: true })
  scopes: string[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}
