import { BadInput } from './http/exchange';

/** Real time, in seconds; specs hand in their own. */
export type RealClock = () => number;

/**
 * The clock the simulated lives run on: stopped, at the pace of real time or many times faster. It says which
 * data exists already; token lifetimes run on the real clock, because the client under test measures them with
 * its own.
 */
export class SimClock {
  private setTo: number;
  private setAt: number;
  private pace: number;

  /** A start without a speed is a stopped clock; a speed without a start runs from the real time. */
  constructor(
    private readonly start: string | undefined,
    private readonly startSpeed?: number,
    private readonly realNow: RealClock = () => Date.now() / 1000,
  ) {
    [this.setTo, this.setAt, this.pace] = this.beginning();
  }

  /** Epoch seconds. */
  now(): number {
    return Math.floor(this.exactly());
  }

  speed(): number {
    return this.pace;
  }

  freeze(iso: string): void {
    this.setTo = parseInstant(iso);
    this.setAt = this.realNow();
    this.pace = 0;
  }

  /** Simulated seconds a real second from here on; 0 stops the clock. */
  setSpeed(speed: number): void {
    if (!Number.isFinite(speed) || speed < 0)
      throw new BadInput('speed must be 0 (stopped) or more, for example 60 for a minute a second');
    this.setTo = this.exactly();
    this.setAt = this.realNow();
    this.pace = speed;
  }

  advance(seconds: number): void {
    this.setTo += seconds;
  }

  reset(): void {
    [this.setTo, this.setAt, this.pace] = this.beginning();
  }

  private beginning(): [setTo: number, setAt: number, pace: number] {
    const real = this.realNow();
    const pace = this.startSpeed ?? (this.start === undefined ? 1 : 0);
    return [this.start === undefined ? real : parseInstant(this.start), real, pace];
  }

  private exactly(): number {
    return this.setTo + (this.realNow() - this.setAt) * this.pace;
  }
}

function parseInstant(iso: string): number {
  const at = Date.parse(iso);
  if (Number.isNaN(at))
    throw new BadInput(`"${iso}" is not an ISO 8601 instant, for example 2026-06-14T09:30:00Z`);
  return at / 1000;
}
