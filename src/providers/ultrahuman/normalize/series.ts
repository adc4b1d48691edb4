import { SERIES_TYPES, type SeriesCode, type SeriesSamples } from '../../../health-data/canonical';
import { isNothing, type Section } from '../ultrahuman.payload';
import type { AskedDay } from './asked-day';
import type { Findings } from './findings';
import { toInstant, toNumber } from './numbers';
import { sightUnknownFields } from './presentation';

/**
 * `{values: [{value, timestamp}, …]}`: `hr` (bpm), `hrv` (ms RMSSD, by the vendor's own words), `temp` (°C of the skin)
 * and `steps` (counts per interval of about five minutes; zero is a count). A null value is a gap.
 * Cadence is jittered, and float32 noise is the vendor's.
 */
export function collectSeries(
  type: string,
  code: SeriesCode,
  sections: Section[],
  day: AskedDay,
  findings: Findings,
): SeriesSamples | null {
  const samples = new SampleList();
  const [min, max] = SERIES_TYPES[code].hardRange;
  for (const section of sections) {
    sightUnknownFields('series', type, section, READ_FIELDS, findings);
    for (const point of pointsOf(section.values, type, findings)) {
      const at = toInstant(point?.timestamp);
      const value = toNumber(point?.value);
      if (value === null) continue;
      if (at === null || Number.isNaN(at) || Number.isNaN(value)) findings.reject(type, 'malformed');
      else if (at < day.earliestStart || at > day.latestEnd) findings.reject(type, 'other_day');
      else if (value < min || value > max) findings.reject(type, 'out_of_range');
      else samples.add(at, value);
    }
  }
  const { instants, values } = samples.sorted();
  return instants.length > 0 ? { code, instants, values } : null;
}

export interface Point {
  timestamp: unknown;
  value: unknown;
}

/** Null points are gaps; what is no point at all becomes a point without an instant, to be counted by the caller. */
export function pointsOf(values: unknown, path: string, findings: Findings): (Point | null)[] {
  if (isNothing(values)) return [];
  if (Array.isArray(values)) return values.map((point) => (isPointLike(point) ? point : NO_POINT));
  findings.reject(path, 'malformed');
  return [];
}

/** Ascending, one value an instant: the last one wins. */
export class SampleList {
  private readonly instants: number[] = [];
  private readonly values: number[] = [];
  private ascending = true;

  add(at: number, value: number): void {
    const count = this.instants.length;
    if (count > 0 && at <= this.instants[count - 1]) this.ascending = false;
    this.instants.push(at);
    this.values.push(value);
  }

  sorted(): { instants: number[]; values: number[] } {
    if (this.ascending) return { instants: this.instants, values: this.values };
    const byInstant = new Map(this.instants.map((at, index) => [at, this.values[index]]));
    const instants = [...byInstant.keys()].toSorted((a, b) => a - b);
    return { instants, values: instants.map((at) => byInstant.get(at)!) };
  }
}

const READ_FIELDS = ['values', 'total'];
const NO_POINT: Point = { timestamp: Number.NaN, value: Number.NaN };

const isPointLike = (point: unknown): point is Point | null =>
  typeof point === 'object' && !Array.isArray(point);
