import { setTimeout as sleep } from 'node:timers/promises';
import { compareWithTruth } from '../../support/differential/comparison';
import { accountOf, connectAccounts, type Member } from '../harness/accounts';
import { openDays } from '../harness/checker';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { runsEnded } from '../harness/runs';
import type { Figure, Scenario, Stage } from '../harness/scenario';
import { until } from '../harness/waiting';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOURS = 6;
/** All of the accounts are at home at +05:30, asleep from here to half-way. What the ring saw comes when they wake up. */
const START = new Date('2026-03-25T20:30:00Z');
const SIGNED_IN = new Date(START.getTime() - 15 * MINUTE_MS);
const END = new Date(START.getTime() + HOURS * HOUR_MS);
/** The local day whose late evening nobody has seen before the outage. */
const DAY = {
  date: '2026-03-25',
  from: new Date('2026-03-24T18:30:00Z'),
  to: new Date('2026-03-25T18:30:00Z'),
};
const TODAY = '2026-03-26';
/** From here on the time passes more slowly: what the servers do by real time is to count in the catching up. */
const SLOWED_AHEAD_MS = 2 * MINUTE_MS;
const CAUGHT_UP_MINUTES = 15;
const MOST_TOKEN_REQUESTS = 18;
const PROBE_EVERY_MS = 30_000;
/** Of calls that were on their way when a breaker opened, in real time. */
const UNDER_WAY_MS = 500;
/** Users whose data the API is asked for. */
const COMPARED = 6;

/** A breaker's class of endpoints, and the routes of the vendor that belong to it. */
const CLASSES = { data: ['metrics', 'token_info', 'user_info'], token: ['token'] };
type EndpointClass = keyof typeof CLASSES;

export const outage: Scenario = {
  name: 'outage',
  summary: 'six hours in which the vendor fails in every way, with tokens that run out meanwhile',
  run: (stage) =>
    inWorld(stage.cluster, options, async (world) => {
      const { say, long } = stage;
      await world.startServers(3);
      const accounts = Array.from({ length: long ? 1_000 : 100 }, (_, copy) => accountOf(1001, copy));
      const members = await connectAccounts(world, accounts);
      await runsEnded(world, members);
      await noteFlips(world);
      say(`${members.length} accounts are connected`);
      const pace = long ? { outage: 30, after: 5 } : { outage: 240, after: 10 };
      const trouble = await passOutage(world, stage, pace);
      const minutes = await catchUp(world, say);
      await world.setTime({ scale: 0 });
      return [await afterwards(world, members, minutes), requestsMeanwhile(world, members, trouble)];
    }),
};

/** Everything that is told by the servers' time is short in real time, so a lease has to be long. */
const options = {
  name: 'outage',
  now: SIGNED_IN,
  environment: { SYNC_INTERVAL: '1h', SYNC_LEASE: '240m', BACKFILL_DAYS: '2', SYNC_CONCURRENCY: '8' },
  simulator: { tokenClock: 'simulated' as const, tokenTtlSeconds: 4 * 3_600 },
};

/** The outage up to the change of pace. */
interface Trouble {
  /** By the machine's clock. */
  to: string;
  breakers: Record<EndpointClass, Breaker>;
}

interface Breaker {
  /** By the machine's clock. */
  openedAt: string;
  /** By the servers' clock. */
  openMs: number;
}

