import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DriftKind, StoredSample } from './drift-tally';

/** One thing that a vendor sends and this server does not understand, or does not take: over all users. */
@Entity('drift_sighting')
export class DriftSighting {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'drift_sighting_pkey' })
  provider: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'drift_sighting_pkey' })
  kind: DriftKind;

  /** A key path, of a rejection `path:reason`; or `other`. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'drift_sighting_pkey' })
  name: string;

  /** A string, as the driver gives a bigint. */
  @Column('bigint')
  count: string;

  @Column('timestamptz', { name: 'first_seen_at' })
  firstSeenAt: Date;

  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt: Date;

  @Column('jsonb')
  sample: StoredSample;
}
