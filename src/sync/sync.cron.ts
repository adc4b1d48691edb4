import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { durationMs, serverSettings } from '../config/env';
import { ChannelListener } from '../database/channel-listener';
import { Clock } from '../database/clock';
import { WAKE_CHANNEL } from '../database/wake-channel';
import { claimConnections } from './claim';
import { cancelOrphans } from './orphaned-runs';
import { Runner } from './runner';

const INTERVAL = 'sync';
/** For the day in hand at shutdown; after that its transaction is left to roll back. */
const DRAIN_MS = 10_000;

/** The claim loop: takes due connections as long as this process has room for them. */
@Injectable()
export class SyncCron implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncCron.name);
  private readonly settings = serverSettings();
  private readonly shutdown = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private readonly listener = new ChannelListener(
    this.settings.DATABASE_URL!,
    WAKE_CHANNEL,
    () => void this.tick(),
  );
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
    const enough = new Promise<void>((resolve) => (patience = setTimeout(resolve, DRAIN_MS)));
    await Promise.race([Promise.all(this.running), enough]);
    clearTimeout(patience);
    await this.listener.close();
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
    const limit = this.settings.SYNC_CONCURRENCY - this.running.size;
    if (limit <= 0) return;
    const leaseMs = durationMs(this.settings.SYNC_LEASE);
    const leases = await claimConnections(this.database.manager, { now: this.clock.now(), leaseMs, limit });
    for (const lease of leases) {
      const run = this.runner.run(lease, this.shutdown.signal).finally(() => {
        this.running.delete(run);
        void this.tick();
      });
      this.running.add(run);
    }
  }
}
