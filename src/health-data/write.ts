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

/** Samples and records; a record is a daily value, a sleep or a score. */
export interface WriteCounts extends RecordCounts {
  /** Series codes whose answer was smaller than what is stored: not taken, nor any record of the answer. */
  rolledBack: string[];
}

export const sumOfCounts = (counts: RecordCounts[]): RecordCounts => ({
  inserted: counts.reduce((sum, { inserted }) => sum + inserted, 0),
  updated: counts.reduce((sum, { updated }) => sum + updated, 0),
  unchanged: counts.reduce((sum, { unchanged }) => sum + unchanged, 0),
});
