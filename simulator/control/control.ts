import { Fault } from '../faults/fault';
import { BadInput } from '../http/exchange';
import { RouteLatency } from '../http/latency';
import { RateLimit } from '../http/rate-limiter';
import { LoggedRequest, RequestSummary } from '../http/request-log';
import { datesBetween, isLocalDate } from '../life/local-day';
import { Ledger } from '../ledger/ledger';
import { Persona } from '../life/persona';
import { findPersona, PERSONAS } from '../life/personas';
import { checkRotation, RotationPolicy } from '../oauth/rotation';
import { Scope } from '../oauth/scope';
import { Envelope } from '../options';
import { ReplayRequest } from '../replay/replay-shelf';
import { applyStep } from '../scenarios/apply-step';
import { findScenario, Scenario, SCENARIOS } from '../scenarios/scenarios';
import { DayTruth } from '../truth/day-truth';
import { World } from '../world';

export interface ClockChange {
  /** Stops the clock there, unless a speed goes with it. */
  now?: string;
  advance_seconds?: number;
  /** Simulated seconds a real second; 0 stops the clock. */
  speed?: number;
  reset?: boolean;
}

/** What tests may do to a running simulator, in process or through `/__sim/`. */
export interface Control {
  personas: readonly Persona[];
  memberSince(user: number): string;
  truth(user: number, from: string, to?: string): DayTruth[];
  now(): string;
  speed(): number;
  setClock(change: ClockChange): string;
  setSpeed(speed: number): void;
  setEnvelope(envelope: Envelope): void;
  /** Off: the same data is the same bytes. */
  setNoise(on: boolean): void;
  setSkew(seconds: number): void;
  /** Null: no limit. */
  rateLimit(limit: RateLimit | null): void;
  replay(request: ReplayRequest): string[];
  addFault(fault: Fault): void;
  faults(): Fault[];
  clearFaults(): void;
  scenarios(): readonly Scenario[];
  runScenario(name: string): Scenario;
  /** One that is not among the named ones. */
  playScenario(scenario: Scenario): Scenario;
  requests(): LoggedRequest[];
  summary(user?: number): RequestSummary;
  clearRequests(): void;
  expireTokens(user: number): number;
  revokeUser(user: number): number;
  /** The next refresh grants these at most. */
  shrinkScopes(user: number, scopes: Scope[]): void;
  /** From the next exchange or refresh on the grant is another account's; null: the own one's again. */
  changeAccount(user: number, id: number | null): void;
  /** Of one user or of everybody; answers asked for from `since` (ISO 8601) on. */
  ledger(user?: number, since?: string): ReturnType<Ledger['read']>;
  setRotation(policy: RotationPolicy): void;
  /** @returns all that are set */
  setLatency(latency: RouteLatency): RouteLatency[];
}

const mostDays = 400;

export function createControl(world: World): Control {
  const { clock, faults, requests, grants } = world;
  const now = () => new Date(clock.now() * 1000).toISOString();
  const control: Control = {
    personas: PERSONAS,
    memberSince: (user) => world.life.memberSince(persona(user)),
    now,
    speed: () => clock.speed(),
    truth: (user, from, to = from) => truthBetween(world, user, from, to),
    setClock(change) {
      if (change.reset === true) clock.reset();
      if (change.now !== undefined) clock.freeze(change.now);
      if (change.advance_seconds !== undefined) clock.advance(change.advance_seconds);
      if (change.speed !== undefined) clock.setSpeed(change.speed);
      return now();
    },
    setSpeed: (speed) => clock.setSpeed(speed),
    setEnvelope(envelope) {
      world.envelope = envelope;
    },
    setNoise(on) {
      world.noise.on = on;
    },
    setSkew(seconds) {
      world.skewSeconds = seconds;
    },
    rateLimit: (limit) => world.limiter.set(limit),
    replay: (request) => world.replay.load(request),
    addFault: (fault) => faults.add(fault),
    faults: () => faults.all(),
    clearFaults: () => faults.clear(),
    scenarios: () => SCENARIOS,
    runScenario: (name) => control.playScenario(findScenario(name)),
    playScenario(scenario) {
      for (const step of scenario.steps) applyStep(step, control);
      return scenario;
    },
    requests: () => requests.all(),
    summary: (user) => requests.summary(user ?? null),
    clearRequests: () => requests.clear(),
    expireTokens: (user) => grants.expireAccess(user),
    revokeUser: (user) => grants.revokeUser(user),
    shrinkScopes: (user, scopes) => grants.shrinkScopes(known(user), scopes),
    changeAccount: (user, id) => grants.changeOwner(known(user), id),
    ledger: (user, since) => world.ledger.read(user ?? null, since),
    setRotation(policy) {
      checkRotation(policy);
      grants.rotation = policy;
    },
    setLatency(latency) {
      world.latency.set(latency);
      return world.latency.all();
    },
  };
  return control;
}

function persona(user: number): Persona {
  const found = findPersona(user);
  if (!found) throw new BadInput(`user must be one of ${PERSONAS.map(({ id }) => id).join(', ')}`);
  return found;
}

function known(user: number): number {
  persona(user);
  return user;
}

function truthBetween({ life, clock }: World, user: number, from: string, to: string): DayTruth[] {
  if (!isLocalDate(from) || !isLocalDate(to)) throw new BadInput('from and to must be dates, YYYY-MM-DD');
  const dates = datesBetween(from, to);
  if (dates.length > mostDays) throw new BadInput(`at most ${mostDays} days at a time`);
  return dates.map((date) => ({ ...life.truth(persona(user), date, clock.now()), user }));
}
