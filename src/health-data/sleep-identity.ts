/** Epoch milliseconds, `[start, end)`. */
export interface SleepSpan {
  start: number;
  end: number;
}

export interface KnownSleep extends SleepSpan {
  id: string;
  deleted: boolean;
}

export interface SleepIdentities<S, K> {
  /** The stored sleep that each answered one is; null for a new one. In the order of the answer. */
  known: { sleep: S; stored: K | null }[];
  /** Stored sleeps that have become part of an answered one, which another stored sleep stands for. */
  absorbed: K[];
}

/**
 * Which stored sleeps the answered ones are. Two sleeps of one source are the same if they overlap by more than half
 * of the shorter: vendors move the start and the end of a night when they compute it again. The largest overlap
 * decides first; a stored sleep is one answered sleep at most, but a deleted one takes all that it covers.
 */
export function identifySleeps<S extends SleepSpan, K extends KnownSleep>(
  sleeps: S[],
  stored: K[],
): SleepIdentities<S, K> {
  const pairs = sleeps
    .flatMap((sleep) =>
      stored.map((candidate) => ({ sleep, candidate, overlap: overlapOf(sleep, candidate) })),
    )
    .filter(({ sleep, candidate, overlap }) => overlap > shorter(sleep, candidate) / 2)
    .toSorted((a, b) => b.overlap - a.overlap || Number(a.candidate.deleted) - Number(b.candidate.deleted));
  const found = new Map<S, K>();
  const taken = new Set<K>();
  for (const { sleep, candidate } of pairs) {
    if (found.has(sleep) || (taken.has(candidate) && !candidate.deleted)) continue;
    found.set(sleep, candidate);
    taken.add(candidate);
  }
  const absorbed = pairs
    .filter(
      ({ sleep, candidate }) => !candidate.deleted && !taken.has(candidate) && !found.get(sleep)!.deleted,
    )
    .map(({ candidate }) => candidate);
  return {
    known: sleeps.map((sleep) => ({ sleep, stored: found.get(sleep) ?? null })),
    absorbed: [...new Set(absorbed)],
  };
}

const overlapOf = (a: SleepSpan, b: SleepSpan) => Math.min(a.end, b.end) - Math.max(a.start, b.start);
const shorter = (a: SleepSpan, b: SleepSpan) => Math.min(a.end - a.start, b.end - b.start);
