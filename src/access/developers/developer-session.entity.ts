import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Developer } from './developer.entity';

/** One sign-in. Deleting it ends its access tokens and its refresh tokens at once. */
@Entity('developer_session')
export class DeveloperSession {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'developer_session_pkey' })
  id: string;

  @Index('developer_session_developer_idx')
  @ForeignKey(() => Developer, { name: 'developer_session_developer_fkey', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'developer_id' })
  developerId: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** The sign-in or the last refresh. */
  @Column('timestamptz', { name: 'used_at' })
  usedAt: Date;
}
