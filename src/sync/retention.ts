import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import { JobQueue } from '../database/job-queue';
import { BATCH, RAW_ANSWERS, RUN_LOG, type Retained } from './retained';

const DAY_MS = 86_400_000;
const EACH_NIGHT = '0 17 3 * * *';

/** Deletes what is older than it is to be kept. */
@Injectable()
export class Retention implements OnModuleInit {
  private readonly logger = new Logger(Retention.name);

  constructor(
    private readonly database: DataSource,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    for (const retained of [RAW_ANSWERS, RUN_LOG])
      this.queue.register(retained.name, () => this.work(retained));
  }

  /** Every process asks for it, and one does it. Never throws: the next night tries again. */
  @Cron(EACH_NIGHT, { timeZone: 'UTC' })
  async nightly(): Promise<void> {
    for (const { name } of [RAW_ANSWERS, RUN_LOG]) {
      await this.queue.send(name, 'nightly').catch((error: unknown) => this.complain(name, error));
    }
  }

  /** @returns how many rows */
  async deleteOld({ days, deletions }: Retained): Promise<number> {
    const before = new Date(this.clock.now().getTime() - days(serverSettings()) * DAY_MS);
    let deleted = 0;
    for (const deletion of deletions) {
      let gone: number;
      do {
        [, gone] = await this.database.query<[unknown, number]>(deletion, [before]);
        deleted += gone;
      } while (gone >= BATCH);
    }
    return deleted;
  }

  private async work(retained: Retained): Promise<void> {
    try {
      const deleted = await this.deleteOld(retained);
      if (deleted > 0) this.logger.log({ msg: 'what was old is deleted', of: retained.name, deleted });
    } catch (error) {
      this.complain(retained.name, error);
    }
  }

  private complain(name: string, error: unknown): void {
    this.logger.error({ msg: 'deleting what is old failed', of: name, err: error });
  }
}
