import type { DriftSample, Rejection, Sighting } from '../health-data/canonical';

/** What a vendor sends and this server does not understand (type, field, value) or does not take (rejected). */
export const DRIFT_KINDS = ['type', 'field', 'value', 'rejected'] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

export type StoredSample = DriftSample & { path: string };

export interface DriftCount {
  count: number;
  /** Of the first sighting. */
  sample: StoredSample;
}

/** What an answer held beside its data. */
export interface Found {
  unmapped: readonly Sighting[];
  rejected: readonly Rejection[];
}

/** By kind and name, as a run carries it. */
export type DriftTally = Partial<Record<DriftKind, Record<string, DriftCount>>>;

/** A vendor that makes up names must not fill a table. */
export const MAX_NAMES = 1_000;
/** Under which all further names are counted. */
export const OTHER = 'other';

const LONGEST_PATH = 200;

/** The tally with what one answer held. */
export function withDrift(tally: DriftTally, { unmapped, rejected }: Found): DriftTally {
  const next: DriftTally = { ...tally };
  for (const { kind, path, count, sample } of unmapped) {
    const safe = safeSample({ path, ...sample });
    next[kind] = withName(next[kind], safe.path, { count, sample: safe });
  }
  for (const { path, reason, count, sample } of rejected) {
    const safe = safeSample({ path, ...sample });
    next.rejected = withName(next.rejected, `${safe.path}:${reason}`, { count, sample: safe });
  }
  return next;
}

function withName(names: Record<string, DriftCount> = {}, name: string, { count, sample }: DriftCount) {
  const known = new Map(Object.entries(names));
  const key = known.has(name) || known.size < MAX_NAMES ? name : OTHER;
  const before = known.get(key);
  known.set(key, { count: (before?.count ?? 0) + count, sample: before?.sample ?? sample });
  return Object.fromEntries(known);
}

/** Whatever a normalizer hands over, no value of a user passes: only a path, a JSON type, a length and a plain word. */
export const safeSample = ({ path, jsonType, length, literal }: StoredSample): StoredSample => ({
  path: safePath(path),
  jsonType,
  length: Number.isSafeInteger(length) ? length : null,
  literal: literal !== null && /^[a-z_]{1,32}$/.test(literal) ? literal : null,
});

/** Some vendors key by instant or by value: a step of the path without a letter is no name. */
export const safePath = (path: string): string =>
  path
    .split('.')
    .map((step) => (/[a-z]/i.test(step) ? step.replaceAll(/[^\w#[\]-]/g, '_') : '#'))
    .join('.')
    .slice(0, LONGEST_PATH);
