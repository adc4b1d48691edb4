import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whose data counts, where several providers tell of one date: the lowest number first. */
@Entity('provider_priority')
export class ProviderPriority {
  /** A slug; also of providers that this server does not have, as in Open Wearables. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'provider_priority_pkey' })
  provider: string;

  /** The id that clients see. */
  @Column('uuid')
  id: string;

  /** 1 to 100. */
  @Column('int')
  priority: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
