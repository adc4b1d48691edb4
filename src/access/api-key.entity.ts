import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Developer } from './developers/developer.entity';

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

  /** Null for a key of `npm run key:create`, or of a developer who is gone. */
  @ForeignKey(() => Developer, { name: 'api_key_created_by_fkey', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}
