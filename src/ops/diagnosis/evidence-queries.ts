import type { EntityManager } from 'typeorm';
import type {
  ConnectionEvidence,
  DayGroup,
  DeviceEvidence,
  EndedRun,
  RunInProgress,
  Sighted,
  SignInTrace,
  TokenEvidence,
} from './evidence';

/** SQL of the diagnosis. Every statement is about one user, and its cost hangs on that user's rows alone. */

export type ConnectionRow = Pick<
  ConnectionEvidence,
  | 'id'
  | 'status'
  | 'statusReason'
  | 'attention'
  | 'timeZone'
  | 'createdAt'
  | 'changedAt'
  | 'lastSyncedAt'
  | 'wakeAt'
  | 'historyWakeAt'
  | 'backfillDue'
  | 'leaseUntil'
> & { provider: string; scope: string | null };

/** The connection of each provider: the one that is not revoked, else the one revoked last. */
export const connectionsOf = (manager: EntityManager, userId: string): Promise<ConnectionRow[]> =>
  manager.query(
    `SELECT DISTINCT ON (provider)
            id, provider, status, status_reason AS "statusReason", attention, scope, time_zone AS "timeZone",
            created_at AS "createdAt", updated_at AS "changedAt", last_synced_at AS "lastSyncedAt", wake_at AS "wakeAt",
            history_wake_at AS "historyWakeAt", backfill_due AS "backfillDue", lease_until AS "leaseUntil"
       FROM connection WHERE user_id = $1 ORDER BY provider, status = 'revoked', updated_at DESC`,
    [userId],
  );

type OfConnection<Row> = Row & { connectionId: string };

/** What is known about the tokens; never the tokens. */
export const tokensOf = (manager: EntityManager, userId: string): Promise<OfConnection<TokenEvidence>[]> =>
  manager.query(
    `SELECT connection_id AS "connectionId", issued_at AS "issuedAt", expires_at AS "expiresAt",
            refresh_failures AS "refreshFailures", refresh_error AS "refreshError", refresh_retry_at AS "refreshRetryAt",
            refresh_refused_at AS "refreshRefusedAt", answer_lost_at AS "answerLostAt"
       FROM credential WHERE user_id = $1`,
    [userId],
  );

export const signInsOf = (
  manager: EntityManager,
  userId: string,
): Promise<(SignInTrace & { provider: string })[]> =>
  manager.query(
    `SELECT provider, begun_at AS "begunAt", failed_at AS "failedAt", error, failures FROM sign_in WHERE user_id = $1`,
    [userId],
  );

/** Tokens that wait to be revoked, by provider. */
export const revocationsOf = (
  manager: EntityManager,
  userId: string,
): Promise<{ provider: string; pending: number; since: Date }[]> =>
  manager.query(
    `SELECT provider, count(*)::int AS pending, min(created_at) AS since FROM revocation
      WHERE user_id = $1 GROUP BY provider`,
    [userId],
  );

/** Providers that refuse this server's own credentials. */
export const refusingProviders = (
  manager: EntityManager,
): Promise<{ provider: string; at: Date; probeAt: Date | null }[]> =>
  manager.query(
    `SELECT provider, client_refused_at AS at, probe_at AS "probeAt" FROM token_endpoint WHERE client_refused_at IS NOT NULL`,
  );

export const dayGroupsOf = (manager: EntityManager, userId: string): Promise<OfConnection<DayGroup>[]> =>
  manager.query(
    `SELECT connection_id AS "connectionId", status, error_code AS "errorCode", next_attempt_at IS NOT NULL AS open, history,
            count(*)::int AS days, min(date)::text AS from, max(date)::text AS to, max(attempts) AS attempts,
            min(next_attempt_at) AS "nextAttemptAt", min(failed_since) AS "failedSince", count(empty_since)::int AS emptied,
            min(empty_since) AS "emptySince"
       FROM sync_day WHERE user_id = $1 GROUP BY connection_id, status, error_code, next_attempt_at IS NOT NULL, history`,
    [userId],
  );

