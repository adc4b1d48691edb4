import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HISTORY_OVERDUE_MS, OVERDUE_MS } from '../diagnosis/rules/delivery-rules';

/** Connections of one provider, or of all (null). */
export interface ConnectionCounts {
  provider: string | null;
  active: number;
  expired: number;
  revoked: number;
  forbidden: number;
  refreshFailing: number;
  accountChanged: number;
  /** Due for longer than a worker should need, and taken by none. */
  overdue: number;
  longestOverdueAt: Date | null;
  /** In a worker's hands. */
  leased: number;
  /** Have history to read now, behind whatever cannot wait. */
  withHistory: number;
  /** Since the last good answer: the middle one, and the one that 95 % stay below; null where there is none. */
  lagSeconds: [number, number] | null;
}

export interface DayCounts {
  overdue: number;
  longestOverdueAt: Date | null;
  /** Wait for their next try. */
  failed: number;
  /** Given up. */
  parked: number;
}

/** A day without its data. */
export interface Gap {
  userId: string;
  connectionId: string;
  provider: string;
  date: string;
  status: string;
  errorCode: string | null;
  nextAttemptAt: Date | null;
}

export interface OverdueConnection {
  userId: string;
  connectionId: string;
  provider: string;
  dueAt: Date;
  lastSyncedAt: Date | null;
}

export interface RunCounts {
  source: string;
  /** Without the paused ones. */
  inProgress: number;
  paused: number;
  /** Of those in progress. */
  oldestStartedAt: Date | null;
}

/** What waits to be done apart from the sync. */
export interface Background {
  revocations: number;
  oldestRevocationAt: Date | null;
  replays: number;
}

/** A provider that does not take this server's own credentials. */
export interface ClientRefusal {
  provider: string;
  at: Date;
}

export interface Fleet {
  connections: ConnectionCounts[];
  days: DayCounts;
  runs: RunCounts[];
  background: Background;
  clientRefusals: ClientRefusal[];
  oldestGaps: Gap[];
  longestOverdue: OverdueConnection[];
}

const LISTED = 5;

/**
 * Numbers over all users. The connections are read once from end to end; of the far more days and runs only those that
 * partial indexes hold: what is open, has failed, or is in progress.
 */
@Injectable()
export class FleetReader {
  constructor(private readonly database: DataSource) {}

  /** As it is at one moment. */
  read(now: Date): Promise<Fleet> {
    const [late, lateHistory] = [OVERDUE_MS, HISTORY_OVERDUE_MS].map((ms) => new Date(now.getTime() - ms));
    const times = [now, late, lateHistory];
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const connections: ConnectionCounts[] = await manager.query(CONNECTIONS, times);
      const [overdue]: Pick<DayCounts, 'overdue' | 'longestOverdueAt'>[] = await manager.query(
        OVERDUE_DAYS,
        times,
      );
      const [failed]: Pick<DayCounts, 'failed' | 'parked'>[] = await manager.query(FAILED_DAYS);
      const runs: RunCounts[] = await manager.query(RUNS);
      const [background]: Background[] = await manager.query(BACKGROUND);
      const clientRefusals: ClientRefusal[] = await manager.query(CLIENT_REFUSALS);
      const oldestGaps: Gap[] = await manager.query(OLDEST_GAPS, [...times, LISTED]);
      const longestOverdue: OverdueConnection[] = await manager.query(LONGEST_OVERDUE, [...times, LISTED]);
      const days = { ...overdue, ...failed };
      return { connections, days, runs, background, clientRefusals, oldestGaps, longestOverdue };
    });
  }
}

/** Of `connection c`: due for longer than it should be, and in nobody's hands. */
const IS_OVERDUE = `c.status = 'active' AND (c.wake_at <= $2 OR c.history_wake_at <= $3)
  AND coalesce(c.lease_until, '-infinity') < $1`;

/** Of one that is. */
const DUE_AT = `least(CASE WHEN c.wake_at <= $2 THEN c.wake_at END, CASE WHEN c.history_wake_at <= $3 THEN c.history_wake_at END)`;

