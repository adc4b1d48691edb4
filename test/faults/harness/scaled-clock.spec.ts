import { ScaledClock } from './scaled-clock';

const setting = (scale: number, skewMs = 0) => ({
  at: '2026-03-25T12:00:00.000Z',
  realMs: Date.now() - 2_000,
  scale,
  skewMs,
});

const TOLERATED_MS = 60 * 100;
const beyond = (clock: ScaledClock, expected: string) =>
  clock.now().getTime() - Date.parse(`2026-03-25T${expected}Z`);

describe('the scaled clock', () => {
  it.each([
    ['real time', setting(1), '12:00:02'],
    ['a minute a second', setting(60), '12:02:00'],
    ['a standing clock', setting(0), '12:00:00'],
  ])('tells %s', (_, clock, expected) => {
    const off = beyond(new ScaledClock(clock), expected);
    expect(off).toBeGreaterThanOrEqual(0);
    expect(off).toBeLessThan(TOLERATED_MS);
  });

  it("is off by its machine's skew until that is measured", () => {
    const clock = new ScaledClock(setting(60, -30_000));
    const off = beyond(clock, '11:32:00');
    expect(off).toBeGreaterThanOrEqual(0);
    expect(off).toBeLessThan(TOLERATED_MS);

    clock.setOffset(Date.now() - clock.local());
    expect(clock.skewMs).toBeCloseTo(-30_000, -2);
    expect(Math.abs(beyond(clock, '12:02:00'))).toBeLessThan(TOLERATED_MS);
  });

  it('is the same for two that are set alike, to the millisecond of the machine', () => {
    const same = setting(3_600);
    const [first, second] = [new ScaledClock(setting(1)), new ScaledClock(same)];
    first.set(same);
    expect(Math.abs(first.now().getTime() - second.now().getTime())).toBeLessThanOrEqual(3_600 * 5);
  });
});
