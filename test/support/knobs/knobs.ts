import type { Control } from '../../../simulator/control/control';
import type { Fault } from '../../../simulator/faults/fault';
import type { ShapeName } from '../../../simulator/shapes/shapes';
import type { FindingCode } from '../../../src/ops/diagnosis/finding';

/** What is turned, in whose life, and the one finding that is right then. */

/** Ring only, and every answer well understood. */
export const PERSONA = 1001;

/**
 * `sign-in`: at the first one; `sync`: an hour later; `refresh`: a day later, when the token is over; `settled`: a week
 * later, when the month is read again; `disconnect`: when the user goes.
 */
export type Moment = 'sign-in' | 'sync' | 'refresh' | 'settled' | 'disconnect';

export interface FaultKnob {
  fault: Fault;
  moment: Moment;
  finding: FindingCode;
}

const at =
  (moment: Moment, route: string) =>
  (mode: Fault['mode'], finding: FindingCode, more: Partial<Fault> = {}): FaultKnob => ({
    fault: { route, mode, ...more },
    moment,
    finding,
  });
const onSignIn = (route: string) => at('sign-in', route);
const onSync = at('sync', 'metrics');
const onRefresh = (route: string) => at('refresh', route);

export const FAULT_KNOBS: readonly FaultKnob[] = [
  // A consent page that is broken sends nobody back; one that is slow, or half, does.
  onSignIn('authorise')('status', 'sign_in_unfinished', { status: 503 }),
  onSignIn('authorise')('hang', 'sign_in_unfinished'),
  onSignIn('authorise')('drip', 'healthy', { ms: 40 }),
  onSignIn('authorise')('html', 'sign_in_unfinished'),
  onSignIn('authorise')('truncated', 'healthy'),
  onSignIn('authorise')('empty', 'sign_in_unfinished'),
  onSignIn('authorise')('drop', 'sign_in_unfinished'),
  onSignIn('authorise')('state_tamper', 'sign_in_unfinished'),

  onSignIn('token')('status', 'sign_in_failed', { status: 503 }),
  onSignIn('token')('status', 'sign_in_failed', { status: 401 }),
  onSignIn('token')('hang', 'sign_in_failed'),
  onSignIn('token')('drip', 'healthy', { ms: 40 }),
  onSignIn('token')('html', 'sign_in_failed'),
  onSignIn('token')('truncated', 'sign_in_failed'),
  onSignIn('token')('empty', 'sign_in_failed'),
  onSignIn('token')('drop', 'sign_in_failed'),

  onRefresh('token')('status', 'refresh_failing', { status: 503 }),
  onRefresh('token')('status', 'refresh_failing', { status: 429 }),
  onRefresh('token')('status', 'refresh_failing', { status: 400 }),
  onRefresh('token')('hang', 'refresh_failing'),
  onRefresh('token')('drip', 'healthy', { ms: 40 }),
  onRefresh('token')('html', 'refresh_failing'),
  onRefresh('token')('truncated', 'refresh_failing'),
  onRefresh('token')('empty', 'refresh_failing'),
  onRefresh('token')('drop', 'refresh_failing'),
  // The new pair is lost on its way, and the old one is dead.
  onRefresh('token')('drop', 'reconnect_needed', { after: true, times: 1 }),

  onSignIn('token_info')('status', 'sign_in_failed', { status: 503 }),
  onSignIn('token_info')('status', 'sign_in_failed', { status: 403 }),
  onSignIn('token_info')('hang', 'sign_in_failed'),
  onSignIn('token_info')('drip', 'healthy', { ms: 40 }),
  onSignIn('token_info')('drop', 'sign_in_failed'),
  // `user_info` names the account as well.
  onSignIn('token_info')('html', 'healthy'),
  onSignIn('token_info')('truncated', 'healthy'),
  onSignIn('token_info')('empty', 'healthy'),
  // A renewed token is not used before it is known whose it is.
  onRefresh('token_info')('status', 'provider_unavailable', { status: 503 }),
  onRefresh('token_info')('drop', 'provider_unavailable'),

  // Only for a name.
  onSignIn('user_info')('status', 'healthy', { status: 503 }),
  onSignIn('user_info')('hang', 'healthy'),
  onSignIn('user_info')('drip', 'healthy', { ms: 40 }),
  onSignIn('user_info')('html', 'healthy'),
  onSignIn('user_info')('truncated', 'healthy'),
  onSignIn('user_info')('empty', 'healthy'),
  onSignIn('user_info')('drop', 'healthy'),

  onSync('status', 'provider_unavailable', { status: 500 }),
  onSync('status', 'provider_unavailable', { status: 503 }),
  onSync('status', 'provider_unavailable', { status: 400 }),
  onSync('status', 'token_not_accepted', { status: 401 }),
  onSync('status', 'access_forbidden', { status: 403 }),
  onSync('status', 'all_days_404', { status: 404 }),
  onSync('status', 'rate_limited', { status: 429, retry_after: 7_200 }),
  onSync('status', 'rate_limited', { status: 429 }),
  onSync('status', 'answers_unusable', { status: 204 }),
  // A token that is not taken once, or twice, is renewed, and that is all.
  onSync('status', 'healthy', { status: 401, times: 1 }),
  onSync('hang', 'provider_unavailable'),
  onSync('drip', 'healthy', { ms: 40 }),
  onSync('drop', 'provider_unavailable'),
  onSync('html', 'answers_unusable'),
  onSync('html', 'provider_unavailable', { status: 502 }),
  onSync('truncated', 'answers_unusable'),
  onSync('empty', 'answers_unusable'),
  onSync('other_day', 'answers_unusable'),
  // Today and yesterday are not settled: a smaller answer about them is a revision.
  onSync('shape', 'healthy', { shape: 'rolled_back' }),
  at('settled', 'metrics')('shape', 'answers_shrunk', { shape: 'nulls' }),
  onSync('shape', 'answers_shrunk', { shape: 'day_removed' }),
  at('settled', 'metrics')('shape', 'answers_shrunk', { shape: 'data_list' }),

  // Whatever the vendor says to that, the user is gone; it is told again for a day.
  at('disconnect', 'revoke')('status', 'disconnected', { status: 503 }),
  at('disconnect', 'revoke')('hang', 'disconnected'),
  at('disconnect', 'revoke')('drip', 'disconnected', { ms: 40 }),
  at('disconnect', 'revoke')('html', 'disconnected'),
  at('disconnect', 'revoke')('truncated', 'disconnected'),
  at('disconnect', 'revoke')('empty', 'disconnected'),
  at('disconnect', 'revoke')('drop', 'disconnected'),
];

