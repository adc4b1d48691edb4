import type { VendorBudget } from './vendor-budget.entity';

/** `ok`: the vendor answers, also with a refusal that is about one user; `limited`: 429; `failed`: the vendor's own trouble. */
export type Outcome = 'ok' | 'limited' | 'failed';

export const WINDOW_SECONDS = 60;
/** One call in so many seconds is let through to see whether the vendor is back. */
export const PROBE_SECONDS = 30;
/** Of the window: what is older goes in steps of this. */
export const STEP_SECONDS = 10;

const WINDOW_CALLS = 20;
const FAILED_SHARE = 0.5;
const FAILURES_IN_ROW = 10;
/** One user whose calls fail for a reason of their own must not stop the others. */
const CONNECTIONS = 3;

/**
 * What an answer tells of the vendor's health. A page of HTML in place of data comes from a gateway in trouble, and a
 * redirect leads to such a page; a 4xx is about the request.
 * @param answer null for a timeout or a broken connection
 */
export function outcomeOf(answer: { status: number; headers: Record<string, string> } | null): Outcome {
  if (answer === null) return 'failed';
  const { status, headers } = answer;
  if (status === 429) return 'limited';
  if (status >= 400) return status >= 500 ? 'failed' : 'ok';
  return status >= 300 || headers['content-type']?.startsWith('text/html') ? 'failed' : 'ok';
}

/** What the breaker goes by. */
export type CallRecord = Pick<
  VendorBudget,
  'recentCalls' | 'failuresInRow' | 'failedConnections' | 'answeredAt' | 'openedAt'
>;

/** Whether the failure just recorded is one too many. */
export function mustOpen(record: CallRecord, now: Date): boolean {
  if (record.openedAt !== null) return false;
  const windowStart = now.getTime() - WINDOW_SECONDS * 1_000;
  const { calls, failures } = countSince(record.recentCalls, windowStart);
  const failedSince = (at: number) =>
    Object.values(record.failedConnections).filter((failedAt) => failedAt > at).length >= CONNECTIONS;
  return (
    (calls >= WINDOW_CALLS && failures >= calls * FAILED_SHARE && failedSince(windowStart)) ||
    (record.failuresInRow >= FAILURES_IN_ROW && failedSince(record.answeredAt?.getTime() ?? 0))
  );
}

function countSince(
  recentCalls: CallRecord['recentCalls'],
  from: number,
): { calls: number; failures: number } {
  const counts = Object.entries(recentCalls)
    .filter(([step]) => (Number(step) + 1) * STEP_SECONDS * 1_000 > from)
    .map(([, count]) => count);
  return {
    calls: counts.reduce((sum, [calls]) => sum + calls, 0),
    failures: counts.reduce((sum, [, failures]) => sum + failures, 0),
  };
}
