import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { addWearer, makeDay, makeSleep, writeDay } from '../../test/support/health-data';
import { openDatabase } from '../../test/support/open-database';
import type { Score } from './canonical';
import { ScoreStore } from './score.store';
import { wireLocalTime } from './wire-time';
import type { CalendarDay } from './zone-offset';

const DATE = '2026-03-29';
const MINUTE = 60_000;
const CATEGORIES = ['sleep', 'recovery', 'activity', 'metabolic'] as const;
/** With and without a zone that knows the day, from one side of the date line to the other; some change their clocks. */
const ZONES = [
  'Europe/Berlin',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/St_Johns',
];

const scoreOf = (category: Score['category'], date = DATE): Score => ({
  category,
  date,
  value: 70,
  qualifier: null,
  components: null,
});

describe(ScoreStore.name, () => {
  let database: DataSource;
  beforeAll(async () => {
    database = await openDatabase([]);
  });
  afterAll(() => database?.destroy());

  const timesOf = async (userId: string): Promise<string[]> => {
    const rows: { recorded_at: Date; zone_offset: string | null }[] = await database.query(
      `SELECT recorded_at, zone_offset FROM score WHERE user_id = $1 ORDER BY category`,
      [userId],
    );
    return rows.map(({ recorded_at, zone_offset }) => wireLocalTime(recorded_at, zone_offset));
  };

  it('places each score on its own date by the local clock, wherever the night ends and the user is', async () => {
    const minutes = fc.integer({ min: -14 * 60, max: 12 * 60 });
    const zone = fc.constantFrom(null, ...ZONES);
    const nightEnd = fc.option(fc.integer({ min: -26 * 60, max: 50 * 60 }), { nil: null });
    await fc.assert(
      fc.asyncProperty(fc.option(minutes, { nil: null }), zone, nightEnd, async (start, timeZone, end) => {
        const wearer = await addWearer(database);
        const day: CalendarDay = {
          date: DATE,
          startsAt: start === null ? null : Date.parse(DATE) + start * MINUTE,
          timeZone,
        };
        await database.transaction((manager) =>
          new ScoreStore().write(
            manager,
            wearer,
            CATEGORIES.map((category) => scoreOf(category)),
            day,
            end === null ? null : Date.parse(DATE) + end * MINUTE,
          ),
        );
        const times = await timesOf(wearer.userId);
        expect(times.map((it) => it.slice(0, 10))).toEqual(CATEGORIES.map(() => DATE));
        const unplaced = start === null ? times : [];
        expect(unplaced.filter((it) => it !== `${DATE}T12:00:00Z`)).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it.each([
    ['Pacific/Kiritimati', '2026-03-28T10:00:00Z', '2026-03-28T16:40:00Z', '2026-03-29T06:40:00+14:00'],
    ['Pacific/Pago_Pago', '2026-03-29T11:00:00Z', '2026-03-29T17:40:00Z', '2026-03-29T06:40:00-11:00'],
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T04:40:00Z', '2026-03-29T06:40:00+02:00'],
    // Woken up a minute before midnight, on the date before.
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-28T22:59:00Z', '2026-03-29T12:00:00+02:00'],
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T00:00:00+01:00'],
  ])('tells the end of a night in %s that began at %s and ended at %s', async (timeZone, from, to, told) => {
    const wearer = await addWearer(database);
    const startsAt = Date.parse(from);
    const sleeps = [makeSleep({ date: DATE, from: new Date(startsAt - 6 * 3_600_000).toISOString(), to })];
    await writeDay(
      database,
      wearer,
      makeDay({ date: DATE, startsAt, timeZone, sleeps, scores: [scoreOf('sleep')] }),
    );
    expect(await timesOf(wearer.userId)).toEqual([told]);
  });
});
