import type { ConnectionEvidence, DayGroup } from '../evidence';

/** Days that failed for one reason. */
export interface FailingDays {
  days: number;
  /** Null: there are none. */
  span: { from: string; to: string } | null;
  /** Failed tries in a row, of the day that has most; 0 where none was tried yet. */
  attempts: number;
  nextAttemptAt: Date | null;
  /** Of the day that has failed longest; null where none was tried yet. */
  since: Date | null;
}

/** Those that wait for their next try; the days of a paused backfill wait for a person. */
export function failing({ days, running }: ConnectionEvidence, ...errorCodes: string[]): FailingDays {
  const isPaused = running.some(({ pausedAt }) => pausedAt !== null);
  const waiting = days.filter(({ open, history }) => open && !(history && isPaused));
  return together(waiting.filter(({ errorCode }) => errorCodes.includes(errorCode ?? '')));
}

/** Those given up, for a reason for which no other day waits any more. */
export const parked = ({ days }: ConnectionEvidence): FailingDays & { reasons: string[] } => {
  const waiting = new Set(days.filter(({ open }) => open).map(({ errorCode }) => errorCode));
  const groups = days.filter(
    ({ open, failedSince, errorCode }) => !open && failedSince !== null && !waiting.has(errorCode),
  );
  return {
    ...together(groups),
    reasons: [...new Set(groups.flatMap(({ errorCode }) => errorCode ?? []))].toSorted(),
  };
};

function together(groups: DayGroup[]): FailingDays {
  const dates = groups.flatMap(({ from, to }) => [from, to]).toSorted();
  return {
    days: groups.reduce((sum, { days }) => sum + days, 0),
    span: dates.length === 0 ? null : { from: dates[0], to: dates.at(-1)! },
    attempts: Math.max(0, ...groups.map(({ attempts }) => attempts)),
    nextAttemptAt: earliest(groups.map(({ nextAttemptAt }) => nextAttemptAt)),
    since: earliest(groups.map(({ failedSince }) => failedSince)),
  };
}

export const earliest = (times: (Date | null)[]): Date | null =>
  times.flatMap((at) => at ?? []).toSorted((one, other) => one.getTime() - other.getTime())[0] ?? null;
