import type { SleepStage, StageInterval } from './canonical';
import { timeAwake } from './hypnogram';
import type { Night } from './internal-score';
import { resilienceScore } from './resilience-score';
import { sleepScore } from './sleep-score';

const HOUR = 3_600;
const DAY_MS = 86_400_000;

/** Woken up at 06:30 by the clock at +05:30, after eight hours in bed. */
function night(date: string, more: Partial<Night> = {}): Night {
  const end = Date.parse(`${date}T01:00:00Z`);
  const asleepSeconds = more.asleepSeconds === undefined ? 7.5 * HOUR : more.asleepSeconds;
  return {
    date,
    sleepId: `night of ${date}`,
    start: end - 8 * HOUR * 1_000,
    end,
    zoneOffset: '+05:30',
    asleepSeconds,
    totalAsleepSeconds: asleepSeconds,
    stageSeconds: null,
    awakeSeconds: null,
    longAwakenings: null,
    efficiencyPercent: null,
    hrv: null,
    ...more,
  };
}

const dateOf = (index: number) =>
  new Date(Date.parse('2026-03-02') + index * DAY_MS).toISOString().slice(0, 10);

/** Nights that follow each other; the score is of the last. */
const weekOf = (...nights: Partial<Night>[]): Night[] =>
  nights.map((more, index) => night(dateOf(index), more));

const scored = (week: Night[]) => sleepScore(week.at(-1)!, week);
const parts = (week: Night[]) => {
  const { duration, stages, consistency, interruptions } = scored(week)!.components;
  return [duration.value, stages.value, consistency.value, interruptions.value];
};

function hypnogram(...minutes: [SleepStage, number][]): StageInterval[] {
  let start = Date.parse('2026-03-01T17:00:00Z');
  return minutes.map(([stage, length]) => {
    const from = start;
    start += length * 60_000;
    return { stage, start: from, end: start };
  });
}

