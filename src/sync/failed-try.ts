import { backOffMs, MAX_ATTEMPTS } from './plan';
import type { SyncJob } from './sync-job';
import type { FailedTry, LedgerDay } from './sync-ledger';
import { daysDone } from './tally';

/** What becomes of a day after a try that failed: another one after a while, or none. @param random from 0 to 1 */
export function failedTry(
  day: Pick<LedgerDay, 'attempts' | 'errorCode' | 'failedSince'>,
  job: { run: Pick<SyncJob['run'], 'details'>; connection: Pick<SyncJob['connection'], 'lastSyncedAt'> },
  { errorCode, now, random }: { errorCode: string; now: Date; random: number },
): FailedTry {
  const isOwn = isDaysOwnFault(errorCode, day, job);
  const attempts = triesBefore(day, errorCode, isOwn) + 1;
  const parked = attempts >= MAX_ATTEMPTS && isOwn;
  const nextAttemptAt = parked ? null : new Date(now.getTime() + backOffMs(attempts, random, errorCode));
  return { attempts, errorCode, nextAttemptAt, failedSince: day.failedSince ?? (isOwn ? now : null) };
}

const ITS_OWN = ['payload_invalid', 'answer_too_large', 'internal'];

/**
 * Of the tries that failed for something else than the day itself, such as a long absence of the vendor, two count at
 * most; but while the absence lasts all do, for the wait alone.
 */
function triesBefore(
  { attempts, errorCode: before, failedSince }: Pick<LedgerDay, 'attempts' | 'errorCode' | 'failedSince'>,
  errorCode: string,
  isOwn: boolean,
): number {
  const isSame = before === errorCode;
  const all = failedSince === null ? isSame && !isOwn : isSame || ITS_OWN.includes(before ?? '');
  return all ? attempts : Math.min(attempts, 2);
}

/** While the vendor is away no day is to blame; once it has answered about others meanwhile, the day is. */
function isDaysOwnFault(
  errorCode: string,
  { failedSince }: Pick<LedgerDay, 'failedSince'>,
  { run, connection: { lastSyncedAt } }: Parameters<typeof failedTry>[1],
): boolean {
  if (errorCode !== 'unavailable' || daysDone(run.details) > 0) return true;
  return failedSince !== null && lastSyncedAt !== null && lastSyncedAt > failedSince;
}
