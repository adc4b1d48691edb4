import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/open-database';
import { Clock } from './clock';
import { ClockCheck } from './clock-check';

/** A machine whose clock is wrong. */
class SkewedClock extends Clock {
  constructor(public wrongByMs: number) {
    super();
  }

  override local(): number {
    return super.local() + this.wrongByMs;
  }
}

describe('the clock', () => {
  let database: DataSource;
  beforeAll(async () => {
    database = await openDatabase([]);
  });
  afterAll(() => database?.destroy());
  afterEach(() => jest.restoreAllMocks());

  async function checked(wrongByMs: number) {
    const said = {
      warn: jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined),
      error: jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined),
    };
    const clock = new SkewedClock(wrongByMs);
    await new ClockCheck(database, clock).check();
    return { clock, warnings: said.warn.mock.calls.length, errors: said.error.mock.calls.length };
  }

  it('tells the time of the database, however wrong the machine is', async () => {
    const clocks = await Promise.all([-30_000, 0, 30_000].map(async (ms) => (await checked(ms)).clock));
    const times = clocks.map((clock) => clock.now().getTime());
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(250);
    expect(clocks[2].skewMs).toBeGreaterThan(29_000);
  });

  it.each([
    [0, 0, 0, true],
    [-4_000, 0, 0, true],
    [8_000, 1, 0, true],
    [-59_000, 1, 0, true],
    [62_000, 0, 1, false],
  ])(
    'that is wrong by %i ms gives %i warnings and %i errors',
    async (wrongByMs, warnings, errors, trusted) => {
      const said = await checked(wrongByMs);
      expect([said.warnings, said.errors, said.clock.isTrusted]).toEqual([warnings, errors, trusted]);
    },
  );

  it('is not moved by a step of the machine, and says at once that it is wrong', async () => {
    const { clock } = await checked(0);
    for (const stepMs of [-3_600_000, 3_600_000]) {
      const before = clock.now().getTime();
      clock.wrongByMs = stepMs;
      expect(Math.abs(clock.now().getTime() - before)).toBeLessThan(250);
      expect([clock.isTrusted, Math.round(clock.skewMs / 1_000)]).toEqual([false, stepMs / 1_000]);
    }
    clock.wrongByMs = 0;
    expect(clock.isTrusted).toBe(true);
  });

  it('keeps the last offset while the database does not answer', async () => {
    const { clock } = await checked(30_000);
    const gone = { query: () => Promise.reject(new Error('gone')) } as unknown as DataSource;
    await new ClockCheck(gone, clock).check();
    expect(clock.skewMs).toBeGreaterThan(29_000);
  });
});
