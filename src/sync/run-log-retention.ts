import { Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { serverSettings } from '../config/env';
import { Clock } from '../database/clock';

const DAY_MS = 86_400_000;
const BATCH = 1_000;
const EACH_NIGHT = '0 47 3 * * *';

/** Deletes runs that ended longer ago than they are to be kept, each with its events. */
@Injectable()
export class RunLogRetention {
  private readonly logger = new Logger(RunLogRetention.name);

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Never throws: the next night tries again. */
  @Cron(EACH_NIGHT, { timeZone: 'UTC' })
  async nightly(): Promise<void> {
    try {
      const deleted = await this.deleteOld();
      if (deleted > 0) this.logger.log({ msg: 'old sync runs deleted', deleted });
    } catch (error) {
      this.logger.error({ msg: 'deleting old sync runs failed', err: error });
    }
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
}

const OLD_RUNS = `
  WITH old AS (
    SELECT user_id, run_id FROM sync_run
     WHERE last_update < $1 AND status <> 'in_progress' ORDER BY last_update LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  ), events AS (
    DELETE FROM sync_event e USING old o WHERE e.user_id = o.user_id AND e.run_id = o.run_id
  )
  DELETE FROM sync_run r USING old o WHERE r.user_id = o.user_id AND r.run_id = o.run_id`;
