import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failpoint } from '../../../src/database/failpoints';
import { accountOf, connectAccounts, type Member } from '../harness/accounts';
import { inWorld, type FaultWorld } from '../harness/fault-world';
import { reusesOf } from '../harness/labelled-retries';
import { PINNED_NOW } from '../harness/pinned-time';
import { runsEnded } from '../harness/runs';
import type { Figure, Scenario, Stage } from '../harness/scenario';
import { tokenMistakes } from '../harness/token-mistakes';
import { until } from '../harness/waiting';

type Policy = 'strict' | 'grace';

/** A strict vendor whose answer died with the process has ended the grant by itself: that case has a figure of its own. */
const POINTS: readonly { point: Failpoint; policy: Policy }[] = [
  { point: 'refresh.before-send', policy: 'strict' },
  { point: 'refresh.after-send', policy: 'grace' },
  { point: 'refresh.after-response', policy: 'strict' },
  { point: 'refresh.before-commit', policy: 'strict' },
  { point: 'refresh.after-commit', policy: 'strict' },
  { point: 'refresh.before-unlock', policy: 'strict' },
];

/** How the database goes away: refusing everybody, swallowing everything, or along with the process that got the answer. */
const OUTAGES = ['refused', 'black hole', 'killed'] as const;
type Outage = (typeof OUTAGES)[number];

const LIFE_S = 3_600;
/** The answer is still at the vendor when the process that waits for it dies. */
const VENDOR_MS = 400;
const CALLERS = 3;
const PATIENCE_MS = 40_000;
/** The first request, its retry, and the confirmation of the refusal. */
const MOST_REQUESTS = 3;

/** What became of a connection whose refresh was struck. */
interface Outcome {
  member: Member;
  /** Until another pair was stored, or the connection had ended. */
  ms: number;
  status: string;
  reason: string | null;
  /** Of callers that ask as soon as it is settled. */
  errors: number;
}

export const refreshKills: Scenario = {
  name: 'refresh-kills',
  summary: 'kill -9 at each point of a refresh, and the database gone right after the answer',
  run: (stage) =>
    inWorld(stage.cluster, options, async (world) => {
      await world.startServers(2);
      world.simulator.control.setLatency({ route: 'token', ms: VENDOR_MS, jitter_ms: 20 });
      const rounds = stage.long ? 20 : 2;
      const outages = Array.from({ length: stage.long ? 20 : 3 }, (_, round) => OUTAGES[round % 3]);
      const members = await connected(world, (POINTS.length + 1) * rounds + outages.length);
      const [killed, cutOff, strict]: Outcome[][] = [[], [], []];
      for (const kill of POINTS) {
        for (let round = 0; round < rounds; round++) killed.push(await killAt(world, members.pop()!, kill));
        stage.say(`${killed.length} kills, the last at ${kill.point}`);
      }
      for (const outage of outages) {
        cutOff.push(await loseDatabase(world, stage, members.pop()!, outage));
        stage.say(`${cutOff.length} of ${outages.length} times without a database`);
      }
      for (const member of members)
        strict.push(await killAt(world, member, { point: 'refresh.after-send', policy: 'strict' }));
      const left = await journalFiles(world);
      return [
        figure(world, `kill -9 at ${POINTS.length} refresh points × ${rounds}`, killed, left),
        figure(world, 'the database gone right after the answer, three ways', cutOff, left),
        lostByNature(world, strict),
      ];
    }),
};

/** Nothing but the suite asks for tokens: no slot comes up, and a new member's only day is read at once. */
const options = {
  name: 'refresh-kills',
  now: PINNED_NOW,
  environment: { SYNC_TICK: '3600s', SYNC_INTERVAL: '999999h', BACKFILL_DAYS: '1' },
  simulator: { tokenClock: 'simulated' as const, tokenTtlSeconds: LIFE_S },
  through: { database: true },
};

async function connected(world: FaultWorld, count: number): Promise<Member[]> {
  const accounts = Array.from({ length: count }, (_, copy) => accountOf(1001, copy));
  const members = await connectAccounts(world, accounts);
  await runsEnded(world, members);
  return members;
}

/** One server dies at the point, another one is to go on. */
async function killAt(
  world: FaultWorld,
  member: Member,
  { point, policy }: { point: Failpoint; policy: Policy },
): Promise<Outcome> {
  await prepare(world, policy);
  const [victim] = world.servers;
  await victim.call('arm', { point, action: 'crash' });
  const asked = victim.call('currentTokens', { userId: member.userId, callers: CALLERS });
  const cameThrough = asked.then(
    () => true,
    () => false,
  );
  if (await cameThrough) throw new Error(`the refresh came through, past ${point}`);
  const replaced = world.startServer();
  const outcome = await settled(world, member);
  await replaced;
  return outcome;
}

/** The pair is on the disk of one server, and then the database is gone for all. */
async function loseDatabase(
  world: FaultWorld,
  { random }: Stage,
  member: Member,
  outage: Outage,
): Promise<Outcome> {
  await prepare(world, 'strict');
  const proxy = world.databaseProxy!;
  const [holder] = world.servers;
  const point = 'refresh.after-response';
  const reached = holder.untilReached(point);
  await holder.call('arm', { point, action: 'hang', ms: 300 });
  const asked = holder.call('currentTokens', { userId: member.userId, callers: CALLERS });
  const answered = asked.catch(() => undefined);
  await reached;
  proxy.set({ blackHole: outage === 'black hole', down: outage !== 'black hole' });
  if (outage !== 'black hole') proxy.reset();
  if (outage === 'killed') await holder.kill();
  await sleep(random.between(1_500, 4_000));
  proxy.set({});
  await answered;
  const replaced = outage === 'killed' ? world.startServer() : null;
  const outcome = await settled(world, member);
  await replaced;
  return outcome;
}

