import type { SleepSession, SleepStage, StageInterval } from '../../../health-data/canonical';
import { isSection, type Section } from '../ultrahuman.payload';
import { NIGHT_FIGURES } from '../vendor-table/night-figures';
import type { BedTimes } from './bed-times';
import type { Figures } from './figures';
import type { Findings } from './findings';
import { toInstant, toNumber } from './numbers';
import { rowsOf } from './points';

type StageSeconds = NonNullable<SleepSession['stageSeconds']>;

const STAGES = new Map<string, keyof StageSeconds>([
  ['awake', 'awake'],
  ['light_sleep', 'light'],
  ['deep_sleep', 'deep'],
  ['rem_sleep', 'rem'],
]);
/** What belongs to a sleep may begin a little before, and end a little after it. */
export const EDGE_MS = 3_600_000;

/** `sleep_graph.data`: `{start, end, type, toss_turn?}` in seconds; one client writes `startTime` and `endTime`. */
export function hypnogram(section: Section, { start, end }: BedTimes, findings: Findings): StageInterval[] {
  const path = 'sleep.sleep_graph';
  const intervals: StageInterval[] = [];
  for (const row of rowsOf(section.sleep_graph)) {
    if (row === null) continue;
    const interval = isSection(row) ? toInterval(row, path, findings) : null;
    if (interval && interval.start >= start - EDGE_MS && interval.end <= end + EDGE_MS)
      intervals.push(interval);
    else findings.reject(path, 'malformed', row);
  }
  return withoutOverlaps(intervals, path, findings);
}

function toInterval(row: Section, path: string, findings: Findings): StageInterval | null {
  const start = toInstant(row.start ?? row.startTime);
  const end = toInstant(row.end ?? row.endTime);
  if (start === null || end === null || !(start < end)) return null;
  const tossTurns = tossTurnsOf(row, path, findings);
  return {
    stage: stageOf(row.type, path, findings),
    start,
    end,
    ...(tossTurns !== null && { tossTurns }),
  };
}

function stageOf(type: unknown, path: string, findings: Findings): SleepStage {
  const stage = typeof type === 'string' ? STAGES.get(type.toLowerCase()) : undefined;
  if (stage === undefined) findings.sightWord(`${path}.data.type`, type);
  return stage ?? 'unknown';
}

function tossTurnsOf({ toss_turn: told }: Section, path: string, findings: Findings): number | null {
  const count = toNumber(told);
  const [min, max] = NIGHT_FIGURES.toss_turns.range;
  if (count === null || (count >= min && count <= max)) return count;
  findings.reject(`${path}.data.toss_turn`, Number.isNaN(count) ? 'malformed' : 'out_of_range', told);
  return null;
}

/**
 * A stage cannot begin before the one ahead of it ended; the same interval twice is one. Whichever ends first is kept,
 * so that one that reaches too far does not cost all those below it.
 */
function withoutOverlaps(intervals: StageInterval[], path: string, findings: Findings): StageInterval[] {
  const kept: StageInterval[] = [];
  for (const interval of intervals.toSorted((a, b) => a.end - b.end || b.start - a.start)) {
    const last = kept.at(-1);
    if (last && interval.start === last.start && interval.end === last.end) kept[kept.length - 1] = interval;
    else if (last && interval.start < last.end) findings.reject(path, 'malformed', interval);
    else kept.push(interval);
  }
  return kept;
}

export interface StageTotals {
  stageSeconds: StageSeconds | null;
  asleepSeconds: number | null;
}

/**
 * The vendor's totals of each stage, else those of the hypnogram. What it says of the whole sleep counts only where
 * it leaves out a stage: the stages add up to it, and percentages are rounded.
 */
export function stageTotals(
  { night }: Figures,
  stages: StageInterval[],
  { start, end }: BedTimes,
): StageTotals {
  const found = (stage: keyof StageSeconds): number | null => night.get(stage) ?? drawnSeconds(stages, stage);
  const [light, deep, rem, awake] = [found('light'), found('deep'), found('rem'), found('awake')];
  const told = night.get('total_sleep') ?? null;
  if (light === null && deep === null && rem === null && awake === null)
    return { stageSeconds: null, asleepSeconds: told };
  const asleep = { light: light ?? 0, deep: deep ?? 0, rem: rem ?? 0 };
  const sum = asleep.light + asleep.deep + asleep.rem;
  const isWhole = light !== null && deep !== null && rem !== null;
  const asleepSeconds = isWhole ? sum : (told ?? sum);
  // The newer fields have none for being awake; what is left of the time in bed is just that.
  const rest = Math.max(0, (end - start) / 1_000 - asleepSeconds);
  return { stageSeconds: { ...asleep, awake: awake ?? rest }, asleepSeconds };
}

const drawnSeconds = (stages: StageInterval[], wanted: SleepStage): number | null =>
  stages.length === 0
    ? null
    : stages.reduce((sum, { stage, start, end }) => sum + (stage === wanted ? end - start : 0), 0) / 1_000;
