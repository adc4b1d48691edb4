import type { NormalizedDay } from '../health-data/canonical';
import type { KindCounts } from '../health-data/write';
import { MAX_NAMES, OTHER, safePath, type Found } from './drift-tally';

const COUNTS = ['fetched', 'inserted', 'updated', 'unchanged', 'rejected', 'unmapped'] as const;

/** Samples or records: `fetched` can be used, what is `rejected` or `unmapped` comes on top. Zero is left out. */
export type KindTally = Partial<Record<(typeof COUNTS)[number], number>>;

/** By `DataKind`; what the vendor sends beside these stands under the vendor's own name. */
export type KindTallies = Record<string, KindTally>;

/** What was found in an answer, and what of it can be used. */
export type Held = Found & Partial<Pick<NormalizedDay, 'series' | 'daily' | 'sleeps' | 'scores'>>;

/** The tallies with what one answer held, and what became of it. */
export function withKinds(tallies: KindTallies, found: Held, written: KindCounts = new Map()): KindTallies {
  const sums = new Map(Object.entries(tallies));
  const additions: Addition[] = [...fetched(found), ...written, ...leftAside(found)];
  for (const [name, more] of additions) {
    if (COUNTS.every((count) => !more[count])) continue;
    const key = sums.has(name) || sums.size < MAX_NAMES ? name : OTHER;
    sums.set(key, sumOf(sums.get(key) ?? {}, more));
  }
  return Object.fromEntries(sums);
}

type Addition = [name: string, more: KindTally];

const fetched = ({ series = [], daily = [], sleeps = [], scores = [] }: Held): Addition[] => [
  ...series.map(({ code, instants }): Addition => [code, { fetched: instants.length }]),
  ...daily.map(({ code }): Addition => [`daily:${code}`, { fetched: 1 }]),
  ...sleeps.map((): Addition => ['sleep', { fetched: 1 }]),
  ...scores.map(({ category }): Addition => [`score:${category}`, { fetched: 1 }]),
];

const leftAside = ({ rejected, unmapped }: Found): Addition[] => [
  ...rejected.map(({ of, path, count }): Addition => [of ?? firstStep(path), { rejected: count }]),
  ...unmapped.map(({ of, path, count }): Addition => [of ?? firstStep(path), { unmapped: count }]),
];

const firstStep = (path: string): string => safePath(path).split('.')[0];

function sumOf(one: KindTally, other: KindTally): KindTally {
  const sum = { ...one };
  for (const count of COUNTS) {
    if (other[count]) sum[count] = (sum[count] ?? 0) + other[count];
  }
  return sum;
}
