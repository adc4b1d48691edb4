import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which kind of device counts, of several that one provider has data of: the lowest number first. */
@Entity('device_type_priority')
export class DeviceTypePriority {
  @PrimaryColumn('text', { name: 'device_type', primaryKeyConstraintName: 'device_type_priority_pkey' })
  deviceType: string;

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
