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
  const isToBlame = isDaysOwnFault(errorCode, day, job);
  const before = triesBefore(day, errorCode);
  // More of them than a day is given were not its own: it has not been parked for them.
  const attempts = (isToBlame && before > MAX_ATTEMPTS ? OTHERS_TRIES : before) + 1;
  if (isToBlame && attempts >= MAX_ATTEMPTS)
    return { now, attempts: MAX_ATTEMPTS, errorCode, nextAttemptAt: null };
  const nextAttemptAt = new Date(now.getTime() + backOffMs(attempts, random, errorCode));
  return { now, attempts, errorCode, nextAttemptAt };
}

/** Of the tries that failed for something else than the day itself, such as a long absence of the vendor, so many count. */
const OTHERS_TRIES = 2;
const ITS_OWN = ['payload_invalid', 'answer_too_large', 'internal'];

function triesBefore(
  { attempts, errorCode: before }: Pick<LedgerDay, 'attempts' | 'errorCode'>,
  errorCode: string,
): number {
  return before === errorCode || ITS_OWN.includes(before ?? '') ? attempts : Math.min(attempts, OTHERS_TRIES);
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
