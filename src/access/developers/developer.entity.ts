import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody who may sign in: an operator or a developer of a client app, not the person who wears a device. */
@Entity('developer')
export class Developer {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'developer_pkey' })
  id: string;

  /** In lower case. */
  @Index('developer_email_key', { unique: true })
  @Column('text')
  email: string;

  @Column('text', { name: 'first_name', nullable: true })
  firstName: string | null;

  @Column('text', { name: 'last_name', nullable: true })
  lastName: string | null;

  /** As `password.ts` writes it. */
  @Column('text', { name: 'password_hash' })
  passwordHash: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