const CONNECTIONS = `
  SELECT provider,
         count(*) FILTER (WHERE status = 'active')::int AS active,
         count(*) FILTER (WHERE status = 'expired')::int AS expired,
         count(*) FILTER (WHERE status = 'revoked')::int AS revoked,
         count(*) FILTER (WHERE status = 'active' AND attention = 'forbidden')::int AS forbidden,
         count(*) FILTER (WHERE status = 'active' AND attention = 'refresh_failing')::int AS "refreshFailing",
         count(*) FILTER (WHERE status = 'active' AND attention = 'account_changed')::int AS "accountChanged",
         count(*) FILTER (WHERE ${IS_OVERDUE})::int AS overdue,
         min(${DUE_AT}) FILTER (WHERE ${IS_OVERDUE}) AS "longestOverdueAt",
         count(*) FILTER (WHERE lease_until >= $1)::int AS leased,
         count(*) FILTER (WHERE status = 'active' AND history_wake_at <= $1)::int AS "withHistory",
         percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM $1 - last_synced_at)::double precision)
           FILTER (WHERE status = 'active') AS "lagSeconds"
    FROM connection c GROUP BY GROUPING SETS ((provider), ()) ORDER BY provider NULLS FIRST`;

const OVERDUE_DAYS = `
  SELECT count(*)::int AS overdue, min(d.next_attempt_at) AS "longestOverdueAt"
    FROM connection c JOIN sync_day d ON d.user_id = c.user_id AND d.connection_id = c.id
   WHERE ${IS_OVERDUE} AND d.next_attempt_at <= $2`;

/** Of connections that have ended nobody waits for a day. */
const FAILED_DAYS = `
  SELECT count(*) FILTER (WHERE d.next_attempt_at IS NOT NULL)::int AS failed,
         count(*) FILTER (WHERE d.next_attempt_at IS NULL AND d.failed_since IS NOT NULL)::int AS parked
    FROM sync_day d JOIN connection c ON c.user_id = d.user_id AND c.id = d.connection_id AND c.status = 'active'
   WHERE d.error_code IS NOT NULL`;

const RUNS = `
  SELECT source, count(*) FILTER (WHERE paused_at IS NULL)::int AS "inProgress", count(paused_at)::int AS paused,
         min(started_at) FILTER (WHERE paused_at IS NULL) AS "oldestStartedAt"
    FROM sync_run WHERE status = 'in_progress' GROUP BY source ORDER BY source`;

const BACKGROUND = `
  SELECT count(*)::int AS revocations, min(created_at) AS "oldestRevocationAt", (
           SELECT count(*)::int FROM replay_run WHERE status IN ('queued', 'running')) AS replays
    FROM revocation`;

const CLIENT_REFUSALS = `
  SELECT provider, client_refused_at AS at FROM token_endpoint WHERE client_refused_at IS NOT NULL`;

const GAP = `d.user_id AS "userId", d.connection_id AS "connectionId", c.provider, d.date::text AS date, d.status,
  d.error_code AS "errorCode", d.next_attempt_at AS "nextAttemptAt"`;

/** A stored day that could not be fetched again is no gap. */
const OLDEST_GAPS = `
  SELECT * FROM (
    SELECT ${GAP}
      FROM sync_day d JOIN connection c ON c.user_id = d.user_id AND c.id = d.connection_id AND c.status = 'active'
     WHERE d.error_code IS NOT NULL AND d.status <> 'stored' AND coalesce(d.next_attempt_at, d.failed_since) IS NOT NULL
     UNION ALL
    SELECT ${GAP}
      FROM connection c JOIN sync_day d ON d.user_id = c.user_id AND d.connection_id = c.id
     WHERE ${IS_OVERDUE} AND d.next_attempt_at <= $2 AND d.error_code IS NULL AND d.status <> 'stored') gap
   ORDER BY date, "connectionId" LIMIT $4`;

const LONGEST_OVERDUE = `
  SELECT c.user_id AS "userId", c.id AS "connectionId", c.provider, ${DUE_AT} AS "dueAt", c.last_synced_at AS "lastSyncedAt"
    FROM connection c WHERE ${IS_OVERDUE} ORDER BY "dueAt", c.id LIMIT $4`;
