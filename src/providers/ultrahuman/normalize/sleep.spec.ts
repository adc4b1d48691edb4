import { normalizeAnswer } from './normalize';

const DATE = '2026-03-07';
const BED = Date.parse('2026-03-06T22:10:00Z') / 1000;
const WAKE = BED + 27_000;

const normalize = (sections: object[], more: object[] = []) =>
  normalizeAnswer({
    date: DATE,
    status: 200,
    body: Buffer.from(
      JSON.stringify({
        data: { metric_data: [...sections.map((object) => ({ type: 'Sleep', object })), ...more] },
      }),
    ),
  });
const night = { bedtime_start: BED, bedtime_end: WAKE };
const one = (fields: object) => normalize([{ ...night, ...fields }]);

describe('sleep', () => {
  it.each([
    ['its end is its start', { bedtime_start: BED, bedtime_end: BED }],
    ['it ends before it starts', { bedtime_start: WAKE, bedtime_end: BED }],
    ['it is longer than a day', { bedtime_start: WAKE - 86_401, bedtime_end: WAKE }],
    ['it has no end', { bedtime_start: BED, bedtime_end: null }],
    ['its start is no time', { bedtime_start: 'late', bedtime_end: WAKE }],
  ])('is rejected when %s', (_what, times) => {
    expect(normalize([times])).toMatchObject({
      sleeps: [],
      rejected: expect.arrayContaining([
        expect.objectContaining({ path: 'sleep', reason: 'malformed', count: 1 }),
      ]),
    });
  });

  it('without bed times that can be true begins and ends with its hypnogram', () => {
    const sleep_graph = {
      data: [
        { start: BED + 60, end: BED + 600, type: 'awake' },
        { start: BED + 600, end: WAKE - 120, type: 'light_sleep' },
      ],
    };
    const [from, to] = [(BED + 60) * 1000, (WAKE - 120) * 1000];
    expect(normalize([{ sleep_graph }]).sleeps).toMatchObject([{ start: from, end: to }]);
    expect(normalize([{ bedtime_start: 'late', bedtime_end: WAKE, sleep_graph }])).toMatchObject({
      sleeps: [{ start: from, end: WAKE * 1000 }],
      rejected: [{ path: 'sleep.bedtime_start', reason: 'malformed' }],
    });
    expect(normalize([{ ...night, bedtime_end: null, sleep_graph }]).sleeps).toMatchObject([
      { start: BED * 1000, end: to },
    ]);
  });

  it('of which nobody says when it was leaves its numbers to the day', () => {
    const day = normalize([
      {
        total_sleep: { minutes: 413 },
        quick_metrics: [{ type: 'sleep_efic', value: 91 }],
        movements: { count: 16 },
        sleep_score: { score: 83 },
        summary: [{ title: 'Timing', score: 41 }],
      },
    ]);
    expect(day.sleeps).toEqual([]);
    expect(day.daily.map(({ code, value }) => [code, value])).toEqual([
      ['sleep_movements', 16],
      ['sleep_duration', 413],
      ['sleep_efficiency', 91],
    ]);
    expect(day.scores).toMatchObject([{ value: 83, components: { timing: { value: 41 } } }]);
  });

  it('keeps what the movements of 2022 say of a night without its hypnogram', () => {
    const summary = [{ title: 'Timing', state: 'poor', score: 41 }];
    const motion = { values: [{ value: 12, timestamp: BED }], summary };
    const day = normalize([], [{ type: 'motion', object: motion }]);
    expect(day.series).toMatchObject([{ code: 'motion_index', values: [12] }]);
    expect(day.scores).toMatchObject([{ value: null, components: { timing: { value: 41 } } }]);
  });

  it('that holds nothing is no sleep, and no mistake either', () => {
    expect(normalize([{}, { bedtime_start: null, title: 'Sleep', sleep_graph: [] }])).toMatchObject({
      outcome: 'empty',
      rejected: [],
    });
  });

  it('that cannot have ended on the asked date is another day’s', () => {
    expect(normalize([{ bedtime_start: BED - 86_400, bedtime_end: WAKE - 86_400 }])).toMatchObject({
      sleeps: [],
      rejected: [{ path: 'sleep', reason: 'other_day', count: 1 }],
    });
  });

  describe('beside entries that name the start of the day', () => {
    const HOUR = 3_600;
    const UTC_MIDNIGHT = Date.parse(DATE) / 1000;
    const endingAt = (end: number, startsAt: number, latest_time_zone?: string) => {
      const times = { bedtime_start: end - 5 * HOUR, bedtime_end: end };
      const dated = { type: 'vo2_max', object: { day_start_timestamp: startsAt, value: null } };
      const metric_data = [{ type: 'Sleep', object: times }, dated];
      const body = Buffer.from(JSON.stringify({ data: { metric_data, latest_time_zone } }));
      return normalizeAnswer({ date: DATE, status: 200, body });
    };

    it.each([
      ['a journey before it', 9 * HOUR, -14 * HOUR],
      ['a journey after it', -9 * HOUR, 38 * HOUR],
    ])('may end as far outside as %s', (_what, offset, reach) => {
      const startsAt = UTC_MIDNIGHT + offset;
      const end = startsAt + reach;
      expect(endingAt(end, startsAt)).toMatchObject({ sleeps: [{ date: DATE, end: end * 1000 }] });
      const further = end + Math.sign(reach);
      expect(endingAt(further, startsAt)).toMatchObject({
        sleeps: [],
        rejected: [{ path: 'sleep', reason: 'other_day', count: 1 }],
      });
    });

    it('stays with its date when today’s zone has moved away from that of the morning', () => {
      // 07:00 in Kolkata, where it was the 7th already; the day is cut in New York’s zone since.
      const end = Date.parse('2026-03-07T01:30:00Z') / 1000;
      const startsAt = Date.parse('2026-03-07T05:00:00Z') / 1000;
      expect(endingAt(end, startsAt, 'America/New_York')).toMatchObject({
        rejected: [],
        sleeps: [{ date: DATE, end: end * 1000 }],
      });
    });
  });

  it.each([null, {}, [], { data: null }, { data: [] }])('takes %j for a graph without points', (graph) => {
    const day = one({
      sleep_graph: graph,
      hr_graph: graph,
      hrv_graph: graph,
      temp_graph: graph,
      summary: null,
    });
    expect(day).toMatchObject({ rejected: [], unmapped: [], sleeps: [{ stages: [], graphs: {} }] });
  });

  it('reads a hypnogram in any order and either spelling, without overlaps', () => {
    const data = [
      { startTime: BED + 600, endTime: BED + 1500, type: 'REM_sleep' },
      { start: BED, end: BED + 600, type: 'awake' },
      { start: BED, end: BED + 600, type: 'awake' },
      { start: BED + 1200, end: BED + 1800, type: 'deep_sleep' },
      { start: BED + 1500, end: BED + 2100, type: 'constructor' },
      { start: BED + 2100, end: BED + 2100, type: 'awake' },
      { start: WAKE + 9000, end: WAKE + 9600, type: 'awake' },
      null,
      'awake',
    ];
    const day = one({ sleep_graph: { data } });
    const ms = (offset: number) => (BED + offset) * 1000;
    expect(day.sleeps[0].stages).toEqual([
      { stage: 'awake', start: ms(0), end: ms(600) },
      { stage: 'rem', start: ms(600), end: ms(1500) },
      { stage: 'unknown', start: ms(1500), end: ms(2100) },
    ]);
    expect(day.rejected).toMatchObject([{ path: 'sleep.sleep_graph', reason: 'malformed', count: 4 }]);
    expect(day.unmapped).toEqual([
      {
        kind: 'value',
        path: 'sleep.sleep_graph.data.type.constructor',
        of: 'sleep',
        count: 1,
        sample: { jsonType: 'string', length: 11, literal: 'constructor' },
      },
    ]);
    // Without totals of the vendor's, the hypnogram's.
    expect(day.sleeps[0]).toMatchObject({
      stageSeconds: { awake: 600, light: 0, deep: 0, rem: 900 },
      asleepSeconds: 900,
    });
  });

  it('takes totals, averages and the score from beside the sleep where it is silent', () => {
    const day = normalize(
      [night],
      [
        { type: 'avg_sleep_hrv', object: { value: 57 } },
        { type: 'total_sleep', object: { value: 25_500 } },
        { type: 'sleep_efficiency', object: { value: 93 } },
        { type: 'sleep_score', object: { value: 85 } },
      ],
    );
    expect(day.sleeps).toMatchObject([
      { asleepSeconds: 25_500, efficiencyPercent: 93, averageHrvRmssd: 57, stageSeconds: null },
    ]);
    expect(day.scores).toMatchObject([{ category: 'sleep', value: 85, components: null }]);
    expect(day.unmapped).toEqual([]);
  });

  it('takes what stands beside it only where it is silent, and hours only without minutes', () => {
    const beside = [
      { type: 'avg_sleep_hrv', object: { value: 57 } },
      { type: 'night_rhr', object: { avg: 52 } },
      { type: 'deep_sleep', object: { value: 4_860 } },
      { type: 'total_sleep', object: { value: 25_500 } },
      { type: 'hr_drop', object: { value: 46, timestamp: BED + 9_000 } },
    ];
    const own = {
      ...night,
      quick_metrics: [{ type: 'avg_hrv', value: 49 }],
      total_sleep: { hours: 6, remaining_minutes: 52 },
      deep_sleep: { minutes: 79 },
    };
    expect(normalize([own], beside).sleeps).toMatchObject([
      {
        averageHrvRmssd: 49,
        // Only one stage is told: the total is the sleep's own.
        asleepSeconds: 24_720,
        stageSeconds: { deep: 4_740 },
        details: { averageRestingHeartRate: 52, heartRateDrop: { at: (BED + 9_000) * 1000, value: 46 } },
      },
    ]);
  });

  it('gives what is told of the night to the longest, and what a nap says to the nap', () => {
    const nap = {
      bedtime_start: WAKE + 20_000,
      bedtime_end: WAKE + 22_580,
      sleep_score: { score: 51 },
      movements: { count: 3 },
    };
    const main = { ...night, sleep_score: { score: 82 }, morning_alertness: { minutes: 47 } };
    for (const sections of [
      [nap, main],
      [main, nap],
    ]) {
      const day = normalize(sections, [{ type: 'avg_sleep_hrv', object: { value: 58 } }]);
      expect(day.sleeps).toMatchObject([
        { start: BED * 1000, averageHrvRmssd: 58, details: {} },
        {
          averageHrvRmssd: null,
          details: { aside: { score: 51, components: null, daily: { sleep_movements: 3 } } },
        },
      ]);
      expect(day.sleeps[0].details).not.toHaveProperty('aside');
      expect(day.scores).toMatchObject([{ value: 82 }]);
      expect(day.daily).toEqual([{ code: 'morning_alertness', date: DATE, value: 47 }]);
    }
  });

  it('keeps two halves of a night apart', () => {
    const halves = [
      { bedtime_start: BED, bedtime_end: BED + 9_000 },
      { bedtime_start: BED + 12_600, bedtime_end: WAKE },
    ];
    expect(normalize(halves).sleeps.map(({ start, end }) => [start, end])).toEqual(
      halves.map(({ bedtime_start: start, bedtime_end: end }) => [start * 1000, end * 1000]),
    );
  });

  it('never makes up a score: contributors alone are kept without one', () => {
    const day = one({ summary: [{ title: 'Timing', state: 'poor', score: 41 }] });
    expect(day.scores).toEqual([
      {
        category: 'sleep',
        date: DATE,
        value: null,
        qualifier: null,
        components: { timing: { value: 41, qualifier: 'poor' } },
      },
    ]);
  });

  it('counts words that it does not know, and leaves out what it cannot name', () => {
    const day = one({
      quick_metrics: [
        { type: 'hrv_balance', value: 12 },
        { title: 'AVG HRV', value: 48 },
        { type: 'nap_gain' },
      ],
      sleep_stages: [{ type: 'lucid_sleep', stage_time: 600 }, 'deep'],
      movement_graph: {
        data: [
          { timestamp: BED + 60, type: 'frantic' },
          { timestamp: 5, type: 'light' },
        ],
      },
      sleep_cycles: {
        cycles: [{ startTime: BED + 60, endTime: BED + 5_000, cycleType: 'interrupted' }, { startTime: BED }],
      },
      summary: [{ title: 'Timing', state: 'superb', score: 41 }],
    });
    expect(day.unmapped.map(({ kind, path }) => `${kind} ${path}`).toSorted()).toEqual([
      'value sleep.movement_graph.data.type.frantic',
      'value sleep.quick_metrics.type',
      'value sleep.quick_metrics.type.hrv_balance',
      'value sleep.quick_metrics.type.nap_gain',
      'value sleep.sleep_cycles.cycles.cycletype.interrupted',
      'value sleep.sleep_stages.type.lucid_sleep',
      'value sleep.summary.state.superb',
    ]);
    expect(day.rejected.map(({ path, count }) => `${path} ${count}`).toSorted()).toEqual([
      'sleep.movement_graph 1',
      'sleep.sleep_cycles 1',
      'sleep.sleep_stages 1',
    ]);
    expect(day.scores[0].components).toEqual({ timing: { value: 41, qualifier: 'superb' } });
  });

  it('rejects a part that has another form than it should, once', () => {
    const day = one({ spo2: 97, hr_graph: 'none', total_sleep: 412, sleep_stages: {}, summary: { a: 1 } });
    expect(day.rejected.map(({ path, count }) => `${path} ${count}`).toSorted()).toEqual([
      'sleep.hr_graph 1',
      'sleep.spo2 1',
      'sleep.summary 1',
      'sleep.total_sleep 1',
    ]);
  });

  it('leaves out a curve whose unit it does not know, and marks that are not in the night', () => {
    const data = [{ timestamp: BED + 300, value: 307 }];
    const day = one({
      temp_graph: { data, unit: 'K' },
      hr_graph: {
        data: [{ timestamp: BED + 300, value: 60.5 }],
        marks: [{ mark_type: 'lowest', mark_point: 12 }, { mark_point: BED + 400 }],
        gist_object: { avg: 600, min: 51, max: null },
      },
    });
    expect(day.sleeps[0].graphs).toEqual({
      heart_rate: {
        instants: [(BED + 300) * 1000],
        values: [60.5],
        statistics: { average: null, min: 51, max: null },
        marks: [{ kind: null, at: (BED + 400) * 1000 }],
      },
    });
    expect(day.rejected.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'sleep.hr_graph.gist_object.avg out_of_range',
      'sleep.hr_graph.marks.mark_point out_of_range',
      'sleep.temp_graph unknown_unit',
    ]);
  });

  it('prefers its own score to the quick metric, and that to the one beside it', () => {
    const quick = { quick_metrics: [{ type: 'sleep_index', value: 78 }] };
    const beside = [{ type: 'sleep_score', object: { value: 76 } }];
    const score = (fields: object) => normalize([{ ...night, ...fields }], beside).scores[0].value;
    expect(score({ ...quick, sleep_score: { score: 82 } })).toBe(82);
    expect(score({ ...quick, sleep_score: { score: 180 } })).toBe(78);
    expect(score({ sleep_score: null })).toBe(76);
  });

  it('keeps the good contributors beside bad ones', () => {
    const summary = [
      { title: 'HR Drop', state: 'GOOD', score: '66.5' },
      { title: 'Timing', state: 'poor', score: 410 },
      { title: '  ', score: 50 },
      { title: 'Consistency', state: 'a\u0000b', score: 71 },
    ];
    const day = one({ summary, sleep_score: { score: 82 } });
    expect(day.scores[0].components).toEqual({
      hr_drop: { value: 66.5, qualifier: 'good' },
      timing: { value: null, qualifier: 'poor' },
      consistency: { value: 71, qualifier: null },
    });
    expect(day.rejected).toMatchObject([
      { path: 'sleep.summary', reason: 'out_of_range', count: 1 },
      { path: 'sleep.summary', reason: 'malformed', count: 1 },
    ]);
  });

  it('is one sleep when it comes twice, and two when they hardly overlap', () => {
    const longer = {
      bedtime_start: BED,
      bedtime_end: WAKE + 1200,
      quick_metrics: [{ type: 'avg_hr', value: 55 }],
    };
    const stages = { sleep_stages: [{ type: 'deep_sleep', stage_time: 4800 }] };
    const nap = { bedtime_start: WAKE + 20_000, bedtime_end: WAKE + 23_000 };
    const { sleeps } = normalize([nap, { ...night, ...stages }, longer]);
    expect(sleeps).toHaveLength(2);
    expect(sleeps[0]).toMatchObject({
      end: (WAKE + 1200) * 1000,
      averageHeartRate: 55,
      stageSeconds: { deep: 4800 },
    });
    expect(sleeps[1]).toMatchObject({ start: (WAKE + 20_000) * 1000 });
  });

  it('leaves implausible points out of the night’s curves', () => {
    const data = [
      { timestamp: BED + 600, value: 61.5 },
      { timestamp: BED + 300, value: '60.5' },
      { timestamp: BED + 900, value: 400 },
      { timestamp: 1, value: 62 },
      { timestamp: BED + 1200, value: null },
    ];
    const day = one({ hr_graph: { data } });
    expect(day.sleeps[0].graphs).toEqual({
      heart_rate: { instants: [(BED + 300) * 1000, (BED + 600) * 1000], values: [60.5, 61.5] },
    });
    expect(day.rejected).toMatchObject([
      { path: 'sleep.hr_graph', reason: 'out_of_range', count: 1 },
      { path: 'sleep.hr_graph', reason: 'malformed', count: 1 },
    ]);
  });
});
