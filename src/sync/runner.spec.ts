import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { SealRefused } from '../connections/sealed-box';
import { UserDataKeys } from '../connections/user-data-keys';
import { answerOf, dataOf, notFound, ZONE } from '../../test/support/day-provider';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { ProviderUnavailable } from '../providers/provider-errors';
import { AnswerFiler } from './answer-filer';
import { DayWriter } from './day-writer';
import { JobOpener } from './job-opener';
import { slotAfter } from './plan';
import { sealContext } from './raw-answers';
import { Received } from './received';
import { Runner } from './runner';

const HOUR = 3_600_000;

describe('syncing a connection', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ SYNC_INTERVAL: '1h', SYNC_LEASE: '60s', BACKFILL_DAYS: '30' });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    jest.restoreAllMocks();
    await world.reset();
    key = await world.connect();
  });

  const nextSlot = () => world.clock.set(slotAfter(world.clock.now(), key.connectionId, HOUR));

  it('fills a fresh ledger from tomorrow back, newest day first', async () => {
    const order: string[] = [];
    const store = jest.spyOn(world.get(DayWriter), 'store');
    store.mockImplementation(function (this: DayWriter, job, received) {
      order.push(received.date);
      return DayWriter.prototype.store.call(this, job, received);
    });
    await world.runDue();

    const expected = (await world.days(key)).map(({ date }) => date);
    expect([expected[0], expected.at(-1), expected.length]).toEqual(['2026-03-11', '2026-02-08', 32]);
    expect(order).toEqual(expected);
    expect(world.provider.mostUnderWay).toBe(1);
    const days = await world.days(key);
    expect(new Set(days.map(({ status }) => status))).toEqual(new Set(['stored']));
    expect(days.every(({ next_attempt_at }) => next_attempt_at === null)).toBe(true);
    expect(days[5]).toMatchObject({ time_zone: ZONE, starts_at: new Date('2026-03-05T18:30:00Z') });

    const [{ count }] = await world.sql<{ count: number }>('SELECT count(*)::int AS count FROM sample');
    expect(count).toBe(96);
    const connection = await world.connection(key);
    const slot = slotAfter(world.clock.now(), key.connectionId, HOUR);
    expect(connection).toMatchObject({
      time_zone: ZONE,
      lease_until: null,
      priority: 1,
      wake_at: slot,
      next_slot_at: slot,
      last_synced_at: world.clock.now(),
    });
  });

  it('tells of a backfill step by step, every five days while time stands still', async () => {
    await world.runDue();
    const [run] = await world.runs(key);
    expect(run).toMatchObject({
      run_id: expect.stringMatching(/^pull_[0-9a-f]{16}$/),
      source: 'backfill',
      stage: 'completed',
      status: 'success',
      message: 'Sync from scripted completed · 128 new, 0 updated',
      items_processed: 32,
      items_total: 32,
      details: {
        daysStored: 32,
        inserted: 128,
        updated: 0,
        samples: 96,
        recoveryDays: 32,
        failedDays: [],
        kinds: {
          heart_rate: { fetched: 96, inserted: 96 },
          'score:recovery': { fetched: 32, inserted: 32 },
        },
      },
    });
    const events = await world.sql(
      `SELECT stage, status, items_processed, progress FROM sync_event ORDER BY id`,
    );
    expect(events.map(({ stage, items_processed }) => [stage, items_processed])).toEqual([
      ['started', 0],
      ...[8, 13, 18, 23, 28].map((days) => ['saving', days]),
      ['completed', 32],
    ]);
    expect(events[1]).toMatchObject({ status: 'in_progress', progress: 8 / 32 });
  });

  it('keeps each answer compressed and sealed under the key of its user', async () => {
    await world.runDue();
    const [row] = await world.sql<{ body: Buffer; sha256: Buffer; fetched_at: Date }>(
      `SELECT body, sha256, fetched_at FROM raw_answer WHERE date = '2026-03-01'`,
    );
    const plain = Buffer.from(JSON.stringify(dataOf('2026-03-01')));
    expect(row.sha256).toEqual(createHash('sha256').update(plain).digest());
    const cipher = await world.get(UserDataKeys).get(world.database.manager, key.userId);
    const opened = cipher.open(
      row.body,
      sealContext('raw_answer', key, { date: '2026-03-01', fetchedAt: row.fetched_at }),
    );
    expect(zstdDecompressSync(opened)).toEqual(plain);
    expect(() =>
      cipher.open(
        row.body,
        sealContext('raw_answer', key, { date: '2026-03-02', fetchedAt: row.fetched_at }),
      ),
    ).toThrow(SealRefused);
  });

  /** Every table that keeps what has happened, and not what is. */
  const LOGS = ['sync_run', 'sync_event', 'drift_sighting', 'raw_reject', 'replay_run'];
  const logged = async () => {
    const counts = LOGS.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
    return (await world.sql<Record<string, number>>(`SELECT ${counts.join(', ')}`))[0];
  };

  it('writes one run and nothing else in an hour without news, at its start and at its end', async () => {
    await world.runDue();
    expect(await world.runDue()).toBe(0);
    nextSlot();
    await world.runDue();
    const before = await world.healthRows(key);
    const logs = await logged();
    await world.sql(`CREATE TABLE written (operation text)`);
    await world.sql(
      `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO written VALUES (tg_table_name || ' ' || tg_op); RETURN NULL; END $$`,
    );
    for (const table of LOGS) {
      await world.sql(
        `CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION note()`,
      );
    }
    world.provider.forget();

    nextSlot();
    expect(await world.runDue()).toBe(1);
    const written = await world.sql('SELECT operation FROM written');
    await world.sql('DROP FUNCTION note CASCADE');
    await world.sql('DROP TABLE written');
    expect(written.map(({ operation }) => operation)).toEqual(['sync_run INSERT', 'sync_run UPDATE']);
    expect(await logged()).toEqual({ ...logs, sync_run: logs.sync_run + 1 });

    expect(world.provider.asked).toEqual(['2026-03-10', '2026-03-09']);
    expect(world.provider.normalized).toBe(0);
    expect(await world.healthRows(key)).toEqual(before);
    const runs = await world.runs(key);
    expect(runs).toHaveLength(3);
    expect(runs[2]).toMatchObject({
      source: 'pull',
      status: 'success',
      details: { daysStored: 0, daysUnchanged: 2, inserted: 0 },
    });
  });

  it('brings an hour with news, and says so', async () => {
    await world.runDue();
    nextSlot();
    world.provider.says((date) =>
      answerOf(date, date === '2026-03-10' ? dataOf(date, { hr: { 7: 61.5, 1_371: 63.5 } }) : dataOf(date)),
    );
    await world.runDue();
    const [, run] = await world.runs(key);
    expect(run.details).toMatchObject({
      daysStored: 1,
      inserted: 1,
      updated: 1,
      kinds: {
        heart_rate: { fetched: 2, inserted: 1, updated: 1 },
        'score:recovery': { fetched: 1, unchanged: 1 },
      },
    });
    const events = await world.sql(`SELECT stage, metadata FROM sync_event WHERE run_id = $1 ORDER BY id`, [
      run.run_id,
    ]);
    expect(events.map(({ stage }) => stage)).toEqual(['started', 'completed']);
    expect(events[1].metadata).toEqual({ is_historical: false, inserted: 1, updated: 1, failed_days: [] });
  });

  it('reads an answer again when the normalizer has a new version', async () => {
    await world.runDue();
    const before = await world.healthRows(key);
    world.provider.forget();
    world.provider.definition.normalizerVersion = 2;
    nextSlot();
    await world.runDue();
    expect(world.provider.normalized).toBeGreaterThanOrEqual(2);
    expect(await world.healthRows(key)).toEqual(before);
  });

  it('opens the days of the zone that the answers named, and those missed during a pause', async () => {
    await world.runDue();
    world.provider.forget();
    world.clock.set(new Date('2026-03-14T19:45:00Z'));
    await world.runDue();
    // In India it is the 15th already.
    expect(world.provider.asked[0]).toBe('2026-03-15');
    expect(world.provider.asked).toEqual(
      expect.arrayContaining(['2026-03-14', '2026-03-13', '2026-03-12', '2026-03-11']),
    );
  });

  it('reads the whole history again after a new sign-in, which may allow more', async () => {
    await world.runDue();
    world.clock.advance(30);
    const signIn = 'UPDATE connection SET backfill_due = true, next_slot_at = $1, wake_at = $1';
    await world.sql(signIn, [world.clock.now()]);
    await world.runDue();
    expect(await world.runs(key)).toMatchObject([
      { source: 'backfill', items_total: 32 },
      { source: 'backfill', items_total: 32 },
    ]);
  });

  it('looks again before it ends: a day opened meanwhile is read in the same run', async () => {
    await world.runDue();
    nextSlot();
    world.provider.says(async (date) => {
      if (date === '2026-03-09') {
        await world.sql(
          `INSERT INTO sync_day (user_id, connection_id, date, status, attempts, next_attempt_at)
           VALUES ($1, $2, '2025-12-24', 'pending', 0, $3)`,
          [key.userId, key.connectionId, world.clock.now()],
        );
      }
      return answerOf(date, dataOf(date));
    });
    await world.runDue();
    expect(await world.day(key, '2025-12-24')).toMatchObject({ status: 'stored' });
    expect((await world.runs(key))[1]).toMatchObject({ source: 'pull', items_processed: 3, items_total: 3 });
  });

  it('asks several days at once where the vendor can answer them', async () => {
    world.provider.definition.limits.maxDaysPerFetch = 7;
    const fetch = jest.spyOn(world.provider, 'fetch');
    fetch.mockImplementation(async (_account, { from, to }) =>
      ['2026-03-11', '2026-03-10', '2026-03-09', '2026-02-08']
        .filter((date) => date >= from && date <= to)
        .map((date) => answerOf(date, dataOf(date))),
    );
    await world.runDue();
    expect(fetch.mock.calls.map(([, range]) => range)[0]).toEqual({ from: '2026-03-05', to: '2026-03-11' });
    expect(fetch).toHaveBeenCalledTimes(5);
    expect(await world.day(key, '2026-02-08')).toMatchObject({ status: 'stored' });
    // A day that the provider left out is its mistake, not an empty day.
    expect(await world.day(key, '2026-03-06')).toMatchObject({ status: 'failed', error_code: 'internal' });
  });

  it('files what each device measures under a source of its own, made when there is something for it', async () => {
    const sources = () =>
      world.sql(
        `SELECT device_model, device_type, array_agg(DISTINCT code ORDER BY code) AS codes
           FROM data_source d JOIN series_day s ON s.user_id = d.user_id AND s.source_id = d.id
          GROUP BY device_model, device_type ORDER BY device_model`,
      );
    const band = { device_model: 'scripted_1', device_type: 'band', codes: ['heart_rate'] };
    await world.runDue();
    expect(await world.sql('SELECT device_model FROM data_source')).toEqual([{ device_model: 'scripted_1' }]);
    expect(await sources()).toEqual([band]);
    const glucose = { 11: 83.5, 1_377: 97.25 };
    world.provider.says((date) => answerOf(date, dataOf(date, date === '2026-03-10' ? { glucose } : {})));
    nextSlot();
    await world.runDue();
    const sensor = { device_model: 'sensor_1', device_type: 'other', codes: ['blood_glucose'] };
    expect(await sources()).toEqual([band, sensor]);
    expect((await world.runs(key)).at(-1)).toMatchObject({ details: { inserted: 2, updated: 0 } });
  });

  it('makes no source for a device that measures nothing, nor remembers one that was rolled back', async () => {
    const glucose = { 13: 84.5 };
    world.provider.says((date) => answerOf(date, { ...dataOf(date), hr: {}, recovery: undefined, glucose }));
    const store = jest.spyOn(world.get(AnswerFiler), 'file');
    store.mockImplementationOnce(async function (this: AnswerFiler, ...filed) {
      await AnswerFiler.prototype.file.apply(this, filed);
      throw new Error('away');
    });
    await world.runDue();
    expect(await world.sql('SELECT device_model FROM data_source')).toEqual([{ device_model: 'sensor_1' }]);
    const [{ samples }] = await world.sql(
      `SELECT count(*)::int AS samples FROM sample s JOIN data_source d ON d.user_id = s.user_id AND d.id = s.source_id`,
    );
    expect(samples).toBe(31);
  });

  it('writes nothing once the connection was claimed by somebody else', async () => {
    const [stale] = await world.claim();
    const job = (await world.get(JobOpener).open(stale))!;
    world.clock.advance(61);
    const [fresh] = await world.claim();
    const received = new Received(job, answerOf('2026-03-10', dataOf('2026-03-10')), world.clock.now());
    await expect(world.get(DayWriter).store(job, received)).rejects.toThrow('no longer held');
    expect(await world.healthRows(key)).toEqual([]);
    expect(await world.day(key, '2026-03-10')).toMatchObject({ status: 'pending' });

    await world.get(Runner).run(fresh, new AbortController().signal);
    await world.runDue();
    expect(await world.runs(key)).toMatchObject([
      { run_id: job.run.runId, status: 'success', items_processed: 32 },
    ]);
  });

  it('leaves its run to whoever has claimed the connection meanwhile', async () => {
    world.provider.says(async (date) => {
      if (date === '2026-03-01') await world.sql(`UPDATE connection SET sync_epoch = sync_epoch + 1`);
      return answerOf(date, dataOf(date));
    });
    await world.runDue();
    expect(await world.runs(key)).toMatchObject([{ status: 'in_progress', ended_at: null }]);
    expect(await world.connection(key)).toMatchObject({ lease_until: expect.any(Date) });
  });

  it('carries an abandoned run on where it stopped', async () => {
    const shutdown = new AbortController();
    world.provider.says((date) => {
      if (date === '2026-03-01') shutdown.abort();
      return answerOf(date, dataOf(date));
    });
    await world.runDue(shutdown.signal);
    const [stopped] = await world.runs(key);
    expect(stopped).toMatchObject({ status: 'in_progress', stage: 'saving' });
    expect(stopped.items_processed).toBeGreaterThan(5);
    expect(await world.connection(key)).toMatchObject({ lease_until: null });

    world.provider.forget();
    await world.runDue();
    expect(await world.runs(key)).toMatchObject([
      { run_id: stopped.run_id, status: 'success', items_processed: 32 },
    ]);
    expect(world.provider.asked).toHaveLength(32 - stopped.items_processed);
  });

  it('ends a run whose connection is cut', async () => {
    world.provider.says(async (date) => {
      if (date === '2026-03-01') {
        await world.sql(`UPDATE connection SET status = 'revoked', sync_epoch = sync_epoch + 1`);
      }
      return answerOf(date, dataOf(date));
    });
    await world.runDue();
    expect(await world.runs(key)).toMatchObject([
      { status: 'cancelled', details: { reason: 'connection_ended' } },
    ]);
    expect(await world.day(key, '2026-03-01')).toMatchObject({ status: 'pending' });
  });

  it('expects a 404 about a date that has not begun, also where nothing else is asked for', async () => {
    const tomorrow = '2026-03-11';
    const others = (date: string) => answerOf(date, dataOf(date));
    world.provider.says((date) =>
      date === tomorrow ? Promise.reject(new ProviderUnavailable('away')) : others(date),
    );
    await world.runDue();
    world.provider.says((date) => (date === tomorrow ? notFound(date) : others(date)));
    world.clock.advance(301);
    await world.runDue();
    expect((await world.runs(key)).at(-1)).toMatchObject({
      status: 'success',
      details: { daysNotFound: 1, daysNotBegun: 1 },
    });
  });
});
