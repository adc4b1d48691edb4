import { Injectable } from '@nestjs/common';

/** From here on it is said aloud that this machine's clock is wrong. */
export const WORTH_A_WARNING_MS = 5_000;
/** From here on this process keeps out of what others rely on. */
const BEYOND_TRUST_MS = 60_000;

/**
 * The one source of time: every due-time statement takes its instant from here. It is the time of the database's clock,
 * on which all processes agree, as `ClockCheck` has measured it; from then on it runs with this process's monotonic
 * clock, so that a step of the machine's time moves nothing.
 */
@Injectable()
export class Clock {
  /** When `performance.now()` was zero; by this machine's own time until it is measured. */
  private startMs?: number;

  now(): Date {
    return new Date(this.nowMs());
  }

  /** This machine's own time, in ms of the epoch: it jumps whenever somebody sets it. */
  local(): number {
    return Date.now();
  }

  /** How far this machine's time is ahead of the database's, in ms; a step shows at once. */
  get skewMs(): number {
    return Math.round(this.local() - this.nowMs());
  }

  /** Whether this machine's time can be that of a working clock. */
  get isTrusted(): boolean {
    return Math.abs(this.skewMs) <= BEYOND_TRUST_MS;
  }

  /** @param offsetMs the database's time less this machine's */
  setOffset(offsetMs: number): void {
    this.startMs = this.local() + offsetMs - performance.now();
  }

  private nowMs(): number {
    this.startMs ??= this.local() - performance.now();
    return this.startMs + performance.now();
  }
}
