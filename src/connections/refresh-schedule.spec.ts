import { isDue, isExpired, mustWait } from './refresh-schedule';

const at = (time: string) => new Date(`2026-03-01T${time}Z`);
/** Lives eight hours: due from 06:00. */
const token = {
  issuedAt: at('00:00:00'),
  expiresAt: at('08:00:00'),
  refreshAttemptedAt: null,
  refreshRefusedAt: null,
};

describe(isDue.name, () => {
  it.each([
    ['in its first three quarters', '05:59:59', false],
    ['when three quarters are over', '06:00:00', true],
    ['when it is over', '08:00:00', true],
  ])('a token %s', (_name, now, expected) => {
    expect(isDue(token, at(now))).toBe(expected);
  });

  it('never, where the vendor does not say when it ends', () => {
    expect(isDue({ ...token, expiresAt: null }, at('23:00:00'))).toBe(false);
  });

  it.each(['refreshAttemptedAt', 'refreshRefusedAt'])(
    'pauses a minute after %s while the token is good',
    (what) => {
      const tried = { ...token, [what]: at('06:30:00') };
      expect(isDue(tried, at('06:30:59'))).toBe(false);
      expect(isDue(tried, at('06:31:00'))).toBe(true);
    },
  );

  it('does not pause once the token is over: another process may be asking right now', () => {
    expect(isDue({ ...token, refreshAttemptedAt: at('08:30:00') }, at('08:30:01'))).toBe(true);
  });
});

it('a token is over at the very instant', () => {
  expect(isExpired(token, at('07:59:59'))).toBe(false);
  expect(isExpired(token, at('08:00:00'))).toBe(true);
});

it('a refusal is confirmed after a minute', () => {
  const refused = { ...token, refreshRefusedAt: at('09:00:00') };
  expect(mustWait(refused, at('09:00:59'))).toBe(true);
  expect(mustWait(refused, at('09:01:00'))).toBe(false);
});
