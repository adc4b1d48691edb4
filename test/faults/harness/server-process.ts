import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Ambush } from './armed-failpoints';
import type { ClockSetting } from './scaled-clock';
import type { CallMessage, ServerCalls, ServerMessage } from './server-calls';

export interface ServerOptions {
  /** How the report and the database call it. */
  name: string;
  environment: Record<string, string>;
  clock: ClockSetting;
  ambushes?: Ambush[];
  logFile: string;
}

/** How a process ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

type Argument<Call extends keyof ServerCalls> = Parameters<ServerCalls[Call]>[0];
type Result<Call extends keyof ServerCalls> = Awaited<ReturnType<ServerCalls[Call]>>;

/** A real server process, to be asked, frozen and killed. */
export class ServerProcess {
  private static readonly running = new Set<ServerProcess>();
  private readonly waiting = new Map<
    number,
    { done: (result: unknown) => void; failed: (error: Error) => void }
  >();
  private readonly listeners = new Set<(point: string) => void>();
  private calls = 0;
  url = '';
  readonly ended: Promise<Ended>;

  private constructor(
    private readonly process: ChildProcess,
    private readonly options: ServerOptions,
  ) {
    ServerProcess.running.add(this);
    process.on('message', (message: ServerMessage) => this.hear(message));
    this.ended = once(process, 'exit').then(([code, signal]) => ({ code, signal }));
    void this.ended.then(() => this.afterEnd());
  }

  /** @throws Error with the end of its log, when it does not start */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const output = openSync(options.logFile, 'a', 0o600);
    const child = spawn(process.execPath, [join(__dirname, '..', 'server.js')], {
      // Nothing of the caller's own settings reaches it.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.environment },
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    const server = new ServerProcess(child, options);
    try {
      server.url = await server.call('boot', { clock: options.clock, ambushes: options.ambushes ?? [] });
      return server;
    } catch (error) {
      await server.kill();
      throw error;
    }
  }

  /** Whatever becomes of the suite, none of them stays behind, not even a frozen one. */
  static killAll(): void {
    for (const { process } of ServerProcess.running) process.kill('SIGKILL');
  }

  get name(): string {
    return this.options.name;
  }

  /** How far its machine's clock is off. */
  get skewMs(): number {
    return this.options.clock.skewMs;
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** @throws Error when the call fails, and when the process ends first */
  call<Call extends keyof ServerCalls>(call: Call, argument: Argument<Call>): Promise<Result<Call>> {
    const id = ++this.calls;
    const message: CallMessage = { id, call, argument };
    return new Promise((resolve, reject) => {
      if (this.hasEnded) return reject(this.failure('has ended'));
      this.waiting.set(id, { done: resolve as (result: unknown) => void, failed: reject });
      this.process.send(message, (error) => {
        if (error) this.settle(id)?.failed(error);
      });
    });
  }

  /** Resolves when a failpoint that hangs or reports is reached. */
  async untilReached(point: string): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      const listener = (name: string) => {
        if (name !== point) return;
        this.listeners.delete(listener);
        resolve();
      };
      this.listeners.add(listener);
    });
    const ended = this.ended.then(() => Promise.reject(this.failure(`ended before ${point}`)));
    await Promise.race([reached, ended]);
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  freeze(): void {
    this.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.process.kill('SIGCONT');
  }

  /** SIGTERM. @returns how it ended and after how long */
  async stop(): Promise<Ended & { ms: number }> {
    const began = performance.now();
    this.process.kill('SIGTERM');
    const ended = await this.ended;
    return { ...ended, ms: Math.round(performance.now() - began) };
  }

  private hear(message: ServerMessage): void {
    if ('reached' in message) {
      for (const listener of this.listeners) listener(message.reached);
      return;
    }
    const waiting = this.settle(message.id);
    if ('error' in message) waiting?.failed(this.failure(`says: ${message.error}`));
    else waiting?.done(message.result);
  }

  private settle(id: number) {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private afterEnd(): void {
    ServerProcess.running.delete(this);
    for (const { failed } of this.waiting.values()) failed(this.failure('has ended'));
    this.waiting.clear();
  }

  private failure(what: string): Error {
    const lastLines = readFileSync(this.options.logFile, 'utf8').trim().split('\n').slice(-6).join('\n');
    return new Error(`${this.name} ${what}. The end of its log:\n${lastLines}`);
  }
}
