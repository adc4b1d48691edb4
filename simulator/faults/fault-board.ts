import { BadInput } from '../http/exchange';
import { Random } from '../life/random';
import { SHAPE_NAMES } from '../shapes/shapes';
import { Fault, FAULT_MODES, FAULT_ROUTES } from './fault';

/** What a request is about, as far as faults aim by it. */
export interface Target {
  method: string;
  user: number | null;
  date: string | null;
}

/** A fault that was taken by a request. */
export interface Strike {
  fault: Fault;
  /** How often it had struck before: shapes that take turns go by it. */
  turn: number;
}

interface Posted {
  fault: Fault;
  setAt: number;
  seen: number;
  struck: number;
  chance: Random;
}

export class FaultBoard {
  private posted: Posted[] = [];

  /** `now` is the simulated clock, in epoch seconds. */
  constructor(private readonly now: () => number) {}

  add(fault: Fault): void {
    checkFault(fault);
    const chance = new Random(`fault/${fault.seed ?? ''}`);
    const times = fault.times ?? (fault.nth === undefined ? undefined : 1);
    this.posted.push({ fault: { ...fault, times }, setAt: this.now(), seen: 0, struck: 0, chance });
  }

  all(): Fault[] {
    this.dropEnded();
    return this.posted.map(({ fault }) => ({ ...fault }));
  }

  clear(): void {
    this.posted = [];
  }

  /** The first fault that fits, one use of it spent. */
  take(route: string, target: Target): Strike | null {
    this.dropEnded();
    for (const posted of this.posted) {
      if (!fits(posted.fault, route, target) || !strikesNow(posted)) continue;
      const turn = posted.struck;
      posted.struck += 1;
      if (posted.fault.times !== undefined) posted.fault.times -= 1;
      this.dropEnded();
      return { fault: posted.fault, turn };
    }
    return null;
  }

  private dropEnded(): void {
    const lasts = ({ fault, setAt }: Posted) =>
      (fault.times === undefined || fault.times > 0) &&
      (fault.for_seconds === undefined || this.now() < setAt + fault.for_seconds);
    this.posted = this.posted.filter(lasts);
  }
}

function fits(fault: Fault, route: string, target: Target): boolean {
  return (
    fault.route === route &&
    (fault.user === undefined || fault.user === target.user) &&
    (fault.date === undefined || fault.date === target.date) &&
    // Only a decision sends anybody back; the page before it has no state to tamper with.
    (fault.mode !== 'state_tamper' || target.method === 'POST')
  );
}

function strikesNow(posted: Posted): boolean {
  const { nth, probability } = posted.fault;
  posted.seen += 1;
  if (nth !== undefined && posted.seen < nth) return false;
  return probability === undefined || posted.chance.chance(probability);
}

export function checkFault(fault: Fault): void {
  const { mode, shape, nth, probability } = fault;
  if (!FAULT_ROUTES.includes(fault.route))
    throw new BadInput(`route must be one of ${FAULT_ROUTES.join(', ')}`);
  if (!FAULT_MODES.includes(mode)) throw new BadInput(`mode must be one of ${FAULT_MODES.join(', ')}`);
  if (mode === 'status' && !isStatus(fault.status))
    throw new BadInput('status must be a code from 200 to 599');
  if ((mode === 'other_day' || mode === 'shape') && fault.route !== 'metrics')
    throw new BadInput(`${mode} is for metrics only`);
  if (mode === 'state_tamper' && fault.route !== 'authorise')
    throw new BadInput('state_tamper is for authorise only');
  if (fault.route === 'authorise' && (fault.user !== undefined || fault.date !== undefined))
    throw new BadInput('authorise is asked before anybody is known: leave user and date out');
  if ((mode === 'shape') !== (shape !== undefined))
    throw new BadInput(`mode shape and a shape go together; a shape is one of ${SHAPE_NAMES.join(', ')}`);
  if (fault.offset_ms !== undefined && shape !== 'shifted')
    throw new BadInput('offset_ms is for the shape shifted only');
  if (fault.field !== undefined && shape !== 'missing_field')
    throw new BadInput('field is for the shape missing_field only');
  if (nth !== undefined && (!Number.isInteger(nth) || nth < 1))
    throw new BadInput('nth must be a whole number from 1 on');
  if (probability !== undefined && !(probability >= 0 && probability <= 1))
    throw new BadInput('probability must lie between 0 and 1');
}

function isStatus(status: number | undefined): boolean {
  return status !== undefined && Number.isInteger(status) && status >= 200 && status <= 599;
}
