import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Developer } from '../developers/developer.entity';

export const OPEN = ['pending', 'sent', 'failed'] as const;
export type StoredStatus = (typeof OPEN)[number] | 'accepted' | 'expired' | 'revoked';

/** Lets one person become a developer. What opens it is made from the row and a key, and stored nowhere. */
@Entity('invitation')
@Index('invitation_open_email_key', ['email'], {
  unique: true,
  where: `status = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text])`,
})
@Index('invitation_mail_due_idx', ['mailDueAt'], { where: 'mail_due_at IS NOT NULL' })
export class Invitation {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'invitation_pkey' })
  id: string;

  /** In lower case. */
  @Column('text')
  email: string;

  /** One that is over may still stand here as open: `expiresAt` decides. */
  @Column('text')
  status: StoredStatus;

  /** Null when the inviter is gone. */
  @ForeignKey(() => Developer, { name: 'invitation_invited_by_fkey', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'invited_by_id', nullable: true })
  invitedById: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** When its token was made, for the first time or anew. */
  @Column('timestamptz', { name: 'issued_at' })
  issuedAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('integer', { name: 'mail_attempts' })
  mailAttempts: number;

  /** Null when no mail is to be sent any more. */
  @Column('timestamptz', { name: 'mail_due_at', nullable: true })
  mailDueAt: Date | null;
}
