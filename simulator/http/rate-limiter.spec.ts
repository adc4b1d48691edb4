import { RateLimiter } from './rate-limiter';

describe('RateLimiter', () => {
  let now: number;
  const limiter = () => new RateLimiter(() => now);
  const statuses = (limited: RateLimiter, times: number[], user = 1001) =>
    times.map((at) => {
      now = at;
      return limited.refuse(user)?.status ?? 'passes';
    });

  it('sliding looks back from each request; what it refused does not count', () => {
    const limited = limiter();
    limited.set({ window_seconds: 10, max: 2, kind: 'sliding', retry_after: true });
    expect(statuses(limited, [105, 109, 114.9, 115, 118.9, 119])).toEqual([
      'passes',
      'passes',
      429,
      'passes',
      429,
      'passes',
    ]);
  });

  it('fixed starts anew on the multiples of the window', () => {
    const limited = limiter();
    limited.set({ window_seconds: 10, max: 2, kind: 'fixed', retry_after: true });
    expect(statuses(limited, [108, 109, 109.5, 110, 111, 119.9, 120])).toEqual([
      'passes',
      'passes',
      429,
      'passes',
      'passes',
      429,
      'passes',
    ]);
  });

  it.each([
    ['sliding' as const, '7'],
    ['fixed' as const, '2'],
  ])('%s says after how many seconds a place is free', (kind, seconds) => {
    const limited = limiter();
    limited.set({ window_seconds: 10, max: 1, kind, retry_after: true });
    now = 105.2;
    limited.refuse(1001);
    now = 108.5;
    expect(limited.refuse(1001)?.headers['retry-after']).toBe(seconds);
    expect(limited.refuse(1002)).toBeNull();
    expect(limited.refuse(null)).toBeNull();
  });
});
