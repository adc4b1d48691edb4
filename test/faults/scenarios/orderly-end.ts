import { setTimeout as sleep } from 'node:timers/promises';
import { accountOf, connectAccounts, type Member } from '../harness/accounts';
import { check, describeVerdict, isClean } from '../harness/checker';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { claimsOf, installAudit } from '../harness/fencing-audit';
import { FIRST_DATE, PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario, Stage } from '../harness/scenario';
import { until } from '../harness/waiting';

const MOST_MS = 30_000;

interface Stopped {
  code: number | null;
  ms: number;
  /** Whether the connection was free when the process was gone. */
  handedBack: boolean;
}

export const orderlyEnd: Scenario = {
  name: 'orderly-end',
  summary: 'SIGTERM to a worker in the middle of a backfill, with a slow vendor and with one that hangs',
  run: (stage) =>
    inWorld(stage.cluster, options, async (world) => {
      await installAudit(world);
      await world.startServers(2);
      const stops: Stopped[] = [];
      const members: Member[] = [];
      for (let round = 0; round < (stage.long ? 20 : 4); round++) {
        const { control } = world.simulator;
        control.setLatency({ route: 'metrics', ms: 150, jitter_ms: 100 });
        const [member] = await connectAccounts(world, [accountOf(1001, round)]);
        members.push(member);
        const hangs = round % 2 === 1;
        if (hangs) control.addFault({ route: 'metrics', mode: 'hang', nth: 6, times: 4 });
        stops.push(await stopHolder(world, stage, { ...member, hangs }));
        control.clearFaults();
        await world.startServer();
        await runsEnded(world, [member]);
      }
      const verdicts = [];
      for (const member of members)
        verdicts.push(await check(world, member, { from: FIRST_DATE, connectedAt: PINNED_NOW }));
      const slowest = Math.max(...stops.map(({ ms }) => ms));
      const ungraceful = stops.filter(({ code }) => code !== 0).length;
      const kept = stops.filter(({ handedBack }) => !handedBack).length;
      const unclean = verdicts.filter((verdict) => !isClean(verdict));
      return [
        {
          text: `SIGTERM in the middle of a backfill: ${stops.length} times, gone after at most ${slowest} ms (at most ${MOST_MS}), exit codes other than 0: ${ungraceful}, leases not handed back ${kept}, states unlike the vendor's truth ${unclean.length}${unclean.map((verdict) => ` (${describeVerdict(verdict)})`).join('')}`,
          reached: slowest <= MOST_MS && ungraceful + kept + unclean.length === 0,
        },
      ];
    }),
};

/** A lease that runs out by itself would say nothing. */
const options = { name: 'orderly-end', now: PINNED_NOW, environment: { SYNC_LEASE: '60s' } };

async function stopHolder(
  world: FaultWorld,
  { random }: Stage,
  { userId, account, hangs }: Member & { hangs: boolean },
): Promise<Stopped> {
  await until('a worker claims', async () => (await claimsOf(world, userId)).length > 0, { everyMs: 10 });
  const isStruck = () =>
    world.simulator.control.requests().some(({ user, fault }) => user === account && fault === 'hang');
  if (hangs) await until('the vendor hangs', isStruck, { everyMs: 10 });
  else await sleep(random.between(200, 600));
  const claims = await claimsOf(world, userId);
  const holder = world.servers.find(({ name }) => name === claims.at(-1)?.process)!;
  const { code, ms } = await holder.stop();
  const [{ lease_until: lease }] = await world.sql<{ lease_until: Date | null }>(
    `SELECT lease_until FROM connection WHERE user_id = $1`,
    [userId],
  );
  // Whoever was quicker than this look has it by now.
  const isTaken = (await claimsOf(world, userId)).length > claims.length;
  return { code, ms, handedBack: lease === null || isTaken };
}
