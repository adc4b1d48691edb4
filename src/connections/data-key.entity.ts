import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One user's data key, itself encrypted: destroying it makes every kept answer of the user unreadable. */
@Entity('data_key')
export class DataKey {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'data_key_pkey' })
  userId: string;

  @Column('bytea', { name: 'wrapped_key' })
  wrappedKey: Buffer;

  /** Which of ENCRYPTION_KEYS wrapped it. */
  @Column('text', { name: 'key_id' })
  keyId: string;
}
