import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { durationMs, isWorker, serverSettings } from '../config/env';
import { workAlone } from '../database/sole-worker';
import { ReplayRuns } from './replay-runs.service';

const INTERVAL = 'replay';
/** Of PostgreSQL's advisory locks: who holds it replays. */
const LOCK = 7_305_201;

/**
 * Does the replays that were asked for, one after another and in one process of all: it holds a lock that PostgreSQL
 * lets go of when the process dies, and then another carries on.
 */
@Injectable()
export class ReplayWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReplayWorker.name);
  private readonly settings = serverSettings();
  private readonly shutdown = new AbortController();
  private working?: Promise<void>;

  constructor(
    private readonly runs: ReplayRuns,
    private readonly scheduler: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    if (!isWorker()) return;
    const tick = setInterval(() => void this.tick(), durationMs(this.settings.SYNC_TICK));
    this.scheduler.addInterval(INTERVAL, tick);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    if (this.scheduler.doesExist('interval', INTERVAL)) this.scheduler.deleteInterval(INTERVAL);
    await this.working;
  }

  /** Never throws: what is left undone is found by a later tick. */
  async tick(): Promise<void> {
    this.working ??= this.workIfAsked()
      .catch((error: unknown) => this.logger.error({ msg: 'replaying broke off', err: error }))
      .finally(() => (this.working = undefined));
    await this.working;
  }

  private async workIfAsked(): Promise<void> {
    if (this.shutdown.signal.aborted || (await this.runs.next()) === null) return;
    const { DATABASE_URL } = this.settings;
    await workAlone({ url: DATABASE_URL!, name: 'replay', lock: LOCK }, (lost) =>
      this.workThrough(AbortSignal.any([this.shutdown.signal, lost])),
    );
  }

  private async workThrough(stop: AbortSignal): Promise<void> {
    for (let run = await this.runs.next(); run !== null && !stop.aborted; run = await this.runs.next()) {
      await this.runs.work(run, stop);
    }
  }
}
