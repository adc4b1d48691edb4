import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import { isWorker, serverSettings } from '../config/env';

/** What a job is about: ids, and nothing that is secret or personal. */
export type JobIds = Record<string, string>;

const QUEUE = { policy: 'exclusive', retryLimit: 0, deleteAfterSeconds: 3_600 } as const;
const STOP_WITHIN_MS = 5_000;
/** One line for an outage of the database, and not one for every look at the queue. */
const COMPLAIN_EVERY_MS = 60_000;

const bossOf = (connectionString: string) =>
  new PgBoss({
    connectionString,
    schema: 'pgboss',
    application_name: 'vitalbase queue',
    max: 2,
    schedule: false,
  });

/** Makes the queue's tables, or brings them up to date. The server does the same at its start. */
export async function installJobQueue(connectionString: string): Promise<void> {
  const boss = bossOf(connectionString);
  boss.on('error', () => undefined);
  await boss.start();
  await boss.stop({ graceful: false });
}

/**
 * Background jobs of all processes (pg-boss). A job of one key waits or runs once at a time, and is not repeated: what
 * is due stands in our own tables, and is sent again as long as it stands there. So the queue may lose everything.
 */
@Injectable()
export class JobQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(JobQueue.name);
  private readonly work = new Map<string, (ids: JobIds) => Promise<void>>();
  private boss?: PgBoss;
  private ready = false;
  private complainedAt = -COMPLAIN_EVERY_MS;

  constructor(private readonly database: DataSource) {}

  /** False in a process that does no background work, and while the queue is starting or stopping. */
  get isReady(): boolean {
    return this.ready;
  }

  /** While the modules are initialised. */
  register(queue: string, work: (ids: JobIds) => Promise<void>): void {
    this.work.set(queue, work);
  }

  /** Joins a job of the same key that waits or runs. Nothing is sent while the queue is not ready. */
  async send(queue: string, key: string, ids: JobIds = {}): Promise<void> {
    if (!this.ready || !this.boss) return;
    // Costs next to nothing where the queue is there; without its row, pg-boss would drop the job and say nothing.
    await this.boss.createQueue(queue, QUEUE);
    await this.boss.send(queue, ids, { singletonKey: key });
  }

  /** Not where the app is only looked at, such as for its API document. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.database.isInitialized || !isWorker()) return;
    this.boss = bossOf(serverSettings().DATABASE_URL!);
    // Without a listener, the event would end the process.
    this.boss.on('error', (error) => this.complain(error));
    await this.boss.start();
    for (const [queue, work] of this.work) {
      await this.boss.createQueue(queue, QUEUE);
      await this.boss.work<JobIds>(queue, { pollingIntervalSeconds: 1 }, async (jobs) => {
        for (const { data } of jobs) await work(data);
      });
    }
    this.ready = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ready = false;
    // With the database gone it takes all of its time, and fails.
    const stopped = this.boss?.stop({ graceful: true, timeout: STOP_WITHIN_MS });
    await stopped?.catch((error: unknown) => this.complain(error));
  }

  private complain(error: unknown): void {
    if (performance.now() - this.complainedAt < COMPLAIN_EVERY_MS) return;
    this.complainedAt = performance.now();
    this.logger.warn({ msg: 'the job queue is in trouble', err: error });
  }
}
