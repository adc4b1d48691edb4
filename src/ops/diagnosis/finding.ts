import type { ConnectionEvidence, ProviderCase } from './evidence';

/**
 * `critical`: no data comes until somebody does something. `warning`: data is late or missing. `info`: worth knowing,
 * nothing is lost. `ok`: all is well.
 */
export const SEVERITIES = ['critical', 'warning', 'info', 'ok'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type FindingCode =
  | 'provider_not_configured'
  | 'client_refused'
  | 'sign_in_failed'
  | 'sign_in_unfinished'
  | 'account_changed'
  | 'reconnect_needed'
  | 'access_forbidden'
  | 'token_not_accepted'
  | 'internal_error'
  | 'sync_overdue'
  | 'refresh_failing'
  | 'rate_limited'
  | 'provider_unavailable'
  | 'answers_unusable'
  | 'days_parked'
  | 'backfill_paused'
  | 'all_days_404'
  | 'answers_empty'
  | 'no_data_yet'
  | 'device_silent'
  | 'scope_missing'
  | 'values_refused'
  | 'answers_shrunk'
  | 'days_recut'
  | 'unknown_data'
  | 'backfill_running'
  | 'disconnected'
  | 'never_connected'
  | 'healthy';

/** What to do next, for people and for programs. */
export interface Action {
  kind: ActionKind;
  text: string;
  /** The request that does it, or begins it; null where no request does. */
  method: 'GET' | 'POST' | null;
  path: string | null;
  /** Of the request; null where it has none. */
  body: Record<string, string> | null;
  /** Null: now. */
  notBefore: Date | null;
}

export const ACTION_KINDS = [
  /** Send the user the address that the route answers. */
  'reconnect',
  /** Something for the person who wears the device. */
  'ask_the_user',
  /** Something for whoever runs the server. */
  'fix_the_server',
  /** Have days that were given up tried again. */
  'release_days',
  /** Let a backfill go on. */
  'resume',
  /** Look at what the route shows, and decide. */
  'look',
  'wait',
  'none',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** Counts, times, dates and codes: never a health value. */
export type Facts = Record<string, string | number | null | string[]>;

export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** Null: about the user as a whole. */
  provider: string | null;
  connectionId: string | null;
  /** Since when it is so, as far as that is known. */
  since: Date | null;
  message: string;
  evidence: Facts;
  action: Action;
}

/** What a rule has found. */
export type Told = Pick<Finding, 'message' | 'evidence' | 'action'> & { since?: Date | null };

/** One finding there may be: told of where it holds, with what an operator's guide says of it. */
export interface Rule {
  code: FindingCode;
  severity: Severity;
  means: string;
  todo: string;
  /** What is but a consequence of it, and not told beside it. `rest`: all that stands behind it in the table. */
  hides: readonly FindingCode[] | 'rest';
  find(subject: ProviderCase, now: Date): Told | null;
}

/** A rule about a connection that is synced. */
export const ofActive =
  (find: (connection: ConnectionEvidence, subject: ProviderCase, now: Date) => Told | null): Rule['find'] =>
  (subject, now) =>
    subject.connection?.status === 'active' ? find(subject.connection, subject, now) : null;