/** Every access token is over, and refresh tokens are used up as the vendor likes. */
async function prepare(world: FaultWorld, policy: Policy): Promise<void> {
  world.simulator.control.setRotation({ policy, grace_seconds: 60, revoke_family: policy === 'strict' });
  await world.setTime({ at: new Date(world.now().getTime() + (LIFE_S + 1) * 1_000), scale: 1 });
}

/** Another pair is stored, or the connection has ended; if not, callers ask for it at a server that lives. */
async function settled(world: FaultWorld, member: Member): Promise<Outcome> {
  const began = performance.now();
  let [state, scale] = [await refreshOf(world, member), 1];
  const isSettled = async () => {
    state = await refreshOf(world, member);
    // A refusal is confirmed after a minute, for which nobody needs to wait.
    if (state.error === 'invalid_grant' && scale === 1) await world.setTime({ scale: (scale = 60) });
    return state.status !== 'active' || state.isRenewed;
  };
  await until('the refresh comes to an end', isSettled, { patienceMs: PATIENCE_MS });
  const ms = performance.now() - began;
  if (scale > 1) await world.setTime({ scale: 1 });
  const { status, reason } = state;
  if (status !== 'active') return { member, ms, status, reason, errors: 0 };
  const asked = await world.servers[0].call('currentTokens', { userId: member.userId, callers: CALLERS });
  return { member, ms, status, reason, errors: asked.errors.length };
}

interface RefreshState {
  status: string;
  reason: string | null;
  /** Of the last try that brought nothing. */
  error: string | null;
  isRenewed: boolean;
}

async function refreshOf(world: FaultWorld, { userId }: Member): Promise<RefreshState> {
  const [state] = await world.sql<RefreshState>(
    `SELECT c.status, c.status_reason AS reason, k.refresh_error AS error,
            k.expires_at > $2 AND NOT EXISTS (SELECT FROM refresh_attempt a WHERE a.user_id = c.user_id) AS "isRenewed"
       FROM connection c JOIN credential k ON k.user_id = c.user_id AND k.connection_id = c.id
      WHERE c.user_id = $1`,
    [userId, world.now()],
  );
  return state;
}

function figure(world: FaultWorld, what: string, outcomes: Outcome[], left: string[]): Figure {
  const lost = outcomes.filter(({ status, errors }) => status !== 'active' || errors > 0).length;
  const { labelled, unlabelled, reused, overlapping } = tokensOf(world, outcomes);
  const slowest = Math.round(Math.max(...outcomes.map(({ ms }) => ms)));
  return {
    text: `${what}: ${outcomes.length} times, connections lost ${lost}, consumed refresh tokens reused ${reused} and without a label ${unlabelled} (labelled ambiguous retries ${labelled}), token requests under way together ${overlapping}, pairs left in the journal ${left.length}, the next pair stored after at most ${slowest} ms`,
    reached: lost + reused + unlabelled + overlapping + left.length === 0,
  };
}

function lostByNature(world: FaultWorld, outcomes: Outcome[]): Figure {
  const { answers } = world.simulator.control.ledger();
  const requests = outcomes.map(({ member: { account } }) =>
    answers.filter(
      ({ user, route, grant_type: type }) =>
        user === account && route === 'token' && type === 'refresh_token',
    ),
  );
  const arrived = requests.filter(([first]) => first.sent_at !== null).length;
  const ended = outcomes.filter(({ reason }) => reason === 'refresh_response_lost').length;
  const most = Math.max(...requests.map(({ length }) => length));
  const { unlabelled } = tokensOf(world, outcomes);
  return {
    text: `kill -9 right after the request has left, at a strict vendor that had replaced the token by then: ${outcomes.length} times, answers that had arrived ${arrived}, ended as refresh_response_lost ${ended}, otherwise ${outcomes.length - ended}, token requests at most ${most}, reused without a label ${unlabelled}`,
    reached: ended === outcomes.length && arrived + unlabelled === 0 && most <= MOST_REQUESTS,
    note: 'The new pair never reached this side and the old one is dead: the connection cannot be kept, but must say why it ended.',
  };
}

function tokensOf(world: FaultWorld, outcomes: Outcome[]) {
  const log = world.logged();
  const sum = { labelled: 0, unlabelled: 0, reused: 0, overlapping: 0 };
  for (const { member } of outcomes) {
    const ledger = world.simulator.control.ledger(member.account);
    const { labelled, unlabelled } = reusesOf(ledger.tokens, member.connectionId, log);
    const { reusedTokens, overlappingTokenRequests } = tokenMistakes(ledger);
    sum.labelled += labelled;
    sum.unlabelled += unlabelled;
    sum.reused += reusedTokens;
    sum.overlapping += overlappingTokenRequests;
  }
  return sum;
}

/** What a dead process has left there is taken up within ten seconds. */
async function journalFiles(world: FaultWorld): Promise<string[]> {
  const isEmpty = async () => (await readdir(world.journalFolder)).length === 0;
  await until('the journal is empty', isEmpty, { patienceMs: 20_000 }).catch(() => undefined);
  return readdir(world.journalFolder);
}
