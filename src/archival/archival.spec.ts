import { answerOf, dataOf } from '../../test/support/day-provider';
import { localDaysOf } from '../../test/support/local-day-check';
import { SyncWorld, type Key } from '../../test/support/sync-world';
import { ConnectionsService } from '../connections/connections.service';
import { InternalScoreRenewal } from '../health-data/internal-score.renewal';
import { InternalScoreStore } from '../health-data/internal-score.store';
import { ConnectionReplay } from '../sync/connection-replay';
import { Runner } from '../sync/runner';
import { SyncService } from '../sync/sync.service';
import { Tasks } from '../tasks/tasks.service';
import { ArchivalSettings } from './archival-settings.service';
import { Archival, ARCHIVAL } from './archival.work';

/** It is 10 March 2026; ten days before that no samples are older than the last of February. */
const SINCE = '2026-02-28';
const DELETED_BEFORE = '2026-02-18';

describe('the archival of old health data', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ SYNC_INTERVAL: '1h', BACKFILL_DAYS: '30' });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    await world.reset();
    // What it knows of the test before.
    await world.get(ArchivalSettings).get();
    key = await world.connect();
    world.provider.says((date) =>
      answerOf(
        date,
        dataOf(date, {
          steps: { 61: 40, 62: 10, 900: 7 },
          restingHr: 51,
          sleeps: [{ from: -60, to: 300, efficiency: 90, asleep: 330, hrv: 60 }],
        }),
      ),
    );
    await world.runDue();
  });

  const keep = (archiveAfterDays: number | null, deleteAfterDays: number | null) =>
    world.get(ArchivalSettings).set({ archiveAfterDays, deleteAfterDays });

  async function archive() {
    const { id } = await world.get(Archival).ask();
    await world.runTasks();
    return world.get(Tasks).get(ARCHIVAL, id);
  }

  const FIGURES = `code, date::text, is_local, starts_at, count, min, max, sum, first_at, last_at, active_seconds, sedentary_seconds,
    light_seconds, moderate_seconds, vigorous_seconds`;
  const aggregates = () =>
    world.sql(`SELECT ${FIGURES} FROM series_local_day ORDER BY source_id, code, date`);
  const count = async (table: string, where: string): Promise<number> =>
    (await world.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`))[0].n;
  const records = async () =>
    Promise.all(
      ['daily_value', 'sleep_session', 'score', 'internal_score'].map((table) =>
        world.sql(`SELECT to_jsonb(t) - 'archived' AS row FROM ${table} t ORDER BY date, 1`),
      ),
    );

  /** Asks the vendor again about one date. */
  async function readAgain(date: string): Promise<string> {
    world.clock.advance(3_600);
    await world
      .get(SyncService)
      .start(key.userId, 'scripted', { summary_start_time: date, summary_end_time: date, async: true });
    await world.runDue();
    const [day] = (await world.days(key)).filter((it) => it.date === date);
    return day.status;
  }

  it('leaves the daily aggregates, to the last digit, where the samples and their answers go', async () => {
    await keep(10, null);
    const [before, kept] = [await aggregates(), await records()];
    const old = await world.sql<{ n: number }>(
      `SELECT sum(count)::int AS n FROM series_day WHERE day < '${SINCE}'`,
    );
    const task = await archive();
    expect(old[0].n).toBeGreaterThan(50);
    expect(task).toMatchObject({
      status: 'completed',
      error: null,
      progress: { users: 1, samples: old[0].n, records: 0 },
    });
    expect(await count('series_day', `day < '${SINCE}'`)).toBe(0);
    expect(await count('raw_answer', `date < '${SINCE}'`)).toBe(0);
    expect(await count('raw_answer', `date >= '${SINCE}'`)).toBeGreaterThan(9);
    expect(await aggregates()).toEqual(before);
    expect(await records()).toEqual(kept);
    // Where the user lives, the day that follows begins before that midnight.
    expect(await count('series_local_day', 'archived')).toBe(
      await count('series_local_day', `date < '${SINCE}' OR first_at < '${SINCE}T00:00Z'`),
    );
    const { stored, fromSamples } = await localDaysOf(world.database, key.userId);
    expect(fromSamples).toEqual(expect.arrayContaining(stored));
    expect(stored.length).toBeGreaterThan(9);
  });

  it('does nothing twice, and nothing at all unless it is told to', async () => {
    const untouched = await world.healthRows(key);
    expect((await archive()).progress).toMatchObject({ users: 0, samples: 0 });
    expect(await world.healthRows(key)).toEqual(untouched);
    await keep(10, null);
    await archive();
    const rows = await world.healthRows(key);
    expect((await archive()).progress).toMatchObject({ users: 1, samples: 0, answers: 0, records: 0 });
    expect(await world.healthRows(key)).toEqual(rows);
  });

  it('joins a run that has not ended', async () => {
    const [one, two] = [await world.get(Archival).ask(), await world.get(Archival).ask()];
    expect(two.id).toBe(one.id);
    await world.runTasks();
    expect((await world.get(Archival).ask()).id).not.toBe(one.id);
    await world.runTasks();
  });

  it('is asked for once, also where a worker has done it before whoever asked is told', async () => {
    await world.sql(`CREATE FUNCTION done() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN new.status = ''completed''; new.ended_at = new.requested_at; RETURN new; END'`);
    await world.sql(
      `CREATE TRIGGER done BEFORE INSERT ON background_task FOR EACH ROW EXECUTE FUNCTION done()`,
    );
    try {
      const { id } = await world.get(Archival).ask();
      expect(await world.get(Tasks).get(ARCHIVAL, id)).toMatchObject({ status: 'completed' });
    } finally {
      await world.sql(`DROP FUNCTION done CASCADE`);
    }
  }, 10_000);

  it('brings no sample back when the day is read again, and loses nothing of it to a smaller answer', async () => {
    await keep(10, null);
    await archive();
    const before = await aggregates();
    world.provider.says((date) =>
      answerOf(date, dataOf(date, { hr: { 7: 99 }, steps: { 61: 41, 62: 10, 900: 7 } })),
    );
    expect(await readAgain('2026-02-20')).toBe('stored');
    expect(await count('series_day', `day < '${SINCE}'`)).toBe(0);
    expect(await count('raw_answer', `date < '${SINCE}'`)).toBe(0);
    const ofDate = (rows: Record<string, unknown>[], code: string) =>
      rows.find((row) => row.date === '2026-02-20' && row.code === code);
    const after = await aggregates();
    expect(ofDate(after, 'heart_rate')).toEqual(ofDate(before, 'heart_rate'));
    // As many as there were: the vendor has corrected the day.
    expect(ofDate(after, 'steps')).toMatchObject({ count: 3, sum: 58, max: 41 });
    expect(await count('series_local_day', `date < '${SINCE}' AND NOT archived`)).toBe(0);
  });

  it('archives at once what a late backfill brings', async () => {
    await keep(10, null);
    expect(await readAgain('2026-02-01')).toBe('stored');
    expect(await count('series_day', `day < '2026-02-03'`)).toBe(0);
    expect(await count('series_local_day', `date = '2026-02-01' AND archived`)).toBe(2);
  });

  it('deletes everything that is older than it is to be kept, for good', async () => {
    await keep(10, 20);
    const kept = await count('series_local_day', `date >= '${DELETED_BEFORE}'`);
    const { progress } = await archive();
    const tables = [
      'series_local_day',
      'daily_value',
      'sleep_session',
      'score',
      'internal_score',
      'raw_answer',
    ];
    const old = () => Promise.all(tables.map((table) => count(table, `date < '${DELETED_BEFORE}'`)));
    expect(await old()).toEqual(tables.map(() => 0));
    expect(await count('internal_score', 'true')).toBeGreaterThan(0);
    expect((progress as { records: number }).records).toBeGreaterThan(4 * 8);
    expect(await count('series_local_day', 'true')).toBe(kept);
    world.provider.says((date) => answerOf(date, dataOf(date, { restingHr: 77 })));
    expect(await readAgain('2026-02-12')).toBe('stored');
    expect(await old()).toEqual(tables.map(() => 0));
  });

  it('remembers which sleeps a user has deleted, should their days be kept longer and read again', async () => {
    const deletedBy = `SELECT date::text, deleted_at FROM sleep_session WHERE date = '2026-02-12'`;
    await world.sql(`UPDATE sleep_session SET deleted_at = now() WHERE date = '2026-02-12'`);
    await keep(10, 20);
    await archive();
    await keep(10, null);
    world.provider.says((date) =>
      answerOf(date, dataOf(date, { sleeps: [{ from: -55, to: 305, efficiency: 91, asleep: 330 }] })),
    );
    expect(await readAgain('2026-02-12')).toBe('stored');
    expect(await readAgain('2026-02-13')).toBe('stored');
    expect(await world.sql(deletedBy)).toEqual([{ date: '2026-02-12', deleted_at: expect.any(Date) }]);
    expect(await count('sleep_session', `date = '2026-02-13'`)).toBe(1);
    expect(await count('internal_score', `date = '2026-02-12'`)).toBe(0);
  });

  describe('the scores behind the limit', () => {
    const scores = () =>
      world.sql(
        `SELECT date::text, category, value, components, formula_version FROM internal_score
          WHERE date >= '${DELETED_BEFORE}' ORDER BY date, category`,
      );
    /** As after an upgrade. */
    const renew = async () => {
      await world.sql(`UPDATE data_source SET formula_version = 0`);
      await world.get(InternalScoreRenewal).renewAll();
    };

    it('stay as the nights made them that have been deleted since', async () => {
      const before = await scores();
      await keep(10, 20);
      await archive();
      await renew();
      expect(await scores()).toEqual(before);
      expect(before).toContainEqual(
        expect.objectContaining({ date: DELETED_BEFORE, category: 'resilience' }),
      );
      world.provider.says((date) =>
        answerOf(
          date,
          dataOf(date, { sleeps: [{ from: -60, to: 300, efficiency: 72, asleep: 250, hrv: 20 }] }),
        ),
      );
      expect(await readAgain('2026-02-19')).toBe('stored');
      const inWindow = ({ date }: { date?: string }) => date! < '2026-02-24';
      const after = await scores();
      expect(after.filter(inWindow)).toEqual(before.filter(inWindow));
      expect(after).not.toEqual(before);
    });

    it('are no more than those that look back at a deleted night', async () => {
      await keep(10, 20);
      await archive();
      expect(await count('internal_score', 'archived')).toBe(2 * 6);
      expect(await count('internal_score', `archived AND date > '2026-02-23'`)).toBe(0);
    });

    it('go with their own night', async () => {
      await keep(10, 20);
      await archive();
      const date = '2026-02-20';
      const [{ source_id: sourceId }] = await world.sql<{ source_id: string }>(
        `SELECT source_id FROM sleep_session WHERE date = '${date}'`,
      );
      await world.sql(`UPDATE sleep_session SET deleted_at = now() WHERE date = '${date}'`);
      await world.database.transaction((manager) =>
        world.get(InternalScoreStore).compute(manager, { userId: key.userId, sourceId }, [date]),
      );
      const left = (await scores()).map((it) => it.date);
      expect(left).not.toContain(date);
      expect(left).toContain('2026-02-19');
      expect(left).toContain('2026-02-21');
    });
  });

  it('deletes the samples with the rest where nothing is archived before', async () => {
    await keep(null, 20);
    await archive();
    expect(await count('series_day', `day < '${DELETED_BEFORE}'`)).toBe(0);
    expect(await count('series_local_day', `date < '${DELETED_BEFORE}'`)).toBe(0);
    expect(await count('series_day', `day < '${SINCE}'`)).toBeGreaterThan(0);
  });

  it('leaves archived days alone in a replay, which has no answers about them any more', async () => {
    await keep(10, null);
    await archive();
    const [before, kept] = [await aggregates(), await records()];
    const connection = await world.get(ConnectionsService).getActive(key.userId, 'scripted');
    const replayed = await world
      .get(ConnectionReplay)
      .run(connection, { from: null, to: null }, { dryRun: false });
    expect(replayed.untouched).toBeGreaterThan(15);
    expect(await aggregates()).toEqual(before);
    expect(await records()).toEqual(kept);
    expect(await count('series_day', `day < '${SINCE}'`)).toBe(0);
  });

  it('keeps what the samples of an archived night averaged to, and what that was scored by', async () => {
    const nights = () =>
      Promise.all([
        world.sql(
          `SELECT date::text, sampled_heart_rate FROM sleep_session WHERE date < '${SINCE}' ORDER BY date`,
        ),
        world.sql(
          `SELECT date::text, category, value FROM internal_score WHERE date < '${SINCE}' ORDER BY date, category`,
        ),
      ]);
    const before = await nights();
    expect(before[0]).toContainEqual({ date: '2026-02-20', sampled_heart_rate: expect.any(Number) });
    await keep(10, null);
    await archive();
    await world.sql(`UPDATE data_source SET formula_version = 0`);
    await world.get(InternalScoreRenewal).renewAll();
    expect(await nights()).toEqual(before);
    // The evening before is told again, and nothing of the morning.
    world.provider.says((date) => answerOf(date, dataOf(date, { hr: { 1_400: 90 } })));
    await readAgain('2026-02-19');
    expect(await nights()).toEqual(before);
  });

  it('keeps the total of an archived day when one more sample of it comes with another', async () => {
    const stepsOf = () =>
      world.sql(`SELECT value FROM daily_value WHERE code = 'steps' AND date = '2026-02-20'`);
    await world.sql(
      `INSERT INTO daily_value (user_id, source_id, code, date, value, at)
       SELECT user_id, source_id, 'steps', date, 57, at FROM daily_value WHERE date = '2026-02-20'`,
    );
    await keep(10, null);
    await archive();
    world.provider.says((date) =>
      answerOf(date, dataOf(date, { steps: { [-30]: 5, 61: 41, 62: 10, 900: 7 } })),
    );
    expect(await readAgain('2026-02-21')).toBe('stored');
    expect(await count('series_local_day', `date = '2026-02-21' AND code = 'steps' AND sum = 58`)).toBe(1);
    expect(await stepsOf()).toEqual([{ value: 57 }]);
  });

  it('waits for a day that is being written, and deletes what that has read before', async () => {
    await keep(10, null);
    const date = '2026-03-01';
    world.provider.says((asked) => answerOf(asked, dataOf(asked, { hr: { 7: 60, 8: 61, 133: 62 } })));
    world.clock.advance(3_600);
    await world
      .get(SyncService)
      .start(key.userId, 'scripted', { summary_start_time: date, summary_end_time: date });
    let letGo = () => {};
    const reached = new Promise<void>((resolve) => {
      world.failpoints.at['day.before-commit'] = () => {
        resolve();
        return new Promise<void>((go) => (letGo = go));
      };
    });
    const [lease] = await world.claim();
    const running = world.get(Runner).run(lease, new AbortController().signal);
    await reached;
    world.failpoints.at = {};
    let ended = false;
    const archiving = archive().then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const endedMeanwhile = ended;
    letGo();
    await Promise.all([running, archiving]);
    expect(endedMeanwhile).toBe(false);
    expect(await count('series_day', `day < '${SINCE}'`)).toBe(0);
    const { stored, fromSamples } = await localDaysOf(world.database, key.userId);
    expect(fromSamples).toEqual(expect.arrayContaining(stored));
  });

  it('spares the samples of a source that nobody has summed up yet', async () => {
    await world.sql(`INSERT INTO series_local_day_backlog SELECT user_id, id FROM data_source`);
    await keep(10, null);
    expect((await archive()).progress).toMatchObject({ users: 1, samples: 0 });
    expect(await count('series_day', `day < '${SINCE}'`)).toBeGreaterThan(0);
  });
});
