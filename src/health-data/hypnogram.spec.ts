import type { SleepStage, StageInterval } from './canonical';
import { awakeningsCount, latencySeconds } from './hypnogram';

const BEDTIME = Date.parse('2026-03-01T22:10:00Z');

/** Minutes of each stage, one after another. */
function hypnogram(...minutes: [SleepStage, number][]): StageInterval[] {
  let start = BEDTIME;
  return minutes.map(([stage, length]) => {
    const end = start + length * 60_000;
    const interval = { stage, start, end };
    start = end;
    return interval;
  });
}

describe(latencySeconds.name, () => {
  it.each<[string, number | null, [SleepStage, number][]]>([
    [
      'the time awake before the first stage of sleep',
      720,
      [
        ['awake', 5],
        ['unknown', 7],
        ['light', 30],
      ],
    ],
    [
      'nothing for who sleeps at once',
      0,
      [
        ['deep', 41],
        ['awake', 3],
      ],
    ],
    ['not known without stages', null, []],
    [
      'not known of who never slept',
      null,
      [
        ['awake', 23],
        ['unknown', 4],
      ],
    ],
  ])('%s', (_, seconds, minutes) => {
    expect(latencySeconds(BEDTIME, hypnogram(...minutes))).toBe(seconds);
  });
});

describe(awakeningsCount.name, () => {
  it.each<[string, number | null, [SleepStage, number][]]>([
    [
      'neither falling asleep nor waking up for good',
      1,
      [
        ['awake', 9],
        ['light', 31],
        ['awake', 2],
        ['rem', 17],
        ['awake', 6],
      ],
    ],
    [
      'two intervals in a row as one',
      1,
      [
        ['light', 12],
        ['awake', 3],
        ['awake', 4],
        ['deep', 19],
      ],
    ],
    ['none without stages', null, []],
    [
      'no stage that is not known',
      0,
      [
        ['light', 12],
        ['unknown', 5],
        ['rem', 19],
      ],
    ],
    [
      'nothing of who never slept',
      0,
      [
        ['awake', 14],
        ['unknown', 8],
        ['awake', 3],
      ],
    ],
  ])('counts %s', (_, count, minutes) => {
    expect(awakeningsCount(hypnogram(...minutes))).toBe(count);
  });
});
