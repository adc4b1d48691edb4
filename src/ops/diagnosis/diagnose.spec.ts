import { diagnose, RULES } from './diagnose';
import type {
  ConnectionEvidence,
  DayGroup,
  ProviderCase,
  RunInProgress,
  Seen,
  TokenEvidence,
} from './evidence';
import { SEVERITIES, type FindingCode } from './finding';

const NOW = new Date('2026-06-17T10:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const USER = '7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60';

const STORED: DayGroup = {
  status: 'stored',
  errorCode: null,
  open: false,
  history: false,
  days: 30,
  from: '2026-05-19',
  to: '2026-06-17',
  attempts: 0,
  nextAttemptAt: null,
  failedSince: null,
  emptied: 0,
  emptySince: null,
};
const NOTHING_SEEN: Seen = {
  since: ago(7 * 1_440),
  rejected: [],
  unmapped: [],
  rolledBack: [],
  daysRecut: 0,
};

const CONNECTION: ConnectionEvidence = {
  id: 'c04b7d52-1f6e-4a39-8b0d-92e5c7a1d384',
  status: 'active',
  attention: null,
  granted: ['profile', 'ring'],
  asked: ['profile', 'ring'],
  timeZone: 'Europe/Berlin',
  createdAt: ago(50_000),
  changedAt: ago(226),
  lastSyncedAt: ago(20),
  wakeAt: ago(-40),
  historyWakeAt: null,
  backfillDue: false,
  leaseUntil: null,
  lastRunOfAnybodyAt: ago(1),
  statusReason: null,
  tokens: {
    issuedAt: ago(600),
    expiresAt: ago(-840),
    refreshFailures: 0,
    refreshError: null,
    refreshRetryAt: null,
    refreshRefusedAt: null,
    answerLostAt: null,
  },
  revocations: { pending: 0, since: null },
  days: [STORED],
  unusable: [],
  running: [],
  lastRun: { runId: 'pull_0123456789abcdef', status: 'success', reason: null, endedAt: ago(20) },
  seen: NOTHING_SEEN,
  devices: [{ model: 'ring', name: 'Acme Ring', lastSampleAt: ago(45) }],
};

const BACKFILL: RunInProgress = {
  runId: 'pull_fedcba9876543210',
  source: 'backfill',
  startedAt: ago(9),
  pausedAt: null,
  daysDone: 12,
  daysTotal: 30,
};

const PAUSED: RunInProgress = { ...BACKFILL, pausedAt: ago(5) };
const PULL: RunInProgress = { ...BACKFILL, source: 'pull' };

/** Nothing has come yet. */
const NEW = { days: [], devices: [], lastRun: null, lastSyncedAt: null };

const failing = (errorCode: string, more: Partial<DayGroup> = {}): DayGroup => ({
  ...STORED,
  status: 'failed',
  errorCode,
  open: true,
  days: 2,
  from: '2026-06-16',
  to: '2026-06-17',
  attempts: 3,
  nextAttemptAt: ago(-5),
  failedSince: ago(70),
  ...more,
});
const parked = (errorCode: string) =>
  failing(errorCode, { status: 'parked', open: false, nextAttemptAt: null });

const of = (
  connection: Partial<ConnectionEvidence> | null,
  more: Partial<ProviderCase> = {},
): ProviderCase => ({
  userId: USER,
  provider: 'acme',
  name: 'Acme',
  missingSettings: [],
  budget: null,
  clientRefused: null,
  signIn: null,
  connection: connection && { ...CONNECTION, ...connection },
  ...more,
});
const failure = { begunAt: ago(31), failedAt: ago(30), error: 'access_denied', failures: 2 };
const begun = (minutes: number) => ({ begunAt: ago(minutes), failedAt: null, error: null, failures: 0 });
const failed = (refreshError: string, more: Partial<TokenEvidence> = {}): TokenEvidence => ({
  ...CONNECTION.tokens!,
  refreshFailures: 3,
  refreshError,
  refreshRetryAt: ago(-4),
  ...more,
});
const days = (...groups: DayGroup[]) => ({ days: [STORED, ...groups] });
const seen = (more: Partial<Seen>) => ({ seen: { ...NOTHING_SEEN, ...more } });
const quiet = (minutes: number) => ({
  devices: [{ model: 'ring', name: 'Acme Ring', lastSampleAt: ago(minutes) }],
});
const sighted = (name: string) => [{ name, count: 3 }];

const told = (...cases: ProviderCase[]) => diagnose({ userId: USER, cases }, NOW);
const codes = (...cases: ProviderCase[]) => told(...cases).map(({ code }) => code);

/** What is stored, and the one finding that it comes to. */
const CASES: [FindingCode, string, ProviderCase][] = [
  ['healthy', 'all is well', of({})],
  ['healthy', 'scopes are not told', of({ granted: null })],
  ['healthy', 'a user whose data comes left a sign-in', of({}, { signIn: begun(60) })],
  ['healthy', 'a user whose data comes denied another sign-in', of({}, { signIn: failure })],
  ['healthy', 'a worker has it in hand', of({ wakeAt: ago(90), leaseUntil: ago(-1) })],
  ['healthy', 'it is due for 14 minutes', of({ wakeAt: ago(14) })],
  ['healthy', 'days were asked for anew', of(days(failing('unavailable', { attempts: 0 })))],
  ['healthy', "yesterday's figures were repeated", of(seen({ rejected: sighted('vo2_max stale') }))],
  ['healthy', 'yesterday evening was the last', of(quiet(16 * 60))],
  ['provider_not_configured', 'a secret is missing', of({}, { missingSettings: ['ACME_CLIENT_SECRET'] })],
  ['provider_not_configured', 'the provider is gone', of({}, { missingSettings: null })],
  ['sign_in_failed', 'nobody is connected', of(null, { signIn: failure })],
  ['sign_in_failed', 'at it again', of(null, { signIn: { ...failure, begunAt: ago(5) } })],
  ['sign_in_failed', 'after a disconnection', of({ status: 'revoked' }, { signIn: failure })],
  ['sign_in_unfinished', 'nobody is connected', of(null, { signIn: begun(16) })],
  ['sign_in_unfinished', 'left after a failure', of(null, { signIn: { ...failure, begunAt: ago(20) } })],
  ['disconnected', 'after a sign-in was left', of({ status: 'revoked' }, { signIn: begun(300) })],
  ['reconnect_needed', 'after a sign-in was left', of({ status: 'expired' }, { signIn: begun(300) })],
  [
    'reconnect_needed',
    'after a sign-in failed',
    of({ status: 'expired', changedAt: ago(29) }, { signIn: failure }),
  ],
  [
    'reconnect_needed',
    'after a sign-in failed, and while the next is under way',
    of({ status: 'expired', changedAt: ago(29) }, { signIn: { ...failure, begunAt: ago(5) } }),
  ],
  ['account_changed', 'days wait', of({ attention: 'account_changed', ...days(failing('account_changed')) })],
  [
    'reconnect_needed',
    'refused',
    of({ status: 'expired', wakeAt: ago(5_000), ...days(failing('unauthorized')) }),
  ],
  ['access_forbidden', 'days wait', of({ attention: 'forbidden', ...days(failing('forbidden')) })],
  ['access_forbidden', 'for want of scopes', of({ attention: 'forbidden', granted: ['profile'] })],
  ['token_not_accepted', 'days wait', of(days(failing('unauthorized')))],
  ['internal_error', 'days wait', of(days(failing('internal')))],
  ['sync_overdue', 'no worker', of({ wakeAt: ago(16), ...quiet(5_000) })],
  ['sync_overdue', 'unread history', of({ historyWakeAt: ago(60), running: [BACKFILL] })],
  ['backfill_running', 'history that waits', of({ historyWakeAt: ago(59), running: [BACKFILL] })],
  ['healthy', 'history in hand', of({ historyWakeAt: ago(90), leaseUntil: ago(-1) })],
  ['sync_overdue', 'whose worker died', of({ wakeAt: ago(16), leaseUntil: ago(2) })],
  [
    'refresh_failing',
    'refused once',
    of({ attention: 'refresh_failing', tokens: failed('invalid_grant', { refreshRefusedAt: ago(1) }) }),
  ],
  [
    'refresh_failing',
    'no token for the days that wait',
    of({ tokens: failed('unavailable'), ...days(failing('unavailable')), ...quiet(5_000) }),
  ],
  ['refresh_failing', 'limited', of({ tokens: failed('rate_limited'), ...days(failing('rate_limited')) })],
  [
    'client_refused',
    'of all users',
    of(
      { tokens: failed('unavailable'), ...days(failing('unavailable')) },
      { clientRefused: { at: ago(9), probeAt: ago(-1) } },
    ),
  ],
  ['rate_limited', 'days wait', of(days(failing('rate_limited')))],
  ['provider_unavailable', 'days wait', of({ ...days(failing('unavailable')), ...quiet(5_000) })],
  [
    'answers_unusable',
    'html',
    of({ ...days(failing('payload_invalid')), unusable: [{ reason: 'not_json', days: 2 }] }),
  ],
  [
    'answers_unusable',
    'some given up, others wait',
    of(days(failing('payload_invalid'), parked('payload_invalid'))),
  ],
  [
    'answers_unusable',
    'about another day',
    of({
      ...days(failing('payload_invalid')),
      unusable: [{ reason: 'other_day', days: 2 }],
      ...seen({ rejected: sighted('hr other_day') }),
    }),
  ],
  ['days_parked', 'given up', of(days(parked('payload_invalid')))],
  [
    'all_days_404',
    'the last run',
    of({ lastRun: { ...CONNECTION.lastRun!, status: 'partial', reason: 'all_days_404' }, devices: [] }),
  ],
  ['answers_empty', 'since Monday', of(quiet(2 * 1_440))],
  ['no_data_yet', 'never any', of({ days: [{ ...STORED, status: 'empty' }], devices: [] })],
  [
    'device_silent',
    'a sensor ran out',
    of({
      devices: [...CONNECTION.devices, { model: 'cgm', name: 'Acme CGM', lastSampleAt: ago(9 * 1_440) }],
    }),
  ],
  [
    'healthy',
    'a sensor is long forgotten',
    of({
      devices: [...CONNECTION.devices, { model: 'cgm', name: 'Acme CGM', lastSampleAt: ago(99 * 1_440) }],
    }),
  ],
  ['scope_missing', 'not allowed', of({ asked: ['profile', 'ring', 'cgm'] })],
  ['values_refused', 'out of range', of(seen({ rejected: sighted('hr out_of_range') }))],
  ['values_refused', 'all of them', of({ ...seen({ rejected: sighted('hr out_of_range') }), devices: [] })],
  ['answers_shrunk', 'less than before', of(seen({ rolledBack: sighted('heart_rate') }))],
  ['days_recut', 'a journey', of(seen({ daysRecut: 2 }))],
  ['unknown_data', 'a new type', of(seen({ unmapped: sighted('stress_score') }))],
  ['answers_shrunk', 'nothing any more', of({ days: [{ ...STORED, emptied: 2, emptySince: ago(60) }] })],
  ['backfill_paused', 'by a person', of({ running: [PAUSED] })],
  ['backfill_running', 'of history', of({ running: [BACKFILL] })],
  ['healthy', 'the last days are read', of({ running: [PULL] })],
  ['healthy', 'a run was cancelled', of(days(failing('unavailable', { open: false, failedSince: null })))],
  [
    'rate_limited',
    'before any try of the days',
    of(days(failing('rate_limited', { attempts: 0, failedSince: null }))),
  ],
  ['healthy', 'a limit is over', of(days(failing('rate_limited', { attempts: 0, nextAttemptAt: ago(1) })))],
  ['backfill_running', 'at its first', of({ ...NEW, backfillDue: true })],
  ['backfill_running', 'after another sign-in', of({ lastSyncedAt: null, backfillDue: true })],
  ['backfill_running', 'beside a pull', of({ running: [PULL, BACKFILL] })],
  ['backfill_paused', 'at its first', of({ ...NEW, running: [PAUSED] })],
  [
    'backfill_paused',
    'when the provider was busy',
    of({ ...days(failing('rate_limited', { history: true })), running: [PAUSED] }),
  ],
  ['backfill_paused', 'beside a pull', of({ running: [PULL, PAUSED] })],
  ['healthy', 'the first run was cancelled', of(NEW)],
  ['disconnected', 'by choice', of({ status: 'revoked', wakeAt: ago(5_000) })],
  ['never_connected', 'a sign-in is under way', of(null, { signIn: begun(3) })],
];

describe('a diagnosis', () => {
  it.each(CASES)('is %s: %s', (code, _name, subject) => {
    expect(codes(subject)).toEqual([code]);
  });

  it('is tried for every finding there is', () => {
    expect(new Set(CASES.map(([code]) => code))).toEqual(new Set(RULES.map(({ code }) => code)));
  });

  it('of a user without any connection is one finding about the user', () => {
    expect(told()).toMatchObject([{ code: 'never_connected', provider: null, connectionId: null }]);
  });

  it('tells of each independent cause, the most pressing first', () => {
    const subject = of({
      ...days(failing('rate_limited'), parked('payload_invalid')),
      ...seen({ unmapped: sighted('stress_score') }),
      asked: ['profile', 'ring', 'cgm'],
    });
    expect(codes(subject)).toEqual(['rate_limited', 'days_parked', 'scope_missing', 'unknown_data']);
  });

  it('tells of a failed sign-in beside what it was to cure', () => {
    const subject = of({ status: 'expired' }, { signIn: failure });
    expect(codes(subject)).toEqual(['sign_in_failed', 'reconnect_needed']);
    const left = of({ status: 'expired' }, { signIn: { ...failure, failedAt: ago(400), begunAt: ago(30) } });
    expect(codes(left)).toEqual(['sign_in_unfinished', 'reconnect_needed']);
  });

  it('speaks of each provider, the one in trouble first', () => {
    const other = { provider: 'beat', name: 'Beat' };
    expect(
      told(of({}), of({ status: 'expired' }, other)).map(({ code, provider }) => [code, provider]),
    ).toEqual([
      ['reconnect_needed', 'beat'],
      ['healthy', 'acme'],
    ]);
  });

  it('goes from critical to ok, and has one rule a code', () => {
    const ranks = RULES.map(({ severity }) => SEVERITIES.indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
    expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length);
  });
});

describe('what is told', () => {
  const only = (subject: ProviderCase) => told(subject)[0];

  it('names the time of a refusal, and the link to send', () => {
    expect(only(of({ status: 'expired', statusReason: 'invalid_grant' }))).toEqual({
      code: 'reconnect_needed',
      severity: 'critical',
      provider: 'acme',
      connectionId: CONNECTION.id,
      since: ago(226),
      message:
        'Acme refused to renew the access at 2026-06-17 06:14 UTC: nothing is fetched any more. The last good answer came at 2026-06-17 09:40 UTC.',
      evidence: {
        expired_at: '2026-06-17T06:14:00.000Z',
        reason: 'invalid_grant',
        first_refused_at: null,
        answer_lost_at: null,
        last_synced_at: '2026-06-17T09:40:00.000Z',
      },
      action: {
        kind: 'reconnect',
        text: expect.stringContaining('authorization_url'),
        method: 'GET',
        path: `/api/v1/oauth/acme/authorize?user_id=${USER}`,
        body: null,
        notBefore: null,
      },
    });
  });

  it.each([
    ['refresh_response_lost', 'did not take back a token after its answer with a new one was lost'],
    ['no_refresh_token', 'gave a token that cannot be renewed'],
    [null, 'refused to renew the access'],
  ] as const)('says why a connection is expired: %s', (statusReason, words) => {
    expect(only(of({ status: 'expired', statusReason })).message).toContain(`Acme ${words}`);
  });

  it('says until when the present token lives, and whether it was refused or only not given', () => {
    const alive = only(of({ tokens: failed('unavailable') }));
    expect(alive.message).toContain(
      'gave no new token in 3 tries (last: unavailable). The present one is good until',
    );
    expect(alive.action).toMatchObject({ kind: 'wait', notBefore: ago(-4) });
    const refused = only(
      of({ tokens: failed('invalid_grant', { refreshRefusedAt: ago(1), expiresAt: ago(2) }) }),
    );
    expect(refused.message).toContain('refused to renew the access at 2026-06-17 09:59 UTC');
    expect(refused.message).toContain('The present one ended at 2026-06-17 09:58 UTC');
  });

  it('says of a disconnection whether the provider knows of it', () => {
    const known = only(of({ status: 'revoked' }));
    expect(known.message).not.toContain('not yet been told');
    const pending = only(of({ status: 'revoked', revocations: { pending: 1, since: ago(3) } }));
    expect(pending.message).toContain('Acme has not yet been told to end the tokens');
    expect(pending.evidence.revocations_pending).toBe(1);
  });

  it('names the weekday since when the answers are empty, by the user’s own calendar', () => {
    // 23:30 in Berlin, and Friday there is over.
    const { message, evidence } = only(of(quiet(4 * 1_440 + 12.5 * 60)));
    expect(message).toContain(
      'empty since Saturday 2026-06-13: the phone fetches, and the device is not worn.',
    );
    expect(evidence).toMatchObject({ since_date: '2026-06-13', days: 4 });
    const unfetched = of({ ...quiet(4 * 1_440 + 12.5 * 60), days: [{ ...STORED, to: '2026-06-12' }] });
    expect(only(unfetched).message).toContain('the device is not worn, or the phone does not fetch from it');
  });

  it('says until when to wait, and in which days to look', () => {
    const limited = only(of(days(failing('rate_limited', { nextAttemptAt: ago(-120) }))));
    expect(limited.message).toContain('no more requests before 2026-06-17 12:00 UTC (429): 2 days wait');
    expect(limited.action).toMatchObject({ kind: 'wait', notBefore: ago(-120) });
    const given = only(of(days(parked('payload_invalid'))));
    expect(given.action).toMatchObject({
      kind: 'release_days',
      method: 'POST',
      path: '/api/v1/ops/sync/parked/release',
      body: { user_id: USER, provider: 'acme' },
    });
  });

  it('says whether nobody is synced, or only this user is not', () => {
    const alone = only(of({ wakeAt: ago(60) }));
    expect(alone.message).toContain('Other syncs ran until 2026-06-17 09:59 UTC.');
    const all = only(of({ wakeAt: ago(60), lastRunOfAnybodyAt: ago(61) }));
    expect(all.message).toContain('no worker runs');
  });

  it('says when the next sync is due where nothing has come', () => {
    expect(only(of(NEW)).message).toContain('The next sync is due at 2026-06-17 10:40 UTC.');
  });

  it('says whom a limit of the provider holds up', () => {
    const subject = of(days(failing('rate_limited')));
    const budget = {
      provider: 'acme',
      requestsPerSecond: 10,
      tokens: 10,
      blockedUntil: ago(-5),
      underWay: 0,
      breakers: [],
    };
    expect(only(subject).evidence.affects).toBe('this_user');
    expect(only({ ...subject, budget }).evidence.affects).toBe('everyone');
    expect(only({ ...subject, budget: { ...budget, blockedUntil: ago(1) } }).evidence.affects).toBe(
      'this_user',
    );
  });

  it('names the scopes behind a refusal', () => {
    const { since, message, evidence } = only(of({ attention: 'forbidden', granted: ['profile'] }));
    expect(since).toEqual(ago(226));
    expect(message).toContain('The user did not allow ring.');
    expect(evidence.missing_scopes).toEqual(['ring']);
  });

  it('names at most five kinds of refused values, and counts them all', () => {
    const rejected = Array.from({ length: 7 }, (_, index) => ({
      name: `type_${index} malformed`,
      count: 10,
    }));
    expect(only(of(seen({ rejected }))).evidence).toEqual({
      times: 70,
      names: rejected.slice(0, 5).map(({ name }) => `${name} 10`),
    });
  });
});
