import { ofActive, type Rule } from '../finding';
import type { ConnectionEvidence } from '../evidence';
import { look, reconnect, waitUntil, withoutRequest } from './actions';
import { failing } from './failing-days';
import { atTime, counted, iso, lastAnswer } from './words';

/** What keeps this server from reading a user's account at all. */

export const notConfigured: Rule = {
  code: 'provider_not_configured',
  severity: 'critical',
  means: 'The server lacks the settings, or the code, of the provider that the user is connected to.',
  todo: 'Set what `missing` names, and restart.',
  hides: 'rest',
  find({ name, missingSettings, connection }) {
    if (missingSettings?.length === 0 || connection === null || connection.status === 'revoked') return null;
    const missing = [...(missingSettings ?? [])];
    const what = missingSettings === null ? 'is not part of this server' : `lacks ${missing.join(' and ')}`;
    return {
      message: `${name} ${what}: nothing can be fetched.`,
      evidence: { missing },
      action: withoutRequest('fix_the_server', 'Set the provider up on this server, and restart it.'),
    };
  },
};

export const accountChanged: Rule = {
  code: 'account_changed',
  severity: 'critical',
  means: 'After a refresh the provider named another account than the one signed in with: nothing is stored.',
  todo: 'The user signs in again. With the former account its data goes on, with another one a new source begins.',
  hides: 'rest',
  find: ofActive((connection, subject) => {
    if (connection.attention !== 'account_changed') return null;
    return {
      since: connection.changedAt,
      message: `Since ${atTime(connection.changedAt)} ${subject.name} answers for another account than the user signed in with: nothing is stored, and it is not asked any more.`,
      evidence: {
        noticed_at: connection.changedAt.toISOString(),
        last_synced_at: iso(connection.lastSyncedAt),
      },
      action: reconnect(
        subject,
        ' With the former account its data goes on; with another one a new source begins.',
      ),
    };
  }),
};

export const reconnectNeeded: Rule = {
  code: 'reconnect_needed',
  severity: 'critical',
  means: 'The provider refused to renew the access, for good; the connection is `expired`.',
  todo: 'The user signs in again.',
  hides: 'rest',
  find(subject) {
    const { connection, name } = subject;
    if (connection?.status !== 'expired') return null;
    const { changedAt, tokens, lastSyncedAt } = connection;
    return {
      since: changedAt,
      message: `${name} refused to renew the access at ${atTime(changedAt)}: nothing is fetched any more. ${lastAnswer(lastSyncedAt)}`,
      evidence: {
        refused_at: changedAt.toISOString(),
        first_refused_at: iso(tokens?.refreshRefusedAt),
        last_synced_at: iso(lastSyncedAt),
      },
      action: reconnect(subject),
    };
  },
};

export const accessForbidden: Rule = {
  code: 'access_forbidden',
  severity: 'critical',
  means:
    'The provider takes the token and refuses the data (403): the user allowed too little (`missing_scopes`), or the provider does not let this application read the account.',
  todo: 'The user signs in again and allows the data. If scopes are not what is missing, ask the provider.',
  hides: 'rest',
  find: ofActive((connection, subject) => {
    if (connection.attention !== 'forbidden') return null;
    const missing = missingScopes(connection);
    const why = missing.length === 0 ? '' : ` The user did not allow ${missing.join(', ')}.`;
    const waiting = failing(connection, 'forbidden');
    return {
      message: `${subject.name} refuses to give the user's data (403): ${counted(waiting.days, 'day')} wait.${why} ${lastAnswer(connection.lastSyncedAt)}`,
      evidence: {
        days: waiting.days,
        missing_scopes: missing,
        last_synced_at: iso(connection.lastSyncedAt),
        next_attempt_at: iso(waiting.nextAttemptAt),
      },
      action: reconnect(subject, ' There they must allow what this server asks for.'),
    };
  }),
};

