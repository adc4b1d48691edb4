import { Logger } from '@nestjs/common';
import type { DriftSample, NormalizedDay } from '../src/health-data/canonical';
import { ProviderForbidden } from '../src/providers/provider-errors';
import { HealthDataWriter } from '../src/health-data/health-data.writer';
import { slotAfter } from '../src/sync/plan';
import { DayWriter } from '../src/sync/day-writer';
import { countDrift } from '../src/sync/drift-store';
import type { DriftTally } from '../src/sync/drift-tally';
import { JobOpener } from '../src/sync/job-opener';
import { Received } from '../src/sync/received';
import { RunEnd } from '../src/sync/run-end';
import { cancelOrphans } from '../src/sync/orphaned-runs';
import type { SyncJob } from '../src/sync/sync-job';
import { SyncService } from '../src/sync/sync.service';
import { answerOf, dataOf, DayProvider } from './support/day-provider';
import { SyncWorld, type Key } from './support/sync-world';

const HOUR = 3_600_000;
const DAYS = 7;

const text = (length: number): DriftSample => ({ jsonType: 'string', length, literal: null });

/** What each answer of the invented vendor holds beside its data, counting 3, 5, 7 and 2. */
const FOUND: Pick<NormalizedDay, 'unmapped' | 'rejected'> = {
  unmapped: [
    { kind: 'type', path: 'breath', count: 3, sample: { jsonType: 'object', length: 4, literal: null } },
    { kind: 'field', path: 'sleep.posture', count: 5, sample: text(11) },
    {
      kind: 'value',
      path: 'sleep.stage.type.doze',
      count: 7,
      sample: { jsonType: 'string', length: 4, literal: 'doze' },
    },
  ],
  rejected: [
    {
      path: 'spo2',
      reason: 'out_of_range',
      count: 2,
      sample: { jsonType: 'number', length: null, literal: null },
    },
  ],
};
const NAMES = [
  'field sleep.posture',
  'rejected spo2:out_of_range',
  'type breath',
  'value sleep.stage.type.doze',
];