describe(sleepScore.name, () => {
  it.each([
    [3, 0],
    [4, 0],
    [5, 25],
    [6, 50],
    [6.5, 75],
    [7, 100],
    [9, 100],
    [9.5, 75],
    [11, 25],
    [14, 0],
  ])('gives %d hours asleep %d points for the duration', (hours, points) => {
    expect(parts(weekOf({ asleepSeconds: hours * HOUR, efficiencyPercent: 90 }))[0]).toBe(points);
  });

  it('counts naps into the duration', () => {
    expect(parts(weekOf({ totalAsleepSeconds: 6 * HOUR, efficiencyPercent: 90 }))[0]).toBe(50);
  });

  it.each([
    ['enough of both', 18, 24, 100],
    ['little deep sleep', 10.5, 24, 75],
    ['no deep sleep', 0, 24, 50],
    ['little REM', 18, 13, 75],
    ['too much REM', 18, 35.5, 75],
    ['neither', 0, 0, 0],
  ])('looks at the shares of deep sleep and REM: %s', (_, deep, rem, points) => {
    const stageSeconds = { awake: 900, deep: deep * 270, rem: rem * 270, light: (100 - deep - rem) * 270 };
    expect(parts(weekOf({ stageSeconds }))[1]).toBe(points);
  });

  it.each([
    ['sleeps through', [['light', 440]], 100],
    [
      'lies awake before and after',
      [
        ['awake', 40],
        ['light', 400],
        ['awake', 40],
      ],
      100,
    ],
    [
      'is up briefly and often',
      Array.from({ length: 9 }, (_, index) => [index % 2 ? 'awake' : 'deep', 5]),
      100,
    ],
    [
      'is up once for long',
      [
        ['light', 200],
        ['awake', 20],
        ['rem', 9],
      ],
      100,
    ],
    [
      'is up for forty minutes, in two parts',
      [
        ['rem', 99],
        ['awake', 20],
        ['rem', 9],
        ['awake', 20],
        ['rem', 9],
      ],
      58,
    ],
    ['is up all night', Array.from({ length: 9 }, (_, index) => [index % 2 ? 'awake' : 'deep', 16]), 0],
  ] as [string, [SleepStage, number][], number][])(
    'looks at the time awake: who %s',
    (_, minutes, points) => {
      expect(parts(weekOf({ ...timeAwake(hypnogram(...minutes)), efficiencyPercent: 10 }))[3]).toBe(points);
    },
  );

  it.each([
    [85, 100],
    [75, 50],
    [60, 0],
  ])(
    'takes an efficiency of %d for the interruptions where there are no stages',
    (efficiencyPercent, points) => {
      expect(parts(weekOf({ efficiencyPercent }))[3]).toBe(points);
    },
  );

  const laterBy = (minutes: number): Partial<Night> => ({
    start: Date.parse('2026-03-01T17:00:00Z') + minutes * 60_000,
  });
  it.each([
    ['at the same time', [0, 0, 0, 0, 0], 100],
    ['half an hour now or then', [0, 30, 0, 30, 0], 100],
    ['an hour and a half now or then', [0, 90, 0, 90, 0], 68],
    ['over two hours and more', [0, 240, 0, 240, 0], 0],
  ])('looks at when one goes to bed: %s', (_, minutes, points) => {
    const week = minutes.map((late, index) => ({
      start: laterBy(late).start! + index * DAY_MS,
      efficiencyPercent: 90,
    }));
    expect(parts(weekOf(...week))[2]).toBe(points);
  });

  it('goes by the clock on the wall: a journey is no irregular bedtime, and midnight no jump', () => {
    const local = ['+05:30', '-08:00', '+14:00', '-11:00', '+00:00'].map((zoneOffset, index) => ({
      zoneOffset,
      start:
        Date.parse(`${dateOf(index)}T00:${index % 2 ? '05' : '00'}:00${zoneOffset}`) - (index % 2) * 600_000,
    }));
    expect(parts(weekOf(...local))[2]).toBe(100);
  });

  it('does without the consistency while fewer than five nights of the week are known', () => {
    const known = weekOf({}, {}, {}, { efficiencyPercent: 90 });
    expect(parts(known)[2]).toBeNull();
    const unknownZone = weekOf({}, {}, {}, { zoneOffset: null }, { efficiencyPercent: 90 });
    expect(parts(unknownZone)[2]).toBeNull();
  });

  it('weighs 40, 20, 20 and 20; a part that is missing leaves its weight to the others', () => {
    const six = { asleepSeconds: 6 * HOUR, efficiencyPercent: 85 };
    expect(scored(weekOf(six))).toEqual({
      value: Math.round((40 * 50 + 20 * 100) / 60),
      components: {
        duration: { value: 50, qualifier: null },
        stages: { value: null, qualifier: null },
        consistency: { value: null, qualifier: null },
        interruptions: { value: 100, qualifier: null },
      },
    });
    const stageSeconds = { awake: 0, deep: 0, rem: 0, light: 6 * HOUR };
    expect(scored(weekOf({}, {}, {}, {}, { ...six, stageSeconds }))!.value).toBe(
      Math.round((40 * 50 + 20 * 0 + 20 * 100 + 20 * 100) / 100),
    );
  });

  it('is none of a night whose duration is not known, or of which nothing else is', () => {
    expect(scored(weekOf({ asleepSeconds: null, efficiencyPercent: 90 }))).toBeNull();
    expect(scored(weekOf({}))).toBeNull();
  });
});

describe(resilienceScore.name, () => {
  const resilience = (...values: (number | null)[]) => {
    const week = weekOf(...values.map((hrv) => ({ hrv })));
    return resilienceScore(week.at(-1)!, week);
  };

  it('is the coefficient of variation over seven nights, with a figure from 0 to 100 beside it', () => {
    // Mean 60, and squares of 100 + 25 + 0 + 25 + 100 + 0 + 0 over six.
    const variation = Math.sqrt(250 / 6) / 60;
    expect(resilience(50, 55, 60, 65, 70, 60, 60)).toEqual({
      value: Number(variation.toFixed(3)),
      components: {
        resilience_score: { value: Math.round(100 * ((0.35 - variation) / 0.3)), qualifier: null },
      },
    });
  });

  it.each([
    ['no variation', [60, 60, 60, 60, 60], 100],
    ['as much as the mean', [10, 10, 10, 10, 200], 0],
  ])('stays between 0 and 100: %s', (_, values, figure) => {
    expect(resilience(...values)!.components.resilience_score.value).toBe(figure);
  });

  it('needs five nights, the date’s own among them', () => {
    expect(resilience(60, 61, 62, 63)).toBeNull();
    expect(resilience(60, null, 61, null, 62, 63)).toBeNull();
    expect(resilience(60, 61, 62, 63, 64, null)).toBeNull();
    expect(resilience(60, null, 61, 62, null, 63, 64)).not.toBeNull();
  });
});
