import { capacityOf, priceOf, verdictOf, type Standing, type VendorCall } from './budget-rules';
import { ProviderRateLimited, ProviderUnavailable } from './provider-errors';

const NOW = new Date('2026-03-07T10:00:00Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

const call = (changes: Partial<VendorCall['caller']> = {}, requestsPerSecond = 10): VendorCall => ({
  provider: {
    slug: 'oak',
    limits: {
      maxDaysPerFetch: 1,
      requestsPerSecond,
      concurrentPerUser: 2,
      rateLimitScope: 'app',
      historyDays: null,
    },
  },
  endpointClass: 'data',
  caller: { connectionId: 'one', urgency: 'live', ...changes },
  timeoutMs: 20_000,
});

const standing = (changes: Partial<Standing>): Standing => ({
  granted: false,
  blockedUntil: null,
  probeAt: null,
  underWay: 0,
  tokens: 0,
  ...changes,
});

describe('the bucket', () => {
  it.each([
    [10, 10],
    [2, 2],
    [1, 1.43],
    [0.5, 1.43],
  ])('of %d requests a second holds %d', (rate, capacity) => {
    expect(capacityOf(rate)).toBeCloseTo(capacity, 2);
  });

  it.each([0.01, 0.5, 1, 1.3, 2, 10, 10_000])(
    'of %d lets a backfill take a token once it is full',
    (rate) => {
      const { cost, floor } = priceOf('data', 'backfill', capacityOf(rate));
      expect(capacityOf(rate)).toBeGreaterThanOrEqual(cost + floor);
    },
  );

  it('keeps 30 % from backfills, and nothing from others', () => {
    expect(priceOf('data', 'backfill', 10)).toEqual({ cost: 1, floor: 3 });
    expect(priceOf('data', 'live', 10)).toEqual({ cost: 1, floor: 0 });
    expect(priceOf('data', 'user', 10)).toEqual({ cost: 1, floor: 0 });
  });

  it('is not for token requests', () => {
    expect(priceOf('token', 'live', 10)).toEqual({ cost: 0, floor: 0 });
  });
});

describe('verdictOf', () => {
  it('lets go what was granted', () => {
    expect(verdictOf(call(), standing({ granted: true, blockedUntil: later(-1) }), NOW)).toBe('granted');
  });

  it('refuses what would last, and says until when', () => {
    const blocked = verdictOf(call(), standing({ blockedUntil: later(7), probeAt: later(3) }), NOW);
    expect(blocked).toEqual({ refused: expect.any(ProviderRateLimited) });
    expect(blocked).toMatchObject({ refused: { retryAt: later(7) } });
    const open = verdictOf(call(), standing({ probeAt: later(3) }), NOW);
    expect(open).toEqual({ refused: expect.any(ProviderUnavailable) });
    expect(open).toMatchObject({ refused: { retryAt: later(3) } });
  });

  it('makes a user wait for a slot of their own', () => {
    const full = standing({ underWay: 2, tokens: 5 });
    expect(verdictOf(call(), full, NOW)).toEqual({ waitFor: 'slot', waitMs: 250 });
    expect(verdictOf(call({ connectionId: null }), full, NOW)).toMatchObject({ waitFor: 'tokens' });
  });

  it.each([
    ['live', 10, 0.5, 50],
    ['backfill', 10, 0.5, 350],
    ['backfill', 10, 3.5, 50],
    ['live', 0.5, 0.9, 200],
    ['live', 0.5, 0, 1_000],
    // Somebody was quicker.
    ['live', 10, 4, 5],
  ] as const)('makes %s at %d a second with %d tokens wait for %d ms', (urgency, rate, tokens, waitMs) => {
    const verdict = verdictOf(call({ urgency }, rate), standing({ tokens }), NOW);
    expect(verdict).toEqual({ waitFor: 'tokens', waitMs });
  });
});
