import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { answerOf, dataOf } from '../../test/support/day-provider';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { ProviderUnavailable } from '../providers/provider-errors';
import { VendorBudgets } from '../providers/vendor-budgets';
import { slotAfter } from './plan';
import { RunControl } from './run-control.service';
import { Runner } from './runner';
import { SyncCron } from './sync.cron';
import { SyncService } from './sync.service';
import { endWaitFor } from './vendor-return';
import { wake } from './wake-times';

const HOUR = 3_600_000;

describe('the schedule of a connection', () => {
  let world: SyncWorld;
  beforeAll(async () => {
    world = await SyncWorld.start({
      SYNC_INTERVAL: '1h',
      SYNC_TICK: '3600s',
      BACKFILL_DAYS: '1',
      SYNC_LOOKBACK_HOURLY_DAYS: '2',
    });
  });
  afterAll(() => world?.close());
  beforeEach(() => world.reset());

  const nextSlot = (key: Key) => world.clock.set(slotAfter(world.clock.now(), key.connectionId, HOUR));
  const slotRuns = () =>
    world.sql<{ connection_id: string; slot_at: Date; status: string; started_at: Date }>(
      `SELECT * FROM sync_run WHERE slot_at IS NOT NULL ORDER BY started_at, last_update`,
    );

  it('has one run a slot, however many processes tick, and how often', async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    const keys: Key[] = [];
    for (let n = 0; n < 12; n++) keys.push(await world.connect());
    await world.runDue();
    const crons = [1, 2, 3].map(
      () =>
        new SyncCron(
          world.database,
          world.get(Runner),
          new SchedulerRegistry(),
          world.get(VendorBudgets),
          world.clock,
        ),
    );
    for (let slot = 1; slot <= 3; slot++) {
      world.clock.advance(3_600);
      for (;;) {
        await Promise.all(crons.flatMap((cron) => [cron.tick(), cron.tick()]));
        const [{ busy }] = await world.sql(
          `SELECT count(*)::int AS busy FROM connection WHERE lease_until IS NOT NULL OR wake_at <= $1`,
          [world.clock.now()],
        );
        if (busy === 0) break;
      }
    }
    await Promise.all(crons.map((cron) => cron.beforeApplicationShutdown()));
    const runs = await slotRuns();
    expect(runs).toHaveLength(3 * keys.length);
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['success']));
    expect(new Set(runs.map((run) => `${run.connection_id} ${run.slot_at.toISOString()}`)).size).toBe(36);
  });

  it('refuses a second run of the same slot', async () => {
    const key = await world.connect();
    await world.runDue();
    nextSlot(key);
    await world.runDue();
    const again = `INSERT INTO sync_run SELECT (jsonb_populate_record(r, '{"run_id": "pull_2"}')).* FROM sync_run r WHERE slot_at IS NOT NULL`;
    await expect(world.sql(again)).rejects.toThrow('sync_run_slot_key');
  });

  it('has one run for all slots that a pause of the server has missed, the stalest connection first', async () => {
    const keys: Key[] = [];
    for (let n = 0; n < 5; n++) keys.push(await world.connect());
    await world.runDue();
    const due = await world.sql<{ id: string; next_slot_at: Date }>(
      'SELECT id, next_slot_at FROM connection ORDER BY next_slot_at',
    );
    world.clock.set(new Date('2026-03-12T09:00:00Z'));
    world.provider.forget();
    const order: string[] = [];
    for (let n = 0; n < keys.length; n++) {
      const [lease] = await world.claim(1);
      order.push(lease.connectionId);
      await world.get(Runner).run(lease, new AbortController().signal);
    }
    expect(order).toEqual(due.map(({ id }) => id));
    const runs = await slotRuns();
    expect(runs.map(({ slot_at }) => slot_at).toSorted((a, b) => a.getTime() - b.getTime())).toEqual(
      due.map(({ next_slot_at }) => next_slot_at),
    );
    // The gap, and the last days before it, which had not been over yet.
    const dates = world.provider.asked.filter((_, index) => index < world.provider.asked.length / 5);
    expect(dates.toSorted()).toEqual(expect.arrayContaining(['2026-03-09', '2026-03-10', '2026-03-12']));
  });

  it('looks back as far as it is told to', async () => {
    const key = await world.connect();
    await world.runDue();
    world.provider.forget();
    nextSlot(key);
    await world.runDue();
    expect(world.provider.asked).toEqual(['2026-03-10', '2026-03-09', '2026-03-08']);
  });

  it('counts a run that a person has asked for as that of the slot which comes meanwhile', async () => {
    const key = await world.connect();
    await world.runDue();
    const { run_id } = await world.get(SyncService).start(key.userId, 'scripted', {});
    nextSlot(key);
    await world.runDue();
    expect(await slotRuns()).toMatchObject([{ run_id, status: 'success' }]);
  });

  it.each(['a day is to be asked for again later', 'the vendor has just refused everything'])(
    'ends the run of a process that died before it could, and the next slot has its own: %s',
    async (state) => {
      const key = await world.connect();
      await world.runDue();
      const isRefused = state !== 'a day is to be asked for again later';
      const refuse = () => Promise.reject(new ProviderUnavailable('503'));
      if (isRefused) world.provider.says(refuse);
      else world.provider.says((date) => answerOf(date, date === '2026-03-10' ? '{}' : dataOf(date)));
      nextSlot(key);
      let letGo = () => {};
      const hanging = new Promise<void>((resolve) => {
        world.failpoints.at['run.before-end'] = () => {
          resolve();
          return new Promise<void>((go) => (letGo = go));
        };
      });
      const [lease] = await world.claim();
      const running = world.get(Runner).run(lease, new AbortController().signal);
      await hanging;
      // A process that is dead renews no lease.
      world.failpoints.at = { 'lease.before-renew': () => new Promise(() => {}) };
      world.clock.advance(61);
      await world.sql(`UPDATE sync_day SET next_attempt_at = $1 WHERE next_attempt_at IS NOT NULL`, [
        new Date(world.clock.now().getTime() + 3 * HOUR),
      ]);
      await wake(world.database.manager, key);
      await world.runDue();
      const ended = isRefused ? { status: 'failed', error: 'unavailable' } : { status: 'success' };
      expect(await slotRuns()).toMatchObject([ended]);
      letGo();
      await running;

      world.provider.says((date) => answerOf(date, dataOf(date)));
      for (let slot = 2; slot <= 3; slot++) {
        nextSlot(key);
        await world.runDue();
        expect(await slotRuns()).toHaveLength(slot);
      }
      expect((await slotRuns()).slice(1)).toMatchObject([{ status: 'success' }, { status: 'success' }]);
      expect(await world.sql(`SELECT FROM sync_run WHERE status = 'in_progress'`)).toEqual([]);
    },
  );

  it('does not end a run for which a person asks in its last moment', async () => {
    const key = await world.connect();
    await world.runDue();
    nextSlot(key);
    let joined: string | undefined;
    world.failpoints.at['run.before-end'] = async () => {
      if (joined !== undefined) return;
      const asked = { summary_start_time: '2026-02-20' };
      joined = (await world.get(SyncService).start(key.userId, 'scripted', asked)).run_id;
    };
    const [lease] = await world.claim();
    await world.get(Runner).run(lease, new AbortController().signal);
    const runs = await world.runs(key);
    expect(runs).toHaveLength(2);
    expect(runs[1]).toMatchObject({ run_id: joined, status: 'success' });
    expect(await world.day(key, '2026-02-20')).toMatchObject({ status: 'stored' });
    expect(await world.connection(key)).toMatchObject({ priority: 1, lease_until: null });
  });

  it('lets a retry become the run that a person asks for meanwhile', async () => {
    const key = await world.connect();
    await world.runDue();
    world.provider.says((date) => answerOf(date, '<html>'));
    nextSlot(key);
    await world.runDue();
    let asked: string | undefined;
    world.provider.says(async (date) => {
      asked ??= (await world.get(SyncService).start(key.userId, 'scripted', {})).run_id;
      return answerOf(date, dataOf(date));
    });
    world.clock.advance(3);
    await world.runDue();
    const runs = await world.runs(key);
    expect(runs.map(({ status }) => status)).toEqual(['success', 'failed', 'success']);
    expect(runs[2]).toMatchObject({ run_id: asked, items_processed: 31 });
  });

  it('catches up within two minutes once a vendor is back, with a run for each slot meanwhile', async () => {
    const keys: Key[] = [];
    for (let n = 0; n < 6; n++) keys.push(await world.connect());
    await world.runDue();
    world.provider.says(() => Promise.reject(new ProviderUnavailable('503')));
    for (let minutes = 0; minutes < 180; minutes += 5) {
      world.clock.advance(300);
      await world.runDue();
    }
    const failed = await slotRuns();
    expect(failed).toHaveLength(3 * keys.length);
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['failed']));
    // Beside these there are the first backfills, and nothing else.
    expect(await world.sql('SELECT FROM sync_run')).toHaveLength(4 * keys.length);
    expect(await endWaitFor(world.database.manager, 'another', world.clock.now())).toBe(0);

    world.provider.says((date) => answerOf(date, dataOf(date)));
    expect(await endWaitFor(world.database.manager, 'scripted', world.clock.now())).toBe(keys.length);
    // Neither moved nor as much as locked a second time.
    const rows = () =>
      world.sql(
        'SELECT id, xmin, xmax FROM connection UNION ALL SELECT connection_id, xmin, xmax FROM sync_day',
      );
    const before = await rows();
    expect(await endWaitFor(world.database.manager, 'scripted', world.clock.now())).toBe(0);
    expect(await rows()).toEqual(before);
    const [{ earliest, latest }] = await world.sql<{ earliest: Date; latest: Date }>(
      'SELECT min(wake_at) AS earliest, max(wake_at) AS latest FROM connection',
    );
    const within = (at: Date) => (at.getTime() - world.clock.now().getTime()) / 1_000;
    expect(within(earliest)).toBeGreaterThanOrEqual(0);
    expect(within(latest)).toBeLessThanOrEqual(120);
    expect(within(latest) - within(earliest)).toBeGreaterThan(5);
    world.clock.advance(120);
    await world.runDue();
    const [{ waiting }] = await world.sql(
      'SELECT count(*)::int AS waiting FROM sync_day WHERE next_attempt_at IS NOT NULL',
    );
    expect(waiting).toBe(0);
  });

  it('asks again after 1, 6, 24 and 72 hours when a day with data is said to have none', async () => {
    const key = await world.connect();
    await world.runDue();
    world.clock.advance(1);
    await world.sql(`UPDATE connection SET next_slot_at = '2999-01-01'`);
    await world.sql(`UPDATE sync_day SET next_attempt_at = $1 WHERE date = '2026-03-10'`, [
      world.clock.now(),
    ]);
    await world.sql(`UPDATE connection SET wake_at = $1`, [world.clock.now()]);
    world.provider.says((date) => answerOf(date, '{}'));
    const since = world.clock.now().getTime();
    const waits: number[] = [];
    await world.runDue();
    for (let look = 0; look < 5; look++) {
      const day = await world.day(key, '2026-03-10');
      expect(day).toMatchObject({ status: 'stored' });
      if (day.next_attempt_at === null) break;
      waits.push((day.next_attempt_at.getTime() - since) / HOUR);
      world.clock.set(day.next_attempt_at);
      expect(await world.runDue()).toBe(1);
    }
    expect(waits).toEqual([1, 6, 24, 72]);

    world.provider.says((date) => answerOf(date, dataOf(date)));
    await world.sql(`UPDATE sync_day SET next_attempt_at = $1 WHERE date = '2026-03-10'`, [
      world.clock.now(),
    ]);
    await world.sql(`UPDATE connection SET wake_at = $1`, [world.clock.now()]);
    await world.runDue();
    expect(await world.day(key, '2026-03-10')).toMatchObject({ empty_since: null, next_attempt_at: null });
  });

  it('still asks for an emptied day again when a run is cancelled meanwhile', async () => {
    const key = await world.connect();
    await world.runDue();
    world.provider.says((date) => answerOf(date, date === '2026-03-09' ? '{}' : dataOf(date)));
    nextSlot(key);
    await world.runDue();
    const { next_attempt_at: recheckAt } = await world.day(key, '2026-03-09');
    expect(recheckAt).not.toBeNull();
    const asked = { summary_start_time: '2026-03-10' };
    const { run_id } = await world.get(SyncService).start(key.userId, 'scripted', asked);
    await world.get(RunControl).cancel(key.userId, run_id);
    expect(await world.day(key, '2026-03-09')).toMatchObject({ next_attempt_at: recheckAt });
    expect(await world.day(key, '2026-03-10')).toMatchObject({ next_attempt_at: null });
  });
});
