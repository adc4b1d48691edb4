import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which of a vendor's servers a call goes to: they fail apart from each other. */
export type EndpointClass = 'data' | 'token';

/** What all processes share about the calls to one class of a vendor's endpoints: token bucket, slots, breaker. */
@Entity('vendor_budget')
export class VendorBudget {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'vendor_budget_pkey' })
  provider: string;

  @PrimaryColumn('text', { name: 'endpoint_class', primaryKeyConstraintName: 'vendor_budget_pkey' })
  endpointClass: EndpointClass;

  /** As the last caller has it from its settings. */
  @Column('double precision', { name: 'requests_per_second' })
  requestsPerSecond: number;

  /** As of `refilledAt`. */
  @Column('double precision')
  tokens: number;

  /** Never moves back. */
  @Column('timestamptz', { name: 'refilled_at' })
  refilledAt: Date;

  /** By call: its connection (null at a sign-in) and the epoch milliseconds at which its slot is free in any case. */
  @Column('jsonb', { name: 'in_flight' })
  inFlight: Record<string, [connectionId: string | null, until: number]>;

  /** By ten seconds of the epoch: calls, and how many of them failed. */
  @Column('jsonb', { name: 'recent_calls' })
  recentCalls: Record<string, [calls: number, failures: number]>;

  @Column('integer', { name: 'failures_in_row' })
  failuresInRow: number;

  /** The last three connections that failed, with the epoch milliseconds of it. */
  @Column('jsonb', { name: 'failed_connections' })
  failedConnections: Record<string, number>;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  answeredAt: Date | null;

  /** Null while the breaker is closed. */
  @Column('timestamptz', { name: 'opened_at', nullable: true })
  openedAt: Date | null;

  /** When one call may be tried next, while the breaker is open. */
  @Column('timestamptz', { name: 'probe_at', nullable: true })
  probeAt: Date | null;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;
}
