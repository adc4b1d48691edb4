import { failedTry } from './failed-try';
import { NOTHING_DONE } from './tally';

describe('a try of a day that failed', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  const before = new Date('2026-03-10T11:00:00Z');
  const job = { run: { details: NOTHING_DONE }, connection: { lastSyncedAt: null as Date | null } };
  const tried = (attempts: number, errorCode: string, failedSince: Date | null = before) => ({
    attempts,
    errorCode,
    failedSince,
  });
  const next = (day: Parameters<typeof failedTry>[0], errorCode: string, of = job) => {
    const { attempts, nextAttemptAt } = failedTry(day, of, { errorCode, now, random: 1 });
    return [attempts, nextAttemptAt === null ? null : (nextAttemptAt.getTime() - now.getTime()) / 1_000];
  };

  it('is followed by another one, each after twice the time', () => {
    expect(next({ attempts: 0, errorCode: null, failedSince: null }, 'payload_invalid')).toEqual([1, 2]);
    expect(next(tried(3, 'payload_invalid'), 'payload_invalid')).toEqual([4, 16]);
  });

  it('is the last when it is the fifth', () => {
    expect(next(tried(4, 'payload_invalid'), 'payload_invalid')).toEqual([5, null]);
    expect(next(tried(4, 'internal'), 'payload_invalid')).toEqual([5, null]);
  });

  it.each(['unavailable', 'rate_limited', 'forbidden'])('counts two at most that failed as %s', (code) => {
    expect(next(tried(40, code), 'payload_invalid')).toEqual([3, 8]);
    expect(next(tried(1, code), 'payload_invalid')).toEqual([2, 4]);
  });

  it('never gives a day up while the vendor is away, and asks again after ten minutes at most', () => {
    expect(next(tried(40, 'unavailable'), 'unavailable')).toEqual([41, 600]);
  });

  it('blames the day once the vendor has answered about another one', () => {
    const run = { details: { ...NOTHING_DONE, daysUnchanged: 1 } };
    expect(next(tried(4, 'unavailable'), 'unavailable', { ...job, run })).toEqual([5, null]);
    const since = { ...job, connection: { lastSyncedAt: new Date(before.getTime() + 1) } };
    expect(next(tried(4, 'unavailable'), 'unavailable', since)).toEqual([5, null]);
    expect(next(tried(5, 'unavailable'), 'unavailable', since)).toEqual([5, null]);
    const earlier = { ...job, connection: { lastSyncedAt: before } };
    expect(next(tried(4, 'unavailable'), 'unavailable', earlier)).toEqual([5, 32]);
  });

  it('does not hold a long absence of the vendor against a day that fails once more after it', () => {
    const back = { ...job, connection: { lastSyncedAt: new Date(before.getTime() + 1) } };
    expect(next(tried(33, 'unavailable'), 'unavailable', back)).toEqual([3, 8]);
    expect(next(tried(3, 'unavailable'), 'unavailable', back)).toEqual([4, 16]);
    expect(next(tried(4, 'unavailable'), 'unavailable', back)).toEqual([5, null]);
  });
});
