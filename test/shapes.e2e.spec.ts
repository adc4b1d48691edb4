import { DataSource } from 'typeorm';
import type { Fault } from '../simulator/faults/fault';
import { startSimulator, type RunningSimulator } from '../simulator/server';
import type { ShapeName } from '../simulator/shapes/shapes';
import { Clock } from '../src/database/clock';
import { Runner } from '../src/sync/runner';
import { SyncCron } from '../src/sync/sync.cron';
import { startApp, type TestApp } from './support/app';
import { partsOf, type Facts } from './support/differential/facts';
import { servedFacts } from './support/differential/served';
import { runDue as runAllDue } from './support/run-due';
import { TestClock } from './support/test-clock';
import { connectPersona, simulatedBy } from './support/vendor-connection';

const NOON = new Date('2026-06-17T10:00:00Z');
/** By then both dates of the first look are settled. */
const A_WEEK_ON = new Date('2026-06-24T10:00:00Z');
const [FIRST, SECOND, TODAY] = ['2026-06-15', '2026-06-16', '2026-06-17'];

/** Berlin, a ring and a glucose sensor: every kind of series. */
const PERSONA = 1003;
const SERIES = {
  hr: 'heart_rate',
  hrv: 'heart_rate_variability_rmssd',
  temp: 'skin_temperature',
  steps: 'steps',
  glucose: 'blood_glucose',
  night_rhr: 'sleeping_heart_rate',
};

interface Details {
  days_stored: number;
  days_empty: number;
  failed_days: { date: string; reason: string }[];
  rejected: Record<string, number>;
  unmapped: Record<string, number>;
}

interface Look {
  status: string;
  details: Details;
  facts: Facts;
}

