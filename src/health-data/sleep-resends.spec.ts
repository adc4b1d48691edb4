import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { addWearer, makeDay, makeSleep, writeDay } from '../../test/support/health-data';
import { openDatabase } from '../../test/support/open-database';
import type { SleepSession } from './canonical';
import { SleepSessionStore } from './sleep-session.store';

const HOUR = 3_600_000;
const DATE = '2026-03-02';
const at = (hour: number) => Date.parse('2026-03-01T12:00:00Z') + hour * HOUR;
const time = (hour: number) => new Date(at(hour)).toISOString();
const sleep = (from: number, to: number, more: Partial<SleepSession> = {}) =>
  makeSleep({ date: DATE, from: time(from), to: time(to), ...more });

describe(SleepSessionStore.name, () => {
  let database: DataSource;
  let wearer: Awaited<ReturnType<typeof addWearer>>;
  beforeAll(async () => {
    database = await openDatabase([]);
  });
  afterAll(() => database?.destroy());
  beforeEach(async () => {
    wearer = await addWearer(database);
  });

  const send = (...sleeps: SleepSession[]) => writeDay(database, wearer, makeDay({ date: DATE, sleeps }));
  const rows = (): Promise<{ id: string; from: number; to: number; deleted: boolean; version: string }[]> =>
    database.query(
      `SELECT id, (extract(epoch FROM start_at - $2::timestamptz) / 3600)::double precision AS from,
              (extract(epoch FROM end_at - $2::timestamptz) / 3600)::double precision AS to,
              deleted_at IS NOT NULL AS deleted, xmin::text AS version
         FROM sleep_session WHERE user_id = $1 ORDER BY start_at`,
      [wearer.userId, new Date(at(0))],
    );
  const stored = async () => {
    const [row] = await database.query(
      `SELECT graphs, stages, details FROM sleep_session WHERE user_id = $1`,
      [wearer.userId],
    );
    return row;
  };
  const spans = async () => (await rows()).map(({ from, to }) => [from, to]);
  const remove = (id: string) =>
    database.query(`UPDATE sleep_session SET deleted_at = $2, hash = '' WHERE id = $1`, [
      id,
      new Date(at(40)),
    ]);

  it('updates a night whose start and end have moved', async () => {
    await send(sleep(10, 18));
    const [{ id }] = await rows();
    expect(await send(sleep(10.75, 19.5))).toMatchObject({ inserted: 0, updated: 1 });
    expect(await rows()).toMatchObject([{ id, from: 10.75, to: 19.5 }]);
  });

  it('keeps two sleeps apart that overlap by half of the shorter or less', async () => {
    await send(sleep(10, 14));
    await send(sleep(12, 17));
    expect(await spans()).toEqual([
      [10, 14],
      [12, 17],
    ]);
  });

  it('splits a night: the larger part goes on as what it was', async () => {
    await send(sleep(10, 18));
    const [{ id }] = await rows();
    await send(sleep(10, 12.5), sleep(13, 18));
    const [smaller, larger] = await rows();
    expect([larger.id, smaller.id === id]).toEqual([id, false]);
    expect(await spans()).toEqual([
      [10, 12.5],
      [13, 18],
    ]);
  });

  it('joins two halves to one night', async () => {
    await send(sleep(10, 12.5), sleep(13, 18));
    const [, { id }] = await rows();
    await send(sleep(10, 18));
    expect(await rows()).toMatchObject([{ id, from: 10, to: 18 }]);
  });

  it('lets what was deleted stay deleted, moved, split and joined', async () => {
    await send(sleep(10, 18), sleep(25, 26));
    const [night, nap] = await rows();
    await remove(night.id);
    for (const answer of [
      [sleep(10, 18)],
      [sleep(9.25, 19)],
      [sleep(10, 13), sleep(13.5, 18)],
      [sleep(10, 18, { efficiencyPercent: 77 }), sleep(25, 26)],
    ]) {
      expect(await send(...answer)).toMatchObject({ inserted: 0, updated: 0 });
    }
    expect((await rows()).map(({ id, deleted }) => [id, deleted])).toEqual([
      [night.id, true],
      [nap.id, false],
    ]);
  });

  it('notices a change of anything that it stores', async () => {
    const instants = [at(11), at(12)];
    const plain = sleep(10, 18);
    const graph = { instants, values: [53, 51] };
    const statistics = { average: 52, min: 49, max: 61 };
    const variants: SleepSession[] = [
      { ...plain, graphs: { heart_rate: graph } },
      { ...plain, graphs: { heart_rate: { ...graph, statistics } } },
      { ...plain, graphs: { heart_rate: { ...graph, statistics: { ...statistics, min: 48 } } } },
      { ...plain, details: { tossTurnCount: 13 } },
      { ...plain, details: { tossTurnCount: 13, movements: [{ at: at(12), intensity: 'light' }] } },
      { ...plain, stages: [{ stage: 'light', start: at(10), end: at(18) }] },
      { ...plain, stages: [{ stage: 'light', start: at(10), end: at(18), tossTurns: 4 }] },
      { ...plain, averageSpo2: 95.5 },
    ];
    await send(plain);
    for (const variant of variants) {
      expect(await send(variant)).toMatchObject({ updated: 1 });
      const { graphs, stages, details = {} } = variant;
      expect(await stored()).toEqual({ graphs, stages, details });
      expect(await send(variant)).toMatchObject({ updated: 0, unchanged: 1 });
    }
  });

  it('keeps one row and one id for each sleep, in whichever order and shape the answers come', async () => {
    // Sleeps of at least three hours, four apart; what moves by half an hour at each end is still more than half the same.
    const nights = [0, 11, 20.5, 33].map((from, index) => ({ from, to: from + 3.25 + index * 0.75 }));
    const move = fc.integer({ min: -2, max: 2 }).map((quarters) => quarters / 4);
    const answer = fc.array(
      fc.record({ night: fc.nat({ max: nights.length - 1 }), start: move, end: move }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 8 }), async (answers) => {
        wearer = await addWearer(database);
        const ids = new Map<number, string>();
        for (const sent of answers) {
          const sleeps = [...new Map(sent.map((it) => [it.night, it])).values()].map(
            ({ night, start, end }) => sleep(nights[night].from + start, nights[night].to + end),
          );
          await send(...sleeps);
          const kept = await rows();
          for (const { id, from } of kept) {
            const night = nights.findIndex((it) => Math.abs(it.from - from) <= 0.5);
            expect(ids.get(night) ?? id).toBe(id);
            ids.set(night, id);
          }
          expect(kept).toHaveLength(ids.size);
          await send(...sleeps);
          expect(await rows()).toEqual(kept);
        }
      }),
      { numRuns: 40 },
    );
  });
});