async function passOutage(
  world: FaultWorld,
  { random, say }: Stage,
  pace: { outage: number; after: number },
): Promise<Trouble> {
  await world.setTime({ at: START, scale: pace.outage });
  const began = Date.now();
  breakVendor(world, random);
  for (let hour = 1; hour < HOURS; hour++) {
    await passUntil(world, new Date(START.getTime() + hour * HOUR_MS), pace.outage);
    say(`${hour} of ${HOURS} hours`);
  }
  await passUntil(world, new Date(END.getTime() - SLOWED_AHEAD_MS), pace.outage);
  const [slowedAt, to] = [world.now(), new Date().toISOString()];
  const breaker = async (name: EndpointClass) => {
    const openedAt = await openedSince(world, name);
    const openMs = slowedAt.getTime() - openedAt.getTime();
    const realMs = began + (openedAt.getTime() - START.getTime()) / pace.outage;
    return { openedAt: new Date(realMs).toISOString(), openMs };
  };
  const breakers = { data: await breaker('data'), token: await breaker('token') };
  await world.setTime({ scale: pace.after });
  await passUntil(world, END, pace.after);
  world.simulator.control.clearFaults();
  return { to, breakers };
}

/** Nothing is answered properly. Whoever hangs does so for the whole patience of a call, and that is real time. */
function breakVendor({ simulator: { control } }: FaultWorld, random: Stage['random']): void {
  const sometimes = (probability: number) => ({ probability, seed: String(random.next()) });
  for (const route of [...CLASSES.data, ...CLASSES.token]) {
    control.addFault({ route, mode: 'hang', nth: 5, times: 1 });
    control.addFault({ route, mode: 'html', ...sometimes(0.2) });
    control.addFault({ route, mode: 'drop', ...sometimes(0.3) });
    control.addFault({ route, mode: 'status', status: 503 });
  }
}

async function passUntil(world: FaultWorld, at: Date, scale: number): Promise<void> {
  await sleep(Math.max(0, (at.getTime() - world.now().getTime()) / scale));
}

/** @throws Error when its breaker is closed */
async function openedSince(world: FaultWorld, name: EndpointClass): Promise<Date> {
  const [row] = await world.sql<{ opened_at: Date | null }>(
    'SELECT opened_at FROM vendor_budget WHERE endpoint_class = $1',
    [name],
  );
  if (!row?.opened_at) throw new Error(`nothing has opened the breaker of ${name}`);
  return row.opened_at;
}

/** @returns how long after the outage everybody had caught up, in minutes of the servers' time */
async function catchUp(world: FaultWorld, say: Stage['say']): Promise<number> {
  const minutes = () => (world.now().getTime() - END.getTime()) / MINUTE_MS;
  let behind = Infinity;
  const isOver = async () => {
    const now = await connectionsBehind(world);
    if (now < behind) say(`${now} connections behind after ${minutes().toFixed(1)} minutes`);
    behind = now;
    return behind === 0 || minutes() > 4 * CAUGHT_UP_MINUTES;
  };
  await until('everybody has caught up', isOver, { patienceMs: 600_000, everyMs: 300 });
  return minutes();
}

/** Not all right, not read since the outage, or with a day that is not done. */
async function connectionsBehind(world: FaultWorld): Promise<number> {
  const [{ count }] = await world.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM connection c
      WHERE status <> 'active' OR attention IS NOT NULL OR last_synced_at <= $1 OR EXISTS (
        SELECT FROM sync_day d
         WHERE d.user_id = c.user_id AND (d.status NOT IN ('stored', 'empty') OR d.error_code IS NOT NULL
            OR (d.date >= $2 AND d.date <= $3 AND d.fetched_at <= $1)))`,
    [END, DAY.date, TODAY],
  );
  return count;
}

async function afterwards(world: FaultWorld, members: Member[], minutes: number): Promise<Figure> {
  const [{ flips }] = await world.sql<{ flips: number }>('SELECT count(*)::int AS flips FROM fault_flip');
  const open = (await Promise.all(members.map(({ userId }) => openDays(world, userId)))).reduce(sum, 0);
  let different = 0;
  for (const member of members.slice(0, COMPARED)) different += await differencesOfDay(world, member);
  const [{ states, samples }] = await statesOfDay(world);
  const gap = open + different + states - 1;
  return {
    text: `${HOURS}-hour outage with ${members.length} connections: state flips ${flips}, all caught up ${minutes.toFixed(1)} minutes after its end (at most ${CAUGHT_UP_MINUTES}), gap ${gap} (open days ${open}, values of the day before unlike the vendor's truth ${different}, of ${COMPARED} users; different states of that day, over all ${members.length} users, ${states} with ${samples} samples each)`,
    reached: flips === 0 && minutes <= CAUGHT_UP_MINUTES && gap === 0 && samples > 0,
    note: `By the servers' clocks. All of the accounts live the same life: what is stored of one must be stored of each.`,
  };
}

