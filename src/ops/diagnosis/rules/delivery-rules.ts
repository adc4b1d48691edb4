import type { ConnectionEvidence } from '../evidence';
import { ofActive, type FindingCode, type Rule } from '../finding';
import { releaseDays, resume, waitUntil, withoutRequest } from './actions';
import { failing, parked } from './failing-days';
import { atTime, between, counted, iso, lastAnswer } from './words';

/** What keeps answers from coming, or from being stored. */

/** Nobody can tell what a user has not measured while the answers do not come. */
const UNKNOWN_MEANWHILE: readonly FindingCode[] = [
  'all_days_404',
  'answers_empty',
  'no_data_yet',
  'device_silent',
  'backfill_running',
];

/** After downtime the stalest connection is caught up with within this time. */
export const OVERDUE_MS = 15 * 60_000;

/** History makes way for all else, but has its turn within this time. */
export const HISTORY_OVERDUE_MS = 60 * 60_000;

export const syncOverdue: Rule = {
  code: 'sync_overdue',
  severity: 'critical',
  means:
    'The connection was to be synced more than 15 minutes ago, or its history to be read more than an hour ago (`work`), and no worker has taken it.',
  todo: 'See that a process with the role `worker` runs and has room (`GET /api/v1/ops/sync`, SYNC_CONCURRENCY).',
  hides: UNKNOWN_MEANWHILE,
  find: ofActive((connection, _subject, now) => {
    const { leaseUntil, lastSyncedAt, lastRunOfAnybodyAt } = connection;
    const overdue = overdueWork(connection, now);
    const isHeld = leaseUntil !== null && leaseUntil > now;
    if (isHeld || overdue === null) return null;
    const { work, dueAt } = overdue;
    const lateMs = now.getTime() - dueAt.getTime();
    const isAlone = lastRunOfAnybodyAt !== null && lastRunOfAnybodyAt > dueAt;
    const others = isAlone
      ? `Other syncs ran until ${atTime(lastRunOfAnybodyAt)}.`
      : 'Nobody else was synced since then either: no worker runs.';
    return {
      since: dueAt,
      message: `${work === 'history' ? 'History' : 'A sync'} was due at ${atTime(dueAt)}, ${counted(Math.floor(lateMs / 60_000), 'minute')} ago, and nobody has taken it. ${others} ${lastAnswer(lastSyncedAt)}`,
      evidence: {
        work,
        due_at: dueAt.toISOString(),
        late_seconds: Math.floor(lateMs / 1_000),
        last_run_of_anybody_at: iso(lastRunOfAnybodyAt),
        last_synced_at: iso(lastSyncedAt),
      },
      action: withoutRequest('fix_the_server', 'See that a process with the role worker runs and has room.'),
    };
  }),
};

/** What has been due for longer than it should be. */
function overdueWork({ wakeAt, historyWakeAt }: ConnectionEvidence, now: Date) {
  const isBefore = (at: Date, ms: number) => now.getTime() - at.getTime() >= ms;
  if (isBefore(wakeAt, OVERDUE_MS)) return { work: 'live', dueAt: wakeAt };
  if (historyWakeAt === null || !isBefore(historyWakeAt, HISTORY_OVERDUE_MS)) return null;
  return { work: 'history', dueAt: historyWakeAt };
}

export const rateLimited: Rule = {
  code: 'rate_limited',
  severity: 'warning',
  means: 'The provider asked to wait (429): for all users (`affects`: `everyone`), or for this one.',
  todo: 'Nothing, unless it stays so: then lower the request budget of the provider.',
  hides: UNKNOWN_MEANWHILE,
  find: ofActive((connection, { name, budget }, now) => {
    const { days, attempts, nextAttemptAt } = failing(connection, 'rate_limited');
    if (nextAttemptAt === null || (attempts === 0 && nextAttemptAt <= now)) return null;
    const isForAll = budget?.blockedUntil != null && budget.blockedUntil > now;
    return {
      message: `${name} wants no more requests before ${atTime(nextAttemptAt)} (429): ${counted(days, 'day')} wait.`,
      evidence: {
        days,
        until: nextAttemptAt.toISOString(),
        affects: isForAll ? 'everyone' : 'this_user',
        last_synced_at: iso(connection.lastSyncedAt),
      },
      action: waitUntil(nextAttemptAt, 'If it stays so, lower the request budget of the provider.'),
    };
  }),
};

