import { connectAccounts } from '../harness/accounts';
import { check, describeVerdict, isClean } from '../harness/checker';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { PINNED_NOW, FIRST_DATE } from '../harness/pinned-time';
import type { Scenario } from '../harness/scenario';
import { runsEnded } from '../harness/runs';
import { until } from '../harness/waiting';

const VENDOR_MS = 200;
const ALL_S = 60;
const NEWEST_S = 5;

/** How long a user waits after the sign-in. */
export const slowVendor: Scenario = {
  name: 'slow-vendor',
  summary: '30-day backfill against a vendor that takes 200 ms an answer, its budget lifted',
  run: ({ cluster }) =>
    inWorld(cluster, { name: 'slow-vendor', now: PINNED_NOW }, async (world) => {
      await world.startServers(2);
      world.simulator.control.setLatency({ route: 'metrics', ms: VENDOR_MS, jitter_ms: 20 });
      const [member] = await connectAccounts(world, [1001]);
      const began = performance.now();
      const seconds = () => (performance.now() - began) / 1_000;
      await until('the newest day is served', () => hasToday(world, member.userId), { everyMs: 20 });
      const newest = seconds();
      await runsEnded(world, [member]);
      const all = seconds();
      const verdict = await check(world, member, { from: FIRST_DATE, connectedAt: PINNED_NOW });
      return [
        {
          text: `30-day backfill, ${VENDOR_MS} ms vendor: ${all.toFixed(1)} s (at most ${ALL_S}), newest day visible after ${newest.toFixed(1)} s (at most ${NEWEST_S}), ${verdict.values} values ${describeVerdict(verdict)}`,
          reached: all <= ALL_S && newest <= NEWEST_S && isClean(verdict),
        },
      ];
    }),
};

async function hasToday(world: FaultWorld, userId: string): Promise<boolean> {
  const [from, to] = [0, 1].map((days) =>
    new Date(PINNED_NOW.getTime() + (days - 0.5) * 86_400_000).toISOString(),
  );
  const path = `/api/v1/users/${userId}/timeseries?types=heart_rate&limit=10&start_time=${from}&end_time=${to}`;
  const { status, body } = await world.request('GET', path);
  return status === 200 && body.data.length > 0;
}
