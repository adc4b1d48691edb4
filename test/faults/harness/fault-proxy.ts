import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the network between two programs does; the defaults are those of a good one. */
export interface Weather {
  /** Each way, give or take the jitter. */
  latencyMs: number;
  jitterMs: number;
  /** Nothing gets through, and nobody is told: as when packets are dropped, they arrive once it is over. */
  blackHole: boolean;
  /** Whoever connects is reset. */
  down: boolean;
  /** After so many bytes of answer from here on, a connection breaks; null: none does. */
  truncateAfter: number | null;
}

const FAIR: Weather = { latencyMs: 0, jitterMs: 0, blackHole: false, down: false, truncateAfter: null };

/** A TCP proxy in front of a database or a vendor that can do what bad networks do. */
export class FaultProxy {
  private weather: Weather = FAIR;
  private readonly links = new Set<Link>();
  /** Resolved when a black hole ends. */
  private clearing = Promise.withResolvers<void>();

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
    /** From 0 to 1. */
    private readonly chance: () => number,
  ) {
    this.server.on('connection', (client) => this.accept(client));
  }

  static async start(
    target: { host: string; port: number },
    chance: () => number = Math.random,
  ): Promise<FaultProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new FaultProxy(server, target, chance);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.links.size;
  }

  /** What is not named is fair from here on. */
  set(weather: Partial<Weather>): void {
    this.weather = { ...FAIR, ...weather };
    if (this.weather.truncateAfter !== null) for (const link of this.links) link.answered = 0;
    if (this.weather.blackHole) return;
    this.clearing.resolve();
    this.clearing = Promise.withResolvers();
  }

  /** Breaks every connection at once, with a reset to both ends. */
  reset(): void {
    for (const link of this.links) link.reset();
  }

  async close(): Promise<void> {
    this.set({ down: true });
    this.reset();
    await new Promise((closed) => this.server.close(closed));
  }

  private accept(client: Socket): void {
    client.on('error', () => undefined);
    if (this.weather.down) return void client.resetAndDestroy();
    const upstream = connect({ ...this.target, noDelay: true });
    const link = new Link(client, upstream);
    this.links.add(link);
    client.once('close', () => this.links.delete(link));
    this.pipe(client, upstream, () => true);
    this.pipe(upstream, client, (chunk) => this.passes(link, chunk));
  }

  /** Of an answer that is to be cut off, what is left of it goes through and then nothing any more. */
  private passes(link: Link, chunk: Buffer): boolean {
    const { truncateAfter } = this.weather;
    if (truncateAfter === null) return true;
    const left = truncateAfter - link.answered;
    link.answered += chunk.length;
    if (chunk.length < left) return true;
    link.client.write(chunk.subarray(0, Math.max(0, left)), () => link.reset());
    return false;
  }

  /** Whatever happens to time, bytes arrive in the order in which they were sent. */
  private pipe(from: Socket, to: Socket, passes: (chunk: Buffer) => boolean): void {
    let before = Promise.resolve();
    const inTurn = (deliver: Deliver) => {
      before = this.afterwards(before, performance.now() + this.delay(), to, deliver);
    };
    from.on('data', (chunk: Buffer) =>
      inTurn(async () => {
        if (!passes(chunk) || to.write(chunk)) return;
        from.pause();
        // Should it break meanwhile, its end is heard of by its own event.
        await Promise.race([once(to, 'drain'), once(to, 'close')]).catch(() => undefined);
        from.resume();
      }),
    );
    from.once('end', () => inTurn(() => void to.end()));
    // A connection that breaks on one side breaks on the other too.
    from.once('close', (hadError) => hadError && to.resetAndDestroy());
  }

  private async afterwards(before: Promise<void>, due: number, to: Socket, deliver: Deliver): Promise<void> {
    await before;
    if (due > performance.now()) await sleep(due - performance.now());
    while (this.weather.blackHole) await this.clearing.promise;
    if (!to.destroyed) await deliver();
  }

  private delay(): number {
    const { latencyMs, jitterMs } = this.weather;
    return Math.max(0, latencyMs + jitterMs * (2 * this.chance() - 1));
  }
}

type Deliver = () => void | Promise<unknown>;

class Link {
  /** Bytes that came back since a truncation was set. */
  answered = 0;

  constructor(
    readonly client: Socket,
    private readonly upstream: Socket,
  ) {
    upstream.on('error', () => undefined);
  }

  reset(): void {
    this.client.resetAndDestroy();
    this.upstream.resetAndDestroy();
  }
}
