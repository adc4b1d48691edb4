import type { Member } from './accounts';
import type { FaultWorld } from './fault-world';
import { claimsOf, firstWriteOfOthers } from './fencing-audit';
import type { ServerProcess } from './server-process';
import { until } from './waiting';

/** A process that was killed while it worked for a member. */
export interface Killed {
  member: Member;
  at: Date;
  /** Until another process had stored something; null: there was nothing more to store. */
  goneOnMs: number | null;
}

/** Waits until somebody else has taken up the work of a killed process. */
export async function goneOn(
  world: FaultWorld,
  member: Member,
  killed: { process: string; since: Date },
): Promise<Killed> {
  const next = () => firstWriteOfOthers(world, member.userId, killed);
  const isOver = async () => (await next()) !== null || (await holderOf(world, member)) === null;
  await until('the work goes on elsewhere', isOver, { everyMs: 10 });
  const at = await next();
  return { member, at: killed.since, goneOnMs: at && at.getTime() - killed.since.getTime() };
}

/** The process at work for a member; null once there is nothing more to do. */
export async function holderOf(
  world: FaultWorld,
  { userId }: Member,
): Promise<ServerProcess | 'nobody yet' | null> {
  const [row] = await world.sql<{ lease_until: Date | null; days: number; open: number }>(
    `SELECT lease_until, count(d.date)::int AS days, count(d.next_attempt_at)::int AS open
       FROM connection c LEFT JOIN sync_day d ON d.user_id = c.user_id AND d.connection_id = c.id
      WHERE c.user_id = $1 GROUP BY c.lease_until`,
    [userId],
  );
  if (row.lease_until === null) return row.days > 0 && row.open === 0 ? null : 'nobody yet';
  const claim = (await claimsOf(world, userId)).at(-1);
  return world.servers.find(({ name }) => name === claim?.process) ?? 'nobody yet';
}
