import { Injectable } from '@nestjs/common';

/** From here on it is said aloud that this machine's clock is wrong. */
export const WORTH_A_WARNING_MS = 5_000;
/** From here on this process keeps out of what others rely on. */
const BEYOND_TRUST_MS = 60_000;

/**
 * The one source of time: every due-time statement takes its instant from here. It is the time of the database's clock,
 * on which all processes agree: this machine's own time and the offset between the two, which `ClockCheck` measures.
 */
@Injectable()
export class Clock {
  private offsetMs = 0;

  now(): Date {
    return new Date(this.local() + this.offsetMs);
  }

  /** This machine's own time, in ms of the epoch. */
  local(): number {
    return Date.now();
  }

  /** How far this machine's time is ahead of the database's, in ms. */
  get skewMs(): number {
    return -this.offsetMs;
  }

  /** Whether this machine's time can be that of a working clock. */
  get isTrusted(): boolean {
    return Math.abs(this.offsetMs) <= BEYOND_TRUST_MS;
  }

  /** @param offsetMs the database's time less this machine's */
  setOffset(offsetMs: number): void {
    this.offsetMs = offsetMs;
  }
}
