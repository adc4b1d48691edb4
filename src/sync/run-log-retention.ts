import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import { JobQueue } from '../database/job-queue';

const DAY_MS = 86_400_000;
const BATCH = 1_000;
const QUEUE = 'run-log-retention';
const EACH_NIGHT = '0 47 3 * * *';

/** Deletes runs that ended longer ago than they are to be kept, each with its events. */
@Injectable()
export class RunLogRetention implements OnModuleInit {
  private readonly logger = new Logger(RunLogRetention.name);

  constructor(
    private readonly database: DataSource,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.queue.register(QUEUE, () => this.work());
  }

  /** Every process asks for it, and one does it. Never throws: the next night tries again. */
  @Cron(EACH_NIGHT, { timeZone: 'UTC' })
  async nightly(): Promise<void> {
    await this.queue.send(QUEUE, 'nightly').catch((error: unknown) => this.complain(error));
  }

  /** In small transactions, each of which passes over what another process has in hand. @returns how many runs */
  async deleteOld(): Promise<number> {
    const days = serverSettings().RUN_LOG_RETENTION_DAYS;
    const before = new Date(this.clock.now().getTime() - days * DAY_MS);
    let deleted = 0;
    let gone: number;
    do {
      [, gone] = await this.database.query<[unknown, number]>(OLD_RUNS, [before]);
      deleted += gone;
    } while (gone >= BATCH);
    return deleted;
  }

  private async work(): Promise<void> {
    try {
      const deleted = await this.deleteOld();
      if (deleted > 0) this.logger.log({ msg: 'old sync runs deleted', deleted });
    } catch (error) {
      this.complain(error);
    }
  }

  private complain(error: unknown): void {
    this.logger.error({ msg: 'deleting old sync runs failed', err: error });
  }
}

const OLD_RUNS = `
  WITH old AS (
    SELECT user_id, run_id FROM sync_run
     WHERE last_update < $1 AND status <> 'in_progress' ORDER BY last_update LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  ), events AS (
    DELETE FROM sync_event e USING old o WHERE e.user_id = o.user_id AND e.run_id = o.run_id
  )
  DELETE FROM sync_run r USING old o WHERE r.user_id = o.user_id AND r.run_id = o.run_id`;
