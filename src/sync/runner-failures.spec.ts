import { answerOf, dataOf, notFound, type Script } from '../../test/support/day-provider';
import { accessBy } from '../../test/support/scripted-provider';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { UserDataKeys } from '../connections/user-data-keys';
import { HealthDataWriter } from '../health-data/health-data.writer';
import {
  ProviderForbidden,
  ProviderRateLimited,
  ProviderUnauthorized,
  ProviderUnavailable,
} from '../providers/provider-errors';
import { slotAfter } from './plan';
import { SyncService } from './sync.service';

const HOUR = 3_600_000;
const DAYS = 7;
const fine: Script = (date) => answerOf(date, dataOf(date));

describe('what goes wrong in a sync', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ SYNC_INTERVAL: '1h', BACKFILL_DAYS: String(DAYS - 2) });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    jest.restoreAllMocks();
    await world.reset();
    key = await world.connect();
  });

  const nextSlot = () => world.clock.set(slotAfter(world.clock.now(), key.connectionId, HOUR));
  const lastRun = async () => (await world.runs(key)).at(-1)!;
  const failing =
    (bad: string, error: Error): Script =>
    (date) =>
      date === bad ? Promise.reject(error) : fine(date, accessBy(''));

  it('tells a run that breaks off as failed, and waits before the next', async () => {
    await world.runDue();
    await world.get(SyncService).start(key.userId, 'scripted', {});
    jest.spyOn(world.get(UserDataKeys), 'get').mockRejectedValueOnce(new Error('there is no such key'));
    await world.runDue();
    expect(await lastRun()).toMatchObject({ status: 'failed', error: 'internal' });
    expect(await world.runDue()).toBe(0);
    world.clock.advance(301);
    expect(await world.runDue()).toBe(1);
    const runs = await world.runs(key);
    expect(runs.map(({ status }) => status).toSorted()).toEqual(['failed', 'success', 'success']);
  });

  it.each(['with its first backfill due', 'with a slot due'])(
    'tries a connection that cannot be opened once in five minutes, and lets the others have their turn: %s',
    async (state) => {
      if (state === 'with a slot due') {
        await world.runDue();
        nextSlot();
      }
      const keys = world.get(UserDataKeys);
      const get = jest.spyOn(keys, 'get').mockImplementation((manager, userId) => {
        if (userId === key.userId) throw new Error('there is no such key');
        return UserDataKeys.prototype.get.call(keys, manager, userId);
      });
      const tries = () => get.mock.calls.filter(([, userId]) => userId === key.userId).length;
      const other = await world.connect();
      await world.runDue();
      expect(tries()).toBe(1);
      expect(await world.day(other, '2026-03-10')).toMatchObject({ status: 'stored' });
      const slotAt = (await world.connection(key)).next_slot_at;
      world.clock.advance(299);
      await world.runDue();
      expect(tries()).toBe(1);
      world.clock.advance(1);
      await world.runDue();
      expect(tries()).toBe(2);

      jest.restoreAllMocks();
      world.clock.advance(300);
      await world.runDue();
      expect(await world.day(key, '2026-03-10')).toMatchObject({ status: 'stored' });
      expect(await lastRun()).toMatchObject({
        status: 'success',
        slot_at: state === 'with a slot due' ? slotAt : null,
      });
    },
  );

  it('tries a connection of a provider that is gone once in five minutes', async () => {
    await world.sql(`UPDATE connection SET provider = 'gone'`);
    expect(await world.runDue()).toBe(1);
    expect(await world.runDue()).toBe(0);
    world.clock.advance(300);
    expect(await world.runDue()).toBe(1);
  });

  it('leaves nothing of a day whose write breaks off in the middle', async () => {
    const writer = world.get(HealthDataWriter);
    const write = jest
      .spyOn(writer, 'write')
      .mockImplementation(async function (manager, target, day, context) {
        const counts = await HealthDataWriter.prototype.write.call(writer, manager, target, day, context);
        if (day.date === '2026-03-08') throw new Error('the power fails');
        return counts;
      });
    await world.runDue();
    expect(write).toHaveBeenCalledTimes(DAYS);

    expect(await world.day(key, '2026-03-08')).toMatchObject({
      status: 'failed',
      error_code: 'internal',
      fetched_at: null,
    });
    const [{ samples, scores, raw }] = await world.sql(
      `SELECT (SELECT count(*)::int FROM sample) AS samples, (SELECT count(*)::int FROM score) AS scores,
              (SELECT count(*)::int FROM raw_answer) AS raw`,
    );
    expect({ samples, scores, raw }).toEqual({ samples: 3 * (DAYS - 1), scores: DAYS - 1, raw: DAYS - 1 });
    expect(await lastRun()).toMatchObject({
      status: 'partial',
      items_processed: DAYS - 1,
      details: { failedDays: [{ date: '2026-03-08', reason: 'internal' }], reason: 'internal' },
    });
  });

  it('tries a poison day five times with back-off, parks it, and goes on with the rest', async () => {
    world.provider.says((date) => answerOf(date, date === '2026-03-07' ? '<html>' : dataOf(date)));
    await world.runDue();
    expect((await world.days(key)).filter(({ status }) => status === 'stored')).toHaveLength(DAYS - 1);

    const waits: number[] = [];
    for (let attempt = 1; attempt < 5; attempt++) {
      const day = await world.day(key, '2026-03-07');
      expect(day).toMatchObject({ status: 'failed', attempts: attempt, error_code: 'payload_invalid' });
      waits.push(day.next_attempt_at!.getTime() - world.clock.now().getTime());
      expect((await world.connection(key)).history_wake_at).toEqual(day.next_attempt_at);
      expect(await world.runDue()).toBe(0);
      world.clock.set(day.next_attempt_at!);
      expect(await world.runDue()).toBe(1);
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(await world.day(key, '2026-03-07')).toMatchObject({
      status: 'parked',
      attempts: 5,
      next_attempt_at: null,
    });
    expect(await lastRun()).toMatchObject({ status: 'failed', error: 'payload_invalid' });
    // The same answer five times is kept once.
    expect(await world.sql(`SELECT date::text, reason FROM raw_reject`)).toEqual([
      { date: '2026-03-07', reason: 'not_json' },
    ]);
  });

  it('keeps the last three of different unusable answers', async () => {
    let count = 0;
    world.provider.says((date) => answerOf(date, date === '2026-03-07' ? `<html>${count++}` : dataOf(date)));
    for (let attempt = 0; attempt < 5; attempt++) {
      await world.runDue();
      world.clock.advance(60);
    }
    expect(await world.sql(`SELECT count(*)::int AS count FROM raw_reject`)).toEqual([{ count: 3 }]);
  });

  it('does not touch what is stored when a later answer is unusable', async () => {
    await world.runDue();
    const before = await world.healthRows(key);
    world.provider.says((date) => answerOf(date, '{"truncated'.slice(1)));
    nextSlot();
    await world.runDue();
    expect(await world.healthRows(key)).toEqual(before);
    expect(await world.day(key, '2026-03-10')).toMatchObject({
      status: 'stored',
      attempts: 1,
      error_code: 'payload_invalid',
    });
    expect(await lastRun()).toMatchObject({ status: 'failed' });
  });

  it('keeps a day with data stored when a later answer is empty', async () => {
    await world.runDue();
    const before = await world.healthRows(key);
    world.provider.says((date) => (date === '2026-03-10' ? notFound(date) : answerOf(date, '{}')));
    nextSlot();
    await world.runDue();
    expect(await world.day(key, '2026-03-10')).toMatchObject({ status: 'stored' });
    expect(await world.day(key, '2026-03-09')).toMatchObject({ status: 'stored' });
    const rows = await world.healthRows(key);
    expect(rows).toEqual(expect.arrayContaining(before));

    // The old answer still counts as known.
    world.provider.says(fine);
    world.provider.forget();
    nextSlot();
    await world.runDue();
    expect(world.provider.normalized).toBe(0);
  });

  it('closes a day without data as empty, and fills it when data comes', async () => {
    world.provider.says((date) => (date < '2026-03-09' ? fine(date, accessBy('')) : answerOf(date, '{}')));
    await world.runDue();
    expect(await world.day(key, '2026-03-10')).toMatchObject({ status: 'empty', next_attempt_at: null });
    expect(await lastRun()).toMatchObject({ status: 'success', details: { daysEmpty: 3, daysNotFound: 0 } });
    world.provider.says(fine);
    nextSlot();
    await world.runDue();
    expect(await world.day(key, '2026-03-10')).toMatchObject({ status: 'stored' });
  });

  it('is no success when the vendor knows no day at all', async () => {
    world.provider.says(notFound);
    await world.runDue();
    expect(await lastRun()).toMatchObject({
      status: 'partial',
      details: { reason: 'all_days_404', daysNotFound: DAYS },
    });
    expect(await world.sql(`SELECT count(*)::int AS count FROM raw_answer`)).toEqual([{ count: 0 }]);
  });

  it('takes zero bytes for invalid, even where the vendor said 404 before', async () => {
    world.provider.says(notFound);
    await world.runDue();
    world.provider.says((date) => answerOf(date, ''));
    nextSlot();
    await world.runDue();
    expect(await world.day(key, '2026-03-10')).toMatchObject({
      status: 'failed',
      error_code: 'payload_invalid',
    });
  });

  it('answers a 401 by one refresh and one retry', async () => {
    world.provider.says((date, account) =>
      account.accessToken === 'token-1'
        ? Promise.reject(new ProviderUnauthorized('401'))
        : fine(date, account),
    );
    await world.runDue();
    expect(world.tokens.refreshes).toBe(1);
    expect(world.provider.tokens.filter((token) => token === 'token-1')).toHaveLength(1);
    expect(await lastRun()).toMatchObject({ status: 'success' });
  });

  it('waits after a second 401, without a second refresh', async () => {
    world.provider.says(() => Promise.reject(new ProviderUnauthorized('401')));
    await world.runDue();
    expect(world.tokens.refreshes).toBe(1);
    expect(await lastRun()).toMatchObject({ status: 'failed', error: 'unauthorized' });
    expect(await world.day(key, '2026-03-10')).toMatchObject({
      status: 'pending',
      error_code: 'unauthorized',
    });
    expect((await world.connection(key)).history_wake_at).toEqual(
      new Date(world.clock.now().getTime() + 2_000),
    );
  });

  it('ends the run of a connection that expires', async () => {
    world.provider.says(async (date) => {
      await world.sql(`UPDATE connection SET status = 'expired'`);
      throw new ProviderUnauthorized(`connect again ${date}`);
    });
    await world.runDue();
    expect(await lastRun()).toMatchObject({ status: 'failed', error: 'unauthorized' });
    expect(await world.connection(key)).toMatchObject({ status: 'expired', lease_until: null });
  });

  it('asks a dead token endpoint once, not once a day', async () => {
    await world.runDue();
    world.provider.forget();
    const current = jest.spyOn(world.tokens, 'current');
    world.tokens.failure = new ProviderUnavailable('502');
    nextSlot();
    await world.runDue();
    expect(current).toHaveBeenCalledTimes(1);
    expect(world.provider.asked).toEqual([]);
    expect(await lastRun()).toMatchObject({ status: 'failed', error: 'unavailable' });
  });

  it('marks a forbidden connection, refreshes nothing, and clears the mark when it is allowed again', async () => {
    world.provider.says(() => Promise.reject(new ProviderForbidden('403')));
    await world.runDue();
    expect(world.tokens.refreshes).toBe(0);
    expect(world.provider.asked.length).toBeLessThanOrEqual(4);
    expect(world.provider.underWay).toBe(0);
    expect(await lastRun()).toMatchObject({ status: 'failed', error: 'forbidden' });
    const since = world.clock.now();
    const forbidden = { status: 'active', attention: 'forbidden', updated_at: since };
    expect(await world.connection(key)).toMatchObject(forbidden);
    const days = await world.days(key);
    expect(days.every(({ next_attempt_at }) => next_attempt_at! > since)).toBe(true);

    const askedBefore = world.provider.asked.length;
    world.clock.advance(2);
    await world.runDue();
    expect(world.provider.asked.length).toBeGreaterThan(askedBefore);
    expect(await world.connection(key)).toMatchObject(forbidden);

    world.provider.says(fine);
    world.clock.advance(60);
    await world.runDue();
    const allowedAt = world.clock.now();
    expect(await world.connection(key)).toMatchObject({ attention: null, updated_at: allowedAt });
    nextSlot();
    await world.runDue();
    expect(await world.connection(key)).toMatchObject({ updated_at: allowedAt });
    expect(await lastRun()).toMatchObject({ status: 'success' });
  });

  it('makes the whole connection wait for as long as a 429 says, over its slots', async () => {
    await world.runDue();
    world.clock.advance(1);
    const retryAt = new Date(world.clock.now().getTime() + 5 * HOUR + 123);
    await world.get(SyncService).start(key.userId, 'scripted', { summary_start_time: '2026-03-01' });
    world.provider.says((date) =>
      date <= '2026-03-04'
        ? Promise.reject(new ProviderRateLimited('429', retryAt))
        : fine(date, accessBy('')),
    );
    await world.runDue();
    expect(await lastRun()).toMatchObject({
      status: 'partial',
      details: { daysUnchanged: 6, reason: 'rate_limited' },
    });
    expect(await world.connection(key)).toMatchObject({ wake_at: retryAt });
    world.provider.forget();
    world.clock.set(new Date(retryAt.getTime() - 1));
    expect(await world.runDue()).toBe(0);
    world.provider.says(fine);
    world.clock.set(retryAt);
    await world.runDue();
    expect((await world.days(key)).every(({ status }) => status === 'stored')).toBe(true);
  });

  it('backs off by itself when a 429 does not say for how long', async () => {
    world.provider.says(() => Promise.reject(new ProviderRateLimited('429', null)));
    world.chance = 0.5;
    await world.runDue();
    expect((await world.connection(key)).history_wake_at).toEqual(
      new Date(world.clock.now().getTime() + 1_000),
    );
  });

  it('never parks a day because the vendor is away', async () => {
    world.provider.says(() => Promise.reject(new ProviderUnavailable('503')));
    for (let attempt = 0; attempt < 8; attempt++) {
      await world.runDue();
      world.clock.advance(16 * 60);
    }
    const days = await world.days(key);
    expect(days.every(({ status, next_attempt_at }) => status !== 'parked' && next_attempt_at !== null)).toBe(
      true,
    );
    expect(Math.max(...days.map(({ attempts }) => attempts))).toBeGreaterThan(5);
    const runs = await world.runs(key);
    expect(runs[0]).toMatchObject({ source: 'backfill', status: 'in_progress' });
    // One for each of the one or two slots that have come, however many tries there were.
    expect([1, 2]).toContain(runs.length - 1);
    expect(runs.at(-1)).toMatchObject({ status: 'failed', error: 'unavailable', slot_at: expect.any(Date) });
    world.provider.says(fine);
    await world.runDue();
    expect(
      (await world.days(key)).every(({ status, attempts }) => status === 'stored' && attempts === 0),
    ).toBe(true);
  });

  it('does not park a day for its first own failure after an absence of the vendor', async () => {
    await world.runDue();
    world.provider.says(() => Promise.reject(new ProviderUnavailable('503')));
    nextSlot();
    const tries = () => Promise.all(['2026-03-10', '2026-03-09'].map((date) => world.day(key, date)));
    for (let attempt = 0; attempt < 13; attempt++) {
      await world.runDue();
      world.clock.advance(11 * 60);
    }
    expect(Math.min(...(await tries()).map(({ attempts }) => attempts))).toBeGreaterThanOrEqual(12);
    world.provider.says(failing('2026-03-09', new ProviderUnavailable('503')));
    nextSlot();
    await world.runDue();
    expect(await world.day(key, '2026-03-10')).toMatchObject({ status: 'stored', attempts: 0 });
    const day = () => world.day(key, '2026-03-09');
    expect(await day()).toMatchObject({ attempts: 3, error_code: 'unavailable' });
    expect((await day()).next_attempt_at).not.toBeNull();

    // From then on it is the day's own fault.
    for (let slot = 0; slot < 2; slot++) {
      nextSlot();
      await world.runDue();
    }
    expect(await day()).toMatchObject({ attempts: 5, next_attempt_at: null });
  });

  it('parks a day that alone brings the vendor down', async () => {
    world.provider.says(failing('2026-03-09', new ProviderUnavailable('500')));
    await world.runDue();
    await world.sql(`UPDATE sync_day SET attempts = 4 WHERE date = '2026-03-09'`);
    nextSlot();
    await world.runDue();
    expect(await world.day(key, '2026-03-09')).toMatchObject({ status: 'parked', attempts: 5 });
  });

  it('does not let a slot cut a back-off short', async () => {
    world.provider.says((date) => answerOf(date, date === '2026-03-10' ? '<html>' : dataOf(date)));
    await world.runDue();
    const later = new Date(world.clock.now().getTime() + 3 * HOUR);
    await world.sql(`UPDATE sync_day SET next_attempt_at = $1 WHERE date = '2026-03-10'`, [later]);
    world.provider.forget();
    nextSlot();
    await world.runDue();
    expect(world.provider.asked).not.toContain('2026-03-10');
    expect(await world.day(key, '2026-03-10')).toMatchObject({ next_attempt_at: later });
  });

  it('counts a bug in a normalizer as the mistake it is', async () => {
    world.provider.says((date) => answerOf(date, date === '2026-03-10' ? 'bug' : dataOf(date)));
    await world.runDue();
    expect(await world.day(key, '2026-03-10')).toMatchObject({ status: 'failed', error_code: 'internal' });
    expect(await lastRun()).toMatchObject({ status: 'partial' });
  });

  it('merges samples only when the vendor cuts a settled day anew', async () => {
    await world.runDue();
    world.clock.set(new Date('2026-03-14T12:00:00Z'));
    const before = await world.day(key, '2026-03-08');
    const moved = before.starts_at!.getTime() + 9 * HOUR;
    world.provider.says((date) =>
      answerOf(
        date,
        date === '2026-03-08'
          ? dataOf(date, {
              startsAt: moved,
              zone: 'Europe/Berlin',
              hr: { 3: 71.5, 4: 72.5, 6: 73.5 },
              recovery: 99,
            })
          : dataOf(date),
      ),
    );
    await world.sql(`UPDATE sync_day SET next_attempt_at = $1, status = 'stored' WHERE date = '2026-03-08'`, [
      world.clock.now(),
    ]);
    await world.runDue();
    const after = await world.day(key, '2026-03-08');
    expect([after.starts_at, after.time_zone]).toEqual([before.starts_at, before.time_zone]);
    expect(await world.sql(`SELECT value FROM score WHERE date = '2026-03-08'`)).not.toEqual([{ value: 99 }]);
    expect((await lastRun()).details).toMatchObject({ daysRebucketed: 1 });
    const [{ count }] = await world.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM sample WHERE value IN (71.5, 72.5, 73.5)`,
    );
    expect(count).toBe(3);
  });
});
