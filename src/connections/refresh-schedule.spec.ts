import { confirmAt, isDue, isExpired, isWaiting, lostRetryAt, mayReplace, retryAt } from './refresh-schedule';

const at = (time: string) => new Date(`2026-03-01T${time}Z`);
const MINUTE = 60_000;
const minutes = (date: Date) => (date.getTime() - at('00:00:00').getTime()) / MINUTE;

/** Lives eight hours. */
const token = {
  connectionId: 'c04b7d52-1f6e-4a39-8b0d-92e5c7a1d384',
  tokenVersion: 3,
  issuedAt: at('00:00:00'),
  expiresAt: at('08:00:00'),
  refreshRetryAt: null,
};

describe(isDue.name, () => {
  it.each([
    ['at seven tenths', '05:35:59', false],
    ['at eight tenths', '06:24:00', true],
    ['when it is over', '08:00:00', true],
  ])('a token %s', (_name, now, expected) => {
    expect(isDue(token, at(now))).toBe(expected);
  });

  it('spreads over a tenth of the life, evenly, and stays for one pair where it is', () => {
    const dueAt = (tokenVersion: number) => {
      for (let minute = 330; minute < 390; minute += 1) {
        if (isDue({ ...token, tokenVersion }, new Date(token.issuedAt.getTime() + minute * MINUTE)))
          return minute;
      }
      throw new Error('never due');
    };
    const due = Array.from({ length: 400 }, (_, version) => dueAt(version));
    // 70 % of eight hours are 336 minutes, 80 % are 384.
    expect(Math.min(...due)).toBeLessThan(339);
    expect(Math.min(...due)).toBeGreaterThanOrEqual(336);
    expect(Math.max(...due)).toBeGreaterThan(381);
    expect(Math.max(...due)).toBeLessThanOrEqual(384);
    expect(due.reduce((sum, minute) => sum + minute) / 400).toBeCloseTo(360, -1);
    expect(dueAt(7)).toBe(dueAt(7));
  });

  it('never, where the vendor does not say when it ends', () => {
    expect(isDue({ ...token, expiresAt: null }, at('23:00:00'))).toBe(false);
  });

  it('not while the vendor is left alone and the token is good', () => {
    const waiting = { ...token, refreshRetryAt: at('07:00:00') };
    expect(isDue(waiting, at('06:59:59'))).toBe(false);
    expect(isDue(waiting, at('07:00:00'))).toBe(true);
  });
});

it('a token is over at the very instant', () => {
  expect(isExpired(token, at('07:59:59'))).toBe(false);
  expect(isExpired(token, at('08:00:00'))).toBe(true);
});

it('a refusal is confirmed after a minute', () => {
  const refused = { refreshRetryAt: confirmAt(at('09:00:00')) };
  expect(isWaiting(refused, at('09:00:59'))).toBe(true);
  expect(isWaiting(refused, at('09:01:00'))).toBe(false);
});

describe(retryAt.name, () => {
  const wait = (tokenVersion: number, failures: number) =>
    minutes(retryAt(`${tokenVersion}`, failures, at('00:00:00')));

  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [6, 32],
    [7, 60],
    [40, 60],
  ])('after %i failures waits half to all of %i minutes', (failures, cap) => {
    const waits = Array.from({ length: 300 }, (_, version) => wait(version, failures));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(cap / 2);
    expect(Math.min(...waits)).toBeLessThan(cap * 0.52);
    expect(Math.max(...waits)).toBeLessThanOrEqual(cap);
    expect(Math.max(...waits)).toBeGreaterThan(cap * 0.98);
  });

  it("keeps the vendor's word where that is later", () => {
    expect(retryAt('one', 1, at('00:00:00'), at('03:00:00'))).toEqual(at('03:00:00'));
    expect(minutes(retryAt('one', 1, at('00:00:00'), at('00:00:01')))).toBeGreaterThanOrEqual(0.5);
  });
});

describe('six hours without an answer', () => {
  /** Requests of one connection, however the vendor fails. */
  function requests(tokenVersion: number, isLost: (request: number) => boolean): number {
    const end = at('06:00:00');
    let [failures, lost] = [0, 0];
    for (let now = at('00:00:00'); now < end;) {
      const isLostOne = isLost(failures++);
      if (isLostOne) lost += 1;
      now = isLostOne
        ? lostRetryAt(`${tokenVersion}`, { lost, failures }, now)
        : retryAt(`${tokenVersion}`, failures, now);
    }
    return failures;
  }

  it.each([
    ['5xx', () => false],
    ['lost answers', () => true],
    ['both in turn', (request: number) => request % 2 === 1],
    ['lost answers after 5xx', (request: number) => request > 6],
  ])('cost no connection more than 18 requests: %s', (_name, isLost) => {
    const counts = Array.from({ length: 2_000 }, (_, version) => requests(version, isLost));
    expect(Math.max(...counts)).toBeLessThanOrEqual(18);
  });
});

it('a lost answer is asked for again within seconds, twice, and then like any failure', () => {
  const seconds = (lost: number, failures: number) =>
    minutes(lostRetryAt('one', { lost, failures }, at('00:00:00'))) * 60;
  expect([seconds(1, 1), seconds(2, 2)]).toEqual([2, 2]);
  expect(seconds(3, 3)).toBeGreaterThanOrEqual(120);
  // Whatever failed before.
  expect([seconds(1, 9), seconds(2, 10)]).toEqual([2, 2]);
  expect(seconds(3, 11)).toBeGreaterThanOrEqual(30 * 60);
});

it('a token is replaced for a 401 twice an hour at most', () => {
  expect(mayReplace({ rejectedAt: null }, at('09:00:00'))).toBe(true);
  expect(mayReplace({ rejectedAt: at('09:00:00') }, at('09:30:00'))).toBe(false);
  expect(mayReplace({ rejectedAt: at('09:00:00') }, at('09:30:01'))).toBe(true);
});
