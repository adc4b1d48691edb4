import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { RunState } from '../src/sync/run-log';
import { startApp, type TestApp } from './support/app';
import { EventClient } from './support/event-client';
import { runOf, tellAll } from './support/event-writer';

const numbered = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => `step ${from + index}`);

describe('the stream of sync events', () => {
  let server: TestApp;
  let database: DataSource;
  let userId: string;
  let run: RunState;
  const clients: EventClient[] = [];

  beforeAll(async () => {
    server = await startApp({ SYNC_TICK: '100ms' });
    database = server.app.get(DataSource);
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
    run = await runOf(database, userId);
  });
  afterEach(async () => {
    jest.useRealTimers();
    for (const client of clients.splice(0)) client.leave();
    await listeners(1);
  });

  const streamOf = (user: string, query = '') => `${server.url}/api/v1/users/${user}/sync/stream${query}`;
  const open = async (query = '', { headers = {}, user = userId } = {}) => {
    const client = await EventClient.open(streamOf(user, query), { 'X-API-Key': server.apiKey, ...headers });
    clients.push(client);
    return client;
  };
  const opened = async (query = '', options = {}) => {
    const client = await open(query, options);
    await client.until(({ blocks }) => blocks.length > 0);
    return client;
  };
  const tell = (...messages: string[]) => tellAll(database, run, messages);

  /** One of them hears of due connections, as long as the server runs; the other one of events, while they are followed. */
  async function listeners(wanted: number): Promise<void> {
    let found: number | undefined;
    for (let waited = 0; found !== wanted; waited += 20) {
      if (waited > 2_000) throw new Error(`there are ${found} listeners instead of ${wanted}`);
      [{ found }] = await server.sql<{ found: number }>(
        `SELECT count(*)::int AS found FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'vitalbase listener'`,
      );
      await sleep(20);
    }
  }

  it('begins with a comment and the last events, oldest first, and goes on with what happens', async () => {
    await tell(...numbered(25));
    const client = await open();
    expect(client.answer.status).toBe(200);
    expect(Object.fromEntries(client.answer.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    await client.until(({ blocks }) => blocks.length === 21);
    expect(client.blocks[0]).toBe(': connected');
    expect(client.messages).toEqual(numbered(20, 6));

    await listeners(2);
    await tell('live');
    await client.until(({ messages }) => messages.at(-1) === 'live');
    const ids = client.events.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    // Heard and read it is the same event, and the one that `recent` lists.
    const [again] = (await opened('?replay=1')).events;
    const { body } = await server.request('GET', `/api/v1/users/${userId}/sync/recent?limit=1`);
    expect(client.events.at(-1)).toEqual(again);
    expect(body).toEqual([again.data]);
  });

  it('ends behind what there is for `follow=false`', async () => {
    await tell(...numbered(3));
    const client = await open('?replay=2&follow=false');
    await client.until(({ ending }) => ending === 'ended');
    expect(client.messages).toEqual(['step 2', 'step 3']);
    const stranger = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
    const empty = await open('?follow=false', { user: stranger });
    await empty.until(({ ending }) => ending === 'ended');
    expect(empty.blocks).toEqual([': connected']);
  });

  it('goes on behind the last event that a client has, without loss or repeat, however many there are', async () => {
    await tell('seen');
    const [{ id }] = (await opened('?replay=1&follow=false')).events;
    await tell(...numbered(401));
    const byHeader = await open('?replay=3&last_event_id=1', { headers: { 'Last-Event-ID': id } });
    const byQuery = await open(`?last_event_id=${id}&follow=false`);
    await byHeader.until(({ messages }) => messages.length === 401);
    await byQuery.until(({ ending }) => ending === 'ended');
    await tell('live');
    await byHeader.until(({ messages }) => messages.includes('live'));
    expect(byHeader.messages).toEqual([...numbered(401), 'live']);
    expect(byQuery.messages).toEqual(numbered(401));
  });

  it('goes on with what is new for an id from before a backup was restored', async () => {
    await tell('old');
    const client = await opened('?last_event_id=999999999999999');
    await tell('new');
    await client.until(({ messages }) => messages.length > 0);
    expect(client.messages).toEqual(['new']);
  });

  it('keeps users apart, and serves all who follow the same one', async () => {
    const other = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
    const otherRun = await runOf(database, other);
    const mine = [await opened(), await opened()];
    const theirs = await opened('', { user: other });
    await tell('mine');
    await tellAll(database, otherRun, ['theirs']);
    for (const client of [...mine, theirs]) await client.until(({ messages }) => messages.length > 0);
    await sleep(50);
    expect([...mine, theirs].map(({ messages }) => messages)).toEqual([['mine'], ['mine'], ['theirs']]);
  });

  it('finds by itself, in the right order, what no notice has brought', async () => {
    const client = await opened();
    await listeners(2);
    await tell('heard');
    await server.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'vitalbase listener'`,
    );
    await tell('missed');
    await listeners(2);
    // Heard before the one that was missed has been found, or after.
    await tell('heard again');
    // PostgreSQL carries no notice of this length.
    await tellAll(database, run, ['long'], { failed_days: 'x'.repeat(8_000) });
    await client.until(({ messages }) => messages.length === 4);
    expect(client.messages).toEqual(['heard', 'missed', 'heard again', 'long']);
  });

  /** Nothing but intervals is under the test's control; what they set off takes the time that it takes. */
  async function secondsPass(count: number): Promise<void> {
    for (let second = 0; second < count; second++) {
      jest.advanceTimersByTime(1_000);
      await sleep(5);
    }
  }
  const onlyIntervals = () =>
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'Date', 'performance', 'queueMicrotask'],
    });

  it('sends a heartbeat every 15 seconds, and looks once a second for all who follow', async () => {
    onlyIntervals();
    const [first, second] = [await opened(), await opened()];
    const statements = jest.spyOn(database, 'query');
    await secondsPass(30);
    const looks = statements.mock.calls.filter(([sql]) => sql.includes('sync_event')).length;
    statements.mockRestore();
    for (const client of [first, second]) await client.until(({ blocks }) => blocks.length === 3);
    expect(first.blocks).toEqual([': connected', ': heartbeat', ': heartbeat']);
    expect(looks).toBeGreaterThan(20);
    expect(looks).toBeLessThanOrEqual(30);
  });

  it('asks the database for nothing once the last client has left', async () => {
    const [client] = [await opened(), await opened()];
    await listeners(2);
    for (const each of clients) each.leave();
    await listeners(1);
    const statements = jest.spyOn(database, 'query');
    await sleep(1_200);
    expect(statements.mock.calls.filter(([sql]) => sql.includes('sync_event'))).toEqual([]);
    statements.mockRestore();
    expect(client.ending).toBe('broken');
  });

  it('does not keep what only asks for the head', async () => {
    const { status, headers } = await fetch(streamOf(userId), {
      method: 'HEAD',
      headers: { 'X-API-Key': server.apiKey },
    });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    await listeners(1);
  });

  it('drops a client that does not read, and waits for one that does', async () => {
    onlyIntervals();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const gone = new Promise((resolve) => socket.once('close', resolve));
    const path = new URL(streamOf(userId)).pathname;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${server.apiKey}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const reader = await opened();
    // More than the kernel and the server hold for one client.
    const count = 60;
    for (const message of numbered(count)) {
      await tellAll(database, run, [message], { long: 'x'.repeat(200_000) });
    }
    for (let seconds = 0; reader.messages.length < count && seconds < 300; seconds++) await secondsPass(1);
    expect(reader.messages).toEqual(numbered(count));
    await secondsPass(30);
    socket.on('error', () => undefined).resume();
    await gone;
    expect(reader.ending).toBeNull();
  });

  it.each([
    ['?replay=0', 'replay must be a whole number from 1 to 200'],
    ['?replay=201', 'replay must be a whole number from 1 to 200'],
    ['?follow=perhaps', 'follow must be true or false'],
    ['?last_event_id=first', 'The last event id must be the id of an event of this stream, such as 1042.'],
  ])('refuses %s', async (query, detail) => {
    const { status, body } = await server.request('GET', `/api/v1/users/${userId}/sync/stream${query}`);
    expect([status, body.detail]).toEqual([400, detail]);
  });

  it('knows no stranger, and nobody without a key', async () => {
    const path = (user: string) => `/api/v1/users/${user}/sync/stream`;
    const unknown = await server.request('GET', path(randomUUID()));
    expect([unknown.status, unknown.body.detail]).toEqual([404, 'User not found']);
    expect(unknown.headers.get('content-type')).toMatch(/^application\/json/);
    expect((await server.request('GET', path(userId), { key: null })).status).toBe(401);
    const bearer = await EventClient.open(streamOf(userId, '?follow=false'), {
      Authorization: `Bearer ${server.apiKey}`,
    });
    expect(bearer.answer.status).toBe(200);
  });
});

it('a server that stops ends the streams that are open', async () => {
  const server = await startApp();
  const userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
  const url = `${server.url}/api/v1/users/${userId}/sync/stream`;
  const client = await EventClient.open(url, { 'X-API-Key': server.apiKey });
  await client.until(({ blocks }) => blocks.length > 0);
  const started = performance.now();
  await server.close();
  expect(performance.now() - started).toBeLessThan(1_000);
  await client.until(({ ending }) => ending !== null);
  expect(client.ending).toBe('ended');
});
