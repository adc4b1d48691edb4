import { answerOf, dataOf } from '../../test/support/day-provider';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { ProviderRateLimited, ProviderUnavailable } from '../providers/provider-errors';
import { slotAfter } from './plan';
import { RunControl } from './run-control.service';
import { Runner } from './runner';
import { SyncService } from './sync.service';

const HOUR = 3_600_000;
const DAYS = 32;

describe('reading the history of a connection', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    // PostgreSQL ends a transaction that says nothing for as long as a lease.
    world = await SyncWorld.start({ SYNC_INTERVAL: '1h', BACKFILL_DAYS: '30', SYNC_LEASE: '1s' });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    await world.reset();
    key = await world.connect();
  });

  const never = new AbortController().signal;
  const backfills = async () => (await world.runs(key)).filter(({ source }) => source === 'backfill');
  const stored = async () => (await world.days(key)).filter(({ status }) => status === 'stored').length;

  /** Runs until the given point has been reached so many times, and there it hangs, as a killed process does. */
  async function dieAt(point: 'day.fetched' | 'day.before-commit' | 'day.after-commit', times: number) {
    let reached = 0;
    let letGo = () => {};
    const hanging = new Promise<void>((resolve) => {
      world.failpoints.at[point] = () => {
        if (++reached !== times) return Promise.resolve();
        resolve();
        return new Promise<void>((go) => (letGo = go));
      };
    });
    const running = world.runDue();
    await hanging;
    // A process that is dead renews no lease.
    let renew = () => {};
    const dead = new Promise<void>((resolve) => (renew = resolve));
    world.failpoints.at = { 'lease.before-renew': () => dead };
    return { resume: () => (renew(), letGo(), running) };
  }

  it('gives a user who has just connected the newest days first, and the rest its turn behind others', async () => {
    const [lease] = await world.claim();
    await world.get(Runner).run(lease, never);
    expect(world.provider.asked).toEqual(['2026-03-11', '2026-03-10', '2026-03-09']);
    expect(await world.connection(key)).toMatchObject({
      priority: 1,
      lease_until: null,
      history_wake_at: world.clock.now(),
      wake_at: slotAfter(world.clock.now(), key.connectionId, HOUR),
    });
    expect(await world.claim()).toEqual([]);
    const [history] = await world.claim(1, 'history');
    await world.get(Runner).run(history, never);
    expect(world.provider.asked).toHaveLength(13);
    expect(await backfills()).toMatchObject([
      { status: 'in_progress', items_processed: 13, items_total: DAYS },
    ]);
    await world.runDue();
    expect(await backfills()).toMatchObject([
      { status: 'success', items_processed: DAYS, items_total: DAYS },
    ]);
    expect(world.provider.mostUnderWay).toBe(1);
  });

  it('claims for what cannot wait by priority and then the stalest, and history only for its own sake', async () => {
    await world.runDue();
    const [old, older] = [await world.connect(), await world.connect()];
    const at = (seconds: number) => new Date(world.clock.now().getTime() - seconds * 1_000);
    const set = `UPDATE connection SET priority = 1, wake_at = $2, history_wake_at = $3, backfill_due = false WHERE id = $1`;
    await world.sql(set, [key.connectionId, at(-9), at(999)]);
    await world.sql(set, [old.connectionId, at(5), null]);
    await world.sql(set, [older.connectionId, at(50), null]);
    const asked = await world.connect();
    const order: string[] = [];
    for (let n = 0; n < 4; n++) {
      order.push(...(await world.claim(1)).map(({ connectionId }) => connectionId));
    }
    expect(order).toEqual([asked, older, old].map(({ connectionId }) => connectionId));
    expect(await world.claim(1, 'history')).toMatchObject([{ ...key, work: 'history' }]);
  });

  it('shares the workers among histories, each ten days at a time', async () => {
    const other = await world.connect();
    for (const lease of await world.claim()) await world.get(Runner).run(lease, never);
    const turns: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      world.clock.advance(1);
      const [lease] = await world.claim(1, 'history');
      turns.push(lease.connectionId);
      await world.get(Runner).run(lease, never);
    }
    const [one, two] = turns;
    expect(turns).toEqual([one, two, one, two, one, two]);
    expect(new Set(turns)).toEqual(new Set([key.connectionId, other.connectionId]));
    expect(await world.claim(1, 'history')).toEqual([]);
  });

  it('goes on with a paused history after a new sign-in', async () => {
    const [lease] = await world.claim();
    await world.get(Runner).run(lease, never);
    const [{ run_id }] = await backfills();
    expect(await world.get(RunControl).pause(key.userId, run_id)).toMatchObject({ paused: true });
    world.clock.advance(1);
    expect(await world.runDue()).toBe(0);
    await world.sql(`UPDATE connection SET backfill_due = true, next_slot_at = $1, wake_at = $1`, [
      world.clock.now(),
    ]);
    await world.runDue();
    expect(await backfills()).toMatchObject([{ run_id, status: 'success', paused_at: null }]);
  });

  it.each(['day.fetched', 'day.before-commit', 'day.after-commit'] as const)(
    'loses one answer at most when its process dies at %s',
    async (point) => {
      const dead = await dieAt(point, 9);
      // The lease runs out, and so does the patience of PostgreSQL with a transaction that was left open.
      world.clock.advance(61);
      await new Promise((resolve) => setTimeout(resolve, point === 'day.before-commit' ? 1_300 : 0));
      await world.runDue();
      const asked = world.provider.asked.length;
      expect(asked - new Set(world.provider.asked).size).toBe(point === 'day.after-commit' ? 0 : 1);
      expect(await stored()).toBe(DAYS);
      expect(await backfills()).toMatchObject([{ status: 'success', items_processed: DAYS }]);
      const rows = await world.healthRows(key);

      // What comes to life again finds itself fenced off.
      await dead.resume();
      expect(await world.healthRows(key)).toEqual(rows);
      expect(world.provider.asked).toHaveLength(asked);
      expect(await world.runs(key)).toHaveLength(1);
    },
  );

  it('makes way for a slot after the day in hand, and goes on afterwards as the same run', async () => {
    world.provider.says((date) => {
      if (date === '2026-03-01') world.clock.set(slotAfter(world.clock.now(), key.connectionId, HOUR));
      return answerOf(date, dataOf(date));
    });
    await world.runDue();
    const at = world.provider.asked.indexOf('2026-03-01');
    expect(world.provider.asked.slice(at, at + 4)).toEqual([
      '2026-03-01',
      '2026-03-10',
      '2026-03-09',
      '2026-02-28',
    ]);
    const runs = await world.runs(key);
    expect(runs.map(({ source, status }) => [source, status])).toEqual([
      ['backfill', 'success'],
      ['pull', 'success'],
    ]);
    expect(runs[0]).toMatchObject({ items_processed: DAYS });
  });

  it('makes way for a person, whose days it need not read any more', async () => {
    let asked = false;
    world.provider.says(async (date) => {
      if (date === '2026-03-05' && !asked) {
        asked = true;
        await world.get(SyncService).start(key.userId, 'scripted', { summary_start_time: '2026-03-02' });
      }
      return answerOf(date, dataOf(date));
    });
    await world.runDue();
    const runs = await world.runs(key);
    // The day in hand was read after it had been asked for: that will do.
    expect(runs.find(({ source }) => source === 'pull')).toMatchObject({
      status: 'success',
      items_processed: 8,
    });
    expect(await backfills()).toMatchObject([{ status: 'success', items_processed: DAYS - 3 }]);
    const at = world.provider.asked.indexOf('2026-03-05');
    expect(world.provider.asked[at + 1]).toBe('2026-03-10');
    expect(world.provider.asked.filter((date) => date < '2026-03-06')).toHaveLength(26);
    expect(await stored()).toBe(DAYS);
  });

  it('waits as the same run while the vendor is busy, without holding up the slots', async () => {
    const retryAt = new Date(world.clock.now().getTime() + 90_000);
    world.provider.says((date) =>
      date < '2026-03-05' && world.clock.now() < retryAt
        ? Promise.reject(new ProviderRateLimited('429', retryAt))
        : answerOf(date, dataOf(date)),
    );
    await world.runDue();
    expect(await backfills()).toMatchObject([{ status: 'in_progress', items_processed: 7 }]);
    expect(await world.connection(key)).toMatchObject({
      history_wake_at: retryAt,
      wake_at: slotAfter(world.clock.now(), key.connectionId, HOUR),
    });
    world.clock.set(retryAt);
    await world.runDue();
    expect(await backfills()).toMatchObject([{ status: 'success', items_processed: DAYS }]);
    expect((await world.days(key)).every(({ attempts }) => attempts === 0)).toBe(true);
  });

  it('is not held up for ever by two bad days, and stops asking a vendor who is away', async () => {
    const bad = ['2026-03-11', '2026-03-10'];
    world.provider.says((date) =>
      bad.includes(date) ? Promise.reject(new ProviderUnavailable('500')) : answerOf(date, dataOf(date)),
    );
    await world.runDue();
    expect(world.provider.asked).toHaveLength(2);
    world.clock.advance(5);
    await world.runDue();
    expect(await stored()).toBe(DAYS - 2);
    for (let tries = 0; tries < 18; tries++) {
      world.clock.advance(600);
      await world.runDue();
    }
    const days = await world.days(key);
    expect(days.slice(0, 2)).toMatchObject(bad.map((date) => ({ date, status: 'parked' })));
  });

  it('ends as partial once each day has had its try; a retry has a run only when it comes to something', async () => {
    world.provider.says((date) => answerOf(date, date === '2026-03-07' ? '<html>' : dataOf(date)));
    await world.runDue();
    expect(await backfills()).toMatchObject([
      { status: 'partial', items_processed: DAYS - 1, details: { reason: 'payload_invalid' } },
    ]);
    world.clock.advance(3);
    expect(await world.runDue()).toBe(1);
    expect(await world.runs(key)).toHaveLength(1);
    expect(await world.day(key, '2026-03-07')).toMatchObject({ attempts: 2 });
    world.provider.says((date) => answerOf(date, dataOf(date)));
    world.clock.advance(5);
    await world.runDue();
    expect((await backfills())[1]).toMatchObject({ status: 'success', items_processed: 1, slot_at: null });
  });

  it('ends a run of which nothing is left but its end', async () => {
    const dead = await dieAt('day.after-commit', DAYS);
    expect(await backfills()).toMatchObject([{ status: 'in_progress', items_processed: DAYS }]);
    world.clock.advance(61);
    await world.runDue();
    expect(await backfills()).toMatchObject([{ status: 'success', items_processed: DAYS }]);
    await dead.resume();
  });
});
