import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { DeveloperSession } from './developer-session.entity';

/** Used ones are kept with their session: one that is used again was stolen. */
@Entity('refresh_token')
export class RefreshToken {
  /** SHA-256 of the token, which holds 128 random bits. */
  @PrimaryColumn('bytea', { name: 'token_hash', primaryKeyConstraintName: 'refresh_token_pkey' })
  tokenHash: Buffer;

  @Index('refresh_token_session_idx')
  @ForeignKey(() => DeveloperSession, { name: 'refresh_token_session_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'session_id' })
  sessionId: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'rotated_at', nullable: true })
  rotatedAt: Date | null;
}
