import { isSection, type Section } from '../ultrahuman.payload';
import type { Findings } from './findings';
import { toInstant } from './numbers';
import { rowsOf } from './points';

export interface BedTimes {
  start: number;
  end: number;
}

const LONGEST_MS = 86_400_000;

/**
 * `bedtime_start` and `bedtime_end`, seconds; where one is missing or cannot be true, the edge of the hypnogram.
 * @returns null where neither tells when the sleep was
 */
export function bedTimes(section: Section, findings: Findings): BedTimes | null {
  const told = {
    start: toInstant(section.bedtime_start) ?? Number.NaN,
    end: toInstant(section.bedtime_end) ?? Number.NaN,
  };
  if (isPossible(told)) return told;
  for (const field of ['bedtime_start', 'bedtime_end'])
    if (Number.isNaN(toInstant(section[field])))
      findings.reject(`sleep.${field}`, 'malformed', section[field]);
  const drawn = edgesOf(section.sleep_graph);
  const candidates = [{ start: told.start, end: drawn.end }, { start: drawn.start, end: told.end }, drawn];
  return candidates.find(isPossible) ?? null;
}

const isPossible = ({ start, end }: BedTimes): boolean => end > start && end - start <= LONGEST_MS;

function edgesOf(graph: unknown): BedTimes {
  const edges = { start: Infinity, end: -Infinity };
  for (const row of rowsOf(graph)) {
    if (!isSection(row)) continue;
    const [start, end] = [toInstant(row.start ?? row.startTime), toInstant(row.end ?? row.endTime)];
    if (start === null || end === null || !isPossible({ start, end })) continue;
    edges.start = Math.min(edges.start, start);
    edges.end = Math.max(edges.end, end);
  }
  return edges;
}
