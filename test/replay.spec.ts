import { Connection } from '../src/connections/connection.entity';
import { Fenced } from '../src/sync/claim';
import { ConnectionReplay, type ConnectionReplayed } from '../src/sync/connection-replay';
import { DayWriter } from '../src/sync/day-writer';
import { JobOpener } from '../src/sync/job-opener';
import { Received } from '../src/sync/received';
import { totalsOf } from '../src/sync/replay-diff';
import type { ReplayRange } from '../src/sync/replay-span';
import { ProviderPayloadInvalid } from '../src/providers/provider-errors';
import { answerOf, dataOf } from './support/day-provider';
import { SyncWorld, type Key } from './support/sync-world';
import { fullDay, healthContent, tell, type Told } from './support/told-answers';

const DATES = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'];
const told = (dates = DATES): Told[] =>
  dates.map((date, index) => ({
    date,
    at: `2026-03-0${index + 2}T07:1${index}:00Z`,
    payload: fullDay(date),
  }));

describe('a replay of kept answers', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ BACKFILL_DAYS: '2' });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    jest.restoreAllMocks();
    await world.reset();
    key = await world.connect();
  });

  async function replay(range: Partial<ReplayRange> = {}, dryRun = false): Promise<ConnectionReplayed> {
    const where = { userId: key.userId, id: key.connectionId };
    const connection = await world.database.manager.findOneByOrFail(Connection, where);
    return world.get(ConnectionReplay).run(connection, { from: null, to: null, ...range }, { dryRun });
  }

  /** What the provider's normalizer makes of the same answers for somebody new. */
  async function freshIngest(answers: Told[]): Promise<Record<string, unknown[]>> {
    const other = await world.connect();
    await tell(world, other, answers);
    return healthContent(world, other);
  }

  async function tellMistaken(answers = told()): Promise<void> {
    world.provider.mistaken = true;
    await tell(world, key, answers);
    world.provider.mistaken = false;
  }

  /** `[series, instant, value]` of the local days from one date to another. */
  async function samples(from: string, to: string): Promise<unknown[]> {
    const rows = await world.sql(
      `SELECT code, at, value FROM sample WHERE user_id = $1 AND at >= $2 AND at < $3::timestamptz + interval '1 day' ORDER BY code, at`,
      [key.userId, `${from}T00:00:00+05:30`, `${to}T00:00:00+05:30`],
    );
    return rows.map((row) => Object.values(row));
  }

  const identities = async () =>
    world.sql(
      `SELECT id, date::text, deleted_at FROM sleep_session WHERE user_id = $1
       UNION ALL SELECT id, date::text, NULL FROM score WHERE user_id = $1 ORDER BY id`,
      [key.userId],
    );

  it('comes to what a fresh ingest by the corrected normalizer comes to', async () => {
    await tellMistaken();
    const wrong = await healthContent(world, key);
    const { diff, ...counts } = await replay();
    expect(counts).toEqual({ answers: 5, invalid: 0, dates: 5, untouched: 0 });
    const right = await healthContent(world, key);
    expect(right).not.toEqual(wrong);
    expect(right).toEqual(await freshIngest(told()));
    expect(totalsOf(diff)).toEqual({
      heart_rate: { inserted: 0, updated: 0, deleted: 15 },
      skin_temperature: { inserted: 15, updated: 0, deleted: 0 },
      sleep: { inserted: 0, updated: 10, deleted: 0 },
      'score:recovery': { inserted: 0, updated: 5, deleted: 0 },
    });
    expect(diff.heart_rate['2026-03-03']).toEqual({ inserted: 0, updated: 0, deleted: 3 });
  });

  it('leaves no trace of its work, and the ids as they were', async () => {
    await tellMistaken();
    const before = await identities();
    expect(before).toHaveLength(15);
    await replay();
    expect(await identities()).toEqual(before);
    const [{ orphans }] = await world.sql(
      `SELECT count(*)::int AS orphans
         FROM (SELECT source_id FROM series_day UNION ALL SELECT source_id FROM series_local_day UNION ALL SELECT source_id FROM daily_value
               UNION ALL SELECT source_id FROM sleep_session UNION ALL SELECT source_id FROM score) AS data
        WHERE source_id NOT IN (SELECT id FROM data_source)`,
    );
    expect(orphans).toBe(0);
  });

  it('touches no row that is as it should be', async () => {
    await tell(world, key, told());
    await world.sql('UPDATE sync_day SET next_attempt_at = NULL');
    const before = await world.healthRows(key);
    const { next_slot_at } = await world.connection(key);
    const { diff } = await replay();
    expect(diff).toEqual({});
    expect(await world.healthRows(key)).toEqual(before);
    expect(await world.connection(key)).toMatchObject({ next_slot_at, wake_at: next_slot_at });
  });

  it('of a range changes that local day and nothing beside it', async () => {
    await tellMistaken();
    const [before, after] = [
      await samples('2026-02-20', '2026-03-02'),
      await samples('2026-03-04', '2026-03-20'),
    ];
    const { dates, diff } = await replay({ from: '2026-03-03', to: '2026-03-03' });
    expect(dates).toBe(1);
    expect(await samples('2026-02-20', '2026-03-02')).toEqual(before);
    expect(await samples('2026-03-04', '2026-03-20')).toEqual(after);
    const changed = new Set(Object.values(diff).flatMap((days) => Object.keys(days)));
    expect([...changed]).toEqual(['2026-03-03']);
    const inside = await samples('2026-03-03', '2026-03-03');
    const sleeps = await world.sql(`SELECT date::text, end_at FROM sleep_session ORDER BY start_at`);
    await replay();
    expect(await samples('2026-03-03', '2026-03-03')).toEqual(inside);
    const all = await world.sql(`SELECT date::text, end_at FROM sleep_session ORDER BY start_at`);
    const same = sleeps.filter((sleep, index) => sleep.end_at?.toString() === all[index].end_at?.toString());
    expect(same.map(({ date }) => date)).toEqual(['2026-03-03', '2026-03-03']);
  });

  it('of a range finds the samples of its days in the answers about the dates beside it too', async () => {
    const [date, next] = DATES;
    const cutEarlier = { startsAt: Date.parse(`${date}T21:00:00+05:30`), zone: 'Asia/Vladivostok' };
    await tellMistaken([
      ...told([date, next]),
      // After a journey the vendor counts the last three hours of the day to the next.
      {
        date: next,
        at: '2026-03-03T09:00:00Z',
        payload: { ...cutEarlier, hr: { 5: 77.5 }, temp: { 6: 31.75 } },
      },
    ]);
    const { diff } = await replay({ from: date, to: date });
    expect(diff.heart_rate).toEqual({ [date]: { inserted: 0, updated: 0, deleted: 4 } });
    const day = await samples(date, date);
    expect(day).toContainEqual(['heart_rate', new Date(`${date}T21:05:00+05:30`), 77.5]);
    expect(day).toContainEqual(['skin_temperature', new Date(`${date}T21:06:00+05:30`), 31.75]);
    await replay();
    expect(await samples(date, date)).toEqual(day);
  });

  it('of an open range reaches to the end, or to the beginning', async () => {
    await tellMistaken();
    expect((await replay({ from: '2026-03-04' })).dates).toBe(2);
    expect((await replay({ to: '2026-03-02' })).dates).toBe(2);
    expect(totalsOf((await replay()).diff).heart_rate).toEqual({ inserted: 0, updated: 0, deleted: 3 });
  });

  it('as a dry run tells the same and writes nothing', async () => {
    await tellMistaken();
    const [rows, ledger, connection] = [
      await world.healthRows(key),
      await world.days(key),
      await world.connection(key),
    ];
    const tried = await replay({}, true);
    expect(await world.healthRows(key)).toEqual(rows);
    expect(await world.days(key)).toEqual(ledger);
    expect(await world.connection(key)).toEqual(connection);
    expect(await replay()).toEqual(tried);
  });

  it('lets a sleep that a user has deleted stay deleted', async () => {
    await tellMistaken();
    const night = `date = '2026-03-03' AND start_at < '2026-03-03'`;
    await world.sql(`UPDATE sleep_session SET deleted_at = $1 WHERE ${night}`, [world.clock.now()]);
    const before = await identities();
    await replay();
    expect(await identities()).toEqual(before);
    expect(before.filter((it) => it.deleted_at !== null)).toHaveLength(1);
  });

  it('leaves a day alone of which no answer is kept', async () => {
    await tellMistaken();
    await world.sql(`DELETE FROM raw_answer WHERE date = '2026-03-03'`);
    const alone = await samples('2026-03-03', '2026-03-03');
    const scores = await world.sql(`SELECT xmin::text, * FROM score WHERE date = '2026-03-03'`);
    const { dates, untouched, diff } = await replay();
    expect({ dates, untouched }).toEqual({ dates: 4, untouched: 1 });
    expect(diff.heart_rate['2026-03-03']).toBeUndefined();
    expect(await samples('2026-03-03', '2026-03-03')).toEqual(alone);
    expect(await world.sql(`SELECT xmin::text, * FROM score WHERE date = '2026-03-03'`)).toEqual(scores);
    expect(await world.day(key, '2026-03-03')).toMatchObject({ answer_sha256: expect.any(Buffer) });
    expect(await samples('2026-03-04', '2026-03-04')).not.toEqual([]);
  });

  it('passes over an answer that the normalizer refuses by now, and leaves its day alone', async () => {
    await tellMistaken();
    const normalize = world.provider.normalize.bind(world.provider);
    jest.spyOn(world.provider, 'normalize').mockImplementation((answer) => {
      if (answer.date === '2026-03-02') throw new ProviderPayloadInvalid('of an old kind', 'not_json');
      return normalize(answer);
    });
    const alone = await samples('2026-03-02', '2026-03-02');
    const { diff, ...counts } = await replay();
    expect(counts).toEqual({ answers: 5, invalid: 1, dates: 4, untouched: 1 });
    expect(diff.skin_temperature['2026-03-01']).toBeDefined();
    expect(await samples('2026-03-02', '2026-03-02')).toEqual(alone);
  });

  it('leaves a day with data alone of which only an answer without any is kept', async () => {
    await tellMistaken();
    await tell(world, key, [{ date: '2026-03-03', at: '2026-03-08T09:00:00Z', payload: '{}' }]);
    await world.sql(`DELETE FROM raw_answer WHERE date = '2026-03-03' AND fetched_at < '2026-03-08'`);
    const [alone, before] = [await samples('2026-03-03', '2026-03-03'), await world.day(key, '2026-03-03')];
    const { diff, ...counts } = await replay();
    expect(counts).toEqual({ answers: 5, invalid: 0, dates: 4, untouched: 1 });
    expect(Object.values(diff).filter((days) => '2026-03-03' in days)).toEqual([]);
    expect(await samples('2026-03-03', '2026-03-03')).toEqual(alone);
    expect(await world.day(key, '2026-03-03')).toEqual(before);
  });

  it('of a range knows where such a day begins that follows it', async () => {
    const [date, next] = DATES;
    const cutEarlier = { startsAt: Date.parse(`${date}T21:00:00+05:30`), zone: 'Asia/Vladivostok' };
    await tell(world, key, [
      ...told([date]),
      { date: next, at: '2026-03-03T09:00:00Z', payload: { ...cutEarlier, hr: { 5: 77.5 } } },
      { date: next, at: '2026-03-08T09:00:00Z', payload: '{}' },
    ]);
    await world.sql(`DELETE FROM raw_answer WHERE date = $1 AND fetched_at < '2026-03-08'`, [next]);
    expect((await replay({ from: date, to: date })).diff).toEqual({});
    const sample = ['heart_rate', new Date(`${date}T21:05:00+05:30`), 77.5];
    expect(await samples(date, date)).toContainEqual(sample);
  });

  it('recovers what a mistaken normalizer has refused, between the answers that it took', async () => {
    const [date, parked] = DATES;
    const normalize = world.provider.normalize.bind(world.provider);
    const mistaken = jest.spyOn(world.provider, 'normalize').mockImplementation((answer) => {
      if (answer.body.includes('"refused"')) throw new ProviderPayloadInvalid('of a new kind', 'not_json');
      return normalize(answer);
    });
    const answers: Told[] = [
      { date, at: '2026-03-01T09:00:00Z', payload: fullDay(date, { hr: { 5: 61.5, 6: 62.75 } }) },
      {
        date,
        at: '2026-03-01T11:00:00Z',
        payload: fullDay(date, { title: 'refused', hr: { 6: 73.25, 7: 74.5 } }),
      },
      { date, at: '2026-03-01T13:00:00Z', payload: fullDay(date, { hr: { 7: 85.75, 8: 86.25 } }) },
      { date: parked, at: '2026-03-02T13:00:00Z', payload: fullDay(parked, { title: 'refused' }) },
      { date: parked, at: '2026-03-02T15:00:00Z', payload: '<html>' },
    ];
    await tell(world, key, answers);
    await world.sql(`UPDATE sync_day SET status = 'parked', next_attempt_at = NULL WHERE date = $1`, [
      parked,
    ]);
    expect((await replay()).invalid).toBe(3);
    mistaken.mockRestore();
    const tried = await replay({}, true);
    expect(tried).toMatchObject({ answers: 5, invalid: 1, dates: 2, untouched: 0 });
    expect(await replay()).toEqual(tried);
    expect(await healthContent(world, key)).toEqual(await freshIngest(answers));
    const hr = (await samples(date, date)).filter((it) => (it as unknown[])[0] === 'heart_rate');
    expect(hr.map((it) => (it as unknown[])[2])).toEqual([61.5, 73.25, 85.75, 86.25]);
    expect(await world.day(key, parked)).toMatchObject({ status: 'stored', error_code: null });
    // From now on they are kept as long as the others of their date.
    await world.sql('DELETE FROM raw_reject');
    expect(await replay()).toMatchObject({ answers: 4, invalid: 0, dates: 2, diff: {} });
  });

  it('changes nothing when the normalizer has a bug', async () => {
    await tellMistaken();
    const before = await world.healthRows(key);
    const normalize = world.provider.normalize.bind(world.provider);
    jest.spyOn(world.provider, 'normalize').mockImplementation((answer) => {
      if (answer.date === '2026-03-05') throw new Error('a mistake in the normalizer');
      return normalize(answer);
    });
    await expect(replay()).rejects.toThrow('a mistake in the normalizer');
    expect(await world.healthRows(key)).toEqual(before);
  });

  it('files under a device of its own what was taken for the first one’s', async () => {
    const { devices } = world.provider.definition;
    world.provider.definition = { ...world.provider.definition, devices: [devices[0]] };
    await tell(world, key, told());
    expect(await world.sql(`SELECT device_model FROM data_source`)).toEqual([{ device_model: 'scripted_1' }]);
    world.provider.definition = { ...world.provider.definition, devices };
    const { diff } = await replay();
    expect(totalsOf(diff).blood_glucose).toEqual({ inserted: 10, updated: 0, deleted: 10 });
    expect(await healthContent(world, key)).toEqual(await freshIngest(told()));
  });

  it('removes what the corrected normalizer no longer finds, down to the last sample', async () => {
    await tell(world, key, told());
    const normalize = world.provider.normalize.bind(world.provider);
    jest.spyOn(world.provider, 'normalize').mockImplementation((answer) => ({
      ...normalize(answer),
      series: [],
      sleeps: [],
      scores: [],
      daily: [],
    }));
    await replay();
    const { calendar, ...data } = await healthContent(world, key);
    expect(data).toEqual({
      series_day: [],
      series_local_day: [],
      daily_value: [],
      sleep_session: [],
      score: [],
      internal_score: [],
    });
    expect(calendar).toHaveLength(5);
  });

  it('folds the answers of one day in the order in which they came, each as old as it was', async () => {
    const [date] = DATES;
    const more = (minute: number, value: number) => ({ hr: { [minute]: value, 317: value + 1.5 } });
    const answers: Told[] = [
      { date, at: '2026-03-01T09:00:00Z', payload: fullDay(date, more(11, 71.5)) },
      { date, at: '2026-03-01T21:00:00Z', payload: fullDay(date, more(12, 73.25)) },
      // Settled by now, with fewer samples than are stored: not taken.
      { date, at: '2026-03-08T09:00:00Z', payload: fullDay(date, { hr: { 317: 99.5 }, restingHr: 77.75 }) },
      // After a journey the vendor cuts the day three hours later.
      {
        date,
        at: '2026-03-08T10:00:00Z',
        payload: { ...dataOf(date), startsAt: Date.parse(`${date}T03:00:00+05:30`), zone: 'Asia/Tashkent' },
      },
    ];
    const outcomes = await tell(world, key, answers);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'stored', 'unchanged', expect.anything()]);
    const before = await world.healthRows(key);
    expect((await replay()).diff).toEqual({});
    expect(await world.healthRows(key)).toEqual(before);
  });

  it('makes the next answer count whatever it says, and so finds nothing new', async () => {
    await tell(world, key, told());
    world.provider.definition = { ...world.provider.definition, normalizerVersion: 7 };
    await replay();
    expect(await world.day(key, '2026-03-04')).toMatchObject({ answer_sha256: null, normalizer_version: 7 });
    const before = await world.healthRows(key);
    const outcomes = await tell(
      world,
      key,
      told().map((answer) => ({ ...answer, at: '2026-03-06T08:00:00Z' })),
    );
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['unchanged']));
    expect(await world.healthRows(key)).toEqual(before);
  });

  it('takes the connection from a sync that is running, which goes on afterwards', async () => {
    const [lease] = await world.claim();
    const job = (await world.get(JobOpener).open(lease))!;
    const store = (date: string) =>
      world
        .get(DayWriter)
        .store(job, new Received(job, answerOf(date, fullDay(date)), new Date('2026-03-10T08:00:00Z')));
    await store('2026-03-09');
    const { dates } = await replay();
    expect(dates).toBe(1);
    await expect(store('2026-03-10')).rejects.toThrow(Fenced);
    expect(await world.connection(key)).toMatchObject({
      lease_until: null,
      history_wake_at: world.clock.now(),
    });
    world.provider.says((date) => answerOf(date, fullDay(date)));
    expect(await world.runDue()).toBe(1);
    expect(await world.runs(key)).toMatchObject([{ run_id: job.run.runId, status: 'success' }]);
    expect(await world.day(key, '2026-03-10')).toMatchObject({ status: 'stored' });
  });

  it('gives a sync that had only its end to come the connection back at once', async () => {
    const [lease] = await world.claim();
    const job = (await world.get(JobOpener).open(lease))!;
    await world.sql('UPDATE sync_day SET next_attempt_at = NULL');
    await replay();
    expect(await world.runDue()).toBe(1);
    expect(await world.runs(key)).toMatchObject([{ run_id: job.run.runId, status: 'success' }]);
  });
});
