import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/open-database';
import { runOf, tellAll } from '../../test/support/event-writer';
import { EVENT_CHANNEL, eventNotice } from './event-log';
import type { RunState } from './run-log';

describe('telling of a run', () => {
  let database: DataSource;
  let run: RunState;
  beforeAll(async () => {
    database = await openDatabase([]);
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    run = await runOf(database, randomUUID());
  });

  /** As a client that asks again and again for what comes after the last id that it has seen. */
  class Reader {
    readonly messages: string[] = [];
    private lastId = 0;

    async look(): Promise<void> {
      const rows: { id: string; message: string }[] = await database.query(
        'SELECT id, message FROM sync_event WHERE user_id = $1 AND id > $2 ORDER BY id',
        [run.userId, this.lastId],
      );
      for (const { id, message } of rows) {
        this.lastId = Number(id);
        this.messages.push(message);
      }
    }
  }

  /** Tells in a transaction that is committed only when it may be. */
  function slowly(ofRun: RunState, message: string): { told: Promise<void>; commit: () => Promise<void> } {
    const { promise: mayCommit, resolve: allow } = Promise.withResolvers<void>();
    const { promise: told, resolve: isTold } = Promise.withResolvers<void>();
    const committed = database.transaction(async (manager) => {
      await tellAll(manager, ofRun, [message]);
      isTold();
      await mayCommit;
    });
    return { told, commit: () => (allow(), committed) };
  }

  it('keeps the ids of a user in the order of the commits, and other users out of it', async () => {
    const reader = new Reader();
    const other = await runOf(database, randomUUID());
    const first = slowly(run, 'first');
    await first.told;
    let isTold = false;
    // Another connection of the same user.
    const second = tellAll(database, { ...run, connectionId: randomUUID() }, ['second']).then(
      () => (isTold = true),
    );
    await tellAll(database, other, ['of another user']);
    await sleep(100);
    await reader.look();
    expect([isTold, reader.messages]).toEqual([false, []]);
    await first.commit();
    await second;
    await reader.look();
    expect(reader.messages).toEqual(['first', 'second']);
  });

  it('lets a reader by id miss nothing, whatever the writers wait before they commit', async () => {
    const reader = new Reader();
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let event = 0; event < 15; event++) {
        const telling = slowly(run, `${writer}.${event}`);
        await telling.told;
        await sleep((writer * 7 + event * 5) % 11);
        await telling.commit();
      }
    });
    const over = new AbortController();
    const written = Promise.all(writers).finally(() => over.abort());
    while (!over.signal.aborted) await reader.look();
    await written;
    await reader.look();
    const expected = Array.from({ length: 90 }, (_, index) => `${Math.floor(index / 15)}.${index % 15}`);
    expect(reader.messages.toSorted()).toEqual(expected.toSorted());
  });

  it('notifies at the commit, each notice with the id before it, and says when one is too long', async () => {
    const listener = new Client(process.env.DATABASE_URL);
    await listener.connect();
    const payloads: string[] = [];
    listener.on('notification', ({ payload }) => payloads.push(payload!));
    await listener.query(`LISTEN ${EVENT_CHANNEL}`);
    await tellAll(database, run, ['first']);
    await database
      .transaction(async (manager) => {
        await tellAll(manager, run, ['rolled back']);
        throw new Error('a mistake');
      })
      .catch(() => undefined);
    await database.transaction((manager) => tellAll(manager, run, ['second', 'third']));
    // Two bytes each in UTF-8.
    await tellAll(database, run, ['long'], { failed_days: 'é'.repeat(4_000) });
    await listener.query('SELECT 1');
    await listener.end();

    const notices = payloads.map((payload) => eventNotice(payload)!);
    expect(notices.map(({ json }) => (json === '' ? null : JSON.parse(json).message))).toEqual([
      'first',
      'second',
      'third',
      null,
    ]);
    const ids = notices.map(({ id }) => id);
    expect(notices.map(({ after }) => after)).toEqual([0, ...ids.slice(0, -1)]);
    expect(notices.every(({ userId }) => userId === run.userId)).toBe(true);
    expect(eventNotice('something else')).toBeNull();
  });
});
