import type { DeviceDefinition } from '../providers/provider';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

type DeviceType = DeviceDefinition['type'];

/** What measured: the device behind a connection. Health data hangs on it. */
@Entity('data_source')
@Index('data_source_connection_device_key', ['userId', 'connectionId', 'deviceModel'], { unique: true })
export class HealthDataSource {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'data_source_pkey' })
  userId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'data_source_pkey' })
  id: string;

  @Column('uuid', { name: 'connection_id' })
  connectionId: string;

  @Column('text')
  provider: string;

  @Column('text', { name: 'device_model' })
  deviceModel: string;

  @Column('text', { name: 'device_type' })
  deviceType: DeviceType;

  @Column('text', { name: 'device_name' })
  deviceName: string;

  /** Of our own scores, by which all of its nights have been scored at once; 0: not yet. */
  @Column('int', { name: 'formula_version', default: 0 })
  formulaVersion: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
