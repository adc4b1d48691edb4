import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { durationMs, serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import { claimConnections, revokeLease, type Lease, type WorkClass } from './claim';
import { cancelOrphans } from './orphaned-runs';
import { historyLimit } from './plan';
import { Runner } from './runner';
import { WakeListener } from './wake-listener';

const INTERVAL = 'sync';

/** The claim loop: takes due connections as long as this process has room for them. */
@Injectable()
export class SyncCron implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncCron.name);
  private readonly settings = serverSettings();
  private readonly shutdown = new AbortController();
  private readonly running = new Map<Lease, Promise<void>>();
  private readonly listener = new WakeListener(this.settings.DATABASE_URL!, () => void this.tick());
  private ticking?: Promise<void>;
  private tickAgain = false;

  constructor(
    private readonly database: DataSource,
    private readonly runner: Runner,
    private readonly scheduler: SchedulerRegistry,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const tick = setInterval(() => void this.tick(), durationMs(this.settings.SYNC_TICK));
    this.scheduler.addInterval(INTERVAL, tick);
    void this.tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    if (this.scheduler.doesExist('interval', INTERVAL)) this.scheduler.deleteInterval(INTERVAL);
    await this.ticking;
    let patience: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, durationMs(this.settings.DRAIN_TIMEOUT));
    });
    await Promise.race([Promise.all(this.running.values()), enough]);
    clearTimeout(patience);
    for (const lease of this.running.keys()) await this.handBack(lease);
    await this.listener.close();
  }

  /** What has not come to an end in time may hang for longer than this process lives: others need not wait for that. */
  private async handBack(lease: Lease): Promise<void> {
    const { connectionId: connection } = lease;
    this.logger.warn({ msg: 'a sync run did not stop in time', connection });
    await revokeLease(this.database.manager, lease, lease).catch((error: unknown) => {
      this.logger.warn({ msg: 'its connection could not be handed back', connection, err: error });
    });
  }

  /** Never throws. A wake-up during a tick makes it look once more. */
  async tick(): Promise<void> {
    this.tickAgain = true;
    this.ticking ??= this.claimWhileAsked().finally(() => (this.ticking = undefined));
    await this.ticking;
  }

  private async claimWhileAsked(): Promise<void> {
    try {
      if (!this.shutdown.signal.aborted) await this.listener.ensure();
      while (this.tickAgain && !this.shutdown.signal.aborted) {
        this.tickAgain = false;
        await this.claim();
      }
    } catch (error) {
      this.logger.error({ msg: 'looking for due connections failed', err: error });
    }
  }

  private async claim(): Promise<void> {
    await cancelOrphans(this.database.manager, this.clock.now());
    const { SYNC_CONCURRENCY } = this.settings;
    await this.start('live', SYNC_CONCURRENCY - this.running.size);
    const history = [...this.running.keys()].filter(({ work }) => work === 'history').length;
    const free = Math.min(SYNC_CONCURRENCY - this.running.size, historyLimit(SYNC_CONCURRENCY) - history);
    await this.start('history', free);
  }

  private async start(work: WorkClass, limit: number): Promise<void> {
    if (limit <= 0) return;
    const leaseMs = durationMs(this.settings.SYNC_LEASE);
    const claim = { now: this.clock.now(), leaseMs, limit, work };
    for (const lease of await claimConnections(this.database.manager, claim)) {
      const run = this.runner.run(lease, this.shutdown.signal).finally(() => {
        this.running.delete(lease);
        void this.tick();
      });
      this.running.set(lease, run);
    }
  }
}
