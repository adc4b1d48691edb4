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
  const attempts = triesBefore(day, errorCode) + 1;
  const parked = attempts >= MAX_ATTEMPTS && isDaysOwnFault(errorCode, day, job);
  const nextAttemptAt = parked ? null : new Date(now.getTime() + backOffMs(attempts, random, errorCode));
  return { now, attempts, errorCode, nextAttemptAt };
}

const ITS_OWN = ['payload_invalid', 'answer_too_large', 'internal'];

/** Of the tries that failed for something else than the day itself, such as a long absence of the vendor, two count at most. */
function triesBefore(
  { attempts, errorCode: before }: Pick<LedgerDay, 'attempts' | 'errorCode'>,
  errorCode: string,
): number {
  return before === errorCode || ITS_OWN.includes(before ?? '') ? attempts : Math.min(attempts, 2);
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
