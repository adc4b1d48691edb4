import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { durationMs, isWorker, serverSettings } from '../config/env';
import { workAlone } from '../database/sole-worker';
import { Tasks } from './tasks.service';

const INTERVAL = 'tasks';
/** Of PostgreSQL's advisory locks: who holds it does the tasks. */
const LOCK = 7_305_202;

/** Does the tasks that were asked for, one after another and in one process of all. */
@Injectable()
export class TaskWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TaskWorker.name);
  private readonly settings = serverSettings();
  private readonly shutdown = new AbortController();
  private working?: Promise<void>;

  constructor(
    private readonly tasks: Tasks,
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
      .catch((error: unknown) => this.logger.error({ msg: 'the tasks broke off', err: error }))
      .finally(() => (this.working = undefined));
    await this.working;
  }

  private async workIfAsked(): Promise<void> {
    if (this.shutdown.signal.aborted || (await this.tasks.next()) === null) return;
    const { DATABASE_URL } = this.settings;
    await workAlone({ url: DATABASE_URL!, name: 'tasks', lock: LOCK }, (lost) =>
      this.workThrough(AbortSignal.any([this.shutdown.signal, lost])),
    );
  }

  private async workThrough(stop: AbortSignal): Promise<void> {
    for (let task = await this.tasks.next(); task !== null && !stop.aborted; task = await this.tasks.next()) {
      await this.tasks.work(task, stop);
    }
  }
}
