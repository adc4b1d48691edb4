import {
  ProviderForbidden,
  ProviderRateLimited,
  ProviderUnauthorized,
  ProviderUnavailable,
} from './provider-errors';
import { retryAt, statusError } from './provider-status';

const NOW = new Date('2026-03-07T10:00:00Z');
const call = { provider: 'oak', operation: 'metrics' };

describe('statusError', () => {
  it.each([
    [401, ProviderUnauthorized],
    [403, ProviderForbidden],
    [429, ProviderRateLimited],
    [500, ProviderUnavailable],
    [503, ProviderUnavailable],
    [302, ProviderUnavailable],
    [400, ProviderUnavailable],
  ])('%i', (status, type) => {
    const error = statusError(call, { status, headers: {} }, NOW);
    expect(error).toBeInstanceOf(type);
    expect(error?.message).toBe(`oak metrics: status ${status}`);
  });

  it('takes every 2xx', () => {
    expect(statusError(call, { status: 204, headers: {} }, NOW)).toBeNull();
  });

  it('tells when to come back', () => {
    const error = statusError(call, { status: 429, headers: { 'retry-after': '90' } }, NOW);
    expect(error).toMatchObject({ retryAt: new Date('2026-03-07T10:01:32Z') });
  });

  it('takes the word of a vendor that is down, too', () => {
    const headers = { 'retry-after': '90' };
    expect(statusError(call, { status: 503, headers }, NOW)).toMatchObject({
      retryAt: new Date('2026-03-07T10:01:32Z'),
    });
    expect(statusError(call, { status: 503, headers: {} }, NOW)).toMatchObject({ retryAt: null });
    expect(statusError(call, { status: 400, headers }, NOW)).toMatchObject({ retryAt: null });
  });
});

describe('retryAt', () => {
  it.each([
    ['seconds', '120', '2026-03-07T10:02:02.000Z'],
    ['no wait', '0', '2026-03-07T10:00:02.000Z'],
    ['an HTTP-date', 'Sat, 07 Mar 2026 10:05:07 GMT', '2026-03-07T10:05:09.000Z'],
    ['a date that has passed', 'Sat, 07 Mar 2026 09:00:00 GMT', '2026-03-07T10:00:02.000Z'],
    ['Unix seconds', String(Date.parse('2026-03-07T10:15:00Z') / 1000), '2026-03-07T10:15:02.000Z'],
    ['Unix milliseconds', String(Date.parse('2026-03-07T10:16:00Z')), '2026-03-07T10:16:02.000Z'],
  ])('%s: two seconds later', (_form, header, at) => {
    expect(retryAt(header, NOW)?.toISOString()).toBe(at);
  });

  it.each(['99999999', 'Sun, 07 Mar 2032 10:00:00 GMT', '9'.repeat(30)])(
    'waits a week at most for "%s"',
    (header) => expect(retryAt(header, NOW)?.toISOString()).toBe('2026-03-14T10:00:02.000Z'),
  );

  it.each(['', 'soon', '-5'])('does not believe "%s"', (header) => expect(retryAt(header, NOW)).toBeNull());

  it('knows nothing without the header', () => expect(retryAt(undefined, NOW)).toBeNull());
});
