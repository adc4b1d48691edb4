import { setTimeout as sleep } from 'node:timers/promises';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { claimConnections, Fenced, fence, releaseLease, renewLease } from './claim';

describe('claiming a connection', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start();
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    await world.reset();
    key = await world.connect();
  });

  /** Until a statement waits for a row lock. */
  async function untilWaiting(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const waiting = await world.sql(
        `SELECT 1 FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%lease_until%'`,
      );
      if (waiting.length > 0) return;
      await sleep(10);
    }
    throw new Error('nothing waits');
  }
  const leaseFor = (ms: number) => ({ now: world.clock.now(), leaseMs: ms });

  it('has one winner among many', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => world.claim()));
    expect(claims.flat()).toEqual([{ ...key, epoch: 2, work: 'live', takenOver: false }]);
  });

  it('passes over what another claimant has not committed yet, without waiting for it', async () => {
    const claim = { now: world.clock.now(), leaseMs: 60_000, limit: 1, work: 'live' as const };
    await world.database.transaction(async (first) => {
      expect(await claimConnections(first, claim)).toHaveLength(1);
      await world.database.transaction(async (second) => {
        await second.query(`SET LOCAL lock_timeout = '1s'`);
        expect(await claimConnections(second, claim)).toEqual([]);
      });
    });
  });

  it('shares many connections out without overlap', async () => {
    for (let n = 0; n < 20; n++) await world.connect();
    const claims = await Promise.all(Array.from({ length: 5 }, () => world.claim(4)));
    const ids = claims.flat().map(({ connectionId }) => connectionId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.max(...claims.map(({ length }) => length))).toBeLessThanOrEqual(4);
  });

  it('takes nothing that is not due, not active or held', async () => {
    await world.sql(`UPDATE connection SET wake_at = $1`, [new Date(world.clock.now().getTime() + 1)]);
    expect(await world.claim()).toEqual([]);
    await world.sql(`UPDATE connection SET wake_at = $1, status = 'expired'`, [world.clock.now()]);
    expect(await world.claim()).toEqual([]);
    await world.sql(`UPDATE connection SET status = 'active'`);
    expect(await world.claim()).toHaveLength(1);
    expect(await world.claim()).toEqual([]);
  });

  it('takes the more urgent first', async () => {
    await world.sql(`UPDATE connection SET priority = 2`);
    const urgent = await world.connect();
    expect(await world.claim(1)).toMatchObject([urgent]);
  });

  it('counts the first history of one who has just connected as asked for, and never more than its share', async () => {
    const now = world.clock.now();
    const later = new Date(now.getTime() + 1);
    const before = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
    const asked = await world.connect();
    const waiting = await world.connect();
    const set = `UPDATE connection SET priority = $2, wake_at = $3, history_wake_at = $4 WHERE id = $1`;
    await world.sql(set, [key.connectionId, 0, later, before(2)]);
    await world.sql(set, [asked.connectionId, 0, before(3), before(3)]);
    await world.sql(set, [waiting.connectionId, 1, later, before(9)]);
    const slot = await world.connect();
    await world.sql(set, [slot.connectionId, 1, before(9), null]);
    expect(await world.claim(1)).toMatchObject([asked]);
    expect(await world.claim(1)).toMatchObject([key]);
    expect(await world.claim()).toMatchObject([slot]);
    expect(await world.claim(10, 'history')).toMatchObject([waiting]);
  });

  it('falls to the next when the lease has run out, who then alone may write', async () => {
    const [first] = await world.claim();
    world.clock.advance(60.001);
    const [second] = await world.claim();
    expect(second).toMatchObject({ epoch: first.epoch + 1, takenOver: true });
    await world.database.transaction(async (manager) => {
      await expect(fence(manager, first)).rejects.toThrow(Fenced);
      await fence(manager, second);
    });
    expect(await renewLease(world.database.manager, first, leaseFor(60_000))).toBe(false);
  });

  it('lasts as long as it is renewed, and ends when it is given back', async () => {
    const [lease] = await world.claim();
    world.clock.advance(50);
    expect(await renewLease(world.database.manager, lease, leaseFor(60_000))).toBe(true);
    world.clock.advance(50);
    expect(await world.claim()).toEqual([]);
    await releaseLease(world.database.manager, lease);
    expect(await world.claim()).toHaveLength(1);
  });

  it('is not taken again by a renewal that was under way when it was given back', async () => {
    const [lease] = await world.claim();
    const renewal = await world.database.transaction(async (manager) => {
      await fence(manager, lease);
      const renewal = renewLease(world.database.manager, lease, leaseFor(60_000));
      await untilWaiting();
      await releaseLease(manager, lease);
      return { renewal };
    });
    expect(await renewal.renewal).toBe(false);
    expect(await world.claim()).toHaveLength(1);
  });

  it('is void once the connection is no longer active', async () => {
    const [lease] = await world.claim();
    await world.sql(`UPDATE connection SET status = 'revoked'`);
    expect(await renewLease(world.database.manager, lease, leaseFor(60_000))).toBe(false);
    await expect(world.database.transaction((manager) => fence(manager, lease))).rejects.toThrow(Fenced);
  });
});
