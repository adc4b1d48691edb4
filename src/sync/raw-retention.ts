import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import { JobQueue } from '../database/job-queue';

const DAY_MS = 86_400_000;
const BATCH = 1_000;
const QUEUE = 'raw-retention';
const EACH_NIGHT = '0 17 3 * * *';

/**
 * Deletes vendors' answers that are older than they may be kept. Those of one date go together, when the newest of them
 * does: what is left of them would come to something else in a replay. A refused answer goes alone.
 */
@Injectable()
export class RawRetention implements OnModuleInit {
  private readonly logger = new Logger(RawRetention.name);

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

  /** In small transactions, each of which passes over what another process has in hand. @returns how many */
  async deleteOld(): Promise<number> {
    const days = serverSettings().RAW_RETENTION_DAYS;
    const before = new Date(this.clock.now().getTime() - days * DAY_MS);
    let deleted = 0;
    for (const batch of [OLD_ANSWERS, OLD_REJECTS]) {
      let gone: number;
      do {
        [, gone] = await this.database.query<[unknown, number]>(batch, [before]);
        deleted += gone;
      } while (gone >= BATCH);
    }
    return deleted;
  }

  private async work(): Promise<void> {
    try {
      const deleted = await this.deleteOld();
      if (deleted > 0) this.logger.log({ msg: 'old answers deleted', deleted });
    } catch (error) {
      this.complain(error);
    }
  }

  private complain(error: unknown): void {
    this.logger.error({ msg: 'deleting old answers failed', err: error });
  }
}

/** A date stands for its oldest answer, which a replay locks first. */
const OLD_ANSWERS = `
  WITH old AS (
    SELECT user_id, connection_id, date FROM raw_answer oldest
     WHERE fetched_at < $1 AND NOT EXISTS (
       SELECT FROM raw_answer other
        WHERE other.user_id = oldest.user_id AND other.connection_id = oldest.connection_id AND other.date = oldest.date
          AND (other.fetched_at < oldest.fetched_at OR other.fetched_at >= $1))
     ORDER BY fetched_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  DELETE FROM raw_answer r USING old
   WHERE r.user_id = old.user_id AND r.connection_id = old.connection_id AND r.date = old.date`;

const OLD_REJECTS = `
  WITH old AS (
    SELECT user_id, connection_id, date, fetched_at FROM raw_reject
     WHERE fetched_at < $1 ORDER BY fetched_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  DELETE FROM raw_reject r USING old
   WHERE r.user_id = old.user_id AND r.connection_id = old.connection_id AND r.date = old.date
     AND r.fetched_at = old.fetched_at`;
