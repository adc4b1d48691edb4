import { connectAccounts } from '../harness/accounts';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario } from '../harness/scenario';
import { tokenMistakes } from '../harness/token-mistakes';

const CALLERS = 100;
const PROCESSES = 3;
const ROUNDS = 50;
const DAY_MS = 86_400_000;

export const concurrentExpiry: Scenario = {
  name: 'concurrent-expiry',
  summary: '100 callers at once with an expired token, over three processes',
  run: ({ cluster, say }) =>
    inWorld(cluster, options, async (world) => {
      const servers = await world.startServers(PROCESSES);
      const [member] = await connectAccounts(world, [1001]);
      await runsEnded(world, [member]);
      world.simulator.control.setLatency({ route: 'token', ms: 100, jitter_ms: 50 });
      let [exchanges, unlucky, errors, different, slowestMs] = [0, 0, 0, 0, 0];
      for (let round = 1; round <= ROUNDS; round++) {
        await world.setTime({ at: new Date(world.now().getTime() + DAY_MS + 1_000), scale: 1 });
        const before = exchangesOf(world, member.account);
        const began = performance.now();
        const outcomes = await Promise.all(
          servers.map((server, index) =>
            server.call('currentTokens', { userId: member.userId, callers: share(index) }),
          ),
        );
        slowestMs = Math.max(slowestMs, performance.now() - began);
        const asked = exchangesOf(world, member.account) - before;
        exchanges += asked;
        unlucky += asked === 1 ? 0 : 1;
        errors += outcomes.flatMap((outcome) => outcome.errors).length;
        different += new Set(outcomes.flatMap(({ tokens }) => tokens)).size === 1 ? 0 : 1;
        if (round % 10 === 0) say(`${round} of ${ROUNDS} rounds`);
      }
      const ledger = world.simulator.control.ledger(member.account);
      const { overlappingTokenRequests: overlapping, reusedTokens: reused } = tokenMistakes(ledger);
      return [
        {
          text: `${CALLERS} callers, expired token, ${PROCESSES} processes: ${ROUNDS} rounds, token requests ${exchanges} (1 a round${unlucky === 0 ? '' : `, but not in ${unlucky}`}), caller errors ${errors}, rounds with different tokens ${different}, requests under way together ${overlapping}, consumed tokens reused ${reused}, slowest round ${Math.round(slowestMs)} ms`,
          reached: exchanges === ROUNDS && unlucky + errors + different + overlapping + reused === 0,
        },
      ];
    }),
};

/** The vendor's tokens age as the servers' clocks do; no sync comes in between. */
const options = {
  name: 'concurrent-expiry',
  now: PINNED_NOW,
  environment: { SYNC_TICK: '3600s', BACKFILL_DAYS: '1' },
  simulator: { tokenClock: 'simulated' as const },
};

/** 34, 33, 33 */
const share = (index: number): number =>
  Math.floor(CALLERS / PROCESSES) + (index < CALLERS % PROCESSES ? 1 : 0);

const exchangesOf = (world: FaultWorld, account: number): number =>
  world.simulator.control.ledger(account).answers.filter(({ route }) => route === 'token').length;
