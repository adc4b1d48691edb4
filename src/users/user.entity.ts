import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An end user of a client app: the person who wears the device. */
@Entity('app_user')
export class User {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'app_user_pkey' })
  id: string;

  @Column('text', { name: 'first_name', nullable: true })
  firstName: string | null;

  @Column('text', { name: 'last_name', nullable: true })
  lastName: string | null;

  @Index('app_user_email_key', { unique: true })
  @Column('text', { nullable: true })
  email: string | null;

  @Index('app_user_external_user_id_key', { unique: true })
  @Column('text', { name: 'external_user_id', nullable: true })
  externalUserId: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
