import * as fc from 'fast-check';
import { Connection } from '../src/connections/connection.entity';
import { ConnectionReplay } from '../src/sync/connection-replay';
import { dataOf } from './support/day-provider';
import { SyncWorld, type Key } from './support/sync-world';
import { fullDay, healthContent, tell, type Told } from './support/told-answers';

const DATE = '2026-03-04';
const NEXT = '2026-03-05';

/** A revision of one of two dates, some time after the one before. */
const revision = fc.record({
  date: fc.constantFrom(DATE, DATE, NEXT),
  hoursLater: fc.constantFrom(1, 2, 5, 31, 55),
  minutes: fc.uniqueArray(fc.constantFrom(0, 5, 317, 331, 700, 1_210, 1_439), { minLength: 1 }),
  values: fc.constantFrom(41, 57, 63),
  implausible: fc.option(fc.constantFrom(5, 317, 700)),
  sleep: fc.option(fc.constantFrom({ from: -65, to: 371 }, { from: -65, to: 402 }, { from: 190, to: 371 })),
  temperature: fc.boolean(),
  recovery: fc.option(fc.constantFrom(33, 66)),
  startsAtHour: fc.constantFrom(0, 0, 0, 0, 3),
  /** An hour later the same again, under another title. */
  retold: fc.boolean(),
});

type Revision = typeof revision extends fc.Arbitrary<infer It> ? It : never;

function payloadOf(it: Revision, index: number): object {
  const hr = Object.fromEntries(it.minutes.map((minute) => [minute, it.values + minute / 1_000]));
  if (it.implausible !== null) hr[it.implausible] = 7;
  const { startsAt } = dataOf(it.date);
  return {
    // A zone that is not told is the one told before.
    zone: it.startsAtHour === 0 || index === 0 ? 'Asia/Kolkata' : null,
    startsAt: startsAt + it.startsAtHour * 3_600_000,
    hr,
    ...(it.temperature && { temp: { 9: 31.5 + it.values / 100 } }),
    ...(it.sleep !== null && { sleeps: [{ ...it.sleep, efficiency: it.values + 20.5 }] }),
    ...(it.recovery !== null && { recovery: it.recovery }),
  };
}

function toldFrom(revisions: Revision[]): Told[] {
  let at = Date.parse('2026-03-05T06:00:00Z');
  return revisions.flatMap((it, index) => {
    at += it.hoursLater * 3_600_000;
    const first = { date: it.date, at: new Date(at).toISOString(), payload: payloadOf(it, index) };
    if (!it.retold) return [first];
    at += 3_600_000;
    const title = `Told ${index} hours ago`;
    return [first, { ...first, at: new Date(at).toISOString(), payload: { ...first.payload, title } }];
  });
}

