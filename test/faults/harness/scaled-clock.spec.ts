import { ScaledClock } from './scaled-clock';

/** The machine's clock, two seconds after the setting. */
const MACHINE_MS = Date.parse('2031-01-01T00:00:02Z');

const setting = (scale: number, skewMs = 0) => ({
  at: '2026-03-25T12:00:00.000Z',
  realMs: MACHINE_MS - 2_000,
  scale,
  skewMs,
});

describe('the scaled clock', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(MACHINE_MS);
    jest.spyOn(performance, 'now').mockReturnValue(7_000);
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['real time', setting(1), '2026-03-25T12:00:02.000Z'],
    ['a minute a second', setting(60), '2026-03-25T12:02:00.000Z'],
    ['a standing clock', setting(0), '2026-03-25T12:00:00.000Z'],
    ['a machine that is 30 s slow', setting(1, -30_000), '2026-03-25T11:59:32.000Z'],
  ])('tells %s', (_, clock, expected) => {
    expect(new ScaledClock(clock).now().toISOString()).toBe(expected);
  });

  it('is right again once the offset to the true clock is known', () => {
    const clock = new ScaledClock(setting(60, -30_000));
    clock.setOffset(30_000);
    expect(clock.now().toISOString()).toBe('2026-03-25T12:02:00.000Z');
    expect(clock.skewMs).toBe(-30_000);
  });

  it('changes its pace when it is told to', () => {
    const clock = new ScaledClock(setting(1));
    clock.set(setting(3_600));
    expect(clock.now().toISOString()).toBe('2026-03-25T14:00:00.000Z');
  });
});
