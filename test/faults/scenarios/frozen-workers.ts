import { setTimeout as sleep } from 'node:timers/promises';
import { accountOf, connectAccounts, type Member } from '../harness/accounts';
import { check, describeVerdict, isClean } from '../harness/checker';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { auditedWrites, claimsOf, installAudit } from '../harness/fencing-audit';
import { FIRST_DATE, PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario, Stage } from '../harness/scenario';
import { until } from '../harness/waiting';

const MEMBERS = 3;

export const frozenWorkers: Scenario = {
  name: 'frozen-workers',
  summary: 'SIGSTOP of a worker past its lease, SIGCONT once another one has taken over',
  run: (stage) =>
    inWorld(stage.cluster, { name: 'frozen-workers', now: PINNED_NOW }, async (world) => {
      await installAudit(world);
      await world.startServers(2);
      const copies = Array.from({ length: MEMBERS }, (_, copy) => accountOf(1001, copy));
      const members = await connectAccounts(world, copies);
      await runsEnded(world, members);
      world.simulator.control.setLatency({ route: 'metrics', ms: 200, jitter_ms: 150 });
      const rounds = stage.long ? 100 : 8;
      let [frozen, stale] = [0, 0];
      // A worker that is done before it is frozen, or is in the middle of each transaction, does not count.
      for (let attempt = 0; frozen < rounds && attempt < 4 * rounds; attempt++) {
        const overtaken = await freezeOnce(world, stage, members);
        if (overtaken === 0) continue;
        frozen++;
        stale += overtaken;
        stage.say(`${frozen} of ${rounds}`);
      }
      const audited = await auditedWrites(world);
      const verdicts = [];
      for (const member of members)
        verdicts.push(await check(world, member, { from: FIRST_DATE, connectedAt: PINNED_NOW }));
      const unclean = verdicts.filter((verdict) => !isClean(verdict));
      return [
        {
          text: `SIGSTOP/SIGCONT of a worker past its lease: ${frozen} times, ${stale} runs taken over meanwhile, stale commits ${audited.stale} of ${audited.writes} writes, states unlike the vendor's truth ${unclean.length}${unclean.map((verdict) => ` (${describeVerdict(verdict)})`).join('')}`,
          reached: frozen === rounds && audited.stale + unclean.length === 0,
        },
      ];
    }),
};

/** @returns how many runs of the frozen worker were taken over before it woke up */
async function freezeOnce(world: FaultWorld, { random }: Stage, members: Member[]): Promise<number> {
  const [worker, other] = random.chance(0.5) ? world.servers : world.servers.toReversed();
  const before = await claimCounts(world, members);
  other.freeze();
  for (const { userId } of members)
    await world.ask(worker, 'POST', `/api/v1/providers/ultrahuman/users/${userId}/sync`);
  await until('the worker claims', async () =>
    (await claimCounts(world, members)).some((n, i) => n > before[i]),
  );
  await sleep(random.between(0, 1_200));
  worker.freeze();
  const held = await heldBy(world, worker.name, members);
  const claimed = await claimCounts(world, held);
  other.thaw();
  const areTaken = async () =>
    (await claimCounts(world, held)).every((count, index) => count > claimed[index]);
  await until('the other takes over', areTaken);
  await sleep(random.between(0, 300));
  worker.thaw();
  await runsEnded(world, members);
  return held.length;
}

const claimCounts = (world: FaultWorld, members: Member[]) =>
  Promise.all(members.map(async ({ userId }) => (await claimsOf(world, userId)).length));

/**
 * Whose runs this frozen process has under way and others may take over. In the middle of a transaction it keeps its
 * row locked, and its lease is good until it wakes up: no commit of it can be stale.
 */
async function heldBy(world: FaultWorld, name: string, members: Member[]): Promise<Member[]> {
  const free = await world.sql<{ user_id: string }>(
    `SELECT user_id FROM connection WHERE lease_until IS NOT NULL FOR UPDATE SKIP LOCKED`,
  );
  const held: Member[] = [];
  for (const member of members) {
    const claim = (await claimsOf(world, member.userId)).at(-1);
    const isFree = free.some(({ user_id }) => user_id === member.userId);
    if (isFree && claim?.process === name) held.push(member);
  }
  return held;
}
