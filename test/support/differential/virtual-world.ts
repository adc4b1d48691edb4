import { DataSource } from 'typeorm';
import { startSimulator, type RunningSimulator } from '../../../simulator/server';
import type { SimulatorOptions } from '../../../simulator/options';
import { Clock } from '../../../src/database/clock';
import { Runner } from '../../../src/sync/runner';
import { SyncCron } from '../../../src/sync/sync.cron';
import { startApp, type TestApp } from '../app';
import { runDue } from '../run-due';
import { TestClock } from '../test-clock';
import { connectPersona, simulatedBy } from '../vendor-connection';

/** The whole server and the simulated vendor on one clock, which moves only when told to. Nothing runs by itself. */
export class VirtualWorld {
  private constructor(
    readonly simulator: RunningSimulator,
    readonly server: TestApp,
    private readonly clock: TestClock,
  ) {}

  static async start(now: Date, vendor: SimulatorOptions = {}): Promise<VirtualWorld> {
    const clock = new TestClock(now);
    const simulator = await startSimulator({ ...vendor, now: now.toISOString() });
    try {
      const server = await startApp(
        { ...simulatedBy(simulator), SYNC_INTERVAL: '8h', BACKFILL_DAYS: '30', LOG_LEVEL: 'silent' },
        {
          configure: async (app) => {
            Object.assign(app.get(Clock), { now: () => clock.now() });
            Object.assign(app.get(SyncCron), { tick: async () => {} });
          },
        },
      );
      return new VirtualWorld(simulator, server, clock);
    } catch (error) {
      await simulator.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.simulator.close();
  }

  now(): Date {
    return this.clock.now();
  }

  /** Signs a new user in as this persona and lets the backfill run. @returns the user's id */
  async connect(persona: number): Promise<string> {
    const user = await connectPersona(this.server, persona);
    await this.runDue();
    return user;
  }

  /** Moves both clocks and lets every sync run that has become due meanwhile. */
  async moveTo(at: Date): Promise<void> {
    this.clock.set(at);
    this.simulator.control.setClock({ now: at.toISOString() });
    await this.runDue();
  }

  /** Asks for the dates from this one on, as a person would, and lets them be read. @throws unless all went well */
  async syncSince(user: string, from: string): Promise<void> {
    const path = `/api/v1/providers/ultrahuman/users/${user}/sync?summary_start_time=${from}`;
    const { body: asked } = await this.server.request('POST', path);
    await this.runDue();
    // By its id: while the clock stands, another run may have ended at the same instant.
    const { body: run } = await this.server.request('GET', `/api/v1/users/${user}/sync/runs/${asked.run_id}`);
    if (run.status !== 'success') throw new Error(`the sync went wrong: ${JSON.stringify({ asked, run })}`);
  }

  private async runDue(): Promise<void> {
    const { app } = this.server;
    await runDue(app.get(DataSource), app.get(Runner), this.clock);
  }
}
