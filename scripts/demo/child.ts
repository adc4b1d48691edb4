import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 12_000;

export interface ChildOptions {
  /** How messages call it. */
  name: string;
  /** Below the folder of the compiled files. */
  program: string;
  args?: string[];
  environment: Record<string, string>;
  logFile: string;
}

/** A process of the demo: it writes to a log file of its own and ends with the demo, also when that is killed. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    private readonly options: ChildOptions,
  ) {}

  static start(options: ChildOptions): Child {
    const compiled = join(__dirname, '..', '..');
    const output = openSync(options.logFile, 'w', 0o600);
    const args = ['--require', join(__dirname, 'exit-with-parent.js'), join(compiled, options.program)];
    const child = spawn(process.execPath, [...args, ...(options.args ?? [])], {
      // Nothing of the caller's own settings, such as DATABASE_URL or HTTP_PROXY, reaches it.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.environment },
      stdio: ['ignore', output, output, 'ipc'],
      // Ctrl-C reaches the demo only, which stops its children in the right order.
      detached: true,
    });
    closeSync(output);
    return new Child(child, options);
  }

  /** What it has written so far. */
  get output(): string {
    return readFileSync(this.options.logFile, 'utf8');
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  onExit(listener: () => void): void {
    this.process.once('exit', listener);
  }

  /** @throws Error when it ends or hesitates too long first */
  async until<T>(ready: () => Promise<T | null> | T | null, patienceMs = 60_000): Promise<T> {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 50) {
      const answer = await ready();
      if (answer !== null) return answer;
      if (this.hasEnded) throw this.failure('ended at once');
      await sleep(50);
    }
    throw this.failure('does not answer');
  }

  failure(what: string): Error {
    const lastLines = this.output.trim().split('\n').slice(-12).join('\n');
    return new Error(`The ${this.options.name} ${what}. The end of ${this.options.logFile}:\n\n${lastLines}`);
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await Promise.race([ended, sleep(PATIENCE_MS, undefined, { ref: false })]);
    if (this.hasEnded) return;
    this.process.kill('SIGKILL');
    await ended;
  }
}
