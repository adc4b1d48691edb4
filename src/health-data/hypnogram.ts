import type { SleepStage, StageInterval } from './canonical';

const ASLEEP = new Set<SleepStage>(['light', 'deep', 'rem']);

/** From the start of the sleep until sleep itself begins; null where no stage tells. */
export function latencySeconds(start: number, stages: StageInterval[]): number | null {
  const first = stages.find(({ stage }) => ASLEEP.has(stage));
  return first === undefined ? null : Math.max(0, Math.round((first.start - start) / 1_000));
}

/** Times awake that sleep came before and after; null where no stage tells. */
export function awakeningsCount(stages: StageInterval[]): number | null {
  if (stages.length === 0) return null;
  const asleep = stages.map(({ stage }) => ASLEEP.has(stage));
  const [first, last] = [asleep.indexOf(true), asleep.lastIndexOf(true)];
  const awake = stages.map(({ stage }, index) => stage === 'awake' && index > first && index < last);
  return awake.filter((it, index) => it && !awake[index - 1]).length;
}
