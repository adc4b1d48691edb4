import { setTimeout as wait } from 'node:timers/promises';
import type { Urgency, VendorCaller } from './provider';
import { ProviderUnavailable } from './provider-errors';
import { VendorQueue, type Told } from './vendor-queue';

interface Call {
  name: string;
  caller: VendorCaller;
}

const call = (name: string, urgency: Urgency, connectionId: string | null = name): Call => ({
  name,
  caller: { urgency, connectionId },
});

describe('VendorQueue', () => {
  const asked: string[] = [];
  let answer: (call: Call) => Told<string>;
  let queue: VendorQueue<Call, string>;

  beforeEach(() => {
    asked.length = 0;
    answer = ({ name }) => ({ grant: name });
    const ask = async (one: Call) => {
      asked.push(one.name);
      await wait(1);
      return answer(one);
    };
    queue = new VendorQueue(ask, { next: () => 0 });
  });

  it('serves users before live polls before backfills, each in the order of their coming', async () => {
    const all = [
      queue.enter(call('first', 'backfill')),
      queue.enter(call('b1', 'backfill')),
      queue.enter(call('l1', 'live')),
      queue.enter(call('u1', 'user')),
      queue.enter(call('b2', 'backfill')),
      queue.enter(call('l2', 'live')),
      queue.enter(call('u2', 'user')),
    ];
    await Promise.all(all);
    expect(asked).toEqual(['first', 'u1', 'u2', 'l1', 'l2', 'b1', 'b2']);
  });

  it('asks once for hundreds that would be told the same', async () => {
    const end = performance.now() + 200;
    answer = ({ name }) => (performance.now() < end ? { waitFor: 'tokens', waitMs: 100 } : { grant: name });
    await Promise.all(Array.from({ length: 300 }, (_, index) => queue.enter(call(`b${index}`, 'backfill'))));
    expect(asked.length).toBeLessThan(306);
  });

  it('lets a live poll ask while backfills wait for theirs', async () => {
    answer = ({ name, caller }) =>
      caller.urgency === 'backfill' ? { waitFor: 'tokens', waitMs: 60_000 } : { grant: name };
    const backfill = queue.enter(call('b', 'backfill'));
    await wait(20);
    await expect(queue.enter(call('l', 'live'))).resolves.toBe('l');
    expect(asked).toEqual(['b', 'l']);
    queue.close(new Error('over'));
    await expect(backfill).rejects.toThrow('over');
  });

  it('passes over a connection whose slots are taken, until one of its calls is over', async () => {
    let free = false;
    answer = ({ name, caller }) =>
      caller.connectionId === 'busy' && !free ? { waitFor: 'slot', waitMs: 60_000 } : { grant: name };
    const waiting = queue.enter(call('a', 'user', 'busy'));
    const behind = queue.enter(call('b', 'user', 'busy'));
    await expect(queue.enter(call('other', 'backfill'))).resolves.toBe('other');
    expect(asked).toEqual(['a', 'other']);
    free = true;
    queue.released('busy');
    await expect(Promise.all([waiting, behind])).resolves.toEqual(['a', 'b']);
  });

  it('hands on refusals and what goes wrong, each to its own caller', async () => {
    const refused = new ProviderUnavailable('down');
    answer = ({ name }) => {
      if (name === 'bug') throw new Error('no database');
      return name === 'down' ? { refused } : { grant: name };
    };
    const all = ['down', 'bug', 'fine'].map((name) => queue.enter(call(name, 'live')));
    expect(await Promise.allSettled(all)).toMatchObject([
      { reason: refused },
      { reason: { message: 'no database' } },
      { value: 'fine' },
    ]);
  });
});
