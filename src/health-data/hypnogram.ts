import type { SleepStage, StageInterval } from './canonical';

const ASLEEP = new Set<SleepStage>(['light', 'deep', 'rem']);

/** From the start of the sleep until sleep itself begins; null where no stage tells. */
export function latencySeconds(start: number, stages: StageInterval[]): number | null {
  const first = stages.find(({ stage }) => ASLEEP.has(stage));
  return first === undefined ? null : Math.max(0, Math.round((first.start - start) / 1_000));
}

/** Times awake that sleep came before and after; null where no stage tells. */
export const awakeningsCount = (stages: StageInterval[]): number | null =>
  awakeningsWithin(stages)?.length ?? null;

/** The same, each from when to when. */
export function awakeningsWithin(stages: StageInterval[]): { start: number; end: number }[] | null {
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
