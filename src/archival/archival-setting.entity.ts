import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How long health data is kept, as an operator has set it: one row, or none as long as nobody has. */
@Entity('archival_setting')
@Check('archival_setting_one_check', 'id = 1')
@Check('archival_setting_order_check', 'archive_after_days < delete_after_days')
export class ArchivalSetting {
  @PrimaryColumn('int', { primaryKeyConstraintName: 'archival_setting_pkey' })
  id: number;

  /** Null: samples are kept as long as everything else. */
  @Column('int', { name: 'archive_after_days', nullable: true })
  archiveAfterDays: number | null;

  /** Null: for ever. */
  @Column('int', { name: 'delete_after_days', nullable: true })
  deleteAfterDays: number | null;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
