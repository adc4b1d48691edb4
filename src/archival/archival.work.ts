import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import type { BackgroundTask } from '../tasks/task.entity';
import { Tasks, type TaskWork } from '../tasks/tasks.service';
import { ArchivalSettings } from './archival-settings.service';
import { Expiry, type Expired } from './expiry';

export const ARCHIVAL = 'archival';
const EACH_NIGHT = '0 32 3 * * *';
const USERS_AT_A_TIME = 100;

/** How far the deletion has come. */
export interface ArchivalProgress extends Expired {
  users: number;
  /** The user who had his turn last. */
  after: string | null;
}

/** Deletes what is older than the settings say, user by user, each in a transaction of its own. */
@Injectable()
export class Archival implements OnModuleInit, TaskWork<object, ArchivalProgress> {
  readonly kind = ARCHIVAL;
  readonly nothingDone = { users: 0, samples: 0, answers: 0, records: 0, after: null };
  private readonly logger = new Logger(Archival.name);

  constructor(
    private readonly database: DataSource,
    private readonly settings: ArchivalSettings,
    private readonly expiry: Expiry,
    private readonly tasks: Tasks,
  ) {}

  onModuleInit(): void {
    this.tasks.register(this);
  }

  /** Joins what is under way. */
  ask(): Promise<BackgroundTask> {
    return this.tasks.ask(ARCHIVAL, {}, ARCHIVAL);
  }

  /** Every process asks for it, and one does it. Never throws: the next night tries again. */
  @Cron(EACH_NIGHT, { timeZone: 'UTC' })
  async nightly(): Promise<void> {
    await this.ask().catch((error: unknown) =>
      this.logger.error({ msg: 'the nightly archival could not be asked for', err: error }),
    );
  }

  async *work(_input: object, begun: ArchivalProgress): AsyncIterable<ArchivalProgress> {
    if ((await this.settings.keptSince()).samples === null) return;
    let progress = begun;
    for (;;) {
      const users = await this.usersAfter(progress.after);
      if (users.length === 0) break;
      for (const userId of users) progress = sumOf(progress, await this.expire(userId), userId);
      this.logger.log({ msg: 'old health data is archived', ...progress });
      yield progress;
    }
  }

  private async usersAfter(after: string | null): Promise<string[]> {
    const users = await this.database.query<{ id: string }[]>(
      `SELECT id FROM app_user WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT ${USERS_AT_A_TIME}`,
      [after],
    );
    return users.map(({ id }) => id);
  }

  private async expire(userId: string): Promise<Expired> {
    const keptSince = await this.settings.keptSince();
    return this.database.transaction(async (manager) => {
      // Whoever writes health data holds his connection's row, and would put back what he has read before.
      await manager.query(`SELECT FROM connection WHERE user_id = $1 ORDER BY id FOR UPDATE`, [userId]);
      return this.expiry.apply(manager, { userId }, keptSince);
    });
  }
}

const sumOf = (progress: ArchivalProgress, more: Expired, userId: string): ArchivalProgress => ({
  users: progress.users + 1,
  samples: progress.samples + more.samples,
  answers: progress.answers + more.answers,
  records: progress.records + more.records,
  after: userId,
});
