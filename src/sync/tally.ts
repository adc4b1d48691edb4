import type { LocalDate, NormalizedDay, Rejection } from '../health-data/canonical';
import type { WriteCounts } from '../health-data/write';
import { MAX_NAMES, OTHER, safePath, withDrift } from './drift-tally';
import { withKinds, type Held } from './kind-tally';
import type { SyncRunDetails, SyncStatus } from './sync-run.entity';

/** What became of one day. */
export type DayOutcome =
  /** With the day where its answer was another one, and was read. */
  | { kind: 'unchanged'; date: LocalDate; day?: NormalizedDay; counts?: WriteCounts }
  /** `begun` by the account's clock: of a date that has not, every account answers 404. */
  | { kind: 'empty'; date: LocalDate; day: NormalizedDay; notFound: boolean; begun: boolean }
  | { kind: 'stored'; date: LocalDate; day: NormalizedDay; counts: WriteCounts; rebucketed: boolean }
  /** With what an answer that cannot be used was found to hold. */
  | { kind: 'failed'; date: LocalDate; reason: string; rejected?: readonly Rejection[] };

export const NOTHING_DONE: SyncRunDetails = {
  daysStored: 0,
  daysEmpty: 0,
  daysNotFound: 0,
  daysNotBegun: 0,
  daysUnchanged: 0,
  failedDays: [],
  inserted: 0,
  updated: 0,
  samples: 0,
  sleepSessions: 0,
  recoveryDays: 0,
  daysRebucketed: 0,
  rolledBack: {},
  kinds: {},
  rejected: {},
  unmapped: {},
  drift: {},
};

/** The details of a run with one more day in them. */
export function counted(details: SyncRunDetails, outcome: DayOutcome): SyncRunDetails {
  const failedDays = details.failedDays.filter(({ date }) => date !== outcome.date);
  if (outcome.kind === 'failed') {
    const { date, reason, rejected = [] } = outcome;
    return withSightings(
      { ...details, failedDays: [...failedDays, { date, reason }] },
      { unmapped: [], rejected },
    );
  }
  const counts = outcome.kind === 'empty' ? undefined : outcome.counts;
  const seen = withSightings({ ...details, failedDays }, outcome.day, counts);
  if (outcome.kind === 'unchanged') return { ...seen, daysUnchanged: seen.daysUnchanged + 1 };
  return outcome.kind === 'stored' ? withStored(seen, outcome) : withEmpty(seen, outcome);
}

const withEmpty = (
  details: SyncRunDetails,
  { notFound, begun }: Extract<DayOutcome, { kind: 'empty' }>,
): SyncRunDetails => ({
  ...details,
  daysEmpty: details.daysEmpty + 1,
  daysNotFound: details.daysNotFound + (notFound ? 1 : 0),
  daysNotBegun: details.daysNotBegun + (begun ? 0 : 1),
});

function withStored(
  details: SyncRunDetails,
  { day, counts, rebucketed }: Extract<DayOutcome, { kind: 'stored' }>,
): SyncRunDetails {
  return {
    ...details,
    daysStored: details.daysStored + 1,
    inserted: details.inserted + counts.inserted,
    updated: details.updated + counts.updated,
    samples: details.samples + day.series.reduce((sum, { instants }) => sum + instants.length, 0),
    sleepSessions: details.sleepSessions + day.sleeps.length,
    recoveryDays: details.recoveryDays + (day.scores.some(({ category }) => category === 'recovery') ? 1 : 0),
    daysRebucketed: details.daysRebucketed + (rebucketed ? 1 : 0),
  };
}

function withSightings(details: SyncRunDetails, day: Held | undefined, counts?: WriteCounts): SyncRunDetails {
  if (day === undefined) return details;
  return {
    ...details,
    kinds: withKinds(details.kinds, day, counts?.kinds),
    // Also of a day that stays as it is: that may be just because its answer was refused.
    rolledBack: added(details.rolledBack, counts?.rolledBack.map((code) => [code, 1]) ?? []),
    rejected: added(
      details.rejected,
      day.rejected.map(({ path, reason, count }) => [`${safePath(path)} ${reason}`, count]),
    ),
    unmapped: added(
      details.unmapped,
      day.unmapped.map(({ path, count }) => [safePath(path), count]),
    ),
    drift: withDrift(details.drift, day),
  };
}

function added(counts: Record<string, number>, more: [key: string, count: number][]): Record<string, number> {
  const sums = new Map(Object.entries(counts));
  for (const [wanted, count] of more) {
    const key = sums.has(wanted) || sums.size < MAX_NAMES ? wanted : OTHER;
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

/** Whether a client would see a difference, or has to know. */
export const isNews = (outcome: DayOutcome): boolean =>
  outcome.kind === 'failed' ||
  (outcome.kind === 'stored' && outcome.counts.inserted + outcome.counts.updated > 0);

export const daysDone = ({ daysStored, daysEmpty, daysUnchanged }: SyncRunDetails): number =>
  daysStored + daysEmpty + daysUnchanged;

export interface Verdict {
  status: Exclude<SyncStatus, 'in_progress'>;
  /** Why it is not a success: an error code, or `all_days_404`. */
  reason: string | null;
}

/** Never a silent success: a run in which a day failed, or in which the vendor knew no day at all, says so. */
export function verdictOf(details: SyncRunDetails): Verdict {
  const done = daysDone(details);
  const [failure] = details.failedDays;
  if (failure !== undefined) return { status: done > 0 ? 'partial' : 'failed', reason: failure.reason };
  if (done > details.daysNotBegun && details.daysNotFound === done)
    return { status: 'partial', reason: 'all_days_404' };
  return { status: 'success', reason: null };
}
