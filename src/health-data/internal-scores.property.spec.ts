import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { addWearer, foldDay, makeDay, makeSeries, makeSleep } from '../../test/support/health-data';
import { openDatabase } from '../../test/support/open-database';
import type { NormalizedDay, SleepSession } from './canonical';
import { FORMULA_VERSION } from './internal-score';
import { InternalScoreRenewal } from './internal-score.renewal';
import { InternalScoreStore } from './internal-score.store';
import { SleepReader } from './sleep.reader';
import { Clock } from '../database/clock';
import type { UsersService } from '../users/users.service';

const DAY_MS = 86_400_000;
const DAYS = 12;
const dateOf = (index: number) =>
  new Date(Date.parse('2026-03-02') + index * DAY_MS).toISOString().slice(0, 10);

/** What a vendor says of one date. */
interface Told {
  index: number;
  /** Minutes after 22:30. */
  late: number;
  minutes: number;
  awake: number;
  hrv: number | null;
  sampled: number;
  nap: boolean;
}

function nightOf({ index, late, minutes, awake, hrv }: Told): SleepSession {
  const from = new Date(Date.parse(`${dateOf(index)}T00:00:00+05:30`) + (late - 90) * 60_000);
  const to = new Date(from.getTime() + minutes * 60_000);
  const wake = from.getTime() + 60 * 60_000;
  const date = dateOf(index);
  return makeSleep({
    date,
    from: from.toISOString(),
    to: to.toISOString(),
    asleepSeconds: (minutes - awake) * 60,
    averageHrvRmssd: hrv,
    stageSeconds: {
      awake: awake * 60,
      deep: minutes * 9,
      rem: minutes * 12,
      light: minutes * 39 - awake * 60,
    },
    stages: [
      { stage: 'light', start: from.getTime(), end: wake },
      { stage: 'awake', start: wake, end: wake + awake * 60_000 },
      { stage: 'rem', start: wake + awake * 60_000, end: to.getTime() },
    ],
  });
}

/** The samples of a date lie on it, so those of a night come with two answers. */
function dayOf(told: Told): NormalizedDay {
  const { index, nap, sampled } = told;
  const date = dateOf(index);
  const times = ['03:00', '22:45', '23:55'].map((time) => `${date}T${time}:00+05:30`);
  return makeDay({
    date,
    series: [
      makeSeries(
        'heart_rate_variability_rmssd',
        Object.fromEntries(times.map((time, step) => [time, sampled + step])),
      ),
    ],
    sleeps: [
      nightOf(told),
      ...(nap
        ? [
            makeSleep({
              date,
              from: `${date}T13:00:00+05:30`,
              to: `${date}T13:40:00+05:30`,
              asleepSeconds: 1_800,
            }),
          ]
        : []),
    ],
  });
}

const told = (index: number): fc.Arbitrary<Told> =>
  fc.record({
    index: fc.constant(index),
    late: fc.integer({ min: 0, max: 180 }),
    minutes: fc.integer({ min: 240, max: 420 }),
    awake: fc.integer({ min: 0, max: 60 }),
    hrv: fc.option(fc.integer({ min: 20, max: 90 }), { nil: null, freq: 2 }),
    sampled: fc.integer({ min: 20, max: 90 }),
    nap: fc.boolean(),
  });

