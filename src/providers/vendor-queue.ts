import type { Random } from '../database/random';
import type { Urgency, VendorCaller } from './provider';
import type { ProviderError } from './provider-errors';

/** What an asking caller is told: what it was granted, that it must not wait here, or for how long to wait for what. */
export type Told<Grant> =
  { grant: Grant } | { refused: ProviderError } | { waitFor: 'slot' | 'tokens'; waitMs: number };

interface Waiting<Call, Grant> {
  call: Call;
  caller: VendorCaller;
  resolve: (grant: Grant) => void;
  reject: (error: unknown) => void;
}

const RANK: Record<Urgency, number> = { user: 0, live: 1, backfill: 2 };
/** So that of several processes not always the same one comes first. */
const JITTER_SHARE = 0.5;

const noWaits = () => ({ all: 0, backfill: 0, connections: new Map<string, number>() });

/**
 * The callers of one process that wait for one vendor: users first, then live polls, then backfills, each in the order
 * of their coming. Only one of them asks at a time, and whoever was told to wait holds up those that would be told the
 * same: so hundreds of callers ask no more often than one.
 */
export class VendorQueue<Call extends { caller: VendorCaller }, Grant> {
  private readonly waiting: Waiting<Call, Grant>[] = [];
  /** In ms of `performance.now()`, for everybody, for backfills, for one connection. */
  private notBefore = noWaits();
  private isServing = false;
  private wake: () => void = () => {};

  constructor(
    private readonly ask: (call: Call) => Promise<Told<Grant>>,
    private readonly random: Pick<Random, 'next'>,
  ) {}

  /** @throws what the call is refused with, and what `ask` throws */
  enter(call: Call): Promise<Grant> {
    return new Promise((resolve, reject) => {
      const { caller } = call;
      const later = this.waiting.findIndex((other) => RANK[other.caller.urgency] > RANK[caller.urgency]);
      const place = later === -1 ? this.waiting.length : later;
      this.waiting.splice(place, 0, { call, caller, resolve, reject });
      this.wake();
      if (!this.isServing) void this.serve();
    });
  }

  /** A call of this connection is over: its next one need not wait longer. */
  released(connectionId: string): void {
    if (this.notBefore.connections.delete(connectionId)) this.wake();
  }

  /** Sends everybody away who waits. */
  close(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
    this.notBefore = noWaits();
    this.wake();
  }

  private async serve(): Promise<void> {
    this.isServing = true;
    while (this.waiting.length > 0) {
      const now = performance.now();
      const next = this.waiting.find(({ caller }) => this.mayAskAt(caller) <= now);
      if (next) await this.serveOne(next);
      else await this.sleepUntil(Math.min(...this.waiting.map(({ caller }) => this.mayAskAt(caller))));
    }
    this.notBefore = noWaits();
    this.isServing = false;
  }

  private async serveOne(next: Waiting<Call, Grant>): Promise<void> {
    try {
      const told = await this.ask(next.call);
      if ('waitFor' in told) return this.holdUp(next.caller, told);
      if ('grant' in told) next.resolve(told.grant);
      else next.reject(told.refused);
    } catch (error) {
      next.reject(error);
    }
    const place = this.waiting.indexOf(next);
    if (place !== -1) this.waiting.splice(place, 1);
  }

  private holdUp(
    { urgency, connectionId }: VendorCaller,
    { waitFor, waitMs }: { waitFor: string; waitMs: number },
  ): void {
    const until = performance.now() + waitMs * (1 + this.random.next() * JITTER_SHARE);
    if (waitFor === 'slot') this.notBefore.connections.set(connectionId!, until);
    else this.notBefore[urgency === 'backfill' ? 'backfill' : 'all'] = until;
  }

  private mayAskAt({ urgency, connectionId }: VendorCaller): number {
    const { all, backfill, connections } = this.notBefore;
    return Math.max(
      all,
      urgency === 'backfill' ? backfill : 0,
      connectionId === null ? 0 : (connections.get(connectionId) ?? 0),
    );
  }

  private async sleepUntil(at: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, Math.max(1, at - performance.now()));
    });
    clearTimeout(timer);
    this.wake = () => {};
  }
}
