import { addDays } from '../../../simulator/life/local-day';
import { claimConnections, type Lease } from '../../../src/sync/claim';
import { connectAccounts, type Member } from '../harness/accounts';
import { check, describeVerdict } from '../harness/checker';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { healthHash, samplesOf } from '../harness/health-state';
import { PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario } from '../harness/scenario';

const DAYS = 8;
const ROUNDS = 100;
/** At home at +05:30: two neighbouring local days share a UTC day, and so a row of each series. */
const PERSONA = 1001;
const NEWEST = '2026-03-24';
const DATES = Array.from({ length: DAYS }, (_, ago) => addDays(NEWEST, -ago));

export const parallelDays: Scenario = {
  name: 'parallel-days',
  summary: 'eight days of one connection stored at the same time by two processes, at +05:30',
  run: ({ cluster, say }) =>
    inWorld(cluster, options, async (world) => {
      const servers = await world.startServers(2);
      const [member] = await connectAccounts(world, [PERSONA]);
      await runsEnded(world, [member]);

      const lone = await emptied(world, member);
      for (const date of DATES) await servers[0].call('storeDays', { lease: lone, dates: [date] });
      const [expected, { count }] = [
        await healthHash(world, member.userId),
        await samplesOf(world, member.userId),
      ];
      const truth = await check(world, member, { from: DATES.at(-1)!, connectedAt: PINNED_NOW, to: NEWEST });

      let [lost, different] = [0, 0];
      for (let round = 1; round <= ROUNDS; round++) {
        const lease = await emptied(world, member);
        // Each process has every other day, so that neighbours never lie in one process.
        await Promise.all(
          servers.map((server, index) =>
            server.call('storeDays', { lease, dates: DATES.filter((_, day) => day % 2 === index) }),
          ),
        );
        lost += Math.max(0, count - (await samplesOf(world, member.userId)).count);
        different += (await healthHash(world, member.userId)) === expected ? 0 : 1;
        if (round % 25 === 0) say(`${round} of ${ROUNDS} rounds`);
      }
      return [
        {
          text: `${DAYS} days of one connection in parallel at +05:30, 2 processes: ${ROUNDS} rounds of ${count} samples, lost ${lost}, states unlike one after another ${different}, that one against the truth: ${describeVerdict(truth)}`,
          reached: lost + different + truth.mistakes.differences === 0,
        },
      ];
    }),
};

/** Nobody claims by itself: the suite holds the lease. */
const options = {
  name: 'parallel-days',
  now: PINNED_NOW,
  environment: { SYNC_TICK: '3600s', BACKFILL_DAYS: '1' },
};

/** Everything that was stored is gone, and a lease is held. */
async function emptied(world: FaultWorld, { userId }: Member): Promise<Lease> {
  for (const table of [
    'series_day',
    'series_local_day',
    'daily_value',
    'sleep_session',
    'score',
    'raw_answer',
    'sync_day',
    'sync_run',
  ])
    await world.sql(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);
  await world.sql(`UPDATE connection SET lease_until = NULL, wake_at = $2 WHERE user_id = $1`, [
    userId,
    PINNED_NOW,
  ]);
  const claim = { now: world.now(), leaseMs: 3_600_000, limit: 1, work: 'live' as const };
  const [lease] = await claimConnections(world.database.manager, claim);
  return lease;
}
