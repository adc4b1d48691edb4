import type { Member } from './accounts';
import { check, describeVerdict, isClean } from './checker';
import type { FaultWorld } from './fault-world';
import { auditedWrites } from './fencing-audit';
import { healthHash, samplesOf } from './health-state';
import type { Killed } from './kills';
import { FIRST_DATE, PINNED_NOW } from './pinned-time';
import { refetchesByKill } from './refetches';
import type { Figure } from './scenario';

/** Lease, tick, the first answer, and what a loaded machine adds. */
const GOES_ON_MS = 2_000 + 200 + 100 + 700;

export const WHAT_REFETCHED_MEANS =
  "A day counts as refetched when the vendor's ledger says that all of its answer had left before the kill, and it was asked for again after it.";

export interface BackfillReport {
  text: string;
  /** As without a kill: nothing lost, nothing doubled, at most a day fetched in vain each time. */
  isSound: boolean;
  /** Of the kills after which something was still to be stored. */
  delaysMs: number[];
  writes: number;
  staleWrites: number;
}

/** Holds backfills that were killed against one that was not; what was lived stands against that one and the last of them. */
export async function reportOn(
  world: FaultWorld,
  unkilled: Member,
  kills: Killed[],
): Promise<BackfillReport> {
  const members = [...new Set(kills.map(({ member }) => member))];
  const expected = await healthHash(world, unkilled.userId);
  const { count: samples } = await samplesOf(world, unkilled.userId);
  let [different, lost, doubled] = [0, 0, 0];
  for (const { userId } of members) {
    const stored = await samplesOf(world, userId);
    different += (await healthHash(world, userId)) === expected ? 0 : 1;
    lost += Math.max(0, samples - stored.count);
    doubled += stored.doubled;
  }
  const unclean: string[] = [];
  for (const member of [unkilled, ...members.slice(-1)]) {
    const verdict = await check(world, member, { from: FIRST_DATE, connectedAt: PINNED_NOW });
    if (!isClean(verdict)) unclean.push(describeVerdict(verdict));
  }
  const refetches = members.flatMap((member) => refetchesOf(world, member, kills));
  const most = Math.max(...refetches);
  const total = refetches.reduce((sum, count) => sum + count, 0);
  const { stale, writes } = await auditedWrites(world);
  return {
    text: `(${members.length} backfills of ${samples} samples): states unlike the unkilled run ${different}, unlike the vendor's truth ${[unclean.length, ...unclean].join('; ')}, lost samples ${lost}, doubled ${doubled}, days refetched at most ${most} a kill (${total} in all)`,
    isSound: different + unclean.length + lost + doubled === 0 && most <= 1,
    delaysMs: kills.flatMap(({ goneOnMs }) => goneOnMs ?? []),
    writes,
    staleWrites: stale,
  };
}

export function goingOn({ delaysMs, writes, staleWrites }: BackfillReport): Figure {
  const longest = Math.max(...delaysMs);
  return {
    text: `killed worker: the next day was stored elsewhere after at most ${longest} ms (lease 2000 ms, tick 200 ms), ${delaysMs.length} times; ${writes} writes, by a former holder ${staleWrites}`,
    reached: delaysMs.length > 0 && longest <= GOES_ON_MS && staleWrites === 0,
  };
}

function refetchesOf(world: FaultWorld, member: Member, kills: Killed[]): number[] {
  const { answers } = world.simulator.control.ledger(member.account);
  const theirs = kills.filter((kill) => kill.member === member).map(({ at }) => at);
  return refetchesByKill(answers, theirs);
}