/** What is wrong with the last answers about the days that could not be used. */
export const unusableOf = (
  manager: EntityManager,
  userId: string,
): Promise<OfConnection<{ reason: string; days: number }>[]> =>
  manager.query(
    `SELECT "connectionId", reason, count(*)::int AS days
       FROM (SELECT DISTINCT ON (r.connection_id, r.date) r.connection_id AS "connectionId", r.reason
               FROM raw_reject r
               JOIN sync_day d ON d.user_id = r.user_id AND d.connection_id = r.connection_id AND d.date = r.date
              WHERE r.user_id = $1 AND d.user_id = $1 AND d.error_code = 'payload_invalid'
              ORDER BY r.connection_id, r.date, r.fetched_at DESC) latest
      GROUP BY "connectionId", reason ORDER BY days DESC, reason`,
    [userId],
  );

export const runningOf = (manager: EntityManager, userId: string): Promise<OfConnection<RunInProgress>[]> =>
  manager.query(
    `SELECT connection_id AS "connectionId", run_id AS "runId", source, started_at AS "startedAt",
            paused_at AS "pausedAt", items_processed AS "daysDone", items_total AS "daysTotal"
       FROM sync_run WHERE user_id = $1 AND status = 'in_progress' ORDER BY started_at, run_id`,
    [userId],
  );

export const lastRunsOf = (manager: EntityManager, userId: string): Promise<OfConnection<EndedRun>[]> =>
  manager.query(
    `SELECT r.connection_id AS "connectionId", r.run_id AS "runId", r.status, r.details ->> 'reason' AS reason,
            r.ended_at AS "endedAt"
       FROM connection c
       CROSS JOIN LATERAL (
         SELECT * FROM sync_run r
          WHERE r.user_id = c.user_id AND r.connection_id = c.id AND r.status IN ('success', 'partial', 'failed')
          ORDER BY r.last_update DESC, r.run_id LIMIT 1) r
      WHERE c.user_id = $1`,
    [userId],
  );

export type SeenRow = OfConnection<Sighted> & { kind: 'rejected' | 'unmapped' | 'rolledBack' | 'recut' };

/** What the runs since then counted, by name. */
export const seenOf = (manager: EntityManager, userId: string, since: Date): Promise<SeenRow[]> =>
  manager.query(
    `SELECT connection_id AS "connectionId", kind, name, sum(count)::int AS count
       FROM sync_run r
       CROSS JOIN LATERAL (
         SELECT kind, key AS name, value::bigint AS count
           FROM unnest(ARRAY['rejected', 'unmapped', 'rolledBack']) AS kind, jsonb_each_text(r.details -> kind)
          UNION ALL
         SELECT 'recut', '', (r.details ->> 'daysRebucketed')::bigint) seen
      WHERE r.user_id = $1 AND r.last_update >= $2 AND count > 0
      GROUP BY connection_id, kind, name ORDER BY count DESC, name`,
    [userId, since],
  );

/** When each device measured last. Of each of these codes the newest row is one step in the index. */
export const devicesOf = (
  manager: EntityManager,
  userId: string,
  codes: readonly string[],
): Promise<OfConnection<DeviceEvidence>[]> =>
  manager.query(
    `SELECT s.connection_id AS "connectionId", s.device_model AS model, s.device_name AS name, (
              SELECT max(newest.last_at) FROM unnest($2::text[]) AS code CROSS JOIN LATERAL (
                SELECT last_at FROM series_day d
                 WHERE d.user_id = s.user_id AND d.source_id = s.id AND d.code = code.code
                 ORDER BY d.day DESC LIMIT 1) newest) AS "lastSampleAt"
       FROM data_source s WHERE s.user_id = $1 ORDER BY s.created_at, s.device_model`,
    [userId, codes],
  );

/** When a worker did something last for anybody; a run that only waits for one does not count. */
export async function lastActivity(manager: EntityManager): Promise<Date | null> {
  const rows: { at: Date }[] = await manager.query(
    `SELECT last_update AS at FROM sync_run WHERE started_at IS NOT NULL ORDER BY last_update DESC LIMIT 1`,
  );
  return rows[0]?.at ?? null;
}
