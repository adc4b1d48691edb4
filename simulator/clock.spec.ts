import { SimClock } from './clock';

const seconds = (iso: string) => Date.parse(iso) / 1000;

describe('SimClock', () => {
  let real: number;
  const realNow = () => real;
  beforeEach(() => {
    real = seconds('2027-02-03T04:05:06Z');
  });

  it('is the real time until told otherwise', () => {
    const clock = new SimClock(undefined, undefined, realNow);
    real += 71;
    expect(clock.now()).toBe(real);
  });

  it('stands still where it is frozen, and moves only when advanced', () => {
    const clock = new SimClock('2026-06-30T18:00:00Z', undefined, realNow);
    real += 500;
    clock.advance(90);
    expect(clock.now()).toBe(seconds('2026-06-30T18:01:30Z'));
  });

  it('runs as many times faster as told, from where it stands, without a jump', () => {
    const clock = new SimClock('2026-06-30T18:00:00Z', undefined, realNow);
    clock.setSpeed(360);
    real += 10;
    expect(clock.now()).toBe(seconds('2026-06-30T19:00:00Z'));
    clock.setSpeed(1);
    expect(clock.now()).toBe(seconds('2026-06-30T19:00:00Z'));
    real += 7;
    expect(clock.now()).toBe(seconds('2026-06-30T19:00:07Z'));
    clock.setSpeed(0);
    real += 1000;
    expect(clock.now()).toBe(seconds('2026-06-30T19:00:07Z'));
  });

  it('can start somewhere and run on, and be reset to that', () => {
    const clock = new SimClock('2026-06-30T18:00:00Z', 60, realNow);
    real += 2;
    expect(clock.now()).toBe(seconds('2026-06-30T18:02:00Z'));
    clock.freeze('2026-01-01T00:00:00Z');
    clock.reset();
    real += 3;
    expect(clock.now()).toBe(seconds('2026-06-30T18:03:00Z'));
  });

  it.each([-1, Number.NaN, Infinity])('refuses a speed of %p', (speed) => {
    expect(() => new SimClock(undefined).setSpeed(speed)).toThrow(/speed must be 0/);
  });
});
