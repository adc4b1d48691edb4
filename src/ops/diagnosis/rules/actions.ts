import type { ProviderCase } from '../evidence';
import type { Action, ActionKind } from '../finding';
import { atTime } from './words';

const without = { method: null, path: null, notBefore: null };

export const reconnect = ({ provider, userId, name }: ProviderCase, then = ''): Action => ({
  kind: 'reconnect',
  text: `Send the user the \`authorization_url\` that this request answers, to sign in with ${name} again.${then}`,
  method: 'GET',
  path: `/api/v1/oauth/${provider}/authorize?user_id=${userId}`,
  notBefore: null,
});

export const syncNow = ({ provider, userId }: ProviderCase, from: string, to: string): Action => ({
  kind: 'sync_now',
  text: 'Have these days fetched again; their tries are counted anew.',
  method: 'POST',
  path: `/api/v1/providers/${provider}/users/${userId}/sync?summary_start_time=${from}&summary_end_time=${to}`,
  notBefore: null,
});

/** It is tried again by itself. */
export const waitUntil = (at: Date | null, unless: string): Action => ({
  ...without,
  kind: 'wait',
  text: `Nothing: it is tried again by itself${at === null ? '' : ` at ${atTime(at)}`}. ${unless}`,
  notBefore: at,
});

export const look = (path: string, text: string): Action => ({
  kind: 'look',
  text,
  method: 'GET',
  path,
  notBefore: null,
});

export const withoutRequest = (kind: ActionKind, text: string): Action => ({ ...without, kind, text });
