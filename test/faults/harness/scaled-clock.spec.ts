import { ScaledClock } from './scaled-clock';

const setting = (scale: number, skewMs = 0) => ({
  at: '2026-03-25T12:00:00.000Z',
  realMs: Date.now() - 2_000,
  scale,
  skewMs,
});

describe('the scaled clock', () => {
  it.each([
    ['real time', setting(1), '2026-03-25T12:00:02'],
    ['a minute a second', setting(60), '2026-03-25T12:02:00'],
    ['a standing clock', setting(0), '2026-03-25T12:00:00'],
    ['a clock that is 30 s slow', setting(60, -30_000), '2026-03-25T11:32:00'],
  ])('tells %s', (_, clock, expected) => {
    const tolerated = 60 * 100;
    const off = new ScaledClock(clock).now().getTime() - Date.parse(`${expected}Z`);
    expect(off).toBeGreaterThanOrEqual(0);
    expect(off).toBeLessThan(tolerated);
  });

  it('is right again once the offset to the true clock is known', () => {
    const clock = new ScaledClock(setting(1, -30_000));
    clock.setOffset(30_000);
    expect(Math.abs(clock.now().getTime() - Date.parse('2026-03-25T12:00:02Z'))).toBeLessThan(100);
    expect(clock.skewMs).toBe(-30_000);
  });

  it('is the same for two that are set alike, to the millisecond of the machine', () => {
    const same = setting(3_600);
    const [first, second] = [new ScaledClock(setting(1)), new ScaledClock(same)];
    first.set(same);
    expect(Math.abs(first.now().getTime() - second.now().getTime())).toBeLessThanOrEqual(3_600 * 5);
  });
});
