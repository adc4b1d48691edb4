import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { BudgetWorld } from '../../test/support/budget-world';
import { TestClock } from '../../test/support/test-clock';
import { WAKE_CHANNEL } from '../database/wake-channel';
import { ProviderRateLimited, ProviderUnavailable } from './provider-errors';

const START = new Date('2026-03-07T10:00:00Z');
const later = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

/** What is decided by now; null: it waits. */
const soon = async <T>(promise: Promise<T>): Promise<T | null> => Promise.race([promise, wait(150, null)]);

describe('VendorBudgets, over two processes', () => {
  const clock = new TestClock(START);
  let world: BudgetWorld;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    world = await BudgetWorld.start(clock);
  });
  afterAll(() => world.close());
  beforeEach(() => clock.set(START));

  describe('the bucket', () => {
    /** Lets as many callers ask as there could ever be tokens for. @returns how many got one */
    async function drain(urgency: 'live' | 'backfill', callers = 40): Promise<number> {
      const asked = Array.from({ length: callers }, (_, index) => world.admit(index % 2, null, urgency));
      const granted = (await Promise.all(asked.map((one) => soon(one)))).filter((one) => one !== null);
      for (const one of asked) one.catch(() => undefined);
      for (const budgets of world.processes) budgets.onModuleDestroy();
      return granted.length;
    }

    it('gives a second’s worth at once, and then as many as time brings', async () => {
      await world.reset({ requestsPerSecond: 10 });
      expect(await drain('live')).toBe(10);
      clock.advance(0.35);
      expect(await drain('live')).toBe(3);
      clock.advance(3_600);
      expect(await drain('live')).toBe(10);
    });

    it('leaves live polls their share', async () => {
      await world.reset({ requestsPerSecond: 10 });
      expect(await drain('backfill')).toBe(7);
      expect(await drain('live')).toBe(3);
      clock.advance(0.4);
      expect(await drain('backfill')).toBe(1);
    });

    it('works below one request a second', async () => {
      await world.reset({ requestsPerSecond: 0.5 });
      expect(await drain('backfill', 4)).toBe(1);
      clock.advance(2);
      expect(await drain('live', 4)).toBe(1);
      clock.advance(2);
      expect(await drain('backfill', 4)).toBe(1);
      expect(await drain('live', 4)).toBe(0);
    });

    it('makes nothing of a clock that runs back', async () => {
      await world.reset({ requestsPerSecond: 10 });
      expect(await drain('live')).toBe(10);
      clock.advance(-60);
      expect(await drain('live')).toBe(0);
      clock.advance(60.1);
      expect(await drain('live')).toBe(1);
    });

    it('takes no part in token requests', async () => {
      await world.reset({ requestsPerSecond: 1 });
      const calls = Array.from({ length: 30 }, (_, index) =>
        world.admit(index % 2, 'one', 'live', { endpointClass: 'token' }),
      );
      await expect(Promise.all(calls)).resolves.toHaveLength(30);
    });
  });

  describe('the slots of a user', () => {
    it('are shared, and free for the next one as soon as a call is over', async () => {
      await world.reset();
      const [first] = await Promise.all([world.admit(0, 'one'), world.admit(1, 'one')]);
      const third = world.admit(0, 'one');
      const elsewhere = world.admit(1, 'one');
      expect(await soon(third)).toBeNull();
      expect(await soon(world.admit(0, 'other'))).not.toBeNull();
      await world.processes[0].settle(first, { outcome: 'ok', retryAt: null });
      const got = await third;
      expect(await soon(elsewhere)).toBeNull();
      await world.processes[0].settle(got, { outcome: 'ok', retryAt: null });
      await elsewhere;
    });

    it('are never more than two, however many ask at once', async () => {
      await world.reset();
      let underWay = 0;
      let most = 0;
      const work = async (index: number) => {
        const admission = await world.admit(index % 2, 'one');
        most = Math.max(most, ++underWay);
        await wait(2);
        underWay--;
        await world.processes[index % 2].settle(admission, { outcome: 'ok', retryAt: null });
      };
      await Promise.all(Array.from({ length: 30 }, (_, index) => work(index)));
      expect(most).toBe(2);
    });

    it('of a process that died are free when its calls must be over', async () => {
      await world.reset();
      for (const _ of [1, 2]) await world.admit(0, 'one', 'live', { timeoutMs: 5_000 });
      const waiting = world.admit(1, 'one');
      expect(await soon(waiting)).toBeNull();
      clock.advance(5);
      await waiting;
      const [{ calls }] = await world.sql(
        `SELECT count(*) AS calls FROM vendor_budget b, jsonb_each(b.in_flight)`,
      );
      expect(calls).toBe('1');
    });

    it('are free at once where the connection was taken over, and those of others are not', async () => {
      await world.reset();
      for (const connection of ['one', 'one', 'other', 'other']) await world.admit(0, connection);
      await world.processes[1].forgetCallsOf(['one']);
      await expect(soon(world.admit(1, 'one'))).resolves.not.toBeNull();
      await expect(soon(world.admit(1, 'other'))).resolves.toBeNull();
    });
  });

  describe('after a 429', () => {
    const refusal = (until: Date) => ({ retryAt: until });

    it('of the whole app nobody asks before its time, also not for tokens', async () => {
      await world.reset({ rateLimitScope: 'app' });
      await world.finish(0, 'one', 'limited', { retryAt: later(90) });
      clock.set(later(89.9));
      for (const endpointClass of ['data', 'token'] as const) {
        const refused = world.admit(1, 'two', 'user', { endpointClass });
        await expect(refused).rejects.toThrow(ProviderRateLimited);
        await expect(refused).rejects.toMatchObject(refusal(later(90)));
      }
      clock.set(later(90));
      await world.admit(1, 'two');
    });

    it('of one user, the others go on', async () => {
      await world.reset({ rateLimitScope: 'user' });
      await world.finish(0, 'one', 'limited', { retryAt: later(90) });
      await world.admit(1, 'two');
      await expect(world.admit(1, 'one')).rejects.toMatchObject(refusal(later(90)));
    });

    it('of nobody knows whom, the others go on after a minute', async () => {
      await world.reset({ rateLimitScope: 'unknown' });
      await world.finish(0, 'one', 'limited', { retryAt: later(3_600) });
      await expect(world.admit(1, 'two')).rejects.toMatchObject(refusal(later(60)));
      clock.set(later(60));
      await world.finish(1, 'two');
      await expect(world.admit(1, 'one')).rejects.toMatchObject(refusal(later(3_600)));
      // Since another one was answered, this is a limit of its own again.
      await world.finish(0, 'two', 'limited', { retryAt: later(3_660) });
      await expect(world.admit(1, 'three')).rejects.toMatchObject(refusal(later(120)));
    });

    it('of nobody knows whom, all wait once another one is told', async () => {
      await world.reset({ rateLimitScope: 'unknown' });
      await world.finish(0, 'one', 'limited', { retryAt: later(3_600) });
      clock.set(later(60));
      await world.finish(1, 'two', 'limited', { retryAt: later(3_600) });
      await expect(world.admit(0, 'three')).rejects.toMatchObject(refusal(later(3_600)));
    });

    it('ended blocks are forgotten', async () => {
      await world.reset({ rateLimitScope: 'user' });
      await world.finish(0, 'one', 'limited', { retryAt: later(10) });
      clock.set(later(60));
      await world.finish(0, 'two', 'limited', { retryAt: null });
      expect(await world.sql('SELECT subject, until FROM vendor_block')).toEqual([
        { subject: 'two', until: later(65) },
      ]);
    });
  });

  describe('the breaker', () => {
    const failAll = async (connections: string[], times: number, changes = {}) => {
      for (let count = 0; count < times; count++)
        await world.finish(count % 2, connections[count % connections.length], 'failed', changes);
    };

    it('opens after ten failures in a row of three users, for its class of endpoints only', async () => {
      await world.reset();
      await failAll(['one', 'two', 'three'], 9);
      await world.admit(1, 'four');
      await failAll(['one'], 1);
      await expect(world.admit(1, 'four')).rejects.toThrow(ProviderUnavailable);
      await expect(world.admit(1, 'four')).rejects.toMatchObject({ retryAt: later(30) });
      await world.admit(1, 'four', 'live', { endpointClass: 'token' });
    });

    it('opens when half of twenty fail', async () => {
      await world.reset();
      for (let count = 0; count < 10; count++) {
        await world.finish(0, `user-${count % 5}`, 'ok');
        clock.advance(2);
        await world.finish(1, `user-${count % 5}`, 'failed');
      }
      await expect(world.admit(0, 'one')).rejects.toThrow(ProviderUnavailable);
    });

    it('is never opened by one broken user, nor by two', async () => {
      await world.reset();
      await failAll(['one', 'two'], 60);
      await expect(world.admit(1, 'three')).resolves.toMatchObject({ isProbe: false });
    });

    it('of the token endpoint opens too', async () => {
      await world.reset();
      await failAll(['one', 'two', 'three'], 10, { endpointClass: 'token' });
      const refused = world.admit(1, 'four', 'live', { endpointClass: 'token' });
      await expect(refused).rejects.toMatchObject({ retryAt: later(30) });
      await world.admit(1, 'four');
    });

    it('lets one call in thirty seconds find out, over all processes', async () => {
      await world.reset();
      await failAll(['one', 'two', 'three'], 10);
      for (let probes = 1; probes <= 20; probes++) {
        clock.set(later(probes * 30));
        const asked = Array.from({ length: 8 }, (_, index) => world.admit(index % 2, `user-${index}`));
        const results = await Promise.allSettled(asked);
        const granted = results.filter((result) => result.status === 'fulfilled');
        expect(granted).toHaveLength(1);
        await world.processes[0].settle(granted[0].value, { outcome: 'failed', retryAt: null });
      }
      await expect(world.admit(0, 'one')).rejects.toMatchObject({ retryAt: later(21 * 30) });
    });

    it('closes when that call is answered, and wakes those who wait', async () => {
      await world.reset();
      const listener = new Client(process.env.DATABASE_URL);
      await listener.connect();
      await listener.query(`LISTEN ${WAKE_CHANNEL}`);
      const woken = new Promise((resolve) => listener.once('notification', resolve));
      await failAll(['one', 'two', 'three'], 10);
      clock.set(later(30));
      expect(await world.processes[1].recoveredSince(START)).toEqual(new Map());
      await world.finish(0, 'one', 'ok');
      await woken;
      await listener.end();
      expect(await world.processes[1].recoveredSince(START)).toEqual(new Map([['scripted', later(30)]]));
      expect(await world.processes[1].recoveredSince(later(30))).toEqual(new Map());
      await world.finish(1, 'two', 'failed');
      await world.admit(1, 'three');
    });

    it('stays open for a late answer to an earlier call', async () => {
      await world.reset();
      const early = await world.admit(0, 'early');
      await failAll(['one', 'two', 'three'], 10);
      await world.processes[0].settle(early, { outcome: 'ok', retryAt: null });
      await world.processes[0].beforeApplicationShutdown();
      await expect(world.admit(1, 'four')).rejects.toThrow(ProviderUnavailable);
    });
  });

  describe('towards its surroundings', () => {
    it('tells operators how it stands', async () => {
      await world.reset({ requestsPerSecond: 10 });
      await world.admit(0, 'one');
      for (const connection of ['one', 'two', 'three', 'one', 'two', 'three', 'one', 'two', 'three', 'one'])
        await world.finish(0, connection, 'failed', { endpointClass: 'token' });
      await world.finish(1, 'two', 'limited', { retryAt: later(5) });
      expect(await world.processes[1].state()).toEqual([
        {
          provider: 'scripted',
          requestsPerSecond: 10,
          tokens: 8,
          blockedUntil: later(5),
          underWay: 1,
          breakers: [
            { endpointClass: 'data', state: 'closed', since: null, probeAt: null, failuresInRow: 0 },
            { endpointClass: 'token', state: 'open', since: START, probeAt: later(30), failuresInRow: 10 },
          ],
        },
      ]);
      clock.set(later(60));
      expect(await world.processes[0].state()).toMatchObject([
        { tokens: 10, blockedUntil: null, underWay: 0 },
      ]);
    });

    it('sends away who waits when the process stops', async () => {
      await world.reset({ requestsPerSecond: 1 });
      await world.admit(0, 'one');
      const waiting = world.admit(0, randomUUID());
      expect(await soon(waiting)).toBeNull();
      world.processes[0].onModuleDestroy();
      await expect(waiting).rejects.toMatchObject({ code: 'unavailable', retryAt: START });
    });
  });
});

describe('VendorBudgets, of processes whose clocks differ', () => {
  it('gives no more than the fastest clock brings', async () => {
    const clocks = [new TestClock(START), new TestClock(later(-20))];
    const world = await BudgetWorld.start(clocks);
    await world.reset({ requestsPerSecond: 10 });
    await world.admit(0, null);
    let granted = 1;
    const asked: Promise<unknown>[] = [];
    for (let step = 0; step < 20; step++) {
      for (const clock of clocks) clock.advance(0.1);
      for (const process of [0, 1])
        asked.push(
          world.admit(process, null).then(
            () => granted++,
            () => undefined,
          ),
        );
      await wait(10);
    }
    await wait(50);
    expect(granted).toBeGreaterThan(10);
    expect(granted).toBeLessThanOrEqual(30);
    await world.close();
    await Promise.all(asked);
  });
});