/** Every shape that an answer can take, through the whole server and out at its API. */
describe('answers in another shape', () => {
  let simulator: RunningSimulator;
  let server: TestApp;
  let plain: Look;
  let accounts = 7_300;
  const clock = new TestClock(NOON);

  beforeAll(async () => {
    simulator = await startSimulator({ now: NOON.toISOString() });
    server = await startApp(
      { ...simulatedBy(simulator), BACKFILL_DAYS: '2' },
      {
        configure: async (app) => {
          Object.assign(app.get(Clock), { now: () => clock.now() });
          Object.assign(app.get(SyncCron), { tick: async () => {} });
        },
      },
    );
    plain = await lookOf(await connected());
  });
  beforeEach(() => {
    moveTo(NOON);
    simulator.control.clearFaults();
    simulator.control.clearRequests();
  });
  afterAll(async () => {
    await server?.close();
    await simulator?.close();
  });

  function moveTo(at: Date) {
    clock.set(at);
    simulator.control.setClock({ now: at.toISOString() });
  }

  /** A new user with the persona's data, under an account that nobody else has. Those before are not synced any more. */
  async function connected(): Promise<string> {
    await server.sql(`UPDATE connection SET status = 'revoked'`);
    simulator.control.changeAccount(PERSONA, (accounts += 11));
    const user = await connectPersona(server, PERSONA);
    await runDue();
    return user;
  }

  async function runDue() {
    await runAllDue(server.app.get(DataSource), server.app.get(Runner), clock);
  }

  async function lookOf(user: string): Promise<Look> {
    const runs = await server.request('GET', `/api/v1/users/${user}/sync/runs?limit=1`);
    const path = `/api/v1/users/${user}/sync/runs/${String(runs.body[0].run_id)}`;
    const { body } = await server.request('GET', path);
    const facts = await servedFacts(server, user, { from: FIRST, to: TODAY });
    return { status: body.status, details: body.details, facts };
  }

  function turnOn(shape: ShapeName, more: Partial<Fault> = {}) {
    simulator.control.addFault({ route: 'metrics', mode: 'shape', shape, ...more });
  }

  function expectStruck(shape: ShapeName) {
    const struck = simulator.control
      .requests()
      .filter(({ fault, status }) => fault === shape && status === 200);
    expect(struck.length).toBeGreaterThan(0);
  }

  /** What a new user holds whose every answer has this shape. */
  async function shaped(shape: ShapeName, more?: Partial<Fault>): Promise<Look> {
    turnOn(shape, more);
    const look = await lookOf(await connected());
    expectStruck(shape);
    return look;
  }

  /** How the facts differ from those of somebody whose answers have no such shape. */
  function comparedWithPlain({ facts }: Look) {
    const names = [...plain.facts.keys()];
    return {
      lost: names.filter((name) => !facts.has(name)),
      added: [...facts.keys()].filter((name) => !plain.facts.has(name)),
      changed: names.filter((name) => facts.has(name) && facts.get(name) !== plain.facts.get(name)),
    };
  }
  /** The activity of a day is what its readings come to: it moves with those that are missing. */
  const isOfReadings = (name: string) => name.includes('activity summary');
  const kindsOf = (names: string[]) => new Set(names.map((name) => partsOf(name)[1]));
  const ofSeries = (rejected: Details['rejected']) =>
    Object.fromEntries(Object.entries(rejected).filter(([name]) => name.split(' ')[0] in SERIES));
  const countOf = (names: Iterable<string>, kind: string) =>
    [...names].filter((name) => partsOf(name)[1] === kind).length;

  it('are compared with three whole days', () => {
    const { status, details, facts } = plain;
    expect([status, details.days_stored, details.rejected, details.unmapped]).toEqual(['success', 3, {}, {}]);
    for (const code of Object.values(SERIES))
      expect([code, countOf(facts.keys(), code) > 40]).toEqual([code, true]);
    for (const kind of ['sleep.duration_seconds', 'score sleep.value', 'daily steps', 'daily vo2_max'])
      expect([kind, countOf(facts.keys(), kind)]).toEqual([kind, 3]);
  });

  describe('that says the same', () => {
    it.each<ShapeName>([
      'string_numbers',
      'milliseconds',
      'duplicate_points',
      'duplicate_types',
      'unordered',
      'case_flip',
      'null_entries',
      'wrong_content_type',
    ])('%s: nothing is lost, doubled or refused', async (shape) => {
      const look = await shaped(shape);
      expect(comparedWithPlain(look)).toEqual({ lost: [], added: [], changed: [] });
      expect([look.status, look.details]).toEqual(['success', plain.details]);
    });
  });

  describe('with every third reading and every other figure unusable', () => {
    it.each<[ShapeName, string | null]>([
      ['nulls', null],
      ['nan_like', 'malformed'],
      ['negative', 'out_of_range'],
    ])('%s: those are missing, their neighbours are kept', async (shape, reason) => {
      const look = await shaped(shape);
      const { lost, added, changed } = comparedWithPlain(look);
      expect(added).toEqual([]);
      // A summary goes without a figure that is missing; no other value may differ.
      const moved = changed.filter((name) => !isOfReadings(name));
      expect(moved.filter((name) => look.facts.get(name) !== null)).toEqual([]);
      expect(moved.filter((name) => !name.includes('summary.'))).toEqual([]);
      const refused: [string, number][] = [];
      for (const [type, code] of Object.entries(SERIES)) {
        const [all, gone] = [countOf(plain.facts.keys(), code), countOf(lost, code)];
        expect([code, Math.abs(gone / all - 1 / 3) < 0.02]).toEqual([code, true]);
        if (reason !== null) refused.push([`${type} ${reason}`, gone]);
      }
      // Nothing at all is said by null, so there is nothing to refuse.
      const told = reason === null ? look.details.rejected : ofSeries(look.details.rejected);
      expect(told).toEqual(Object.fromEntries(refused));
      // Sleeps hold no such reading, and the vendor's own total stands.
      expect([...kindsOf(lost)].filter((kind) => /^(sleep|score sleep|daily steps)\b/.test(kind))).toEqual(
        [],
      );
    });
  });

  describe('that cannot be used', () => {
    it.each<[ShapeName, string]>([
      ['huge', 'answer_too_large'],
      ['error_in_200', 'payload_invalid'],
      ['other_date_key', 'payload_invalid'],
    ])('%s: that day fails and says why, the others are stored', async (shape, reason) => {
      const look = await shaped(shape, { date: SECOND });
      expect(look.status).toBe('partial');
      expect(look.details).toMatchObject({ days_stored: 2, failed_days: [{ date: SECOND, reason }] });
      expectWithoutSecondDay(look);
    });

    it.each<ShapeName>(['day_removed', 'data_list'])(
      '%s: an empty day is no failure, the others are stored',
      async (shape) => {
        const look = await shaped(shape, { date: SECOND });
        expect(look.status).toBe('success');
        expect(look.details).toMatchObject({
          days_stored: 2,
          days_empty: plain.details.days_empty + 1,
          failed_days: [],
          rejected: {},
        });
        expectWithoutSecondDay(look);
      },
    );

    function expectWithoutSecondDay(look: Look) {
      const { lost, added } = comparedWithPlain(look);
      expect(added).toEqual([]);
      expect(countOf(lost, 'heart_rate')).toBeGreaterThan(200);
      // Berlin's 16th of June is 15th 22:00Z to 16th 22:00Z; its night begins on the 15th.
      const dates = [SECOND, FIRST].map((date) => lost.some((name) => name.startsWith(date)));
      expect(dates).toEqual([true, true]);
      const elsewhere = lost.filter((name) => {
        const [at, kind] = partsOf(name);
        const from = /^sleep|score sleep/.test(kind) ? `${FIRST}T18` : `${FIRST}T20`;
        return at.includes('T') ? at < from || at >= `${SECOND}T22` : at !== SECOND;
      });
      expect(elsewhere).toEqual([]);
    }
  });

  describe('that says less than is stored', () => {
    let user: string;
    let minutes = 0;

    beforeAll(async () => {
      simulator.control.clearFaults();
      moveTo(NOON);
      user = await connected();
      moveTo(A_WEEK_ON);
      await runDue();
      await lookAgain();
    });

    it.each<ShapeName>(['day_removed', 'data_list', 'rolled_back', 'empty_graphs', 'nulls', 'missing_field'])(
      '%s: a settled day keeps all it has',
      async (shape) => {
        const before = await lookOf(user);
        turnOn(shape);
        await lookAgain();
        expectStruck(shape);
        const after = await lookOf(user);
        const differing = [...before.facts].filter(([name, value]) => after.facts.get(name) !== value);
        expect(differing).toEqual([]);
        expect(after.facts.size).toBe(before.facts.size);
      },
    );

    async function lookAgain() {
      moveTo(new Date(A_WEEK_ON.getTime() + (minutes += 7) * 60_000));
      const query = `summary_start_time=${FIRST}&summary_end_time=${TODAY}`;
      const path = `/api/v1/providers/ultrahuman/users/${user}/sync?${query}`;
      expect((await server.request('POST', path)).status).toBe(200);
      await runDue();
    }
  });

  it('empty_graphs: a night without its curves and stages is a night all the same', async () => {
    const look = await shaped('empty_graphs');
    const { lost, added, changed } = comparedWithPlain(look);
    const drawn = /^sleep\.(sleep_stage_intervals|details\.(movements|graphs|\w*graph\w*|curves))/;
    expect([...kindsOf([...lost, ...added])].filter((kind) => !drawn.test(kind))).toEqual([]);
    expect(countOf(lost, 'sleep.sleep_stage_intervals.0.stage')).toBe(3);
    // What is counted off the stages is unknown without them.
    const isOurs = (name: string) => name.includes('internal score');
    const [ours, theirs] = [changed.filter(isOurs), changed.filter((name) => !isOurs(name))];
    expect([...kindsOf(theirs)].toSorted()).toEqual([
      'sleep summary.interruptions_count',
      'sleep.details.awakenings_count',
      'sleep.details.latency_seconds',
    ]);
    expect(theirs.filter((name) => look.facts.get(name) !== null)).toEqual([]);
    // Our own score then goes by the efficiency.
    expect([...kindsOf(ours)].toSorted()).toEqual([
      'internal score sleep.components.interruptions.value',
      'internal score sleep.value',
    ]);
  });

  it('scores_0_10: a score on another scale is seen, and touches nothing but scores', async () => {
    const look = await shaped('scores_0_10');
    const { lost, added, changed } = comparedWithPlain(look);
    expect([lost, added]).toEqual([[], []]);
    const kinds = [...kindsOf(changed)];
    expect(
      kinds.filter(
        (kind) =>
          !/^(score \w+\.(value|components\.\w+\.value)$|recovery summary\.recovery_score$)/.test(kind),
      ),
    ).toEqual([]);
    for (const name of changed.filter((one) => one.includes('score recovery.value')))
      expect(look.facts.get(name)).toBeCloseTo(Number(plain.facts.get(name)) / 10);
    expect(look.details.unmapped).toMatchObject({ 'recovery_index.scale': 3, 'movement_index.scale': 3 });
  });

  it('legacy_2022: the same nights, scores out of ten brought to a hundred, movements besides', async () => {
    const look = await shaped('legacy_2022');
    const { lost, added, changed } = comparedWithPlain(look);
    expect([...kindsOf(lost)].filter((kind) => !/^sleep\.details\.(cycles|beta)/.test(kind))).toEqual([]);
    expect(countOf(added, 'motion_index')).toBe(countOf(plain.facts.keys(), 'steps'));
    // Values are the same, out of a hundred; the scale they were told on is kept.
    expect([...kindsOf(changed)].toSorted()).toEqual([
      'recovery summary.avg_spo2_percent',
      'score recovery.scale_max',
      'sleep summary.avg_spo2_percent',
      'sleep.details.avg_spo2_percent',
      'sleep.details.provisional',
      'sleep.details.toss_turn_count',
    ]);
    for (const name of changed.filter((one) => one.endsWith('scale_max')))
      expect(look.facts.get(name)).toBe(10);
    expect([look.details.rejected, look.details.failed_days]).toEqual([{}, []]);
  });

  it('shifted by an hour: each reading lies where its stamp says, nights and scores do not move', async () => {
    const look = await shaped('shifted');
    for (const code of Object.values(SERIES))
      expect([code, stampsOf(look, code)]).toEqual([code, stampsOf(plain, code, 3_600_000)]);
    const { lost, changed } = comparedWithPlain(look);
    expect(
      [...kindsOf([...lost, ...changed])].filter((kind) => /^(sleep|score|recovery)\b/.test(kind)),
    ).toEqual([]);
  });

  it('shifted by a month: readings of another day are refused one by one, the rest of the day is kept', async () => {
    const look = await shaped('shifted', { offset_ms: 30 * 86_400_000 });
    for (const [type, code] of Object.entries(SERIES)) {
      expect([code, stampsOf(look, code)]).toEqual([code, []]);
      const refused = look.details.rejected[`${type} other_day`];
      expect([code, refused]).toEqual([code, countOf(plain.facts.keys(), code)]);
    }
    const { lost, added, changed } = comparedWithPlain(look);
    expect(added.filter((name) => !isOfReadings(name))).toEqual([]);
    expect([...kindsOf([...lost, ...changed])].filter((kind) => /^(sleep|score)\b/.test(kind))).toEqual([]);
  });

  function stampsOf({ facts }: Look, code: string, later = 0): string[] {
    const stamps = [...facts.keys()]
      .filter((name) => partsOf(name)[1] === code)
      .map((name) => partsOf(name)[0]);
    return stamps.map((at) => new Date(Date.parse(at) + later).toISOString()).toSorted();
  }
});
