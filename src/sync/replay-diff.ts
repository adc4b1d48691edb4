import type { LocalDate } from '../health-data/canonical';
import type { Change } from '../health-data/replacement';

export interface ChangeCounts {
  inserted: number;
  updated: number;
  deleted: number;
}

/** Samples and records that a replay changes, by name and local date. */
export type ReplayDiff = Record<string, Record<LocalDate, ChangeCounts>>;

export function diffOf(changes: Change[]): ReplayDiff {
  const diff: ReplayDiff = {};
  for (const { name, date, kind, count } of changes) {
    const days = (diff[name] ??= {});
    const counts = (days[date] ??= { inserted: 0, updated: 0, deleted: 0 });
    counts[kind] += count;
  }
  return diff;
}

/** By name, over all dates. */
export const totalsOf = (diff: ReplayDiff): Record<string, ChangeCounts> =>
  Object.fromEntries(
    Object.entries(diff).map(([name, days]) => [name, Object.values(days).reduce(sumOfCounts)]),
  );

export function sumOfTotals(
  one: Record<string, ChangeCounts>,
  other: Record<string, ChangeCounts>,
): Record<string, ChangeCounts> {
  const sum = new Map(Object.entries(one));
  for (const [name, counts] of Object.entries(other)) {
    sum.set(name, sumOfCounts(sum.get(name) ?? { inserted: 0, updated: 0, deleted: 0 }, counts));
  }
  return Object.fromEntries(sum);
}

const sumOfCounts = (one: ChangeCounts, other: ChangeCounts): ChangeCounts => ({
  inserted: one.inserted + other.inserted,
  updated: one.updated + other.updated,
  deleted: one.deleted + other.deleted,
});
