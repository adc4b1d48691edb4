import type { Member } from './accounts';
import type { FaultWorld } from './fault-world';
import { until } from './waiting';

/** Nothing of these members is open or under way. @throws Error that says what still is */
export async function runsEnded(world: FaultWorld, members: Member[], patienceMs = 120_000): Promise<void> {
  const users = members.map(({ userId }) => userId);
  const isQuiet = async () => (await unfinished(world, users)).length === 0;
  await until('all syncs end', isQuiet, { patienceMs }).catch(async (error: Error) => {
    const left = (await unfinished(world, users)).map((one) => JSON.stringify(one));
    throw new Error([error.message, ...left.slice(0, 5)].join('\n    '));
  });
}

function unfinished(world: FaultWorld, users: string[]): Promise<object[]> {
  return world.sql(
    `SELECT * FROM (
       SELECT c.user_id, c.status, c.attention, c.lease_until, c.wake_at,
              (SELECT count(*)::int FROM sync_day d WHERE d.user_id = c.user_id) AS days,
              (SELECT string_agg(concat_ws(' ', d.date, d.status, d.attempts, d.error_code, d.next_attempt_at), ', ')
                 FROM sync_day d WHERE d.user_id = c.user_id AND d.next_attempt_at IS NOT NULL) AS open,
              (SELECT count(*)::int FROM sync_run r WHERE r.user_id = c.user_id AND r.status = 'in_progress') AS runs
         FROM connection c WHERE c.user_id = ANY ($1)) AS it
      WHERE lease_until > $2 OR days = 0 OR open IS NOT NULL OR runs > 0`,
    [users, world.now()],
  );
}