/** Every answer of a new user has the shape. */
export const SHAPE_KNOBS: readonly [ShapeName, FindingCode, Partial<Fault>?][] = [
  // What is said in another way is understood all the same.
  ['duplicate_points', 'healthy'],
  ['duplicate_types', 'healthy'],
  ['unordered', 'healthy'],
  ['string_numbers', 'healthy'],
  ['milliseconds', 'healthy'],
  ['case_flip', 'healthy'],
  ['null_entries', 'healthy'],
  ['wrong_content_type', 'healthy'],
  ['legacy_2022', 'healthy'],
  // What is revised, or not said, is no fault.
  ['day_rewritten', 'healthy'],
  ['nulls', 'healthy'],
  ['empty_graphs', 'healthy'],
  ['shifted', 'healthy'],
  // Readings of another day are refused one by one.
  ['shifted', 'values_refused', { offset_ms: 30 * 86_400_000 }],
  ['nan_like', 'values_refused'],
  ['negative', 'values_refused'],
  ['out_of_range', 'values_refused'],
  ['seconds_vs_minutes', 'values_refused'],
  ['missing_field', 'values_refused', { field: 'timestamp' }],
  ['missing_field', 'values_refused', { field: 'type' }],
  ['missing_field', 'unknown_data', { field: 'values' }],
  ['missing_field', 'healthy', { field: 'bedtime_end' }],
  ['new_type', 'unknown_data'],
  ['new_field', 'unknown_data'],
  ['new_enum_value', 'unknown_data'],
  ['scores_0_10', 'unknown_data'],
  ['day_removed', 'no_data_yet'],
  ['data_list', 'no_data_yet'],
  ['missing_field', 'no_data_yet', { field: 'object' }],
  ['error_in_200', 'answers_unusable'],
  ['other_date_key', 'answers_unusable'],
  ['huge', 'answers_unusable'],
  // Of a new user there is nothing stored yet that is more.
  ['rolled_back', 'healthy'],
];

export interface ControlKnob {
  finding: FindingCode;
  moment: Exclude<Moment, 'sign-in'>;
  turn: (control: Control) => unknown;
}

