import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { durationMs, isWorker, serverSettings } from '../config/env';
import { ChannelListener } from '../database/channel-listener';
import { Clock } from '../database/clock';
import { WAKE_CHANNEL } from '../database/wake-channel';
import { VendorBudgets } from '../providers/vendor-budgets';
import { claimConnections, revokeLease, type Lease, type WorkClass } from './claim';
import { cancelOrphans } from './orphaned-runs';
import { historyLimit } from './plan';
import { Runner } from './runner';
import { endWaitFor } from './vendor-return';

const INTERVAL = 'sync';
/** How far a process that has just started looks back for vendors that have come back. */
const FIRST_LOOK_MS = 10 * 60_000;
const OVERLAP_MS = 30_000;

/** The claim loop: takes due connections as long as this process has room for them. */
@Injectable()
export class SyncCron implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncCron.name);
  private readonly settings = serverSettings();
  private readonly shutdown = new AbortController();
  private readonly running = new Map<Lease, Promise<void>>();
  private readonly listener = new ChannelListener(
    this.settings.DATABASE_URL!,
    WAKE_CHANNEL,
    () => void this.tick(),
  );
  private lookedAt?: Date;
  /** When each provider came back that was welcomed last. */
  private readonly welcomed = new Map<string, Date>();
  /** Whether the next look is also for what comes up seldom; not so after each run. */
  private isRoundDue = false;
  private looking?: Promise<void>;
  private lookAgain = false;

  constructor(
    private readonly database: DataSource,
    private readonly runner: Runner,
    private readonly scheduler: SchedulerRegistry,
    private readonly budgets: VendorBudgets,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (!isWorker()) return;
    const tick = setInterval(() => void this.tick(), durationMs(this.settings.SYNC_TICK));
    this.scheduler.addInterval(INTERVAL, tick);
    void this.tick();
  }

  /** Before what the runs need is taken down. */
  onModuleDestroy(): void {
    this.shutdown.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    if (this.scheduler.doesExist('interval', INTERVAL)) this.scheduler.deleteInterval(INTERVAL);
    await this.looking;
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

  /** Never throws. */
  async tick(): Promise<void> {
    this.isRoundDue = true;
    await this.look();
  }

  /** Whoever asks during a look makes it look once more. */
  private async look(): Promise<void> {
    this.lookAgain = true;
    this.looking ??= this.claimWhileAsked().finally(() => (this.looking = undefined));
    await this.looking;
  }

  private async claimWhileAsked(): Promise<void> {
    try {
      if (!this.shutdown.signal.aborted) await this.listener.ensure();
      while (this.lookAgain && !this.shutdown.signal.aborted && this.clock.isTrusted) {
        this.lookAgain = false;
        await this.claim();
      }
    } catch (error) {
      this.logger.error({ msg: 'looking for due connections failed', err: error });
    }
  }

  private async claim(): Promise<void> {
    if (this.isRoundDue) {
      this.isRoundDue = false;
      await cancelOrphans(this.database.manager, this.clock.now());
      await this.welcomeVendors();
    }
    const { SYNC_CONCURRENCY } = this.settings;
    await this.start('live', SYNC_CONCURRENCY - this.running.size);
    const history = [...this.running.keys()].filter(({ work }) => work === 'history').length;
    const free = Math.min(SYNC_CONCURRENCY - this.running.size, historyLimit(SYNC_CONCURRENCY) - history);
    await this.start('history', free);
  }

  /** Once each who was away, and is back since the last look or, should one have been missed, shortly before it. */
  private async welcomeVendors(): Promise<void> {
    const now = this.clock.now();
    const since = new Date((this.lookedAt?.getTime() ?? now.getTime() - FIRST_LOOK_MS) - OVERLAP_MS);
    for (const [provider, closedAt] of await this.budgets.recoveredSince(since)) {
      if (this.welcomed.get(provider)?.getTime() === closedAt.getTime()) continue;
      await endWaitFor(this.database.manager, provider, now);
      this.welcomed.set(provider, closedAt);
    }
    this.lookedAt = now;
  }

  private async start(work: WorkClass, limit: number): Promise<void> {
    if (limit <= 0) return;
    const leaseMs = durationMs(this.settings.SYNC_LEASE);
    const claim = { now: this.clock.now(), leaseMs, limit, work };
    const leases = await claimConnections(this.database.manager, claim);
    const takenOver = leases.filter((lease) => lease.takenOver).map(({ connectionId }) => connectionId);
    if (takenOver.length > 0) await this.budgets.forgetCallsOf(takenOver);
    for (const lease of leases) {
      const run = this.runner.run(lease, this.shutdown.signal).finally(() => {
        this.running.delete(lease);
        void this.look();
      });
      this.running.set(lease, run);
    }
  }
}
