import type { SleepStage, StageInterval } from './canonical';

const ASLEEP = new Set<SleepStage>(['light', 'deep', 'rem']);

/** From the start of the sleep until sleep itself begins; null where no stage tells. */
export function latencySeconds(start: number, stages: StageInterval[]): number | null {
  const first = stages.find(({ stage }) => ASLEEP.has(stage));
  return first === undefined ? null : Math.max(0, Math.round((first.start - start) / 1_000));
}

const LONG_AWAKENING_MS = 5 * 60_000;

/** What is told by the times awake that sleep came before and after. */
export interface TimeAwake {
  awakenings: number;
  awakeSeconds: number;
  /** Of more than five minutes. */
  longAwakenings: number;
}

/** Null where no stage tells. */
export function timeAwake(stages: StageInterval[]): TimeAwake | null {
  const awakenings = awakeningsWithin(stages);
  if (awakenings === null) return null;
  const lengths = awakenings.map(({ start, end }) => end - start);
  return {
    awakenings: awakenings.length,
    awakeSeconds: Math.round(lengths.reduce((sum, it) => sum + it, 0) / 1_000),
    longAwakenings: lengths.filter((it) => it > LONG_AWAKENING_MS).length,
  };
}

export const awakeningsCount = (stages: StageInterval[]): number | null =>
  timeAwake(stages)?.awakenings ?? null;

function awakeningsWithin(stages: StageInterval[]): { start: number; end: number }[] | null {
  if (stages.length === 0) return null;
  const asleep = stages.map(({ stage }) => ASLEEP.has(stage));
  const [first, last] = [asleep.indexOf(true), asleep.lastIndexOf(true)];
  const awakenings: { start: number; end: number }[] = [];
  let isAwake = false;
  for (const { stage, start, end } of stages.slice(first, last)) {
    const was = isAwake;
    isAwake = stage === 'awake';
    if (!isAwake) continue;
    if (was) awakenings[awakenings.length - 1].end = end;
    else awakenings.push({ start, end });
  }
  return awakenings;
}
