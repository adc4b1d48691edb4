import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Client } from 'pg';
import { durationMs, isWorker, serverSettings } from '../config/env';
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
    const client = new Client({
      connectionString: this.settings.DATABASE_URL,
      application_name: 'vitalbase replay lock',
      keepAlive: true,
    });
    const lost = new AbortController();
    // Without a listener, pg's `error` event would end the process.
    client.on('error', () => lost.abort());
    await client.connect();
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
      if (rows[0].held) await this.workThrough(AbortSignal.any([this.shutdown.signal, lost.signal]));
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async workThrough(stop: AbortSignal): Promise<void> {
    for (let run = await this.runs.next(); run !== null && !stop.aborted; run = await this.runs.next()) {
      await this.runs.work(run, stop);
    }
  }
}
