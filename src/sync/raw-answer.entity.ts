import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A vendor's answer as received: zstd, then AES-256-GCM under the user's data key. */
@Entity('raw_answer')
@Index('raw_answer_fetched_at_idx', ['fetchedAt'])
export class StoredRawAnswer {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'raw_answer_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'connection_id', primaryKeyConstraintName: 'raw_answer_pkey' })
  connectionId: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'raw_answer_pkey' })
  date: string;

  @PrimaryColumn('timestamptz', { name: 'fetched_at', primaryKeyConstraintName: 'raw_answer_pkey' })
  fetchedAt: Date;

  @Column('bytea')
  sha256: Buffer;

  @Column('bytea')
  body: Buffer;
}

/** An unusable answer, kept for diagnosis: it never stands in for a good one. */
@Entity('raw_reject')
export class RawReject {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'raw_reject_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'connection_id', primaryKeyConstraintName: 'raw_reject_pkey' })
  connectionId: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'raw_reject_pkey' })
  date: string;

  @PrimaryColumn('timestamptz', { name: 'fetched_at', primaryKeyConstraintName: 'raw_reject_pkey' })
  fetchedAt: Date;

  @Column('text')
  reason: string;

  @Column('bytea')
  sha256: Buffer;

  @Column('bytea')
  body: Buffer;
}
