import { Fault } from '../faults';
import { BadInput } from '../http/exchange';
import { LoggedRequest } from '../http/request-log';
import { datesBetween, isLocalDate } from '../life/local-day';
import { findPersona, Persona, PERSONAS } from '../life/persona';
import { Envelope } from '../options';
import { ReplayRequest } from '../replay/replay-shelf';
import { DayTruth } from '../truth/day-truth';
import { World } from '../world';

export interface ClockChange {
  now?: string;
  advance_seconds?: number;
  reset?: boolean;
}

/** What tests may do to a running simulator, in process or through `/__sim/`. */
export interface Control {
  personas: readonly Persona[];
  truth(user: number, from: string, to?: string): DayTruth[];
  now(): string;
  setClock(change: ClockChange): string;
  setEnvelope(envelope: Envelope): void;
  replay(request: ReplayRequest): string[];
  addFault(fault: Fault): void;
  faults(): Fault[];
  clearFaults(): void;
  requests(): LoggedRequest[];
  clearRequests(): void;
  expireTokens(user: number): number;
  revokeUser(user: number): number;
}

const mostDays = 400;

export function createControl(world: World): Control {
  const { clock, faults, requests, grants } = world;
  const now = () => new Date(clock.now() * 1000).toISOString();
  return {
    personas: PERSONAS,
    now,
    truth: (user, from, to = from) => truthBetween(world, user, from, to),
    setClock(change) {
      if (change.reset === true) clock.reset();
      if (change.now !== undefined) clock.freeze(change.now);
      if (change.advance_seconds !== undefined) clock.advance(change.advance_seconds);
      return now();
    },
    setEnvelope(envelope) {
      world.envelope = envelope;
    },
    replay: (request) => world.replay.load(request),
    addFault: (fault) => faults.add(fault),
    faults: () => faults.all(),
    clearFaults: () => faults.clear(),
    requests: () => requests.all(),
    clearRequests: () => requests.clear(),
    expireTokens: (user) => grants.expireAccess(user),
    revokeUser: (user) => grants.revokeUser(user),
  };
}

function truthBetween({ life, clock }: World, user: number, from: string, to: string): DayTruth[] {
  const persona = findPersona(user);
  if (!persona) throw new BadInput(`user must be one of ${PERSONAS.map(({ id }) => id).join(', ')}`);
  if (!isLocalDate(from) || !isLocalDate(to)) throw new BadInput('from and to must be dates, YYYY-MM-DD');
  const dates = datesBetween(from, to);
  if (dates.length > mostDays) throw new BadInput(`at most ${mostDays} days at a time`);
  return dates.map((date) => life.truth(persona, date, clock.now()));
}
