import { setTimeout as delay } from 'node:timers/promises';
import { FAULT_ROUTES } from '../faults/fault';
import { BadInput } from './exchange';

export interface RouteLatency {
  route: string;
  /** 0 ends it. */
  ms: number;
  /** Up to so much more or less, by chance. */
  jitter_ms: number;
}

/** How long each route takes, on top of what a fault may do to a request. */
export class Latency {
  private readonly routes = new Map<string, RouteLatency>();

  set(latency: RouteLatency): void {
    const { route, ms, jitter_ms: jitter } = latency;
    if (!FAULT_ROUTES.includes(route)) throw new BadInput(`route must be one of ${FAULT_ROUTES.join(', ')}`);
    if (!(ms >= 0) || !(jitter >= 0)) throw new BadInput('ms and jitter_ms must be 0 or more');
    this.routes.set(route, latency);
  }

  all(): RouteLatency[] {
    return [...this.routes.values()].filter(({ ms, jitter_ms: jitter }) => ms + jitter > 0);
  }

  async pass(route: string): Promise<void> {
    const { ms = 0, jitter_ms: jitter = 0 } = this.routes.get(route) ?? {};
    const wait = ms + jitter * (2 * Math.random() - 1);
    if (wait > 0) await delay(wait, undefined, { ref: false });
  }
}
