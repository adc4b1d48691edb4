import { setTimeout as sleep } from 'node:timers/promises';
import { accountOf, connectAccounts, type Member } from '../harness/accounts';
import { check, describeVerdict, isClean } from '../harness/checker';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { FIRST_DATE, PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario } from '../harness/scenario';
import { until } from '../harness/waiting';

const LEAVING = 6;
const STAYING = 3;
const TIMES = 20;
const MOST_S = 120;

export const emptiedQueue: Scenario = {
  name: 'emptied-queue',
  summary: "pg-boss's tables emptied again and again while users connect and disconnect",
  run: ({ cluster, say }) =>
    inWorld(cluster, { name: 'emptied-queue', now: PINNED_NOW }, async (world) => {
      await world.startServers(2);
      const { control } = world.simulator;
      const copies = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => accountOf(1001, from + index));
      const leaving = await connectAccounts(world, copies(0, LEAVING));
      await runsEnded(world, leaving);

      control.setLatency({ route: 'metrics', ms: 60, jitter_ms: 40 });
      control.setLatency({ route: 'revoke', ms: 1_500, jitter_ms: 500 });
      const staying = await connectAccounts(world, copies(LEAVING, STAYING));
      for (const { userId } of leaving)
        await world.request('DELETE', `/api/v1/users/${userId}/connections/ultrahuman`);
      for (let time = 0; time < TIMES; time++) {
        await emptyQueue(world);
        await sleep(150);
      }
      const began = performance.now();
      say('emptied; everything is to be done all the same');
      const revoked = () => leaving.filter((member) => isRevoked(world, member)).length;
      const hangsOver = async () => revoked() < LEAVING || (await revocationsLeft(world)) > 0;
      await until('all tokens are revoked', async () => !(await hangsOver()), {
        patienceMs: MOST_S * 1_000,
      }).catch(() => undefined);
      const seconds = (performance.now() - began) / 1_000;
      await runsEnded(world, staying);
      const verdicts = [];
      for (const member of staying)
        verdicts.push(await check(world, member, { from: FIRST_DATE, connectedAt: PINNED_NOW }));
      const unclean = verdicts.filter((verdict) => !isClean(verdict));
      return [
        {
          text: `pg-boss's tables emptied ${TIMES} times: tokens revoked at the vendor ${revoked()} of ${LEAVING}, ${seconds.toFixed(1)} s after the last time (at most ${MOST_S}), backfills unlike the vendor's truth ${unclean.length} of ${STAYING}${unclean.map((verdict) => ` (${describeVerdict(verdict)})`).join('')}`,
          reached: revoked() === LEAVING && seconds < MOST_S && unclean.length === 0,
        },
      ];
    }),
};

/** All of them, but for the one that says which version they are of. */
async function emptyQueue(world: FaultWorld): Promise<void> {
  const tables = await world.sql<{ name: string }>(
    `SELECT format('pgboss.%I', tablename) AS name FROM pg_tables WHERE schemaname = 'pgboss' AND tablename <> 'version'`,
  );
  if (tables.length === 0) throw new Error("there are no tables of pg-boss's");
  await world.sql(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
}

const isRevoked = ({ simulator }: FaultWorld, { account }: Member): boolean =>
  simulator.control
    .ledger(account)
    .tokens.every(({ consumed_at, revoked_at }) => consumed_at !== null || revoked_at !== null);

async function revocationsLeft(world: FaultWorld): Promise<number> {
  const [{ count }] = await world.sql<{ count: string }>(`SELECT count(*) AS count FROM revocation`);
  return Number(count);
}
