import { Column, Entity, PrimaryColumn } from 'typeorm';

export const GRANULARITIES = ['daily', 'hourly', 'raw'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** What a developer has set for a provider; one without a row is as its definition says. */
@Entity('provider_setting')
export class ProviderSetting {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'provider_setting_pkey' })
  provider: string;

  /** False: nobody new may sign in. */
  @Column('boolean', { name: 'is_enabled' })
  isEnabled: boolean;

  @Column('text', { name: 'data_granularity', nullable: true })
  dataGranularity: Granularity | null;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
