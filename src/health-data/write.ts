/** Whose data, and which device measured it. */
export interface WriteTarget {
  userId: string;
  sourceId: string;
}

/** What the ledger knows of the day that a normalized answer does not. */
export interface DayContext {
  /** Local midnight that starts the day, by the ledger; null where no answer has told it yet. */
  startsAt: Date | null;
  /** IANA zone of the day, by the ledger. */
  timeZone: string | null;
  /**
   * The day is older than three local days: a type is then taken only if its answer has at least as many points as
   * are stored (the vendor is known to fall back to older, smaller revisions).
   */
  settled: boolean;
  /** The vendor cut this day anew (travel): its samples merge by instant, totals, sleeps and scores stay. */
  rebucketed: boolean;
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
