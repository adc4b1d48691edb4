import { accountOf, connectAccounts } from '../harness/accounts';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { auditedWrites, installAudit, takeovers } from '../harness/fencing-audit';
import { PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Scenario } from '../harness/scenario';
import { until } from '../harness/waiting';

const SKEWS_MS = [-30_000, 0, 30_000];
const SLOTS = 3;
const MINUTE_MS = 60_000;
/** The time goes on in steps, each when all that was due is done: a slow machine is no fault of the schedule. */
const STEP_MINUTES = 10;
const STEPS = (SLOTS * 60) / STEP_MINUTES;
/** Beside the servers' own. */
const TICK_EVERY_MS = 100;

export const slots: Scenario = {
  name: 'slots',
  summary:
    'three processes whose clocks are half a minute apart, every tick fired twice, three slots an account',
  run: ({ cluster, long, say }) =>
    inWorld(cluster, options, async (world) => {
      await installAudit(world);
      for (const skewMs of SKEWS_MS) await world.startServer({ skewMs });
      // That there is no data makes for light work, and is all the same to the schedule.
      world.simulator.control.addFault({ route: 'metrics', mode: 'status', status: 404 });
      const accounts = Array.from({ length: long ? 1_000 : 200 }, (_, copy) => accountOf(1001, copy));
      const members = await connectAccounts(world, accounts);
      await runsEnded(world, members);
      say(`${members.length} accounts are connected`);
      const window = await passSlots(world, say);
      await runsEnded(world, members);
      const [{ stale }, taken] = [await auditedWrites(world), await takeovers(world)];
      const { runs, different, wrong, overlapping } = await runsIn(world, window);
      const expected = SLOTS * members.length;
      return [
        {
          text: `${SKEWS_MS.length} processes, clocks off by ${SKEWS_MS.map((ms) => ms / 1_000).join(', ')} s, ticks fired twice (${window.ticks} times in each), ${members.length} connections × ${SLOTS} slots: ${runs} runs (exactly ${expected}), different slots ${different}, slots that are none of the connection's ${wrong}, runs of one connection that overlap ${overlapping}, taken from a process at work ${taken}, stale commits ${stale}`,
          reached: runs === expected && different === expected && wrong + overlapping + taken + stale === 0,
        },
      ];
    }),
};

/** No process dies, and a lease outlasts the pauses of a busy machine, but not the differences between the clocks. */
const options = {
  name: 'slots',
  now: PINNED_NOW,
  environment: {
    SYNC_INTERVAL: '1h',
    SYNC_LEASE: '15s',
    BACKFILL_DAYS: '1',
    SYNC_LOOKBACK_HOURLY_DAYS: '0',
  },
};

interface Window {
  from: Date;
  to: Date;
  ticks: number;
}

/** Three hours, of which no moment is passed over, for slots that were missed are served as one. */
async function passSlots(world: FaultWorld, say: (line: string) => void): Promise<Window> {
  const from = world.now();
  let [to, ticks] = [from, 0];
  const tickTwice = async () => {
    ticks++;
    await Promise.all(world.servers.map((server) => server.call('tick', { times: 2 })));
    return isServed(world, to);
  };
  for (let step = 1; step <= STEPS; step++) {
    to = new Date(from.getTime() + step * STEP_MINUTES * MINUTE_MS);
    await world.setTime({ at: to, scale: 1 });
    await until('the slots are served', tickTwice, { everyMs: TICK_EVERY_MS, patienceMs: 120_000 });
    await world.setTime({ scale: 0 });
    // Servers hear of the next step one after another: a lease must not seem to run out by that.
    await until('nobody is at work', () => isQuiet(world), { everyMs: TICK_EVERY_MS });
    if (step % (STEPS / SLOTS) === 0) say(`${step * STEP_MINUTES} of ${SLOTS * 60} minutes`);
  }
  return { from, to, ticks };
}

async function isServed(world: FaultWorld, now: Date): Promise<boolean> {
  const due = await world.sql('SELECT 1 FROM connection WHERE next_slot_at <= $1 LIMIT 1', [now]);
  return due.length === 0;
}

async function isQuiet(world: FaultWorld): Promise<boolean> {
  const busy = await world.sql(
    'SELECT 1 FROM connection WHERE wake_at <= $1 OR lease_until IS NOT NULL LIMIT 1',
    [world.now()],
  );
  return busy.length === 0;
}

interface SlotRuns {
  runs: number;
  different: number;
  wrong: number;
  overlapping: number;
}

/** A connection's slots lie an hour apart. Runs that serve none are counted too: there should be none. */
async function runsIn(world: FaultWorld, { from, to }: Window): Promise<SlotRuns> {
  const [row] = await world.sql<SlotRuns>(
    `WITH run AS (
       SELECT r.*, c.next_slot_at FROM sync_run r JOIN connection c ON c.user_id = r.user_id AND c.id = r.connection_id
        WHERE r.source = 'pull' AND r.started_at > $1 AND (r.slot_at IS NULL OR (r.slot_at > $1 AND r.slot_at <= $2)))
     SELECT count(*)::int AS runs, count(DISTINCT (connection_id, slot_at))::int AS different,
            (count(*) FILTER (WHERE slot_at IS NULL OR extract(epoch FROM next_slot_at - slot_at)::bigint % 3600 <> 0))::int AS wrong,
            (SELECT count(*)::int FROM run one JOIN run other USING (connection_id)
              WHERE one.run_id < other.run_id AND one.started_at < other.ended_at AND other.started_at < one.ended_at)
              AS overlapping
       FROM run`,
    [from, to],
  );
  return row;
}
