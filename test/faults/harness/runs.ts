import type { Member } from './accounts';
import type { FaultWorld } from './fault-world';
import { until } from './waiting';

/** Nothing of these members is open or under way. */
export async function runsEnded(world: FaultWorld, members: Member[], patienceMs = 120_000): Promise<void> {
  const users = members.map(({ userId }) => userId);
  await until('all syncs end', () => isQuiet(world, users), { patienceMs });
}

async function isQuiet(world: FaultWorld, users: string[]): Promise<boolean> {
  const [{ busy }] = await world.sql<{ busy: string }>(
    `SELECT count(*) AS busy FROM connection c
      WHERE user_id = ANY ($1)
        AND (lease_until IS NOT NULL
             OR NOT EXISTS (SELECT 1 FROM sync_day d WHERE d.user_id = c.user_id)
             OR EXISTS (SELECT 1 FROM sync_day d WHERE d.user_id = c.user_id AND d.next_attempt_at IS NOT NULL)
             OR EXISTS (SELECT 1 FROM sync_run r WHERE r.user_id = c.user_id AND r.status = 'in_progress'))`,
    [users],
  );
  return Number(busy) === 0;
}
