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
  const sendLate = (...sleeps: SleepSession[]) =>
    writeDay(database, wearer, makeDay({ date: DATE, sleeps }), { settled: true });
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
      `SELECT asleep_seconds AS "asleepSeconds", stage_seconds AS "stageSeconds", graphs, stages, details,
              efficiency_percent AS "efficiencyPercent", average_heart_rate AS "averageHeartRate",
              average_hrv_rmssd AS "averageHrvRmssd", average_spo2 AS "averageSpo2"
         FROM sleep_session WHERE user_id = $1`,
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
    let expected = { graphs: {}, stages: plain.stages, details: {} };
    for (const variant of variants) {
      expect(await send(variant)).toMatchObject({ updated: 1 });
      expected = {
        graphs: { ...expected.graphs, ...variant.graphs },
        stages: variant.stages.length > 0 ? variant.stages : expected.stages,
        details: { ...expected.details, ...variant.details },
      };
      expect(await stored()).toMatchObject(expected);
      expect(await send(variant)).toMatchObject({ updated: 0, unchanged: 1 });
    }
  });

  describe('of which a later answer says less', () => {
    const curve = {
      instants: [at(11), at(12), at(13)],
      values: [53, 51, 52.5],
      statistics: { average: 52, min: 49, max: 61 },
      band: { low: 48, high: 63 },
      span: { start: at(10.5), end: at(17.5) },
      marks: [{ kind: 'lowest', at: at(12) }],
    };
    const full = {
      asleepSeconds: 25_140,
      stageSeconds: { awake: 2_340, light: 13_800, deep: 4_920, rem: 6_420 },
      stages: [
        { stage: 'light' as const, start: at(10), end: at(12.5), tossTurns: 4 },
        { stage: 'deep' as const, start: at(12.5), end: at(18), tossTurns: 2 },
      ],
      efficiencyPercent: 91.5,
      averageHeartRate: 53.7,
      averageHrvRmssd: 61.2,
      averageSpo2: 96.4,
      graphs: { heart_rate: curve, skin_temperature: { instants: [at(14)], values: [34.8] } },
      details: {
        timeInBedSeconds: 27_455,
        stagePercent: { awake: 8, light: 50, deep: 18, rem: 24 },
        cycles: [{ start: at(10.25), end: at(11.75), full: true }],
        movements: [{ at: at(15), intensity: 'light' as const }],
        heartRateDrop: { at: at(12), value: 46 },
        beta: ['oxygen_saturation_sleep_avg', 'toss_turn_count'],
        aside: { score: 52, components: null, daily: { sleep_movements: 3 } },
      },
    } satisfies Partial<SleepSession>;
    const { stagePercent, ...restOfDetails } = full.details;
    const version = async () => (await rows())[0].version;

    it.each<[string, Partial<SleepSession>]>([
      ['nothing at all', {}],
      ['no curve', { ...full, graphs: {} }],
      ['one of two curves', { ...full, graphs: { heart_rate: curve } }],
      [
        'a curve without points',
        { ...full, graphs: { ...full.graphs, heart_rate: { ...curve, instants: [], values: [] } } },
      ],
      [
        'points without what stands around them',
        {
          ...full,
          graphs: { ...full.graphs, heart_rate: { instants: curve.instants, values: curve.values } },
        },
      ],
      [
        'one figure above the curve',
        {
          ...full,
          graphs: { heart_rate: { ...curve, statistics: { average: null, min: 49, max: null } } },
        },
      ],
      ['no stages', { ...full, stages: [], stageSeconds: null }],
      [
        'stages without toss and turn',
        { ...full, stages: full.stages.map(({ stage, start, end }) => ({ stage, start, end })) },
      ],
      [
        'no blood oxygen',
        { ...full, averageSpo2: null, details: { ...full.details, beta: ['toss_turn_count'] } },
      ],
      ['no details', { ...full, details: {} }],
      ['some details', { ...full, details: restOfDetails }],
      ['some shares', { ...full, details: { stagePercent: { deep: 18 } } }],
      ['empty lists', { ...full, details: { ...full.details, cycles: [], movements: [], beta: [] } }],
      ['a lowest pulse without its time', { ...full, details: { heartRateDrop: { at: null, value: 46 } } }],
      [
        'a nap without its score',
        { ...full, details: { aside: { score: null, components: null, daily: {} } } },
      ],
    ])('%s: keeps all, and writes nothing', async (_, less) => {
      await send(sleep(10, 18, full));
      const before = await version();
      for (const write of [send, sendLate])
        expect(await write(sleep(10, 18, less))).toMatchObject({ updated: 0, unchanged: 1 });
      expect(await stored()).toEqual(full);
      expect(await version()).toBe(before);
    });

    it('takes what it does say, here of a night that has moved', async () => {
      await send(sleep(10, 18, full));
      const [{ id }] = await rows();
      const drop = { heartRateDrop: { at: null, value: 44 } };
      const news = { efficiencyPercent: 88, details: { ...drop, stagePercent: { deep: 21 } } };
      expect(await send(sleep(9.5, 18, news))).toMatchObject({ updated: 1 });
      expect(await rows()).toMatchObject([{ id, from: 9.5, to: 18 }]);
      expect(await stored()).toEqual({
        ...full,
        efficiencyPercent: 88,
        details: { ...full.details, ...drop, stagePercent: { ...stagePercent, deep: 21 } },
      });
      expect(await send(sleep(9.5, 18, news))).toMatchObject({ updated: 0, unchanged: 1 });
    });

    it('ends what was provisional', async () => {
      await send(sleep(10, 18, { ...full, details: { ...full.details, provisional: true } }));
      expect(await stored()).toMatchObject({ details: { provisional: true } });
      await send(sleep(10, 18, full));
      expect(await stored()).toEqual(full);
    });

    const smaller = {
      stages: [{ stage: 'rem' as const, start: at(10), end: at(18) }],
      graphs: { heart_rate: { instants: [at(11.5), at(12)], values: [47, 48], marks: [] } },
      details: { movements: [{ at: at(16), intensity: 'vigorous' as const }] },
    };

    it('takes fewer stages and points as long as the day is not settled', async () => {
      await send(sleep(10, 18, full));
      expect(await send(sleep(10, 18, smaller))).toMatchObject({ updated: 1 });
      expect(await stored()).toMatchObject({
        stages: smaller.stages,
        graphs: { ...full.graphs, heart_rate: { ...curve, ...smaller.graphs.heart_rate } },
        details: { ...full.details, ...smaller.details },
      });
    });

    it('keeps the larger lists of a settled day, and takes as large ones', async () => {
      await send(sleep(10, 18, full));
      expect(await sendLate(sleep(10, 18, smaller))).toMatchObject({ updated: 1 });
      const kept = { ...full, details: { ...full.details, ...smaller.details } };
      expect(await stored()).toEqual(kept);
      const values = [54.5, 50, 55];
      await sendLate(sleep(10, 18, { graphs: { heart_rate: { instants: curve.instants, values } } }));
      expect(await stored()).toEqual({
        ...kept,
        graphs: { ...full.graphs, heart_rate: { ...curve, values } },
      });
    });
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
