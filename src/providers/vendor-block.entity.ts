import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Stands for all connections of a provider. */
export const WHOLE_APP = 'app';

/** A vendor has answered 429: who must not call before when. */
@Entity('vendor_block')
export class VendorBlock {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'vendor_block_pkey' })
  provider: string;

  /** A connection's id, or `app`. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'vendor_block_pkey' })
  subject: string;

  @Column('timestamptz')
  until: Date;

  @Column('timestamptz', { name: 'told_at' })
  toldAt: Date;
}