export const providerUnavailable: Rule = {
  code: 'provider_unavailable',
  severity: 'warning',
  means:
    'The provider does not answer, or answers with a status that says no more. `affects`: `everyone` while no user gets an answer, else `this_user`.',
  todo: "Nothing, unless it stays so: look at the provider's status page.",
  hides: UNKNOWN_MEANWHILE,
  find: ofActive((connection, { name, budget }) => {
    const { days, span, attempts, nextAttemptAt, since } = failing(connection, 'unavailable');
    if (span === null || attempts === 0) return null;
    const trouble = budget?.breakers.find(
      ({ endpointClass, state }) => endpointClass === 'data' && state === 'open',
    );
    const who = trouble
      ? `does not answer anybody${trouble.since ? ` since ${atTime(trouble.since)}` : ''}`
      : 'does not answer about this user';
    return {
      since: trouble?.since ?? since,
      message: `${name} ${who}: ${counted(days, 'day')} (${between(span)}) could not be fetched, after ${counted(attempts, 'try', 'tries')}. ${lastAnswer(connection.lastSyncedAt)}`,
      evidence: {
        days,
        ...span,
        attempts,
        failing_since: iso(since),
        affects: trouble ? 'everyone' : 'this_user',
        next_attempt_at: iso(nextAttemptAt),
        last_synced_at: iso(connection.lastSyncedAt),
      },
      action: waitUntil(nextAttemptAt, 'If it stays so, see whether the provider tells of an outage.'),
    };
  }),
};

export const answersUnusable: Rule = {
  code: 'answers_unusable',
  severity: 'warning',
  means:
    'The provider answers, but not with data: `not_json` (a web page, half an answer), `empty_body`, `unknown_envelope`, `other_day`, `too_large`. The answers are kept apart, but for those too large; what is stored stays.',
  todo: 'Nothing, unless it stays so: then the provider has changed its answers, and this server needs a new version.',
  hides: UNKNOWN_MEANWHILE,
  find: ofActive((connection, { name }) => {
    const { days, span, attempts, nextAttemptAt, since } = failing(
      connection,
      'payload_invalid',
      'answer_too_large',
    );
    if (span === null || attempts === 0) return null;
    const reasons = connection.unusable.map(({ reason }) => reason);
    if (failing(connection, 'answer_too_large').days > 0) reasons.push('too_large');
    return {
      since,
      message: `The answers of ${name} about ${counted(days, 'day')} (${between(span)}) cannot be used: ${reasons.join(', ')}. ${lastAnswer(connection.lastSyncedAt)}`,
      evidence: {
        days,
        ...span,
        reasons,
        attempts,
        failing_since: iso(since),
        next_attempt_at: iso(nextAttemptAt),
        last_synced_at: iso(connection.lastSyncedAt),
      },
      action: waitUntil(nextAttemptAt, 'If it stays so, the provider has changed its answers.'),
    };
  }),
};

export const daysParked: Rule = {
  code: 'days_parked',
  severity: 'warning',
  means:
    'Days were given up after five tries; the other days go on. `reasons` are the codes of their last failures.',
  todo: 'Once the reason is gone, open them again.',
  hides: UNKNOWN_MEANWHILE,
  find: ofActive((connection, subject) => {
    const { days, span, attempts, since, reasons } = parked(connection);
    if (span === null) return null;
    return {
      since,
      message: `${counted(days, 'day')} (${between(span)}) ${days === 1 ? 'was' : 'were'} given up after ${counted(attempts, 'try', 'tries')}: ${reasons.join(', ')}.`,
      evidence: { days, ...span, reasons, attempts, failing_since: iso(since) },
      action: releaseDays(subject),
    };
  }),
};

export const backfillPaused: Rule = {
  code: 'backfill_paused',
  severity: 'warning',
  means: 'Somebody has paused the reading of history; new days go on to come.',
  todo: 'Resume it, or cancel it.',
  hides: ['no_data_yet'],
  find: ofActive(({ running }, { userId, name }) => {
    const run = running.find(({ pausedAt }) => pausedAt !== null);
    if (run === undefined || run.pausedAt === null) return null;
    const { runId, pausedAt, daysDone, daysTotal } = run;
    return {
      since: pausedAt,
      message: `The backfill from ${name} was paused at ${atTime(pausedAt)}, after ${daysDone} of ${daysTotal ?? 'its'} days.`,
      evidence: {
        run_id: runId,
        paused_at: pausedAt.toISOString(),
        days_done: daysDone,
        days_total: daysTotal,
      },
      action: resume(userId, runId),
    };
  }),
};
