import type { Failpoint } from '../../../src/database/failpoints';
import { accountOf, connectAccounts } from '../harness/accounts';
import { goingOn, reportOn, WHAT_REFETCHED_MEANS } from '../harness/backfill-report';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { installAudit } from '../harness/fencing-audit';
import { goneOn, type Killed } from '../harness/kills';
import { PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario, Stage } from '../harness/scenario';

/** Where a kill may hurt most, and how often a backfill comes by. */
const POINTS: readonly { point: Failpoint; passes: number }[] = [
  { point: 'run.opened', passes: 1 },
  { point: 'vendor.before-send', passes: 25 },
  { point: 'day.fetched', passes: 25 },
  { point: 'day.before-commit', passes: 25 },
  { point: 'day.after-commit', passes: 25 },
  { point: 'lease.before-renew', passes: 2 },
  { point: 'run.before-end', passes: 1 },
];

export const crashPoints: Scenario = {
  name: 'crash-points',
  summary: 'a crash of the worker at each named point of a 30-day backfill, to the instruction',
  run: (stage) =>
    inWorld(stage.cluster, { name: 'crash-points', now: PINNED_NOW }, async (world) => {
      await installAudit(world);
      await world.startServers(2);
      world.simulator.control.setLatency({ route: 'metrics', ms: 60, jitter_ms: 40 });
      const [unkilled] = await connectAccounts(world, [1001]);
      await runsEnded(world, [unkilled]);
      const kills: Killed[] = [];
      const times = stage.long ? 4 : 1;
      for (let copy = 1; copy <= POINTS.length * times; copy++) {
        const place = POINTS[copy % POINTS.length];
        kills.push(await crashAt(world, stage, place, accountOf(1001, copy)));
        stage.say(`${place.point}: ${kills.length} of ${POINTS.length * times}`);
      }
      const report = await reportOn(world, unkilled, kills);
      return [
        {
          text: `crash at ${POINTS.length} named points of a 30-day backfill, ${kills.length} times ${report.text}`,
          reached: report.isSound,
          note: WHAT_REFETCHED_MEANS,
        },
        goingOn(report),
      ];
    }),
};

/** Whoever comes to the point first is gone; the other one is spared and takes over. */
async function crashAt(
  world: FaultWorld,
  { random }: Stage,
  { point, passes }: (typeof POINTS)[number],
  account: number,
): Promise<Killed> {
  const servers = [...world.servers];
  const nth = random.int(1, passes);
  for (const server of servers) await server.call('arm', { point, action: 'crash', nth });
  const [member] = await connectAccounts(world, [account]);
  const dead = await Promise.race(servers.map((server) => server.ended.then(() => server)));
  const killed = { process: dead.name, since: new Date() };
  for (const server of world.servers)
    await server.call('arm', { point, action: 'crash', nth: Number.MAX_SAFE_INTEGER });
  const [kill] = await Promise.all([goneOn(world, member, killed), world.startServer()]);
  await runsEnded(world, [member]);
  return kill;
}
