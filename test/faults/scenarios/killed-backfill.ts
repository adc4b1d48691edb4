import { setTimeout as sleep } from 'node:timers/promises';
import { accountOf, connectAccounts, type Member } from '../harness/accounts';
import { check, describeVerdict, isClean } from '../harness/checker';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { auditedWrites, claimsOf, firstWriteOfOthers, installAudit } from '../harness/fencing-audit';
import { healthHash, samplesOf } from '../harness/health-state';
import { FIRST_DATE, PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Figure, Scenario, Stage } from '../harness/scenario';
import { until } from '../harness/waiting';
import { refetchesByKill } from '../harness/refetches';

const PERSONA = 1001;
/** Lease, tick, the first answer, and what a loaded machine adds. */
const GOES_ON_MS = 2_000 + 200 + 100 + 700;

/** With one backfill. */
const PATIENCE_MS = 120_000;

interface Killed {
  member: Member;
  at: Date;
  /** Until another process had stored something; null: there was nothing more to store. */
  goneOnMs: number | null;
}

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
      return figures(world, unkilled, kills, wanted);
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
    const goesOn = () => firstWriteOfOthers(world, member.userId, killed);
    const isOver = async () => (await goesOn()) !== null || (await holderOf(world, member)) === null;
    await until('the work goes on elsewhere', isOver, { everyMs: 10 }).catch(() => undefined);
    const next = await goesOn();
    kills.push({ member, at: killed.since, goneOnMs: next && next.getTime() - killed.since.getTime() });
  }
  await replaced;
  await runsEnded(world, [member]);
  return kills;
}

/** The process at work for a member; null once there is nothing more to do. */
async function holderOf(world: FaultWorld, { userId }: Member) {
  const [row] = await world.sql<{ lease_until: Date | null; synced: boolean }>(
    `SELECT lease_until, EXISTS (SELECT 1 FROM sync_run r WHERE r.user_id = c.user_id AND r.status <> 'in_progress') AS synced
       FROM connection c WHERE user_id = $1`,
    [userId],
  );
  if (row.lease_until === null) return row.synced ? null : 'nobody yet';
  const claim = (await claimsOf(world, userId)).at(-1);
  return world.servers.find(({ name }) => name === claim?.process) ?? 'nobody yet';
}

async function figures(
  world: FaultWorld,
  unkilled: Member,
  kills: Killed[],
  wanted: number,
): Promise<Figure[]> {
  const members = [...new Set(kills.map(({ member }) => member))];
  const expected = await healthHash(world, unkilled.userId);
  const { count: samples } = await samplesOf(world, unkilled.userId);
  let [different, lost, doubled, unclean] = [0, 0, 0, 0];
  for (const member of [unkilled, ...members]) {
    const stored = await samplesOf(world, member.userId);
    different += (await healthHash(world, member.userId)) === expected ? 0 : 1;
    lost += Math.max(0, samples - stored.count);
    doubled += stored.doubled;
    const verdict = await check(world, member, { from: FIRST_DATE, connectedAt: PINNED_NOW });
    if (!isClean(verdict)) unclean++;
    if (!isClean(verdict)) process.stderr.write(`  ${member.account}: ${describeVerdict(verdict)}\n`);
  }
  const { stale, writes } = await auditedWrites(world);
  const refetches = members.flatMap((member) =>
    refetchesByKill(
      world.simulator.control.ledger(member.account).answers,
      kills.filter((kill) => kill.member === member).map(({ at }) => at),
    ),
  );
  const most = Math.max(...refetches);
  const total = refetches.reduce((sum, count) => sum + count, 0);
  const delays = kills.flatMap(({ goneOnMs }) => goneOnMs ?? []);
  const longest = Math.max(...delays);
  return [
    {
      text: `kill -9 at ${kills.length} random points of a 30-day backfill (${members.length} backfills of ${samples} samples): states unlike the unkilled run ${different}, unlike the vendor's truth ${unclean}, lost samples ${lost}, doubled ${doubled}, days refetched at most ${most} a kill (${total} in all)`,
      reached: kills.length === wanted && different + unclean + lost + doubled === 0 && most <= 1,
      note: "A day counts as refetched when the vendor's ledger says that all of its answer had left before the kill, and it was asked for again after it.",
    },
    {
      text: `killed worker: the next day was stored elsewhere after at most ${longest} ms (lease 2000 ms, tick 200 ms), ${delays.length} times; ${writes} writes, by a former holder ${stale}`,
      reached: delays.length > 0 && longest <= GOES_ON_MS && stale === 0,
    },
  ];
}
