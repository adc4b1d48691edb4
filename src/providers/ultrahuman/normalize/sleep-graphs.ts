import { SERIES_TYPES, type SleepSession } from '../../../health-data/canonical';
import { isNothing, isSection, type Section } from '../ultrahuman.payload';
import type { Findings } from './findings';
import { toInstant, toNumber } from './numbers';
import { pointsOf, SampleList } from './series';

const GRAPHS = [
  ['hr_graph', 'heart_rate'],
  ['hrv_graph', 'heart_rate_variability_rmssd'],
  ['temp_graph', 'skin_temperature'],
] as const;
/** A curve may begin a little before, and end a little after the sleep. */
export const EDGE_MS = 3_600_000;

/** `{data: [{timestamp, value}, …]}`: smoothed by the vendor, so no samples of a series. */
export function nightGraphs(
  section: Section,
  start: number,
  end: number,
  findings: Findings,
): SleepSession['graphs'] {
  const graphs: SleepSession['graphs'] = {};
  for (const [field, code] of GRAPHS) {
    const path = `sleep.${field}`;
    const [min, max] = SERIES_TYPES[code].hardRange;
    const samples = new SampleList();
    for (const point of pointsOf(graphRows(section[field], path, findings), path, findings)) {
      const at = toInstant(point?.timestamp);
      const value = toNumber(point?.value);
      if (value === null) continue;
      if (at === null || !(at >= start - EDGE_MS && at <= end + EDGE_MS)) findings.reject(path, 'malformed');
      else if (value >= min && value <= max) samples.add(at, value);
      else findings.reject(path, Number.isNaN(value) ? 'malformed' : 'out_of_range');
    }
    const curve = samples.sorted();
    if (curve.instants.length > 0) graphs[code] = curve;
  }
  return graphs;
}

/** A graph that has nothing comes as null, `{}`, `[]` or without `data`. */
export function graphRows(graph: unknown, path: string, findings: Findings): unknown[] {
  const rows = isSection(graph) ? graph.data : graph;
  if (isNothing(rows)) return [];
  if (Array.isArray(rows)) return rows;
  findings.reject(path, 'malformed');
  return [];
}
