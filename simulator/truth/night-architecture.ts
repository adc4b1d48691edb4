import { Night } from '../life/night';
import { Stage, StageInterval } from '../life/sleep-stages';
import { NightTruth } from './day-truth';

type Architecture = Pick<
  NightTruth,
  | 'start'
  | 'end'
  | 'time_in_bed_seconds'
  | 'asleep_seconds'
  | 'stage_seconds'
  | 'stages'
  | 'stage_percent'
  | 'efficiency'
  | 'cycles'
  | 'toss_turns'
  | 'movements'
>;

/** What can be said of a sleep from its stages and movements alone. */
export function architectureOf({ start, end, stages, movements }: Night): Architecture {
  const seconds = sumStages(stages);
  const inBed = end - start;
  const asleep = inBed - seconds.awake;
  const percent = (part: number) => Math.round((100 * part) / inBed);
  return {
    start,
    end,
    time_in_bed_seconds: inBed,
    asleep_seconds: asleep,
    stage_seconds: seconds,
    stages: stages.map((interval) => {
      const tossed = movements.filter(({ at }) => at >= interval.start && at < interval.end).length;
      return { ...interval, toss_turns: tossed > 0 ? tossed : null };
    }),
    stage_percent: {
      deep: percent(seconds.deep),
      light: percent(seconds.light),
      rem: percent(seconds.rem),
      awake: percent(seconds.awake),
    },
    efficiency: percent(asleep),
    cycles: findCycles(stages),
    toss_turns: movements.length,
    movements,
  };
}

function sumStages(stages: StageInterval[]): Record<Stage, number> {
  const seconds: Record<Stage, number> = { deep: 0, light: 0, rem: 0, awake: 0 };
  for (const { start, end, stage } of stages) seconds[stage] += end - start;
  return seconds;
}

/** A cycle ends with its dream; one without enough of it, or cut short by the morning, counts as partial. */
function findCycles(stages: StageInterval[]): NightTruth['cycles'] {
  const cycles: NightTruth['cycles'] = [];
  let start = stages.find(({ stage }) => stage !== 'awake')?.start ?? stages[0].start;
  for (const { end, stage } of stages) {
    if (stage !== 'rem') continue;
    cycles.push({ start, end, full: end - start >= 65 * 60 });
    start = end;
  }
  const asleepUntil = stages.findLast(({ stage }) => stage !== 'awake')?.end ?? start;
  if (asleepUntil - start >= 20 * 60) cycles.push({ start, end: asleepUntil, full: false });
  return cycles;
}