describe('our own scores', () => {
  let database: DataSource;
  let reader: SleepReader;
  beforeAll(async () => {
    database = await openDatabase([]);
    const users = { get: async () => ({}) } as unknown as UsersService;
    reader = new SleepReader(database, users, new Clock(), new InternalScoreStore());
  });
  afterAll(() => database?.destroy());

  const scoresOf = (userId: string) =>
    database.query(
      `SELECT category, date::text, value, components, recorded_at, zone_offset, formula_version FROM internal_score
        WHERE user_id = $1 ORDER BY category, date`,
      [userId],
    );
  const averagesOf = (userId: string) =>
    database.query(
      `SELECT date::text, start_at, sampled_hrv_rmssd FROM sleep_session
        WHERE user_id = $1 AND deleted_at IS NULL ORDER BY start_at`,
      [userId],
    );

  /** In order, each once. */
  async function plainly(days: Told[]) {
    const wearer = await addWearer(database);
    for (const day of days.toSorted((a, b) => a.index - b.index)) await foldDay(database, wearer, dayOf(day));
    return { scores: await scoresOf(wearer.userId), averages: await averagesOf(wearer.userId) };
  }

  const days = fc.tuple(...Array.from({ length: DAYS }, (_, index) => told(index)));

  it('do not hang on the order in which the days come, on what was said before, nor on what comes twice', async () => {
    const story = fc.record({
      first: days,
      last: days,
      order: fc.shuffledSubarray([...Array(DAYS).keys()], { minLength: DAYS }),
      revised: fc.subarray([...Array(DAYS).keys()]),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ first, last, order, revised }) => {
        const wearer = await addWearer(database);
        const isRevised = (index: number) => revised.includes(index);
        const final = order.map((index) => (isRevised(index) ? last[index] : first[index]));
        for (const index of order) {
          // A revision is the same night, a little longer, and not another one.
          await foldDay(
            database,
            wearer,
            dayOf({ ...first[index], ...(isRevised(index) && { nap: false }) }),
          );
        }
        for (const index of revised) {
          const { late, minutes } = first[index];
          last[index] = {
            ...last[index],
            late,
            minutes: minutes + 7,
            hrv: last[index].hrv ?? first[index].hrv,
          };
          final[order.indexOf(index)] = last[index];
          await foldDay(database, wearer, dayOf(last[index]));
        }
        for (const index of order.toReversed().slice(0, 4))
          await foldDay(database, wearer, dayOf(isRevised(index) ? last[index] : first[index]));
        const plain = await plainly(final);
        expect(await averagesOf(wearer.userId)).toEqual(plain.averages);
        expect(await scoresOf(wearer.userId)).toEqual(plain.scores);
        expect(plain.scores.length).toBeGreaterThan(DAYS);
      }),
      { numRuns: 12 },
    );
  });

  it('forget a night that is deleted, in its own date and in those that look back at it', async () => {
    await fc.assert(
      fc.asyncProperty(days, fc.integer({ min: 0, max: DAYS - 1 }), async (all, gone) => {
        const wearer = await addWearer(database);
        const noNaps = all.map((day) => ({ ...day, nap: false }));
        for (const day of noNaps) await foldDay(database, wearer, dayOf(day));
        const [{ id }] = await database.query(
          `SELECT id FROM sleep_session WHERE user_id = $1 AND date = $2`,
          [wearer.userId, dateOf(gone)],
        );
        await reader.delete(wearer.userId, id);
        await foldDay(database, wearer, dayOf(noNaps[gone]));
        const other = await addWearer(database);
        for (const day of noNaps)
          await foldDay(database, other, { ...dayOf(day), ...(day.index === gone && { sleeps: [] }) });
        expect(await scoresOf(wearer.userId)).toEqual(await scoresOf(other.userId));
      }),
      { numRuns: 6 },
    );
  });

  it('are computed anew after a start with another version of the formulas, to the same by the same', async () => {
    const [all] = fc.sample(days, 1);
    const wearer = await addWearer(database);
    for (const day of all) await foldDay(database, wearer, dayOf(day));
    const [scores, averages] = [await scoresOf(wearer.userId), await averagesOf(wearer.userId)];
    await database.query(
      `UPDATE internal_score SET formula_version = 0, value = 1, components = '{}' WHERE user_id = $1 AND category = 'sleep'`,
      [wearer.userId],
    );
    await database.query(`DELETE FROM internal_score WHERE user_id = $1 AND category = 'resilience'`, [
      wearer.userId,
    ]);
    await database.query(
      `UPDATE sleep_session SET sampled_hrv_rmssd = NULL WHERE user_id = $1 AND date > $2`,
      // The night before holds samples of a local day of which some are gone below: its average stays as it is.
      [wearer.userId, dateOf(3)],
    );
    // Deleted for their age: what they came to stays.
    await database.query(
      `UPDATE series_local_day SET archived = true WHERE user_id = $1 AND first_at < $2::date::timestamp AT TIME ZONE 'UTC'`,
      [wearer.userId, dateOf(2)],
    );
    await database.query(`DELETE FROM series_day WHERE user_id = $1 AND day < $2`, [
      wearer.userId,
      dateOf(2),
    ]);
    await new InternalScoreRenewal(database, new InternalScoreStore()).renewAll();
    expect(await scoresOf(wearer.userId)).toEqual(scores);
    expect(await averagesOf(wearer.userId)).toEqual(averages);
    const stale = await database.query(`SELECT FROM data_source WHERE formula_version <> $1`, [
      FORMULA_VERSION,
    ]);
    expect(stale).toEqual([]);
  });

  it('stay untouched, row for row, when the same is told again', async () => {
    const [all] = fc.sample(days, 1);
    const wearer = await addWearer(database);
    for (const day of all) await foldDay(database, wearer, dayOf(day));
    const versions = () =>
      database.query(`SELECT id, xmin::text FROM internal_score WHERE user_id = $1 ORDER BY id`, [
        wearer.userId,
      ]);
    const before = await versions();
    for (const day of all) await foldDay(database, wearer, dayOf(day));
    expect(await versions()).toEqual(before);
    expect(before.length).toBeGreaterThan(DAYS);
  });
});
