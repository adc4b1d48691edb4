import { ofActive, type Rule } from '../finding';
import { reconnect, waitUntil, withoutRequest } from './actions';
import { failing } from './failing-days';
import { atTime, counted, iso, lastAnswer } from './words';

/** What keeps this server from having a token that works. */

export const clientRefused: Rule = {
  code: 'client_refused',
  severity: 'critical',
  means: "The provider refuses this server's client id or secret: no token of any user can be renewed.",
  todo: 'Set the right ones, and restart; or ask the provider whether the app was withdrawn.',
  hides: 'rest',
  find: ofActive((connection, { name, clientRefused }) => {
    if (clientRefused === null) return null;
    const { at, probeAt } = clientRefused;
    return {
      since: at,
      message: `${name} refuses the client id or secret of this server since ${atTime(at)}: no access can be renewed. ${lastAnswer(connection.lastSyncedAt)}`,
      evidence: {
        refused_at: at.toISOString(),
        next_attempt_at: iso(probeAt),
        token_expires_at: iso(connection.tokens?.expiresAt),
        last_synced_at: iso(connection.lastSyncedAt),
      },
      action: withoutRequest(
        'fix_the_server',
        'Set the right client id and secret of the provider, and restart.',
      ),
    };
  }),
};

export const reconnectNeeded: Rule = {
  code: 'reconnect_needed',
  severity: 'critical',
  means:
    'The provider refused to renew the access, for good; the connection is `expired`. `reason`: `invalid_grant` (withdrawn by the user or the provider), `refresh_response_lost` (the answer with new tokens never came), `no_refresh_token`.',
  todo: 'The user signs in again.',
  hides: 'rest',
  find(subject) {
    const { connection, name } = subject;
    if (connection?.status !== 'expired') return null;
    const { changedAt, statusReason, tokens, lastSyncedAt } = connection;
    const why = WHY_EXPIRED[statusReason ?? ''] ?? 'refused to renew the access';
    return {
      since: changedAt,
      message: `${name} ${why} at ${atTime(changedAt)}: nothing is fetched any more. ${lastAnswer(lastSyncedAt)}`,
      evidence: {
        expired_at: changedAt.toISOString(),
        reason: statusReason,
        first_refused_at: iso(tokens?.refreshRefusedAt),
        answer_lost_at: iso(tokens?.answerLostAt),
        last_synced_at: iso(lastSyncedAt),
      },
      action: reconnect(subject),
    };
  },
};

const WHY_EXPIRED: Record<string, string> = {
  refresh_response_lost: 'did not take back a token after its answer with a new one was lost,',
  no_refresh_token: 'gave a token that cannot be renewed, and it ended',
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
    'backfill_running',
  ],
  find: ofActive(({ tokens, lastSyncedAt }, subject, now) => {
    if (tokens === null || tokens.refreshFailures === 0) return null;
    const { refreshFailures, refreshError, refreshRetryAt, refreshRefusedAt, expiresAt } = tokens;
    const tries = counted(refreshFailures, 'try', 'tries');
    const what = refreshRefusedAt
      ? `refused to renew the access at ${atTime(refreshRefusedAt)}, and is asked once more`
      : `gave no new token in ${tries} (last: ${refreshError})`;
    const life = expiresAt
      ? ` The present one ${expiresAt > now ? 'is good until' : 'ended at'} ${atTime(expiresAt)}.`
      : '';
    return {
      since: refreshRefusedAt ?? tokens.answerLostAt,
      message: `${subject.name} ${what}.${life} ${lastAnswer(lastSyncedAt)}`,
      evidence: {
        failures: refreshFailures,
        error: refreshError,
        refused_at: iso(refreshRefusedAt),
        answer_lost_at: iso(tokens.answerLostAt),
        token_expires_at: iso(expiresAt),
        next_attempt_at: iso(refreshRetryAt),
        last_synced_at: iso(lastSyncedAt),
      },
      action: waitUntil(refreshRetryAt, 'If the provider refuses again, the user must sign in again.'),
    };
  }),
};
