import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/open-database';
import { JobQueue, type JobIds } from './job-queue';

describe(JobQueue.name, () => {
  let database: DataSource;
  const queues: JobQueue[] = [];
  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await openDatabase([]);
  });
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.beforeApplicationShutdown();
  });
  afterAll(() => database.destroy());

  async function started(name: string, work: (ids: JobIds) => Promise<void>): Promise<JobQueue> {
    const queue = new JobQueue(database);
    queue.register(name, work);
    await queue.onApplicationBootstrap();
    queues.push(queue);
    return queue;
  }

  const until = async (holds: () => boolean) => {
    for (let tenth = 0; tenth < 60 && !holds(); tenth++) await wait(100);
    expect(holds()).toBe(true);
  };

  it('does a job once, however often and by whomever it is sent while it waits or runs', async () => {
    const done: JobIds[] = [];
    let finish = () => {};
    const slow = async (ids: JobIds) => {
      done.push(ids);
      await new Promise<void>((resolve) => (finish = resolve));
    };
    const [one, other] = [await started('once', slow), await started('once', slow)];
    for (let time = 0; time < 5; time++) {
      await one.send('once', 'key-1', { id: 'a' });
      await other.send('once', 'key-1', { id: 'a' });
    }
    await until(() => done.length === 1);
    await one.send('once', 'key-1', { id: 'a' });
    await wait(1_500);
    expect(done).toEqual([{ id: 'a' }]);

    finish();
    for (let tenth = 0; tenth < 60 && done.length < 2; tenth++) {
      await one.send('once', 'key-1', { id: 'b' });
      await wait(100);
    }
    expect(done[1]).toEqual({ id: 'b' });
    finish();
  });

  it('sends nothing before it has started, nor after it has stopped', async () => {
    const queue = new JobQueue(database);
    queue.register('early', async () => {});
    expect(queue.isReady).toBe(false);
    await queue.send('early', 'key');
    await queue.onApplicationBootstrap();
    expect(queue.isReady).toBe(true);
    await queue.beforeApplicationShutdown();
    await queue.send('early', 'key');
    expect(await database.query(`SELECT 1 FROM pgboss.job WHERE name = 'early'`)).toEqual([]);
  });

  it('goes on when all of its tables were emptied', async () => {
    const done: JobIds[] = [];
    const work = async (ids: JobIds) => void done.push(ids);
    const [one, other] = [await started('emptied', work), await started('emptied', work)];
    await one.send('emptied', 'key', { id: 'before' });
    await until(() => done.length === 1);
    await database.query('TRUNCATE pgboss.job, pgboss.queue, pgboss.schedule, pgboss.subscription');
    await Promise.all([one, other].map((queue) => queue.send('emptied', 'key', { id: 'after' })));
    await until(() => done.length === 2);
    expect(done[1]).toEqual({ id: 'after' });
  });

  it('keeps to two connections of its own', async () => {
    const queue = await started('many', async () => {});
    await Promise.all(Array.from({ length: 40 }, (_, index) => queue.send('many', `key-${index}`)));
    const [{ count }] = await database.query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'vitalbase queue'`,
    );
    expect(count).toBeLessThanOrEqual(2);
  });

  it('stops within seconds though the database is gone', async () => {
    const queue = await started('stranded', () => new Promise(() => {}));
    await queue.send('stranded', 'key');
    await wait(1_500);
    const name = new URL(process.env.DATABASE_URL!).pathname.slice(1);
    const server = new Client(process.env.TEST_SERVER_URL);
    await server.connect();
    await server.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    const began = performance.now();
    await queue.beforeApplicationShutdown();
    expect(performance.now() - began).toBeLessThan(8_000);
    queues.splice(0);
    await server.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    await server.end();
  });
});
