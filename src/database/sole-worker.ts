import {
  Logger,
  type BeforeApplicationShutdown,
  type FactoryProvider,
  type OnApplicationBootstrap,
  type Type,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Client } from 'pg';
import { durationMs, isWorker, serverSettings } from '../config/env';

/** Work that was asked for and waits in the database. */
export interface WaitingWork<Item> {
  /** The oldest that has not ended. */
  next(): Promise<Item | null>;
  /** @param stop ends it after the step in hand, to be carried on later */
  work(item: Item, stop: AbortSignal): Promise<void>;
}

interface Sole {
  /** Unlike those of the other sole workers. */
  name: string;
  /** Of PostgreSQL's advisory locks: who holds it works. */
  lock: number;
}

/**
 * Does what waits, one after another and in one process of all: it holds a lock that PostgreSQL lets go of when the
 * process dies, and then another carries on.
 */
export class SoleWorker<Item> implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SoleWorker.name);
  private readonly settings = serverSettings();
  private readonly shutdown = new AbortController();
  private working?: Promise<void>;

  constructor(
    private readonly sole: Sole,
    private readonly waiting: WaitingWork<Item>,
    private readonly scheduler: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    if (!isWorker()) return;
    const tick = setInterval(() => void this.tick(), durationMs(this.settings.SYNC_TICK));
    this.scheduler.addInterval(this.sole.name, tick);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    const { name } = this.sole;
    if (this.scheduler.doesExist('interval', name)) this.scheduler.deleteInterval(name);
    await this.working;
  }

  /** Never throws: what is left undone is found by a later tick. */
  private async tick(): Promise<void> {
    this.working ??= this.workIfAsked()
      .catch((error: unknown) => this.logger.error({ msg: `${this.sole.name} broke off`, err: error }))
      .finally(() => (this.working = undefined));
    await this.working;
  }

  private async workIfAsked(): Promise<void> {
    if (this.shutdown.signal.aborted || (await this.waiting.next()) === null) return;
    await this.alone((lost) => this.workThrough(AbortSignal.any([this.shutdown.signal, lost])));
  }

  private async workThrough(stop: AbortSignal): Promise<void> {
    for (
      let item = await this.waiting.next();
      item !== null && !stop.aborted;
      item = await this.waiting.next()
    ) {
      await this.waiting.work(item, stop);
    }
  }

  /** @param work is not called where another process holds the lock; its signal tells that the lock is lost */
  private async alone(work: (lost: AbortSignal) => Promise<void>): Promise<void> {
    const { name, lock } = this.sole;
    const client = new Client({
      connectionString: this.settings.DATABASE_URL,
      application_name: `vitalbase ${name} lock`,
      keepAlive: true,
    });
    const lost = new AbortController();
    // Without a listener, pg's `error` event would end the process.
    client.on('error', () => lost.abort());
    await client.connect();
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS held', [lock]);
      if (rows[0].held) await work(lost.signal);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** The token of the sole worker of a service. */
export const soleWorkerOf = (service: Type): string => `the sole worker of ${service.name}`;

/** For the providers of the module that a service with waiting work is of. */
export const provideSoleWorker = <Item>(
  service: Type<WaitingWork<Item>>,
  sole: Sole,
): FactoryProvider<SoleWorker<Item>> => ({
  provide: soleWorkerOf(service),
  inject: [service, SchedulerRegistry],
  useFactory: (waiting: WaitingWork<Item>, scheduler: SchedulerRegistry) =>
    new SoleWorker(sole, waiting, scheduler),
});
