import { mustOpen, outcomeOf, type CallRecord } from './breaker';

describe('outcomeOf', () => {
  const json = { 'content-type': 'application/json' };
  it.each([
    ['ok', { status: 200, headers: json }],
    ['ok', { status: 204, headers: {} }],
    ['ok', { status: 400, headers: json }],
    ['ok', { status: 401, headers: json }],
    ['ok', { status: 403, headers: { 'content-type': 'text/html' } }],
    ['ok', { status: 404, headers: json }],
    ['limited', { status: 429, headers: json }],
    ['failed', { status: 500, headers: json }],
    ['failed', { status: 503, headers: json }],
    ['failed', { status: 302, headers: {} }],
    ['failed', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }],
    ['failed', null],
  ])('is %s for %j', (outcome, answer) => expect(outcomeOf(answer)).toBe(outcome));
});

describe('mustOpen', () => {
  const NOW = new Date('2026-03-07T10:00:05Z');
  const ago = (seconds: number) => NOW.getTime() - seconds * 1_000;
  const step = (seconds: number) => String(Math.floor(ago(seconds) / 10_000));
  const three = (seconds: number) => ({ one: ago(seconds), two: ago(seconds), three: ago(seconds) });

  const record = (changes: Partial<CallRecord>): CallRecord => ({
    recentCalls: {},
    failuresInRow: 1,
    failedConnections: three(1),
    answeredAt: null,
    openedAt: null,
    ...changes,
  });

  it.each<[string, boolean, Partial<CallRecord>]>([
    ['half of twenty', true, { recentCalls: { [step(0)]: [20, 10] } }],
    ['half of twenty over a minute', true, { recentCalls: { [step(49)]: [12, 2], [step(0)]: [8, 8] } }],
    ['less than half', false, { recentCalls: { [step(0)]: [21, 10] } }],
    ['half of nineteen', false, { recentCalls: { [step(0)]: [19, 19] } }],
    ['calls of long ago', false, { recentCalls: { [step(70)]: [12, 12], [step(0)]: [8, 8] } }],
    [
      'half of twenty of two users',
      false,
      { recentCalls: { [step(0)]: [20, 20] }, failedConnections: { one: ago(1), two: ago(1) } },
    ],
    ['one user alone', false, { failuresInRow: 500, failedConnections: { one: ago(1) } }],
    [
      'half of twenty, of a third user long ago',
      false,
      { recentCalls: { [step(0)]: [20, 10] }, failedConnections: { ...three(1), three: ago(61) } },
    ],
    ['ten in a row', true, { failuresInRow: 10 }],
    ['ten in a row over hours', true, { failuresInRow: 10, failedConnections: three(3_600) }],
    ['nine in a row', false, { failuresInRow: 9 }],
    [
      'ten in a row of one user, others before the last answer',
      false,
      {
        failuresInRow: 10,
        failedConnections: { ...three(50), one: ago(1) },
        answeredAt: new Date(ago(40)),
      },
    ],
    ['a breaker that is open', false, { failuresInRow: 10, openedAt: NOW }],
  ])('%s: %s', (_what, opens, changes) => {
    expect(mustOpen(record(changes), NOW)).toBe(opens);
  });
});
