import type { DataKind } from './canonical';
import type { CalendarDay, KnownDay } from './zone-offset';

/** Whose data, and which device measured it. */
export interface WriteTarget {
  userId: string;
  sourceId: string;
}

/** What the ledger knows of the day that a normalized answer does not. `dayContext` makes it. */
export interface DayContext {
  /**
   * As the date was first cut, by this answer if none before it has told its start. It stays so: a vendor that knows
   * only where a traveller is now cuts the past anew, and then a step would be counted in two days, or in none.
   */
  day: CalendarDay;
  /** As the ledger had it before this answer. */
  before: CalendarDay;
  /** Those of the two dates before and the two after whose start is known. */
  neighbours: KnownDay[];
  /** No answer before this one has told the start: now it is known where the date before ends. */
  firstCut: boolean;
  /** This answer begins the date at another instant than the first one did. */
  recut: boolean;
  /**
   * The day is older than three local days: an answer is then taken only if its series have at least as many points as
   * are stored (the vendor is known to fall back to older, smaller revisions; docs/adr/0006).
   */
  settled: boolean;
}

export interface RecordCounts {
  inserted: number;
  updated: number;
  unchanged: number;
}

export type KindCounts = ReadonlyMap<DataKind, RecordCounts>;

/** One record that a statement has written. */
export interface WrittenRecord {
  kind: DataKind;
  inserted: boolean;
}

/** Samples and records; a record is a daily value, a sleep or a score. */
export interface WriteCounts extends RecordCounts {
  /** Series codes whose answer was smaller than what is stored: not taken, nor any record of the answer. */
  rolledBack: string[];
  /** The same counts by kind. */
  kinds: KindCounts;
}

/** @param kinds of all the records, of which those that were not written are as they were */
export function recordCounts(kinds: DataKind[], written: WrittenRecord[]): KindCounts {
  const counts = new Map<DataKind, RecordCounts>();
  const of = (kind: DataKind) => {
    const known = counts.get(kind) ?? { inserted: 0, updated: 0, unchanged: 0 };
    counts.set(kind, known);
    return known;
  };
  for (const kind of kinds) of(kind).unchanged++;
  for (const { kind, inserted } of written) {
    of(kind)[inserted ? 'inserted' : 'updated']++;
    of(kind).unchanged--;
  }
  return counts;
}

export function sumOfWrites(writes: Pick<WriteCounts, 'kinds' | 'rolledBack'>[]): WriteCounts {
  const kinds = new Map<DataKind, RecordCounts>();
  for (const [kind, counts] of writes.flatMap((write) => [...write.kinds])) {
    const before = kinds.get(kind);
    kinds.set(kind, sumOfCounts(before === undefined ? [counts] : [before, counts]));
  }
  const rolledBack = writes.flatMap((write) => write.rolledBack);
  return { ...sumOfCounts([...kinds.values()]), rolledBack, kinds };
}

const sumOfCounts = (counts: RecordCounts[]): RecordCounts => ({
  inserted: counts.reduce((sum, { inserted }) => sum + inserted, 0),
  updated: counts.reduce((sum, { updated }) => sum + updated, 0),
  unchanged: counts.reduce((sum, { unchanged }) => sum + unchanged, 0),
});
