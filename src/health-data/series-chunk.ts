import { hash } from 'node:crypto';
import type { SeriesSamples } from './canonical';
import { DAY_MS } from './zone-offset';

/** The samples of one UTC day of one series. */
export interface Chunk {
  /** UTC midnight, epoch ms. */
  day: number;
  /** Milliseconds since `day`, ascending, no repeats. */
  offsets: number[];
  values: number[];
}

export interface MergedChunk extends Chunk {
  inserted: number;
  updated: number;
  unchanged: number;
}

export const utcDay = (instant: number) => Math.floor(instant / DAY_MS) * DAY_MS;

/** Cuts a series at the UTC midnights. */
export function cutByUtcDay({ instants, values }: Pick<SeriesSamples, 'instants' | 'values'>): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = 0; from < instants.length;) {
    const day = utcDay(instants[from]);
    let to = from + 1;
    while (to < instants.length && instants[to] < day + DAY_MS) to++;
    chunks.push({
      day,
      offsets: instants.slice(from, to).map((at) => at - day),
      values: values.slice(from, to),
    });
    from = to;
  }
  return chunks;
}

/** By instant: a newer value replaces an older one, nothing is left out. */
export function mergeChunk(stored: Chunk | undefined, { day, offsets, values }: Chunk): MergedChunk {
  if (stored === undefined)
    return { day, offsets, values, inserted: offsets.length, updated: 0, unchanged: 0 };
  const merged: MergedChunk = { day, offsets: [], values: [], inserted: 0, updated: 0, unchanged: 0 };
  let [old, fresh] = [0, 0];
  while (old < stored.offsets.length || fresh < offsets.length) {
    const oldAt = stored.offsets[old] ?? Infinity;
    const freshAt = offsets[fresh] ?? Infinity;
    merged.offsets.push(Math.min(oldAt, freshAt));
    merged.values.push(freshAt <= oldAt ? values[fresh] : stored.values[old]);
    if (freshAt < oldAt) merged.inserted++;
    else if (freshAt === oldAt && values[fresh] === stored.values[old]) merged.unchanged++;
    else if (freshAt === oldAt) merged.updated++;
    if (freshAt <= oldAt) fresh++;
    if (oldAt <= freshAt) old++;
  }
  return merged;
}

/** Samples of these chunks in `[from, to)`. */
export function countBetween(chunks: Chunk[], from: number, to: number): number {
  let count = 0;
  for (const { day, offsets } of chunks)
    for (const offset of offsets) if (day + offset >= from && day + offset < to) count++;
  return count;
}

/** PostgreSQL's text form of both arrays, and a SHA-256 over it. */
export function chunkLiterals({ offsets, values }: Chunk): {
  offsets: string;
  values: string;
  hash: string;
} {
  const literals = { offsets: `{${offsets.join(',')}}`, values: `{${values.join(',')}}` };
  return { ...literals, hash: hash('sha256', literals.offsets + literals.values, 'hex') };
}

/** The numbers of PostgreSQL's text form of an array, at the speed of `JSON.parse`. */
export function parseNumbers(text: string): number[] {
  const numbers: number[] = JSON.parse(`[${text.slice(1, -1)}]`);
  return numbers;
}

export function sumMinMax(values: number[]): { sum: number; min: number; max: number } {
  let [sum, min, max] = [0, Infinity, -Infinity];
  for (const value of values) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { sum, min, max };
}
