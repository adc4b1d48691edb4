import type { ConnectionEvidence } from '../evidence';
import { ofActive, type Rule } from '../finding';
import { look, reconnect, withoutRequest } from './actions';
import { failing } from './failing-days';
import { atTime, counted, iso, lastAnswer } from './words';

/** What keeps this server from reading a user's account. */

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
      since: connection.changedAt,
      message: `${subject.name} refuses to give the user's data (403): ${counted(waiting.days, 'day')} wait.${why} ${lastAnswer(connection.lastSyncedAt)}`,
      evidence: {
        forbidden_since: connection.changedAt.toISOString(),
        days: waiting.days,
        missing_scopes: missing,
        last_synced_at: iso(connection.lastSyncedAt),
        next_attempt_at: iso(waiting.nextAttemptAt),
      },
      action: reconnect(subject, ' There they must allow what this server asks for.'),
    };
  }),
};

export const internalError: Rule = {
  code: 'internal_error',
  severity: 'critical',
  means: 'A run or a day broke off for a fault in this server, such as an encryption key that is missing.',
  todo: "Look for the error of that time in the server's log, and at its settings.",
  hides: ['all_days_404', 'answers_empty', 'no_data_yet', 'device_silent', 'backfill_running'],
  find: ofActive((connection, subject) => {
    const waiting = failing(connection, 'internal');
    if (waiting.attempts === 0) return null;
    return {
      since: waiting.since,
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

export const scopeMissing: Rule = {
  code: 'scope_missing',
  severity: 'info',
  means: 'The user did not allow everything that this server asks for; the rest is synced.',
  todo: 'If the user wants that data here, they sign in again and allow it.',
  hides: [],
  find: ofActive((connection, subject) => {
    const missing = missingScopes(connection);
    if (missing.length === 0) return null;
    return {
      message: `The user did not allow ${missing.join(', ')}: what belongs to it does not come.`,
      evidence: { missing_scopes: missing },
      action: reconnect(subject, ' There they may allow it.'),
    };
  }),
};

/** What the server asks for and the user did not allow, as far as the vendor says what they allowed. */
export const missingScopes = ({ asked, granted }: ConnectionEvidence): string[] =>
  granted === null ? [] : asked.filter((scope) => !granted.includes(scope));