describe('what a vendor sends that is not understood', () => {
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
    finds(() => FOUND);
  });

  function finds(found: (date: string) => Partial<NormalizedDay>): void {
    jest.spyOn(world.provider, 'normalize').mockImplementation((raw) => ({
      ...DayProvider.prototype.normalize.call(world.provider, raw),
      ...found(raw.date),
    }));
  }
  const nextSlot = () => world.clock.set(slotAfter(world.clock.now(), key.connectionId, HOUR));
  const rows = () =>
    world.sql<{ name: string; kind: string; count: string; first_seen_at: Date; last_seen_at: Date }>(
      `SELECT * FROM drift_sighting ORDER BY kind, name`,
    );
  const counts = async () =>
    Object.fromEntries((await rows()).map(({ kind, name, count }) => [`${kind} ${name}`, Number(count)]));
  /** As if so many answers had been read. */
  const times = (answers: number) =>
    Object.fromEntries(NAMES.map((name, index) => [name, [5, 2, 3, 7][index] * answers]));

  it('is counted once for each answer, with the run that brought it, and stays in its record', async () => {
    await world.runDue();
    const at = world.clock.now();
    expect(await counts()).toEqual(times(DAYS));
    expect((await rows())[3]).toEqual({
      provider: 'scripted',
      kind: 'value',
      name: 'sleep.stage.type.doze',
      count: '49',
      first_seen_at: at,
      last_seen_at: at,
      sample: { path: 'sleep.stage.type.doze', jsonType: 'string', length: 4, literal: 'doze' },
    });
    const [run] = await world.runs(key);
    expect(run.details).toMatchObject({
      rejected: { 'spo2 out_of_range': 14 },
      unmapped: { breath: 21, 'sleep.posture': 35, 'sleep.stage.type.doze': 49 },
      drift: {},
    });
  });

  it('is counted again when it is seen again: the first time and the first sample stay', async () => {
    await world.runDue();
    const first = world.clock.now();
    nextSlot();
    finds(() => ({ unmapped: [{ kind: 'field', path: 'sleep.posture', count: 1, sample: text(23) }] }));
    world.provider.says((date) =>
      answerOf(date, dataOf(date, { hr: { 7: 61.5, 11: date === '2026-03-10' ? 62.5 : 63.5 } })),
    );
    await world.runDue();
    const posture = (await rows()).find(({ name }) => name === 'sleep.posture');
    expect(posture).toMatchObject({
      count: String(5 * DAYS + 2),
      first_seen_at: first,
      last_seen_at: world.clock.now(),
      sample: { length: 11 },
    });
    expect(await world.sql(`SELECT 1 FROM drift_sighting WHERE last_seen_at > $1`, [first])).toHaveLength(1);
  });

  it('counts in an answer that changed nothing else, and not in one that was not read', async () => {
    await world.runDue();
    nextSlot();
    await world.runDue();
    expect(await counts()).toEqual(times(DAYS));
    nextSlot();
    // The same data in other bytes.
    world.provider.says((date) => answerOf(date, ` ${JSON.stringify(dataOf(date))}`.slice(1) + '\n'));
    await world.runDue();
    const { details } = (await world.runs(key)).at(-1)!;
    expect(details).toMatchObject({ daysStored: 0, daysUnchanged: 2 });
    expect(await counts()).toEqual(times(DAYS + 2));
  });

  it('counts nothing of a day whose write was rolled back', async () => {
    const writer = world.get(HealthDataWriter);
    jest.spyOn(writer, 'write').mockImplementation(async (manager, target, day, ...rest) => {
      const written = await HealthDataWriter.prototype.write.call(writer, manager, target, day, ...rest);
      if (day.date === '2026-03-08') throw new Error('the power fails');
      return written;
    });
    await world.runDue();
    expect(await counts()).toEqual(times(DAYS - 1));
  });

  it('is counted once over a stop and a run that is carried on', async () => {
    const shutdown = new AbortController();
    world.provider.says((date) => {
      if (date === '2026-03-08') shutdown.abort();
      return answerOf(date, dataOf(date));
    });
    await world.runDue(shutdown.signal);
    expect(await counts()).toEqual({});
    const [{ details }] = await world.runs(key);
    expect(Object.keys(details.drift as DriftTally)).toHaveLength(4);
    await world.runDue();
    expect(await counts()).toEqual(times(DAYS));
  });

  it('is counted once when two processes end the same run', async () => {
    let elsewhere: SyncJob | undefined;
    world.provider.says(async (date) => {
      // Another process takes the connection over and writes a day; then the connection ends.
      if (date === '2026-03-06' && elsewhere === undefined) {
        await world.sql(`UPDATE connection SET lease_until = '-infinity'`);
        const [lease] = await world.claim(1, 'history');
        elsewhere = (await world.get(JobOpener).open(lease))!;
        const answer = answerOf('2026-03-05', dataOf('2026-03-05'));
        await world.get(DayWriter).store(elsewhere, new Received(elsewhere, answer, world.clock.now()));
        await world.sql(`UPDATE connection SET status = 'revoked'`);
      }
      return answerOf(date, dataOf(date));
    });
    await world.runDue();
    await world.get(RunEnd).end(elsewhere!);
    expect(await world.runs(key)).toMatchObject([
      { status: 'cancelled', details: { reason: 'connection_ended' } },
    ]);
    const stored = (await world.days(key)).filter(({ status }) => status === 'stored');
    expect(stored.length).toBeGreaterThan(1);
    expect(await counts()).toEqual(times(stored.length));
  });

  it('is counted with a run that broke off, and with one that nobody takes up', async () => {
    await world.runDue();
    const other = await world.connect();
    const [lease] = await world.claim();
    const job = (await world.get(JobOpener).open(lease))!;
    const tally: DriftTally = { type: { breath: { count: 100, sample: { path: 'breath', ...text(1) } } } };
    await world.sql(`UPDATE sync_run SET details = details || $1 WHERE run_id = $2`, [
      { drift: tally },
      job.run.runId,
    ]);
    await world.get(RunEnd).breakOff(lease, job);
    expect(await counts()).toEqual({ ...times(DAYS), 'type breath': 3 * DAYS + 100 });

    await world.get(SyncService).start(other.userId, 'scripted', {});
    await world.sql(`UPDATE sync_run SET details = details || $1 WHERE status = 'in_progress'`, [
      { drift: tally },
    ]);
    await world.sql(`UPDATE connection SET status = 'expired' WHERE user_id = $1`, [other.userId]);
    const manager = world.database.manager;
    const cancelled = await Promise.all([
      cancelOrphans(manager, world.clock.now()),
      cancelOrphans(manager, world.clock.now()),
    ]);
    expect(cancelled.toSorted()).toEqual([0, 1]);
    expect(await counts()).toEqual({ ...times(DAYS), 'type breath': 3 * DAYS + 200 });
  });

  it('is counted with a run that fails', async () => {
    world.provider.says((date) =>
      date < '2026-03-09' ? Promise.reject(new ProviderForbidden('403')) : answerOf(date, dataOf(date)),
    );
    await world.runDue();
    expect(await counts()).toEqual(times(3));
  });

  it('ends a run of the former version, which knew no samples', async () => {
    const [lease] = await world.claim();
    await world.get(JobOpener).open(lease);
    await world.sql(`UPDATE sync_run SET details = details - 'drift'`);
    await world.get(RunEnd).breakOff(lease, null);
    expect(await world.runs(key)).toMatchObject([{ status: 'failed', error: 'internal' }]);
  });

  it('names at most 1,000 of a kind, over runs and processes, and sums up the rest', async () => {
    const many = (prefix: string, length: number): DriftTally => ({
      type: Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `${prefix}_${index}`,
          { count: 2, sample: { path: `${prefix}_${index}`, ...text(1) } },
        ]),
      ),
    });
    const flush = (tally: DriftTally) =>
      world.database.transaction((manager) => countDrift(manager, 'scripted', tally, world.clock.now()));
    await flush(many('a', 990));
    await Promise.all([flush(many('b', 7)), flush(many('c', 7)), flush(many('d', 7))]);
    const named = await world.sql(`SELECT 1 FROM drift_sighting WHERE name <> 'other'`);
    expect(named).toHaveLength(1_000);
    const [{ sum, other }] = await world.sql(
      `SELECT sum(count)::int AS sum, (sum(count) FILTER (WHERE name = 'other'))::int AS other FROM drift_sighting`,
    );
    expect({ sum, other }).toEqual({ sum: 2 * (990 + 21), other: 22 });
    // A name that is known is counted under it, also when there is no room any more.
    await flush(many('a', 1));
    expect(await world.sql(`SELECT count FROM drift_sighting WHERE name = 'a_0'`)).toEqual([{ count: '4' }]);
  });

  it('carries at most 1,000 names of a kind through a run', async () => {
    const unmapped = Array.from({ length: 1_100 }, (_, index) => ({
      kind: 'field' as const,
      path: `f_${index}`,
      count: 3,
      sample: text(2),
    }));
    finds((date) => (date === '2026-03-10' ? { unmapped } : {}));
    const shutdown = new AbortController();
    world.provider.says((date) => {
      if (date === '2026-03-06') shutdown.abort();
      return answerOf(date, dataOf(date));
    });
    await world.runDue(shutdown.signal);
    const [{ details }] = await world.runs(key);
    const { field } = details.drift as DriftTally;
    expect(Object.keys(field!)).toHaveLength(1_001);
    expect(field!.other).toMatchObject({ count: 300 });
    expect(Object.keys(details.unmapped as object)).toHaveLength(1_001);
  });

  it('lets no value through, whatever a normalizer hands over', async () => {
    const leaky = (literal: string): DriftSample => ({ jsonType: 'string', length: 2.5, literal });
    finds((date) =>
      date === '2026-03-10'
        ? {
            unmapped: [
              { kind: 'value', path: 'sleep.mood', count: 1, sample: leaky('Ada slept 7.25 h') },
              { kind: 'field', path: 'hr.71.25.beat at night', count: 1, sample: leaky('83') },
            ],
          }
        : {},
    );
    await world.runDue();
    const all = await world.sql(`SELECT name, sample FROM drift_sighting ORDER BY name`);
    expect(all).toEqual([
      {
        name: 'hr.#.#.beat_at_night',
        sample: { path: 'hr.#.#.beat_at_night', jsonType: 'string', length: null, literal: null },
      },
      { name: 'sleep.mood', sample: { path: 'sleep.mood', jsonType: 'string', length: null, literal: null } },
    ]);
    const [{ details }] = await world.runs(key);
    const stored = JSON.stringify([all, details]);
    for (const secret of ['Ada', '7.25', '71', '83']) expect(stored).not.toContain(secret);
  });

  it('is told in one line a run, when it is new', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await world.runDue();
    const [{ run_id }] = await world.runs(key);
    expect(warn.mock.calls.map(([line]) => line as unknown)).toEqual([
      {
        msg: 'the provider sends what this server has not seen before',
        provider: 'scripted',
        run: run_id,
        count: 4,
        names: NAMES,
      },
    ]);
    nextSlot();
    world.provider.says((date) => answerOf(date, dataOf(date, { hr: { 9: 66.5 } })));
    await world.runDue();
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
