import { setTimeout as sleep } from 'node:timers/promises';
import { accountOf, connectAccounts, type Member } from '../harness/accounts';
import { goingOn, reportOn, WHAT_REFETCHED_MEANS } from '../harness/backfill-report';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { installAudit } from '../harness/fencing-audit';
import { goneOn, holderOf, type Killed } from '../harness/kills';
import { PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario, Stage } from '../harness/scenario';

const PERSONA = 1001;
/** With one backfill. */
const PATIENCE_MS = 120_000;

export const killedBackfill: Scenario = {
  name: 'killed-backfill',
  summary: 'kill -9 of whoever runs a 30-day backfill, at random points, again and again',
  run: (stage) =>
    inWorld(stage.cluster, { name: 'killed-backfill', now: PINNED_NOW }, async (world) => {
      await installAudit(world);
      await world.startServers(2);
      world.simulator.control.setLatency({ route: 'metrics', ms: 60, jitter_ms: 40 });
      const [unkilled] = await connectAccounts(world, [PERSONA]);
      const began = performance.now();
      await runsEnded(world, [unkilled]);
      const usualMs = performance.now() - began;
      const kills: Killed[] = [];
      const wanted = stage.long ? 50 : 10;
      for (let copy = 1; kills.length < wanted && copy <= 2 * wanted; copy++) {
        const account = accountOf(PERSONA, copy);
        const [member] = await connectAccounts(world, [account]);
        kills.push(
          ...(await killUntilDone(world, stage, member, { usualMs, atMost: wanted - kills.length })),
        );
        stage.say(`${kills.length} of ${wanted} kills`);
      }
      const report = await reportOn(world, unkilled, kills);
      return [
        {
          text: `kill -9 at ${kills.length} random points of a 30-day backfill ${report.text}`,
          reached: kills.length === wanted && report.isSound,
          note: WHAT_REFETCHED_MEANS,
        },
        goingOn(report),
      ];
    }),
};

/** Kills whoever holds the member's connection after a random while, until its backfill has come through. */
async function killUntilDone(
  world: FaultWorld,
  { random }: Stage,
  member: Member,
  { usualMs, atMost }: { usualMs: number; atMost: number },
): Promise<Killed[]> {
  const kills: Killed[] = [];
  let replaced: Promise<unknown> = Promise.resolve();
  const deadline = performance.now() + PATIENCE_MS;
  while (kills.length < atMost && performance.now() < deadline) {
    await sleep(random.between(20, usualMs * 0.6));
    const holder = await holderOf(world, member);
    if (holder === 'nobody yet') continue;
    if (holder === null) break;
    // There is always one left to take over; the other comes back meanwhile.
    await replaced;
    if ((await holderOf(world, member)) !== holder) continue;
    const killed = { process: holder.name, since: new Date() };
    await holder.kill();
    replaced = world.startServer();
    kills.push(await goneOn(world, member, killed));
  }
  await replaced;
  await runsEnded(world, [member]);
  return kills;
}