describe('answers that a later one makes superfluous', () => {
  let world: SyncWorld;
  let key: Key;
  beforeAll(async () => {
    world = await SyncWorld.start({ BACKFILL_DAYS: '2' });
  });
  afterAll(() => world?.close());
  beforeEach(() => begin());

  async function begin(): Promise<void> {
    await world.reset();
    key = await world.connect();
  }

  async function replay() {
    const where = { userId: key.userId, id: key.connectionId };
    const connection = await world.database.manager.findOneByOrFail(Connection, where);
    return world.get(ConnectionReplay).run(connection, { from: null, to: null }, { dryRun: false });
  }

  const kept = async (): Promise<string[]> => {
    const rows = await world.sql<{ at: Date }>(`SELECT fetched_at AS at FROM raw_answer ORDER BY fetched_at`);
    return rows.map(({ at }) => at.toISOString().slice(5, 16));
  };

  it('are deleted, when only the presentation differs too', async () => {
    await tell(world, key, [
      { date: DATE, at: '2026-03-04T08:00:00Z', payload: fullDay(DATE, { title: 'Good morning' }) },
      { date: DATE, at: '2026-03-04T09:00:00Z', payload: fullDay(DATE, { subtitle: 'Nine o’clock' }) },
    ]);
    expect(await kept()).toEqual(['03-04T09:00']);
  });

  it('stay when they hold something of their own, also of a type that nobody knows', async () => {
    await tell(world, key, [
      { date: DATE, at: '2026-03-04T08:00:00Z', payload: fullDay(DATE, { mystery: { 4: 61.5 } }) },
      { date: DATE, at: '2026-03-04T09:00:00Z', payload: fullDay(DATE) },
      { date: DATE, at: '2026-03-04T10:00:00Z', payload: fullDay(DATE, { hr: { 1: 60.5 } }) },
    ]);
    expect(await kept()).toEqual(['03-04T08:00', '03-04T09:00', '03-04T10:00']);
  });

  it('stay behind one that stays: what lies between may decide', async () => {
    await tell(world, key, [
      { date: DATE, at: '2026-03-04T08:00:00Z', payload: fullDay(DATE, { hr: { 1: 60.5 } }) },
      { date: DATE, at: '2026-03-04T09:00:00Z', payload: fullDay(DATE, { hr: { 2: 61.5 } }) },
      { date: DATE, at: '2026-03-04T10:00:00Z', payload: fullDay(DATE, { hr: { 1: 62.5, 3: 63.5 } }) },
      {
        date: DATE,
        at: '2026-03-04T11:00:00Z',
        payload: fullDay(DATE, { hr: { 1: 64.5, 3: 65.5, 4: 66.5 } }),
      },
    ]);
    expect(await kept()).toEqual(['03-04T08:00', '03-04T09:00', '03-04T11:00']);
  });

  it('stay when a value of the later one is refused', async () => {
    await tell(world, key, [
      { date: DATE, at: '2026-03-04T08:00:00Z', payload: fullDay(DATE, { hr: { 1: 60.5 } }) },
      { date: DATE, at: '2026-03-04T09:00:00Z', payload: fullDay(DATE, { hr: { 1: 7.5, 2: 8.5 } }) },
    ]);
    expect(await kept()).toEqual(['03-04T08:00', '03-04T09:00']);
  });

  it('stay when the later one was not taken: of a settled day it has fewer points than are stored', async () => {
    await tell(world, key, [
      { date: DATE, at: '2026-03-04T08:00:00Z', payload: fullDay(DATE, { hr: { 1: 60.5 } }) },
      { date: DATE, at: '2026-03-04T09:00:00Z', payload: fullDay(DATE, { hr: { 2: 61.5 } }) },
      { date: DATE, at: '2026-03-09T09:00:00Z', payload: fullDay(DATE, { hr: { 2: 62.5 } }) },
    ]);
    expect(await kept()).toEqual(['03-04T08:00', '03-04T09:00', '03-09T09:00']);
    expect((await replay()).diff).toEqual({});
  });

  it('stay when the later one cuts the day anew, and so is taken in part', async () => {
    const cutAnew = { startsAt: Date.parse(`${DATE}T03:00:00+05:30`), zone: 'Asia/Tbilisi' };
    await tell(world, key, [
      { date: DATE, at: '2026-03-04T08:00:00Z', payload: fullDay(DATE) },
      { date: DATE, at: '2026-03-05T08:00:00Z', payload: { ...cutAnew, hr: { 5: 71.5 }, recovery: 81 } },
      { date: DATE, at: '2026-03-09T08:00:00Z', payload: { ...cutAnew, hr: { 5: 72.5 }, recovery: 82 } },
    ]);
    expect(await kept()).toEqual(['03-04T08:00', '03-05T08:00', '03-09T08:00']);
    expect((await replay()).diff).toEqual({});
  });

  it('never change what a replay comes to', async () => {
    let deleted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(revision, { minLength: 2, maxLength: 7 }), async (revisions) => {
        await begin();
        const told = toldFrom(revisions);
        await tell(world, key, told);
        const before = await healthContent(world, key);
        deleted += told.length - (await kept()).length;
        expect((await replay()).diff).toEqual({});
        expect(await healthContent(world, key)).toEqual(before);
      }),
      { numRuns: 30 },
    );
    expect(deleted).toBeGreaterThan(0);
  }, 240_000);
});
