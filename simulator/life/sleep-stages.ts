import { Random } from './random';

export type Stage = 'deep' | 'light' | 'rem' | 'awake';

export interface StageInterval {
  start: number;
  end: number;
  stage: Stage;
}

interface Stretch {
  stage: Stage;
  minutes: number;
}

/** Deep sleep belongs to the first cycles of a night, dreams to the last ones. */
const deepShare = [0.36, 0.26, 0.13, 0.05, 0.0];
const remShare = [0.07, 0.17, 0.25, 0.3, 0.34];

/** Lies down, falls asleep, sleeps in cycles of about ninety minutes, surfaces now and then, wakes up. */
export function layStages(random: Random, start: number, minutes: number): StageInterval[] {
  const tail = random.int(2, 9);
  const asleepBy = 5 + random.int(0, 6);
  const stretches: Stretch[] = [{ stage: 'awake', minutes: asleepBy < 8 ? 5 : asleepBy }];
  let left = minutes - tail - stretches[0].minutes;
  for (let cycle = 0; left > 0; cycle++) {
    for (const stretch of layCycle(random, cycle)) {
      const taken = Math.min(left, stretch.minutes);
      if (taken > 0) stretches.push({ ...stretch, minutes: taken });
      left -= taken;
    }
  }
  stretches.push({ stage: 'awake', minutes: tail });
  return toIntervals(start, stretches);
}

function layCycle(random: Random, cycle: number): Stretch[] {
  const length = random.normal(92, 7);
  const deep = toFive(length * shareOf(deepShare, cycle) * random.between(0.75, 1.2));
  const rem = toFive(length * shareOf(remShare, cycle) * random.between(0.75, 1.2));
  const light = Math.max(20, Math.round(length - deep - rem));
  const before = Math.round(light * random.between(0.3, 0.5));
  const surfaces = random.chance(0.8) ? random.int(2, 9) : 0;
  return [
    { stage: 'light', minutes: before },
    { stage: 'deep', minutes: deep },
    { stage: 'light', minutes: light - before },
    { stage: 'rem', minutes: rem },
    { stage: 'awake', minutes: surfaces },
  ];
}

function shareOf(shares: number[], cycle: number): number {
  return shares[Math.min(cycle, shares.length - 1)];
}

/** The ring reports deep and REM sleep in steps of five minutes. */
function toFive(minutes: number): number {
  return Math.round(minutes / 5) * 5;
}

function toIntervals(start: number, stretches: Stretch[]): StageInterval[] {
  const intervals: StageInterval[] = [];
  let at = start;
  for (const { stage, minutes } of stretches) {
    const end = at + minutes * 60;
    const last = intervals.at(-1);
    if (last?.stage === stage) last.end = end;
    else if (minutes > 0) intervals.push({ start: at, end, stage });
    at = end;
  }
  return intervals;
}

export function stageAt(stages: StageInterval[], at: number): Stage | null {
  return stages.find(({ start, end }) => at >= start && at < end)?.stage ?? null;
}