export const tokenNotAccepted: Rule = {
  code: 'token_not_accepted',
  severity: 'critical',
  means: 'The provider answers 401 even to a token that it has just given out.',
  todo: 'Try again later; if it stays so, the user signs in again.',
  hides: 'rest',
  find: ofActive((connection, subject) => {
    const waiting = failing(connection, 'unauthorized');
    if (waiting.attempts === 0) return null;
    return {
      message: `${subject.name} does not take the user's token (401), not even a renewed one: ${counted(waiting.days, 'day')} wait. ${lastAnswer(connection.lastSyncedAt)}`,
      evidence: {
        days: waiting.days,
        attempts: waiting.attempts,
        token_issued_at: iso(connection.tokens?.issuedAt),
        last_synced_at: iso(connection.lastSyncedAt),
        next_attempt_at: iso(waiting.nextAttemptAt),
      },
      action: reconnect(subject),
    };
  }),
};

export const refreshFailing: Rule = {
  code: 'refresh_failing',
  severity: 'warning',
  means: 'The access could not be renewed for now; data comes as long as the present token lives.',
  todo: 'Nothing, unless it stays so: then the connection becomes `reconnect_needed`, or the provider is down.',
  hides: [
    'rate_limited',
    'provider_unavailable',
    'all_days_404',
    'answers_empty',
    'no_data_yet',
    'device_silent',
    'first_sync_running',
  ],
  find: ofActive(({ attention, tokens, ...connection }, subject, now) => {
    const { refreshAttemptedAt, refreshRefusedAt, expiresAt } = tokens ?? {};
    const isUnderWay = refreshAttemptedAt && now.getTime() - refreshAttemptedAt.getTime() < REFRESH_TAKES_MS;
    const at = refreshRefusedAt ?? refreshAttemptedAt;
    if (!at || (attention !== 'refresh_failing' && isUnderWay)) return null;
    const what = refreshRefusedAt
      ? 'refused to renew the access once'
      : 'gave no answer, or no token, when asked to renew the access';
    const life = expiresAt
      ? ` The present token ${expiresAt > now ? 'is good until' : 'ended at'} ${atTime(expiresAt)}.`
      : '';
    return {
      since: at,
      message: `${subject.name} ${what}, at ${atTime(at)}.${life} ${lastAnswer(connection.lastSyncedAt)}`,
      evidence: {
        refused_at: iso(refreshRefusedAt),
        attempted_at: iso(refreshAttemptedAt),
        token_expires_at: iso(expiresAt),
        last_synced_at: iso(connection.lastSyncedAt),
      },
      action: waitUntil(null, 'If the provider refuses again, the user must sign in again.'),
    };
  }),
};

/** No request to a token endpoint takes longer. */
const REFRESH_TAKES_MS = 30_000;

export const internalError: Rule = {
  code: 'internal_error',
  severity: 'critical',
  means: 'A run or a day broke off for a fault in this server, such as an encryption key that is missing.',
  todo: "Look for the error of that time in the server's log, and at its settings.",
  hides: ['all_days_404', 'answers_empty', 'no_data_yet', 'device_silent', 'first_sync_running'],
  find: ofActive((connection, subject) => {
    const waiting = failing(connection, 'internal');
    if (waiting.attempts === 0) return null;
    return {
      since: connection.lastRun?.endedAt,
      message: `A fault in this server kept ${counted(waiting.days, 'day')} from being stored. ${lastAnswer(connection.lastSyncedAt)}`,
      evidence: {
        days: waiting.days,
        attempts: waiting.attempts,
        last_run_id: connection.lastRun?.runId ?? null,
        last_synced_at: iso(connection.lastSyncedAt),
      },
      action: look(
        `/api/v1/users/${subject.userId}/sync/runs`,
        "Look at the runs, and for their times at the server's log.",
      ),
    };
  }),
};

/** What the server asks for and the user did not allow, as far as the vendor says what they allowed. */
export const missingScopes = ({ asked, granted }: ConnectionEvidence): string[] =>
  granted === null ? [] : asked.filter((scope) => !granted.includes(scope));