/** By the name of the control, and a word on what it is turned to. */
export const CONTROL_KNOBS: Record<string, ControlKnob> = {
  'setEnvelope e2': {
    finding: 'healthy',
    moment: 'sync',
    turn: (control) => control.setEnvelope('e2'),
  },
  'setNoise off': { finding: 'healthy', moment: 'sync', turn: (control) => control.setNoise(false) },
  'setSkew an hour behind': {
    finding: 'healthy',
    moment: 'sync',
    turn: (control) => control.setSkew(-3_600),
  },
  'setSkew an hour ahead': {
    finding: 'healthy',
    moment: 'refresh',
    turn: (control) => control.setSkew(3_600),
  },
  'rateLimit one in two hours': {
    finding: 'rate_limited',
    moment: 'sync',
    turn: (control) =>
      control.rateLimit({ window_seconds: 7_200, max: 1, kind: 'sliding', retry_after: true }),
  },
  'rateLimit without Retry-After': {
    finding: 'rate_limited',
    moment: 'sync',
    turn: (control) =>
      control.rateLimit({ window_seconds: 7_200, max: 1, kind: 'fixed', retry_after: false }),
  },
  'replay of nothing': {
    finding: 'all_days_404',
    moment: 'sync',
    turn: (control) => control.replay({ answers: {} }),
  },
  'setRotation forgiving a second use': {
    finding: 'healthy',
    moment: 'refresh',
    turn: (control) => {
      control.setRotation({ policy: 'grace', grace_seconds: 600, revoke_family: false });
      control.runScenario('rotation_lost');
    },
  },
  setLatency: {
    finding: 'healthy',
    moment: 'sync',
    turn: (control) => control.setLatency({ route: 'metrics', ms: 20, jitter_ms: 10 }),
  },
  expireTokens: { finding: 'healthy', moment: 'sync', turn: (control) => control.expireTokens(PERSONA) },
  revokeUser: { finding: 'reconnect_needed', moment: 'sync', turn: (control) => control.revokeUser(PERSONA) },
  'revokeUser before a refresh': {
    finding: 'reconnect_needed',
    moment: 'refresh',
    turn: (control) => control.revokeUser(PERSONA),
  },
  'shrinkScopes to the profile': {
    finding: 'access_forbidden',
    moment: 'refresh',
    turn: (control) => control.shrinkScopes(PERSONA, ['profile']),
  },
  'shrinkScopes to the ring': {
    finding: 'scope_missing',
    moment: 'refresh',
    turn: (control) => control.shrinkScopes(PERSONA, ['profile', 'ring_data']),
  },
  changeAccount: {
    finding: 'account_changed',
    moment: 'refresh',
    turn: (control) => control.changeAccount(PERSONA, 77_777),
  },
};

/** What reads, what only undoes, what moves the time in every test, and what has a table of its own. */
export const NO_KNOBS: (keyof Control)[] = [
  'personas',
  'memberSince',
  'truth',
  'now',
  'speed',
  'setClock',
  'setSpeed',
  'faults',
  'addFault',
  'clearFaults',
  'scenarios',
  'runScenario',
  'playScenario',
  'requests',
  'summary',
  'clearRequests',
  'ledger',
];

export const SCENARIO_KNOBS: Record<string, { moment: Exclude<Moment, 'sign-in'>; finding: FindingCode }> = {
  calm: { moment: 'sync', finding: 'healthy' },
  outage_6h: { moment: 'sync', finding: 'provider_unavailable' },
  html_outage: { moment: 'sync', finding: 'answers_unusable' },
  rotation_lost: { moment: 'refresh', finding: 'reconnect_needed' },
  drift_new_type: { moment: 'sync', finding: 'unknown_data' },
  rolled_back: { moment: 'settled', finding: 'answers_shrunk' },
  envelope_e2: { moment: 'sync', finding: 'healthy' },
};

/** After a month of their data, at noon of the day that the simulator starts on. */
export const PERSONA_FINDINGS: Record<number, FindingCode> = {
  1001: 'healthy',
  1002: 'healthy',
  1003: 'healthy',
  1004: 'healthy',
  1005: 'healthy',
  1006: 'healthy',
  1007: 'device_silent',
  1008: 'healthy',
  1009: 'healthy',
  1010: 'healthy',
  1011: 'values_refused',
  1012: 'scope_missing',
  1013: 'healthy',
};