/**
 * Of what the API says of that day, and of the night that began on it, and what was lived. Scores look back at the nights
 * before: of an account whose slot for the days of the last week came meanwhile, there are more of them.
 */
async function differencesOfDay(world: FaultWorld, { account, userId }: Member): Promise<number> {
  const [{ first }] = await world.sql<{ first: string }>(
    `SELECT min(date)::text AS first FROM sync_day WHERE user_id = $1 AND status = 'stored'`,
    [userId],
  );
  const truth = world.simulator.control.truth(account, first, TODAY);
  const compared = { persona: account, user: userId, truth, connectedAt: SIGNED_IN };
  const { differences } = await compareWithTruth(world, compared);
  return differences.filter(({ date }) => date === DAY.date).length;
}

/** How many different states the users' samples of that day come to. */
function statesOfDay(world: FaultWorld): Promise<{ states: number; samples: number }[]> {
  return world.sql(
    `SELECT count(DISTINCT state)::int AS states, min(samples)::int AS samples FROM (
       SELECT u.id, count(s.at) AS samples, md5(string_agg(concat_ws(' ', code, at, value), ',' ORDER BY code, at)) AS state
         FROM app_user u LEFT JOIN sample s ON s.user_id = u.id AND s.at >= $1 AND s.at < $2
        GROUP BY u.id) AS each`,
    [DAY.from, DAY.to],
  );
}

function requestsMeanwhile(world: FaultWorld, members: Member[], { to, breakers }: Trouble): Figure {
  const answers = world.simulator.control.ledger(undefined, breakers.data.openedAt).answers;
  const refreshes = answers.filter(
    ({ grant_type: type, asked_at: at }) => type === 'refresh_token' && at < to,
  );
  const each = members.map(({ account }) => refreshes.filter(({ user }) => user === account).length);
  const most = Math.max(...each);
  const probes = (name: EndpointClass) => {
    const { openedAt, openMs } = breakers[name];
    const since = new Date(Date.parse(openedAt) + UNDER_WAY_MS).toISOString();
    const count = answers.filter(
      ({ route, asked_at: at }) => CLASSES[name].includes(route) && at > since && at < to,
    ).length;
    return { count, atMost: Math.floor(openMs / PROBE_EVERY_MS) + 1, hours: openMs / HOUR_MS };
  };
  const [data, token] = [probes('data'), probes('token')];
  const told = ({ count, atMost, hours }: typeof data) =>
    `${count} in ${hours.toFixed(1)} hours (at most ${atMost})`;
  return {
    text: `requests during that outage, over all processes: probes with an open breaker for data ${told(data)}, for tokens ${told(token)}; token requests of one connection at most ${most} (at most ${MOST_TOKEN_REQUESTS})`,
    reached: data.count <= data.atMost && token.count <= token.atMost && most <= MOST_TOKEN_REQUESTS,
  };
}

/** The database itself notes each change of a connection's state. */
async function noteFlips(world: FaultWorld): Promise<void> {
  await world.sql('CREATE TABLE fault_flip (connection_id uuid, was text, is_now text)');
  await world.sql(`
    CREATE FUNCTION fault_note_flip() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO fault_flip VALUES (NEW.id, OLD.status, NEW.status);
      RETURN NULL;
    END $$`);
  await world.sql(`
    CREATE TRIGGER fault_flip AFTER UPDATE ON connection FOR EACH ROW
      WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION fault_note_flip()`);
}

const sum = (one: number, other: number): number => one + other;
