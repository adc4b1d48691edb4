import type { SleepStage, StageInterval } from '../../../health-data/canonical';
import { isSection, type Section } from '../ultrahuman.payload';
import type { Findings } from './findings';
import { toInstant, toMeasured } from './numbers';
import { EDGE_MS, graphRows } from './sleep-graphs';

export type StageSeconds = Record<'awake' | 'light' | 'deep' | 'rem', number>;

const STAGES = new Map<string, keyof StageSeconds>([
  ['awake', 'awake'],
  ['light_sleep', 'light'],
  ['deep_sleep', 'deep'],
  ['rem_sleep', 'rem'],
]);
const DAY_SECONDS = [0, 86_400] as const;
const DAY_MINUTES = [0, 1_440] as const;

/** `sleep_graph.data`: `{start, end, type}` in seconds; one client writes `startTime` and `endTime`. */
export function hypnogram(section: Section, start: number, end: number, findings: Findings): StageInterval[] {
  const path = 'sleep.sleep_graph';
  const intervals: StageInterval[] = [];
  for (const row of graphRows(section.sleep_graph, path, findings)) {
    const interval = isSection(row) ? toInterval(row, path, findings) : null;
    if (interval && interval.start >= start - EDGE_MS && interval.end <= end + EDGE_MS)
      intervals.push(interval);
    else if (row !== null) findings.reject(path, 'malformed');
  }
  return withoutOverlaps(intervals, path, findings);
}

function toInterval(row: Section, path: string, findings: Findings): StageInterval | null {
  const start = toInstant(row.start ?? row.startTime);
  const end = toInstant(row.end ?? row.endTime);
  if (start === null || end === null || !(start < end)) return null;
  return { stage: stageOf(row.type, path, findings), start, end };
}

function stageOf(type: unknown, path: string, findings: Findings): SleepStage {
  const stage = typeof type === 'string' ? STAGES.get(type.toLowerCase()) : undefined;
  if (stage === undefined) findings.sight(`${path}.type`);
  return stage ?? 'unknown';
}

/** A stage cannot begin before the one ahead of it ended; the same interval twice is one. */
function withoutOverlaps(intervals: StageInterval[], path: string, findings: Findings): StageInterval[] {
  const kept: StageInterval[] = [];
  for (const interval of intervals.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = kept.at(-1);
    if (last && interval.start === last.start && interval.end === last.end) kept[kept.length - 1] = interval;
    else if (last && interval.start < last.end) findings.reject(path, 'malformed');
    else kept.push(interval);
  }
  return kept;
}

/**
 * Totals of the night: the rows of `sleep_stages` (seconds), else the newer `deep_sleep {seconds, minutes}`, else the
 * hypnogram. Percentages are rounded and not read. Null where the answer has none of them.
 */
export function stageTotals(
  section: Section,
  stages: StageInterval[],
  inBedSeconds: number,
  findings: Findings,
): StageSeconds | null {
  const rows = stageRows(section.sleep_stages, findings);
  const found = (stage: keyof StageSeconds): number | null =>
    rows.get(stage) ?? nestedSeconds(section, `${stage}_sleep`, findings) ?? drawnSeconds(stages, stage);
  const [light, deep, rem, awake] = [found('light'), found('deep'), found('rem'), found('awake')];
  if (light === null && deep === null && rem === null && awake === null) return null;
  const asleep = { light: light ?? 0, deep: deep ?? 0, rem: rem ?? 0 };
  const rest = inBedSeconds - asleep.light - asleep.deep - asleep.rem;
  // The newer fields have none for being awake; what is left of the time in bed is just that.
  return { ...asleep, awake: awake ?? (rows.size > 0 ? 0 : Math.max(0, rest)) };
}

const drawnSeconds = (stages: StageInterval[], wanted: SleepStage): number | null =>
  stages.length === 0
    ? null
    : stages.reduce((sum, { stage, start, end }) => sum + (stage === wanted ? end - start : 0), 0) / 1_000;

function stageRows(rows: unknown, findings: Findings): Map<keyof StageSeconds, number> {
  const path = 'sleep.sleep_stages';
  const seconds = new Map<keyof StageSeconds, number>();
  for (const row of graphRows(rows, path, findings)) {
    if (row === null) continue;
    const stage =
      isSection(row) && typeof row.type === 'string' ? STAGES.get(row.type.toLowerCase()) : undefined;
    if (!isSection(row)) findings.reject(path, 'malformed');
    else if (stage === undefined) findings.sight(`${path}.type`);
    else {
      const time = toMeasured(row.stage_time, DAY_SECONDS, path, findings);
      if (time !== null) seconds.set(stage, time);
    }
  }
  return seconds;
}

/** `{seconds, minutes, …}` of the newer generation, where only some fields have seconds. */
export function nestedSeconds(section: Section, field: string, findings: Findings): number | null {
  const nested = section[field];
  if (!isSection(nested)) return null;
  const minutes = () => toMeasured(nested.minutes, DAY_MINUTES, `sleep.${field}`, findings);
  return toMeasured(nested.seconds, DAY_SECONDS, `sleep.${field}`, findings) ?? scaled(minutes(), 60);
}

const scaled = (value: number | null, by: number): number | null => (value === null ? null : value * by);
