import { connectAccounts, accountOf } from '../harness/accounts';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Figure, Scenario } from '../harness/scenario';
import { inParallel, until } from '../harness/waiting';

const WITHIN_S = 120;
/** The waits of revocations are the servers' time, the looks for what is due are not. */
const SCALE = 3;
/** Old enough to be deleted by night, however the settings are. */
const OLD = '2020-01-01';

export const emptiedQueue: Scenario = {
  name: 'emptied-queue',
  summary: 'every table of the job queue emptied, while tokens wait to be revoked at a vendor that is down',
  run: (stage) =>
    inWorld(stage.cluster, options, async (world) => {
      await world.startServers(2);
      const { control } = world.simulator;
      const accounts = Array.from({ length: stage.long ? 100 : 20 }, (_, copy) => accountOf(1001, copy));
      const members = await connectAccounts(world, accounts);
      await runsEnded(world, members);
      control.addFault({ route: 'revoke', mode: 'status', status: 503 });
      await inParallel(members, 4, async ({ userId }) => {
        const path = `/api/v1/users/${userId}/connections/ultrahuman`;
        const { status } = await world.request('DELETE', path);
        if (status >= 300) throw new Error(`a disconnection was refused: ${status}`);
      });
      // Some have been tried in vain and wait, some are jobs of the queue, some are not even that.
      await until('the vendor turns some away', () => requestsOf(world, 503) >= members.length / 4);
      await world.setTime({ scale: SCALE });
      const emptied = await emptyQueue(world);
      const [emptiedAt, refused] = [world.now().getTime(), requestsOf(world, 503)];
      control.clearFaults();
      const seconds = () => (world.now().getTime() - emptiedAt) / 1_000;
      const isDone = async () => (await world.sql('SELECT 1 FROM revocation')).length === 0;
      await until('all is revoked', isDone, { patienceMs: (WITHIN_S * 1_000) / SCALE }).catch(
        () => undefined,
      );
      const revoked = members.filter(({ account }) => isRevoked(world, account)).length;
      const after = seconds();
      return [
        {
          text: `disconnected ${members.length} users while the vendor revoked nothing (${refused} times 503), then emptied the ${emptied} tables of the queue: tokens revoked at the vendor ${revoked}, the last after ${after.toFixed(0)} s (at most ${WITHIN_S}), tokens kept here ${await keptTokens(world)}`,
          reached: revoked === members.length && after <= WITHIN_S && (await keptTokens(world)) === 0,
        },
        await nights(world),
      ];
    }),
};

const options = {
  name: 'emptied-queue',
  now: PINNED_NOW,
  environment: { SYNC_INTERVAL: '999999h', BACKFILL_DAYS: '1' },
};

/** @returns how many tables */
async function emptyQueue(world: FaultWorld): Promise<number> {
  const tables = await world.sql<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'pgboss' AND tablename <> 'version'`,
  );
  await world.sql(`TRUNCATE ${tables.map(({ name }) => name).join(', ')}`);
  return tables.length;
}

const requestsOf = ({ simulator: { control } }: FaultWorld, wanted: number): number =>
  control.ledger().answers.filter(({ route, status }) => route === 'revoke' && status === wanted).length;

/** By the vendor's ledger: its last pair is dead. */
const isRevoked = ({ simulator: { control } }: FaultWorld, account: number): boolean =>
  control.ledger(account).tokens.at(-1)!.revoked_at !== null;

async function keptTokens(world: FaultWorld): Promise<number> {
  const [{ kept }] = await world.sql<{ kept: number }>(
    `SELECT (SELECT count(*) FROM credential)::int + (SELECT count(*) FROM revocation)::int AS kept`,
  );
  return kept;
}

/** What is done by night is asked for by each server, each night: nothing of it has to outlast the day. */
async function nights(world: FaultWorld): Promise<Figure> {
  await world.sql(`UPDATE sync_run SET last_update = $1`, [OLD]);
  await world.sql(`UPDATE raw_answer SET fetched_at = $1`, [OLD]);
  const [before] = await oldRows(world);
  await emptyQueue(world);
  await Promise.all(world.servers.map((server) => server.call('nightly', {})));
  const isDone = async () => (await oldRows(world)).every((count) => count === 0);
  await until('what is old is deleted', isDone, { patienceMs: 20_000 }).catch(() => undefined);
  const [runs, answers] = await oldRows(world);
  return {
    text: `the next night after the queue was emptied: of ${before} old runs ${runs} left, of their answers ${answers}`,
    reached: before > 0 && runs + answers === 0,
  };
}

async function oldRows(world: FaultWorld): Promise<[runs: number, answers: number]> {
  const [{ runs, answers }] = await world.sql<{ runs: number; answers: number }>(
    `SELECT (SELECT count(*)::int FROM sync_run WHERE last_update = $1) AS runs,
            (SELECT count(*)::int FROM raw_answer WHERE fetched_at = $1) AS answers`,
    [OLD],
  );
  return [runs, answers];
}
