import type { BudgetState } from '../../providers/budget-state';
import { toFleetBudget, type FleetBudget } from './fleet-budget.dto';
import type { ConnectionCounts, Fleet, Gap, OverdueConnection, RunCounts } from './fleet.reader';

export class ConnectionStatuses {
  /** Synced @example 1200 */
  active: number;

  /** Their users must sign in again @example 3 */
  expired: number;

  /** Disconnected @example 41 */
  revoked: number;
}

/** Active connections whose data does not come, by `attention`. */
export class ConnectionAttentions {
  /** @example 2 */
  forbidden: number;

  /** @example 0 */
  refresh_failing: number;

  /** @example 0 */
  account_changed: number;
}

export class FleetConnections {
  by_status: ConnectionStatuses;

  by_attention: ConnectionAttentions;

  /** Due for more than 15 minutes, or their history for more than an hour, and taken by no worker @example 0 */
  overdue: number;

  /** For how many seconds the one that waits longest has been due @example null */
  longest_overdue_seconds: number | null;

  /** In a worker's hands right now @example 8 */
  leased: number;

  /** Have history to read now; it waits behind whatever cannot wait @example 12 */
  with_history: number;

  /** Seconds since the last good answer: half of the active connections are below @example 1790 */
  lag_p50_seconds: number | null;

  /** 95 % are below @example 3412 */
  lag_p95_seconds: number | null;
}

export class FleetProvider {
  /** Slug of the provider */
  provider: string;

  connections: FleetConnections;

  /** Since when it refuses this server's client id or secret; null: it takes them @example null */
  client_refused_since: string | null;

  /** Null while the provider has not been asked yet */
  budget: FleetBudget | null;
}

/** Of active connections. */
export class FleetDays {
  /** To be fetched for more than 15 minutes, and nobody does @example 0 */
  overdue: number;

  /** @example null */
  longest_overdue_seconds: number | null;

  /** Failed, and waiting for their next try @example 4 */
  failed: number;

  /** Given up after five tries: `GET /api/v1/ops/sync/parked` lists them @example 1 */
  parked: number;
}

export class FleetRuns {
  /** `pull` or `backfill` @example pull */
  source: string;

  /** Waiting for a worker or in its hands @example 8 */
  in_progress: number;

  /** Paused by somebody; not among those in progress @example 0 */
  paused: number;

  /** Of the one in progress that runs longest; null where all still wait, or are paused */
  oldest_started_at: string | null;
}

/** Waiting to be done, or being done, apart from the sync. */
export class FleetBackground {
  /** Tokens that a provider has not been told to end yet @example 0 */
  revocations: number;

  /** @example null */
  oldest_revocation_at: string | null;

  /** Replays that operators asked for @example 0 */
  replays: number;
}

export class FleetGap {
  user_id: string;

  connection_id: string;

  /** Slug of the provider */
  provider: string;

  /** The day that is missing @example 2026-08-01 */
  date: string;

  /** @example parked */
  status: string;

  /** Why it failed last; null: it was not tried yet @example payload_invalid */
  error_code: string | null;

  /** Null: given up */
  next_attempt_at: string | null;
}

export class OverdueRead {
  user_id: string;

  connection_id: string;

  /** Slug of the provider */
  provider: string;

  due_at: string;

  last_synced_at: string | null;
}

export class FleetSync {
  /** The moment that it speaks of */
  at: string;

  /** Of all providers */
  connections: FleetConnections;

  providers: FleetProvider[];

  days: FleetDays;

  runs: FleetRuns[];

  background: FleetBackground;

  /** The oldest days without their data, at most five */
  oldest_gaps: FleetGap[];

  /** The connections that have been due longest, at most five */
  longest_overdue: OverdueRead[];
}

export function toFleetSync(
  { connections, days, ...fleet }: Fleet,
  budgets: BudgetState[],
  now: Date,
): FleetSync {
  const [all, ...providers] = connections;
  return {
    at: now.toISOString(),
    connections: toFleetConnections(all, now),
    providers: providers.map((counts) => ({
      provider: counts.provider!,
      connections: toFleetConnections(counts, now),
      client_refused_since: toTime(
        fleet.clientRefusals.find(({ provider }) => provider === counts.provider)?.at ?? null,
      ),
      budget: toFleetBudget(budgets.find(({ provider }) => provider === counts.provider)),
    })),
    days: {
      overdue: days.overdue,
      longest_overdue_seconds: secondsSince(days.longestOverdueAt, now),
      failed: days.failed,
      parked: days.parked,
    },
    runs: fleet.runs.map(toFleetRuns),
    background: {
      revocations: fleet.background.revocations,
      oldest_revocation_at: toTime(fleet.background.oldestRevocationAt),
      replays: fleet.background.replays,
    },
    oldest_gaps: fleet.oldestGaps.map(toFleetGap),
    longest_overdue: fleet.longestOverdue.map(toOverdueRead),
  };
}

const toFleetConnections = (counts: ConnectionCounts, now: Date): FleetConnections => ({
  by_status: { active: counts.active, expired: counts.expired, revoked: counts.revoked },
  by_attention: {
    forbidden: counts.forbidden,
    refresh_failing: counts.refreshFailing,
    account_changed: counts.accountChanged,
  },
  overdue: counts.overdue,
  longest_overdue_seconds: secondsSince(counts.longestOverdueAt, now),
  leased: counts.leased,
  with_history: counts.withHistory,
  lag_p50_seconds: counts.lagSeconds && Math.round(counts.lagSeconds[0]),
  lag_p95_seconds: counts.lagSeconds && Math.round(counts.lagSeconds[1]),
});

const toFleetRuns = ({ source, inProgress, paused, oldestStartedAt }: RunCounts): FleetRuns => ({
  source,
  in_progress: inProgress,
  paused,
  oldest_started_at: toTime(oldestStartedAt),
});

const toFleetGap = (gap: Gap): FleetGap => ({
  user_id: gap.userId,
  connection_id: gap.connectionId,
  provider: gap.provider,
  date: gap.date,
  status: gap.status,
  error_code: gap.errorCode,
  next_attempt_at: toTime(gap.nextAttemptAt),
});

const toOverdueRead = (connection: OverdueConnection): OverdueRead => ({
  user_id: connection.userId,
  connection_id: connection.connectionId,
  provider: connection.provider,
  due_at: connection.dueAt.toISOString(),
  last_synced_at: toTime(connection.lastSyncedAt),
});

const toTime = (at: Date | null): string | null => at?.toISOString() ?? null;

const secondsSince = (at: Date | null, now: Date): number | null =>
  at === null ? null : Math.round((now.getTime() - at.getTime()) / 1_000);
