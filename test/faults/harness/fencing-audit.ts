import type { FaultWorld } from './fault-world';

const CLAIMS = `'claim', 'takeover'`;
const WRITTEN = ['series_day', 'series_local_day', 'daily_value', 'sleep_session', 'score', 'raw_answer'];

/**
 * Lets the database itself write down who claims a connection and who writes for it: claims and writes happen under
 * the lock of the connection's row, so the order of these notes is the order of the commits.
 */
export async function installAudit(world: FaultWorld): Promise<void> {
  await world.sql(`
    CREATE TABLE fault_audit (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL, process text NOT NULL,
      what text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  await world.sql(`
    CREATE FUNCTION fault_audit_note() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO fault_audit (user_id, process, what) VALUES (NEW.user_id, current_setting('application_name'), TG_ARGV[0]);
      RETURN NULL;
    END $$`);
  await world.sql(`
    CREATE TRIGGER fault_audit_claim AFTER UPDATE ON connection FOR EACH ROW
      WHEN (NEW.sync_epoch > OLD.sync_epoch) EXECUTE FUNCTION fault_audit_note('claim')`);
  await world.sql(`
    CREATE TRIGGER fault_audit_takeover AFTER UPDATE ON connection FOR EACH ROW
      WHEN (NEW.sync_epoch > OLD.sync_epoch AND OLD.lease_until IS NOT NULL) EXECUTE FUNCTION fault_audit_note('takeover')`);
  await world.sql(`
    CREATE TRIGGER fault_audit_closed AFTER UPDATE ON sync_day FOR EACH ROW
      WHEN (NEW.fetched_at IS DISTINCT FROM OLD.fetched_at) EXECUTE FUNCTION fault_audit_note('sync_day')`);
  for (const table of WRITTEN) {
    await world.sql(`
      CREATE TRIGGER fault_audit_written AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW
        EXECUTE FUNCTION fault_audit_note('${table}')`);
  }
}

export interface Claimed {
  process: string;
  at: Date;
}

/** Who claimed a user's connection, in order. */
export function claimsOf(world: FaultWorld, userId: string): Promise<Claimed[]> {
  return world.sql<Claimed>(
    `SELECT process, at FROM fault_audit WHERE user_id = $1 AND what = 'claim' ORDER BY id`,
    [userId],
  );
}

/** When something was written for a user that is not by this process, from then on; null: nothing was. */
export async function firstWriteOfOthers(
  world: FaultWorld,
  userId: string,
  { process, since }: { process: string; since: Date },
): Promise<Date | null> {
  const [row] = await world.sql<{ at: Date | null }>(
    `SELECT min(at) AS at FROM fault_audit WHERE user_id = $1 AND what NOT IN (${CLAIMS}) AND process <> $2 AND at > $3`,
    [userId, process, since],
  );
  return row.at;
}

export interface Audited {
  writes: number;
  /** Writes by a process while another one held the connection. */
  stale: number;
}

export async function auditedWrites(world: FaultWorld): Promise<Audited> {
  const [row] = await world.sql<{ writes: string; stale: string }>(`
    SELECT count(*) AS writes,
           count(*) FILTER (WHERE w.process IS DISTINCT FROM (
             SELECT c.process FROM fault_audit c
              WHERE c.user_id = w.user_id AND c.what = 'claim' AND c.id < w.id ORDER BY c.id DESC LIMIT 1)) AS stale
      FROM fault_audit w WHERE w.what NOT IN (${CLAIMS})`);
  return { writes: Number(row.writes), stale: Number(row.stale) };
}

/** How often a connection was claimed that somebody else still held, be it that the lease had run out. */
export async function takeovers(world: FaultWorld): Promise<number> {
  const [{ count }] = await world.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM fault_audit WHERE what = 'takeover'`,
  );
  return count;
}
