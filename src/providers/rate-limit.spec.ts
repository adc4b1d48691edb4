import { blocksAfter, type RateLimited } from './rate-limit';

const now = new Date('2026-03-07T10:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
const limited = (changes: Partial<RateLimited>): RateLimited => ({
  scope: 'app',
  connectionId: 'one',
  retryAt: later(3_600),
  now,
  ...changes,
});

describe('blocksAfter', () => {
  it('stops everybody where the limit is the app’s', () => {
    expect(blocksAfter(limited({}), false)).toEqual([{ subject: 'app', until: later(3_600) }]);
  });

  it('stops one user where the limit is the user’s', () => {
    expect(blocksAfter(limited({ scope: 'user' }), true)).toEqual([{ subject: 'one', until: later(3_600) }]);
    expect(blocksAfter(limited({ scope: 'user', connectionId: null }), true)).toEqual([]);
  });

  it('stops others for a minute where nobody knows, and for good once another was told', () => {
    const own = { subject: 'one', until: later(3_600) };
    const unknown = limited({ scope: 'unknown' });
    expect(blocksAfter(unknown, false)).toEqual([{ subject: 'app', until: later(60) }, own]);
    expect(blocksAfter(unknown, true)).toEqual([{ subject: 'app', until: later(3_600) }, own]);
    const shorter = { ...unknown, retryAt: later(20) };
    expect(blocksAfter(shorter, false)[0]).toEqual({ subject: 'app', until: later(20) });
  });

  it('waits a little where the vendor does not say', () => {
    expect(blocksAfter(limited({ retryAt: null }), false)).toEqual([{ subject: 'app', until: later(5) }]);
  });
});
