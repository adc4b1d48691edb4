import type { ProviderCase, SignInTrace } from '../evidence';
import type { Rule } from '../finding';
import { reconnect, withoutRequest } from './actions';
import { atTime, counted } from './words';

/** As long as a sign-in may take (`OAuthStateStore`). */
const SIGN_IN_MS = 15 * 60_000;

/**
 * A sign-in that somebody waits for: a user whose data comes may sign in again, or not. What came of one before the
 * connection ended, or was refused, says nothing about that.
 */
function awaited({ connection, signIn }: ProviderCase): SignInTrace | null {
  if (signIn === null || connection === null) return signIn;
  const { status, attention, changedAt } = connection;
  const dataComes = status === 'active' && (attention === null || attention === 'refresh_failing');
  const failedAt = signIn.failedAt !== null && signIn.failedAt >= changedAt ? signIn.failedAt : null;
  const isPast = failedAt === null && signIn.begunAt < changedAt;
  return dataComes || isPast ? null : { ...signIn, failedAt };
}

/** One that came back in failure, and none was begun and left after it. */
const failedLast = ({ begunAt, failedAt }: SignInTrace, now: Date): boolean =>
  failedAt !== null && (failedAt >= begunAt || !isOver(begunAt, now));

const isOver = (begunAt: Date, now: Date): boolean => now.getTime() - begunAt.getTime() >= SIGN_IN_MS;

const WHY: Record<string, string> = {
  access_denied: 'the user, or the provider, did not allow the access',
  account_already_linked: 'the account is linked to another user of this server',
  temporarily_unavailable: 'the provider did not complete it',
  server_error: 'the provider or this server could not complete it',
  invalid_scope: 'the provider does not know a scope that this server asks for',
};

export const signInFailed: Rule = {
  code: 'sign_in_failed',
  severity: 'critical',
  means: 'The last sign-in ended in an error; `error` is what the browser was told.',
  todo: 'Let the user sign in again; `account_already_linked` needs another account, or the other user disconnected.',
  hides: ['never_connected', 'disconnected'],
  find(subject, now) {
    const signIn = awaited(subject);
    if (signIn === null || signIn.failedAt === null || !failedLast(signIn, now)) return null;
    const { failedAt, error, failures } = signIn;
    const why = WHY[error ?? ''] ?? 'the provider answered in error';
    return {
      since: failedAt,
      message: `The sign-in with ${subject.name} failed at ${atTime(failedAt)} (${error}): ${why}. ${counted(failures, 'sign-in')} in a row failed.`,
      evidence: { failed_at: failedAt.toISOString(), error, failures },
      action: reconnect(subject),
    };
  },
};

export const signInUnfinished: Rule = {
  code: 'sign_in_unfinished',
  severity: 'critical',
  means:
    'A sign-in was begun and its browser did not come back within 15 minutes with the state it was given: the user left, the consent page was broken, or the state was changed on the way.',
  todo: 'Let the user sign in again. If it stays so, check that the redirect URI reaches this server.',
  hides: ['never_connected', 'disconnected'],
  find(subject, now) {
    const signIn = awaited(subject);
    if (signIn === null || failedLast(signIn, now) || !isOver(signIn.begunAt, now)) return null;
    const { begunAt, failures } = signIn;
    return {
      since: begunAt,
      message: `The sign-in with ${subject.name} that was begun at ${atTime(begunAt)} has not come back.`,
      evidence: { begun_at: begunAt.toISOString(), failures },
      action: reconnect(subject),
    };
  },
};

export const disconnected: Rule = {
  code: 'disconnected',
  severity: 'info',
  means:
    'The connection was ended on purpose; what it brought is kept. `revocations_pending`: tokens that the provider has not been told to end yet.',
  todo: 'Nothing, unless the user wants to connect again.',
  hides: [],
  find(subject) {
    const { connection, name } = subject;
    if (connection?.status !== 'revoked') return null;
    const { pending } = connection.revocations;
    const toTell =
      pending === 0 ? '' : ` ${name} has not yet been told to end the tokens: it is tried for a day.`;
    return {
      since: connection.changedAt,
      message: `The user was disconnected from ${name} at ${atTime(connection.changedAt)}.${toTell}`,
      evidence: {
        disconnected_at: connection.changedAt.toISOString(),
        revocations_pending: pending,
        last_synced_at: connection.lastSyncedAt?.toISOString() ?? null,
      },
      action: reconnect(subject),
    };
  },
};

export const neverConnected: Rule = {
  code: 'never_connected',
  severity: 'info',
  means: 'The user has not connected a provider yet; a sign-in may be under way.',
  todo: 'Let the user sign in.',
  hides: [],
  find(subject) {
    const { connection, signIn, name } = subject;
    if (connection !== null) return null;
    const begunAt = signIn?.begunAt ?? null;
    return {
      since: begunAt,
      message: `The user is not connected to ${name}; a sign-in${begunAt === null ? '' : ` of ${atTime(begunAt)}`} is under way.`,
      evidence: { begun_at: begunAt?.toISOString() ?? null },
      action:
        begunAt === null
          ? reconnect(subject)
          : withoutRequest('wait', 'Wait for the user to finish the sign-in.'),
    };
  },
};
