import { isSection } from '../ultrahuman.payload';
import type { Findings } from './findings';
import { toInstant, toNumber } from './numbers';
import type { Convert } from './units';

/** What makes a point one: when it may have been, and between which values. Both ends allowed. */
export interface PointRules {
  /** For what could not be used. */
  path: string;
  from: number;
  to: number;
  /** What is said of an instant outside. */
  outside: 'other_day' | 'malformed';
  range: readonly [min: number, max: number];
  convert: Convert;
}

/** `[{value, timestamp}, …]`, in any order; a null point or value is a gap. */
export function takePoints(
  points: readonly unknown[],
  rules: PointRules,
  samples: SampleList,
  findings: Findings,
): void {
  const { path, from, to, outside, convert } = rules;
  const [min, max] = rules.range;
  for (const point of points) {
    if (point === null) continue;
    if (!isSection(point)) {
      findings.reject(path, 'malformed', point);
      continue;
    }
    const told = toNumber(point.value);
    if (told === null) continue;
    const at = toInstant(point.timestamp);
    const value = convert(told);
    if (Number.isNaN(value)) findings.reject(path, 'malformed', point.value);
    else if (at === null || Number.isNaN(at)) findings.reject(path, 'malformed', point.timestamp);
    else if (at < from || at > to) findings.reject(path, outside, point.timestamp);
    else if (value < min || value > max) findings.reject(path, 'out_of_range', point.value);
    else samples.add(at, value);
  }
}

/** The rows of a list or of a graph; what has another form holds none, and is counted where the form is checked. */
export function rowsOf(holder: unknown): readonly unknown[] {
  const rows = isSection(holder) ? holder.data : holder;
  return Array.isArray(rows) ? rows : [];
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
