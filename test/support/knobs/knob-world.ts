import { DataSource } from 'typeorm';
import type { Control } from '../../../simulator/control/control';
import { STRICT } from '../../../simulator/oauth/rotation';
import { startSimulator, type RunningSimulator } from '../../../simulator/server';
import { RefreshSweep } from '../../../src/connections/refresh-sweep.cron';
import { RevocationWorker } from '../../../src/connections/revocation.worker';
import { JobQueue, type JobIds } from '../../../src/database/job-queue';
import { Runner } from '../../../src/sync/runner';
import { runDue } from '../run-due';
import { SyncCron } from '../../../src/sync/sync.cron';
import { startApp, type TestApp } from '../app';
import { Clock } from '../../../src/database/clock';
import { TestClock } from '../test-clock';
import { simulatedBy } from '../vendor-connection';
import { PERSONA, type Moment } from './knobs';

/** What is told then. */
export const only = (code: string) => [[code, expect.any(String)]];

export const NOON = new Date('2026-06-17T10:00:00Z');
const HOUR_S = 3_600;

export interface ToldFinding {
  code: string;
  severity: string;
  message: string;
  evidence: Record<string, unknown>;
  action: { kind: string; method: string | null; path: string | null; body: object | null };
}

/** The whole server and the simulated vendor on one clock that stands still; one user at a time is synced. */
export class KnobWorld {
  private accounts = 9_000;

  private constructor(
    readonly simulator: RunningSimulator,
    readonly server: TestApp,
    readonly clock: TestClock,
  ) {}

  static async start(): Promise<KnobWorld> {
    const clock = new TestClock(NOON);
    const simulator = await startSimulator({ now: NOON.toISOString() });
    const server = await startApp(
      { ...simulatedBy(simulator), BACKFILL_DAYS: '2' },
      {
        configure: async (app) => {
          Object.assign(app.get(Clock), { now: () => clock.now() });
          Object.assign(app.get(SyncCron), { tick: async () => {} });
          Object.assign(app.get(RefreshSweep, { strict: false }), {
            tick: async () => {},
            tidy: async () => {},
          });
          workAtOnce(app.get(JobQueue));
        },
      },
    );
    return new KnobWorld(simulator, server, clock);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.simulator.close();
  }

  get control(): Control {
    return this.simulator.control;
  }

  /** All knobs back, noon again, and nobody to be synced. */
  async reset(): Promise<void> {
    this.control.runScenario('calm');
    this.control.clearRequests();
    this.control.setSkew(0);
    this.control.rateLimit(null);
    this.control.setRotation(STRICT);
    this.control.setLatency({ route: 'metrics', ms: 0, jitter_ms: 0 });
    this.control.replay({});
    for (const { id } of this.control.personas) this.control.changeAccount(id, null);
    this.moveTo(NOON);
    await this.server.sql(`UPDATE connection SET status = 'revoked'`);
    await this.server.sql('TRUNCATE vendor_budget, vendor_block, token_endpoint, revocation');
  }

  moveTo(at: Date): void {
    this.clock.set(at);
    this.control.setClock({ now: at.toISOString() });
  }

  later(seconds: number): void {
    this.moveTo(new Date(this.clock.now().getTime() + seconds * 1_000));
  }

  async createUser(): Promise<string> {
    return (await this.server.request('POST', '/api/v1/users', { body: {} })).body.id;
  }

  /** As a browser does it, as far as it comes. The account is one that nobody else has. */
  async signIn(userId: string, persona: number, decision: 'allow' | 'deny' = 'allow'): Promise<void> {
    this.control.changeAccount(persona, (this.accounts += 11));
    const path = `/api/v1/oauth/ultrahuman/authorize?user_id=${userId}`;
    const { body } = await this.server.request('GET', path);
    const back = await this.consent(new URL(body.authorization_url), persona, decision);
    if (back === null) return;
    const { pathname, search } = new URL(back);
    await fetch(`${this.server.url}${pathname}${search}`, { redirect: 'manual' });
  }

  /** @returns where the vendor sends the browser; null where it does not */
  private async consent(page: URL, persona: number, decision: string): Promise<string | null> {
    const form = new URLSearchParams({ persona: String(persona), decision });
    for (const name of ['client_id', 'redirect_uri', 'response_type', 'state'])
      form.set(name, page.searchParams.get(name)!);
    form.set('requested_scope', page.searchParams.get('scope')!);
    for (const scope of page.searchParams.get('scope')!.split(' ')) form.append('scope', scope);
    const signal = AbortSignal.timeout(500);
    try {
      const answer = await fetch(page, { method: 'POST', body: form, redirect: 'manual', signal });
      return answer.headers.get('location');
    } catch {
      return null;
    }
  }

  /** Runs what is due, until nothing is. */
  async runDue(): Promise<void> {
    const { app } = this.server;
    await runDue(app.get(DataSource), app.get(Runner), this.clock);
  }

  /** Lets the time pass, and then the tries that a sync makes within minutes. */
  async syncAfter(seconds = HOUR_S): Promise<void> {
    this.later(seconds);
    for (let tries = 0; tries < 3; tries++) {
      await this.runDue();
      this.later(120);
    }
  }

  /** A user whose first sync is done. */
  async connected(persona = PERSONA): Promise<string> {
    const user = await this.createUser();
    await this.signIn(user, persona);
    await this.runDue();
    return user;
  }

  /** A user whose data comes, with this turned on and its time come. */
  async connectedBefore(moment: Exclude<Moment, 'sign-in'>, turn: () => unknown): Promise<string> {
    const user = await this.connected();
    if (moment === 'settled') {
      await this.syncAfter(8 * 86_400);
      turn();
      await this.syncMonth(user);
    } else if (moment === 'disconnect') {
      turn();
      await this.disconnect(user);
    } else {
      turn();
      await this.syncAfter(moment === 'sync' ? 3_600 : 25 * 3_600);
    }
    return user;
  }

  /** With the message, which tells more than a code when a test fails. */
  async told(userId: string): Promise<string[][]> {
    return (await this.diagnose(userId)).map(({ code, message }) => [code, message]);
  }

  /** Whether the vendor has answered in this way. */
  hasStruck(name: string): boolean {
    return this.control.requests().some(({ fault }) => fault === name);
  }

  /** As a person asks for it; the vendor is told at once, once. */
  async disconnect(userId: string): Promise<void> {
    await this.server.request('DELETE', `/api/v1/users/${userId}/connections/ultrahuman`);
    await this.server.app.get(RevocationWorker, { strict: false }).sweep();
  }

  /** The last month, as a person asks for it. */
  async syncMonth(userId: string): Promise<void> {
    await this.server.request('POST', `/api/v1/providers/ultrahuman/users/${userId}/sync`);
    await this.runDue();
  }

  async diagnose(userId: string): Promise<ToldFinding[]> {
    const { status, body } = await this.server.request('GET', `/api/v1/ops/users/${userId}/diagnosis`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.findings;
  }
}

/** A queue without a table and without a wait: what is sent is done. */
function workAtOnce(queue: JobQueue): void {
  const work = new Map<string, (ids: JobIds) => Promise<void>>();
  Object.defineProperty(queue, 'isReady', { value: true });
  Object.assign(queue, {
    onApplicationBootstrap: async () => {},
    register: (name: string, job: (ids: JobIds) => Promise<void>) => void work.set(name, job),
    send: (name: string, _key: string, ids: JobIds) => work.get(name)!(ids),
  });
}
