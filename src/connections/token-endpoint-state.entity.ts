import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What all processes know of a provider's token endpoint. */
@Entity('token_endpoint')
export class TokenEndpointState {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'token_endpoint_pkey' })
  provider: string;

  /** When it last gave tokens for a refresh, to a minute. */
  @Column('timestamptz', { name: 'gave_pair_at', nullable: true })
  gavePairAt: Date | null;

  /** Since when it refuses this server's own credentials; null while it takes them. */
  @Column('timestamptz', { name: 'client_refused_at', nullable: true })
  clientRefusedAt: Date | null;

  /** While it does: when one request may next find out whether it still does. */
  @Column('timestamptz', { name: 'probe_at', nullable: true })
  probeAt: Date | null;

  /** When it last gave tokens after it had given none for a while. */
  @Column('timestamptz', { name: 'recovered_at', nullable: true })
  recoveredAt: Date | null;
}
