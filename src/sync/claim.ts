import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';

/** What a connection is claimed for: what cannot wait, or history, of which a process does only so much at once. */
export type WorkClass = 'live' | 'history';

/** The right to sync one connection, until the lease runs out or somebody claims it under a higher epoch. */
export interface Lease {
  readonly userId: string;
  readonly connectionId: string;
  readonly epoch: number;
  readonly work: WorkClass;
}

export interface Claimed extends Lease {
  /** From a process that let its lease run out: it has died, or stands still. */
  readonly takenOver: boolean;
}

/** Somebody else holds the connection by now, or it is no longer active: nothing may be written. */
export class Fenced extends Error {}

interface Claim {
  now: Date;
  leaseMs: number;
  /** At most so many connections. */
  limit: number;
  work: WorkClass;
}

/** Told by one index, in whose order it is read up to the limit: a condition over two would sort all that is due. */
const due = (condition: string, since: string) => `
  SELECT * FROM (
    SELECT user_id, id, priority, ${since} AS since, lease_until IS NOT NULL AS taken_over FROM connection
     WHERE status = 'active' AND ${condition} AND coalesce(lease_until, '-infinity') < $1
     ORDER BY priority, ${since}
     LIMIT $3
       FOR UPDATE SKIP LOCKED) due`;

/** Materialized, as what locks rows and passes over locked ones must be read once. */
const claimOf = (candidates: string) => `
  WITH chosen AS MATERIALIZED (${candidates} ORDER BY priority, since LIMIT $3)
  UPDATE connection
     SET sync_epoch = sync_epoch + 1, lease_until = $1::timestamptz + $2 * interval '1 millisecond'
    FROM chosen
   WHERE connection.user_id = chosen.user_id AND connection.id = chosen.id
  RETURNING connection.user_id AS "userId", connection.id AS "connectionId", sync_epoch AS epoch, taken_over AS "takenOver"`;

/** Of one who has just connected, the first days of history are as urgent as what was asked for. */
const FIRST_HISTORY = due('priority = 0 AND history_wake_at <= $1 AND wake_at > $1', 'history_wake_at');

const CLAIM: Record<WorkClass, string> = {
  live: claimOf(`${due('wake_at <= $1', 'wake_at')} UNION ALL ${FIRST_HISTORY}`),
  history: claimOf(due('history_wake_at <= $1', 'history_wake_at')),
};

/**
 * Takes due connections, each for one claimant only, the stalest first. `wake_at` stays: should this process die, the
 * connection is due again as soon as the lease has run out.
 */
export async function claimConnections(
  manager: EntityManager,
  { now, leaseMs, limit, work }: Claim,
): Promise<Claimed[]> {
  const [rows]: [Omit<Claimed, 'work'>[], number] = await manager.query(CLAIM[work], [now, leaseMs, limit]);
  return rows.map((row) => ({ ...row, work }));
}

/** One that was given back meanwhile is not taken again. @returns whether the lease is still ours */
export async function renewLease(
  manager: EntityManager,
  lease: Lease,
  { now, leaseMs }: Pick<Claim, 'now' | 'leaseMs'>,
): Promise<boolean> {
  const [, renewed]: [unknown, number] = await manager.query(
    `UPDATE connection SET lease_until = $4::timestamptz + $5 * interval '1 millisecond'
      WHERE user_id = $1 AND id = $2 AND sync_epoch = $3 AND status = 'active'
        AND lease_until IS NOT NULL`,
    [lease.userId, lease.connectionId, lease.epoch, now, leaseMs],
  );
  return renewed === 1;
}

/** Hands the connection back; what is still to do is due at once for whoever comes next. */
export async function releaseLease(manager: EntityManager, lease: Lease): Promise<void> {
  await manager.query(
    `UPDATE connection SET lease_until = NULL WHERE user_id = $1 AND id = $2 AND sync_epoch = $3`,
    [lease.userId, lease.connectionId, lease.epoch],
  );
}

/**
 * Takes the connection away from whoever works on it: should that still come to life, it finds itself fenced off.
 * @param held only if it is still held under this lease's epoch
 */
export async function revokeLease(
  manager: EntityManager,
  { userId, connectionId }: Pick<Lease, 'userId' | 'connectionId'>,
  held?: Lease,
): Promise<void> {
  await manager.query(
    `UPDATE connection SET sync_epoch = sync_epoch + 1, lease_until = NULL
      WHERE user_id = $1 AND id = $2 AND sync_epoch = coalesce($3, sync_epoch)`,
    [userId, connectionId, held?.epoch ?? null],
  );
}

/**
 * The first statement of every transaction that writes for a connection: holds its row until the commit.
 * @throws Fenced
 */
export async function fence(manager: EntityManager, lease: Lease): Promise<void> {
  const rows = await prepared(
    manager,
    `SELECT 1 FROM connection WHERE user_id = $1 AND id = $2 AND sync_epoch = $3 AND status = 'active' FOR UPDATE`,
    [lease.userId, lease.connectionId, lease.epoch],
  );
  if (rows.length === 0) throw new Fenced(`connection ${lease.connectionId} is no longer held`);
}
