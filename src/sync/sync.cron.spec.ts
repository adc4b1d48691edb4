import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { answerOf, dataOf } from '../../test/support/day-provider';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { VendorBudgets } from '../providers/vendor-budgets';
import { slotAfter } from './plan';
import { queueRun } from './run-start';
import { Runner } from './runner';
import { SyncCron } from './sync.cron';

const HOUR = 3_600_000;

describe('the claim loop', () => {
  let world: SyncWorld;
  let cron: SyncCron;
  afterEach(async () => {
    await cron?.beforeApplicationShutdown();
    await world?.close();
    jest.restoreAllMocks();
  });

  async function start(environment: Record<string, string>): Promise<void> {
    world = await SyncWorld.start({
      SYNC_INTERVAL: '1h',
      BACKFILL_DAYS: '3',
      SYNC_CONCURRENCY: '4',
      ...environment,
    });
    cron = new SyncCron(
      world.database,
      world.get(Runner),
      new SchedulerRegistry(),
      world.get(VendorBudgets),
      world.clock,
    );
    cron.onApplicationBootstrap();
    await cron.tick();
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('it did not happen within 5 s');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  const ended = (key: Key, count: number) => async () =>
    (await world.runs(key)).filter(({ status }) => status === 'success').length === count;

  it('syncs at once after the connect, then at every slot', async () => {
    await start({ SYNC_TICK: '20ms' });
    const key = await world.connect();
    await until(ended(key, 1));
    for (let hour = 2; hour <= 4; hour++) {
      world.clock.set(slotAfter(world.clock.now(), key.connectionId, HOUR));
      await until(ended(key, hour));
    }
    expect((await world.runs(key)).map(({ source }) => source)).toEqual(['backfill', 'pull', 'pull', 'pull']);
  });

  /** A connection that has ended, with a run that a person had asked for. */
  async function endedWithRun(): Promise<Key> {
    const key = await world.connect();
    await world.sql(`UPDATE connection SET status = 'revoked' WHERE id = $1`, [key.connectionId]);
    const run = { ...key, provider: 'scripted', source: 'backfill' as const };
    await world.database.transaction((manager) => queueRun(manager, run, world.clock.now()));
    return key;
  }

  it('ends the run of a connection that ended before any worker took it, and tells it', async () => {
    await start({ SYNC_TICK: '3600s' });
    const key = await endedWithRun();
    await cron.tick();
    expect(await world.runs(key)).toMatchObject([
      { status: 'cancelled', stage: 'cancelled', details: { reason: 'connection_ended' } },
    ]);
    const told = await world.sql(`SELECT stage, status FROM sync_event WHERE user_id = $1 ORDER BY id`, [
      key.userId,
    ]);
    expect(told).toEqual([
      { stage: 'queued', status: 'in_progress' },
      { stage: 'cancelled', status: 'cancelled' },
    ]);
  });

  it('leaves the run of an ended connection that another process has in hand', async () => {
    await start({ SYNC_TICK: '3600s' });
    const key = await endedWithRun();
    await world.database.transaction(async (manager) => {
      await manager.query(`SELECT FROM connection WHERE id = $1 FOR UPDATE`, [key.connectionId]);
      await cron.tick();
      expect(await world.runs(key)).toMatchObject([{ status: 'in_progress' }]);
    });
    await cron.tick();
    expect(await world.runs(key)).toMatchObject([{ status: 'cancelled' }]);
  });

  it('hears of a due connection without waiting for the tick', async () => {
    await start({ SYNC_TICK: '3600s' });
    const key = await world.connect();
    await world.sql(`SELECT pg_notify('vitalbase_sync', '')`);
    await until(ended(key, 1));
    expect(await world.runs(key)).toHaveLength(1);
  });

  it('survives the loss of its listener, and listens again from the next tick on', async () => {
    await start({ SYNC_TICK: '3600s' });
    const isGone = async () => {
      const rows = await world.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'vitalbase listener' AND datname = current_database()`,
      );
      return rows.length === 0;
    };
    expect(await isGone()).toBe(false);
    await until(isGone);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await cron.tick();
    const key = await world.connect();
    await world.sql(`SELECT pg_notify('vitalbase_sync', '')`);
    await until(ended(key, 1));
  });

  it('runs no more connections at once than it may, and all of them in the end', async () => {
    await start({ SYNC_TICK: '3600s', SYNC_CONCURRENCY: '2' });
    let [running, most] = [0, 0];
    const run = jest.spyOn(world.get(Runner), 'run').mockImplementation(async function (
      this: Runner,
      ...args
    ) {
      most = Math.max(most, ++running);
      await Runner.prototype.run.apply(this, args).finally(() => running--);
    });
    const keys: Key[] = [];
    for (let n = 0; n < 7; n++) keys.push(await world.connect());
    await Promise.all([cron.tick(), cron.tick(), cron.tick()]);
    for (const key of keys) await until(ended(key, 1));
    expect(most).toBe(2);
    // Once for the newest days, once for the history.
    expect(run).toHaveBeenCalledTimes(14);
  });

  it('leaves room for what cannot wait while histories are read', async () => {
    await start({ SYNC_TICK: '3600s', SYNC_CONCURRENCY: '4' });
    const keys = [await world.connect(), await world.connect(), await world.connect()];
    for (const key of keys)
      await cron.tick().then(() => until(async () => (await world.days(key)).length > 0));
    let letGo = () => {};
    const history = new Promise<void>((resolve) => (letGo = resolve));
    await until(async () => {
      const [{ busy }] = await world.sql(
        'SELECT count(*)::int AS busy FROM connection WHERE lease_until IS NOT NULL',
      );
      return busy === 0;
    });
    await world.sql(`UPDATE sync_day SET next_attempt_at = $1, history = true`, [world.clock.now()]);
    await world.sql(`UPDATE connection SET history_wake_at = $1`, [world.clock.now()]);
    world.provider.says(async (date, { urgency }) => {
      if (urgency === 'backfill') await history;
      return answerOf(date, dataOf(date));
    });
    await cron.tick();
    await until(async () => world.provider.underWay === 2);
    const late = await world.connect();
    await cron.tick();
    await until(async () => (await world.day(late, '2026-03-09'))?.status === 'stored');
    expect(world.provider.underWay).toBe(2);
    letGo();
  });

  it('meets each return of a vendor once', async () => {
    await start({ SYNC_TICK: '3600s' });
    const key = await world.connect();
    await cron.tick();
    await until(ended(key, 1));
    const later = (seconds: number) => new Date(world.clock.now().getTime() + seconds * 1_000);
    const waitsAfterTick = async () => {
      await world.sql(`UPDATE sync_day SET next_attempt_at = $1, error_code = 'unavailable'`, [later(HOUR)]);
      await cron.tick();
      return (await world.day(key, '2026-03-09')).next_attempt_at! > later(120);
    };
    const returned = (at: Date) =>
      world.sql(
        `INSERT INTO vendor_budget (provider, endpoint_class, requests_per_second, tokens, refilled_at, in_flight, recent_calls,
                                    failures_in_row, failed_connections, closed_at)
         VALUES ('scripted', 'data', 5, 5, $1, '{}', '{}', 0, '{}', $1)
         ON CONFLICT (provider, endpoint_class) DO UPDATE SET closed_at = $1`,
        [at],
      );
    expect(await waitsAfterTick()).toBe(true);
    await returned(later(-1));
    expect(await waitsAfterTick()).toBe(false);
    expect(await waitsAfterTick()).toBe(true);
    await returned(later(0));
    expect(await waitsAfterTick()).toBe(false);
  });

  it('reports a tick that fails, and goes on', async () => {
    await start({ SYNC_TICK: '3600s' });
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const now = jest.spyOn(world.clock, 'now').mockImplementationOnce(() => {
      throw new Error('no time');
    });
    await cron.tick();
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ msg: 'looking for due connections failed' }),
    );
    now.mockRestore();
    const key = await world.connect();
    await cron.tick();
    await until(ended(key, 1));
  });

  it('finishes the days in hand when the server stops, and gives its connections back', async () => {
    await start({ SYNC_TICK: '3600s' });
    const key = await world.connect();
    let answer: (() => void) | undefined;
    world.provider.says(async (date) => {
      if (date === '2026-03-09') await new Promise<void>((resolve) => (answer = resolve));
      return answerOf(date, dataOf(date));
    });
    await cron.tick();
    await until(async () => answer !== undefined);
    const stopped = cron.beforeApplicationShutdown();
    await new Promise((resolve) => setTimeout(resolve, 30));
    answer!();
    await stopped;
    expect(await world.day(key, '2026-03-09')).toMatchObject({ status: 'stored' });
    expect(await world.day(key, '2026-03-08')).toMatchObject({ status: 'pending' });
    expect(await world.connection(key)).toMatchObject({ lease_until: null });
    expect(await world.runs(key)).toMatchObject([{ status: 'in_progress', items_processed: 3 }]);
  });

  it('hands a connection back whose day does not end in time, and lets nothing of it in any more', async () => {
    await start({ SYNC_TICK: '3600s', DRAIN_TIMEOUT: '150ms' });
    const key = await world.connect();
    let hanging: (() => void) | undefined;
    world.provider.says(async (date) => {
      if (date === '2026-03-09') await new Promise<void>((resolve) => (hanging = resolve));
      return answerOf(date, dataOf(date));
    });
    await cron.tick();
    await until(
      async () => hanging !== undefined && (await world.day(key, '2026-03-10')).status === 'stored',
    );
    const [{ sync_epoch: epoch }] = await world.sql<{ sync_epoch: number }>(
      'SELECT sync_epoch FROM connection',
    );
    const started = performance.now();
    await cron.beforeApplicationShutdown();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await world.connection(key)).toMatchObject({ lease_until: null, sync_epoch: epoch + 1 });
    hanging!();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await world.runs(key)).toMatchObject([{ status: 'in_progress' }]);
    expect(await world.day(key, '2026-03-09')).toMatchObject({ status: 'pending' });
    // Nothing is claimed any more.
    await cron.tick();
    expect(await world.claim(1, 'history')).toHaveLength(1);
  });
});
