import type { ProviderCase } from '../evidence';
import type { Action, ActionKind } from '../finding';
import { atTime } from './words';

const without = { method: null, path: null, body: null, notBefore: null };

export const reconnect = ({ provider, userId, name }: ProviderCase, then = ''): Action => ({
  ...without,
  kind: 'reconnect',
  text: `Send the user the \`authorization_url\` that this request answers, to sign in with ${name} again.${then}`,
  method: 'GET',
  path: `/api/v1/oauth/${provider}/authorize?user_id=${userId}`,
});

/** Not of what was given up at other providers. */
export const releaseDays = ({ provider, userId }: ProviderCase): Action => ({
  ...without,
  kind: 'release_days',
  text: 'Once the reason is gone, have these days tried again, with all their tries before them.',
  method: 'POST',
  path: '/api/v1/ops/sync/parked/release',
  body: { user_id: userId, provider },
});

export const resume = (userId: string, runId: string): Action => ({
  ...without,
  kind: 'resume',
  text: 'Let the backfill go on where it stands.',
  method: 'POST',
  path: `/api/v1/users/${userId}/sync/runs/${runId}/resume`,
});

/** It is tried again by itself. */
export const waitUntil = (at: Date | null, unless: string): Action => ({
  ...without,
  kind: 'wait',
  text: `Nothing: it is tried again by itself${at === null ? '' : ` at ${atTime(at)}`}. ${unless}`,
  notBefore: at,
});

export const look = (path: string, text: string): Action => ({
  ...without,
  kind: 'look',
  text,
  method: 'GET',
  path,
});

export const withoutRequest = (kind: ActionKind, text: string): Action => ({ ...without, kind, text });
