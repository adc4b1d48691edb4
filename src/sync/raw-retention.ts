import { Injectable, Logger } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { serverSettings } from '../config/env';
import { Clock } from '../database/clock';

const DAY_MS = 86_400_000;
const BATCH = 1_000;
const EACH_NIGHT = '0 17 3 * * *';

/** Deletes vendors' answers that are older than they may be kept. */
@Injectable()
export class RawRetention {
  private readonly logger = new Logger(RawRetention.name);

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Never throws: the next night tries again. */
  @Cron(EACH_NIGHT, { timeZone: 'UTC' })
  async nightly(): Promise<void> {
    try {
      const deleted = await this.deleteOld();
      if (deleted > 0) this.logger.log({ msg: 'old answers deleted', deleted });
    } catch (error) {
      this.logger.error({ msg: 'deleting old answers failed', err: error });
    }
  }

  /** In small transactions, each of which passes over what another process has in hand. @returns how many */
  async deleteOld(): Promise<number> {
    const days = serverSettings().RAW_RETENTION_DAYS;
    const before = new Date(this.clock.now().getTime() - days * DAY_MS);
    let deleted = 0;
    for (const table of ['raw_answer', 'raw_reject']) {
      let batch: number;
      do {
        batch = await this.deleteBatch(table, before);
        deleted += batch;
      } while (batch === BATCH);
    }
    return deleted;
  }

  private async deleteBatch(table: string, before: Date): Promise<number> {
    const [, deleted]: [unknown, number] = await this.database.query(
      `WITH old AS (
         SELECT user_id, connection_id, date, fetched_at FROM ${table}
          WHERE fetched_at < $1 ORDER BY fetched_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
       DELETE FROM ${table} r USING old
        WHERE r.user_id = old.user_id AND r.connection_id = old.connection_id AND r.date = old.date
          AND r.fetched_at = old.fetched_at`,
      [before],
    );
    return deleted;
  }
}
