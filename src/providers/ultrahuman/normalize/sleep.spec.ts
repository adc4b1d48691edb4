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
      rejected: [{ path: 'sleep', reason: 'malformed', count: 1 }],
    });
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
    expect(day.rejected).toEqual([{ path: 'sleep.sleep_graph', reason: 'malformed', count: 4 }]);
    expect(day.unmapped).toEqual([{ path: 'sleep.sleep_graph.type', count: 1 }]);
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

  it('never makes up a score: contributors alone are only counted', () => {
    const day = one({ summary: [{ title: 'Timing', state: 'poor', score: 41 }] });
    expect(day).toMatchObject({ scores: [], unmapped: [{ path: 'sleep.summary', count: 1 }] });
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
    expect(day.rejected).toEqual([
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
    expect(day.rejected).toEqual([
      { path: 'sleep.hr_graph', reason: 'out_of_range', count: 1 },
      { path: 'sleep.hr_graph', reason: 'malformed', count: 1 },
    ]);
  });
});
