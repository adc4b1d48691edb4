import * as fc from 'fast-check';
import { addDays, localDate } from './local-date';
import {
  backOffMs,
  fetchRanges,
  historyLimit,
  initialDates,
  isSettled,
  phaseOf,
  recheckAt,
  slotAfter,
  slotDates,
  type SlotPlan,
} from './plan';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const connectionIds = fc.uuid();
const instants = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
});
/** 7 h does not divide a day, 26 h is longer than one. */
const intervals = fc.constantFrom(HOUR / 4, HOUR, 7 * HOUR, 26 * HOUR);

const plan = (more: Partial<SlotPlan>): SlotPlan => ({
  connectionId: '5f0c1c1e-0d54-4b57-8d39-0f6b1f6a2b11',
  slotAt: new Date('2026-03-10T12:00:00Z'),
  now: new Date('2026-03-10T12:00:00Z'),
  intervalMs: HOUR,
  timeZone: null,
  newest: '2026-03-10',
  historyDays: null,
  lookBack: { slotDays: 1, dailyDays: 7, weeklyDays: 30 },
  ...more,
});

/** The slots of one connection in the `days` after `from`, each served on time. */
function slotsFrom(from: Date, days: number, connectionId: string, intervalMs: number): SlotPlan[] {
  const plans: SlotPlan[] = [];
  let slotAt = slotAfter(from, connectionId, intervalMs);
  while (slotAt.getTime() < from.getTime() + days * DAY) {
    plans.push(plan({ connectionId, intervalMs, slotAt, now: slotAt, newest: localDate(slotAt, null) }));
    slotAt = slotAfter(slotAt, connectionId, intervalMs);
  }
  return plans;
}

describe('slotAfter', () => {
  it('is later than the given time by at most one interval, always at the same phase', () => {
    fc.assert(
      fc.property(connectionIds, instants, intervals, (id, at, interval) => {
        const slot = slotAfter(at, id, interval).getTime();
        expect(slot).toBeGreaterThan(at.getTime());
        expect(slot - at.getTime()).toBeLessThanOrEqual(interval);
        expect(slot % interval).toBe(phaseOf(id) % interval);
      }),
    );
  });

  it('spreads connections over the interval', () => {
    const at = new Date('2026-03-10T12:00:00Z');
    const minutes = new Array<number>(60).fill(0);
    for (let n = 0; n < 6_000; n++) {
      const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
      minutes[slotAfter(at, id, HOUR).getUTCMinutes()]++;
    }
    expect(Math.min(...minutes)).toBeGreaterThan(60);
    expect(Math.max(...minutes)).toBeLessThan(150);
  });
});

describe('slotDates', () => {
  it('looks one day back as a rule, seven once a day and thirty once a week', () => {
    fc.assert(
      fc.property(connectionIds, instants, (id, from) => {
        const lengths = slotsFrom(from, 7, id, HOUR).map((slot) => slotDates(slot).length);
        const count = (length: number) => lengths.filter((each) => each === length).length;
        expect([count(31), count(8), count(2)]).toEqual([1, 6, 161]);
      }),
      { numRuns: 25 },
    );
  });

  it('misses no daily slot at intervals that do not divide a day', () => {
    fc.assert(
      fc.property(connectionIds, instants, fc.constantFrom(7 * HOUR, 26 * HOUR), (id, from, interval) => {
        const long = slotsFrom(from, 70, id, interval).filter((slot) => slotDates(slot).length > 2).length;
        // A slot longer than a day can stand for two boundaries at once, but never for none.
        expect(long).toBeGreaterThanOrEqual(Math.floor((70 * DAY) / Math.max(DAY, interval)) - 1);
      }),
      { numRuns: 25 },
    );
  });

  it('catches up on a weekly slot that fell into a pause of the server', () => {
    const [first] = slotsFrom(new Date('2026-03-02T00:00:00Z'), 1, plan({}).connectionId, HOUR);
    const now = new Date(first.slotAt.getTime() + 7 * DAY);
    expect(slotDates({ ...first, now })).toHaveLength(31);
  });

  it("takes today from the user's zone", () => {
    const now = new Date('2026-03-10T20:15:00Z');
    const newestOf = (timeZone: string | null) => slotDates(plan({ now, slotAt: now, timeZone }))[0];
    expect(newestOf('Asia/Kolkata')).toBe('2026-03-11');
    expect(newestOf('America/New_York')).toBe('2026-03-10');
    expect(newestOf(null)).toBe('2026-03-10');
    expect(newestOf('Mars/Olympus')).toBe('2026-03-10');
  });

  it('fills a gap, and reads the last days before it again', () => {
    const dates = slotDates(plan({ newest: '2026-02-03' }));
    expect(dates[0]).toBe('2026-03-10');
    expect(dates.at(-1)).toBe('2026-02-01');
    expect(dates).toHaveLength(38);
  });

  it('looks back as far as it is told to, at least at today', () => {
    const lookBack = { slotDays: 0, dailyDays: 3, weeklyDays: 9 };
    const [first] = slotsFrom(new Date('2026-03-02T00:00:00Z'), 1, plan({}).connectionId, HOUR);
    const lengths = slotsFrom(first.slotAt, 7, plan({}).connectionId, HOUR).map(
      (slot) => slotDates({ ...slot, lookBack }).length,
    );
    expect(new Set(lengths)).toEqual(new Set([1, 4, 10]));
  });

  it("asks no further back than the vendor's history", () => {
    expect(slotDates(plan({ newest: '2026-02-03', historyDays: 9 })).at(-1)).toBe('2026-03-01');
  });
});

describe('initialDates', () => {
  it('reaches from tomorrow in UTC back over the backfill', () => {
    const dates = initialDates(new Date('2026-03-01T23:30:00Z'), 30, null);
    expect([dates[0], dates.at(-1), dates.length]).toEqual(['2026-03-02', '2026-01-30', 32]);
  });
});

describe('isSettled', () => {
  it('begins after three local days', () => {
    const now = new Date('2026-03-10T20:15:00Z');
    expect(isSettled('2026-03-07', now, 'UTC')).toBe(false);
    expect(isSettled('2026-03-06', now, 'UTC')).toBe(true);
    expect(isSettled('2026-03-07', now, 'Asia/Kolkata')).toBe(true);
  });
});

describe('backOffMs', () => {
  it('doubles from 2 s up to 15 min, times the random number', () => {
    expect([1, 2, 3, 4, 9, 10, 40].map((attempts) => backOffMs(attempts, 1))).toEqual([
      2_000, 4_000, 8_000, 16_000, 512_000, 900_000, 900_000,
    ]);
    expect(backOffMs(40, 1, 'unavailable')).toBe(600_000);
    expect(backOffMs(3, 0.25)).toBe(2_000);
    expect(backOffMs(3, 0)).toBe(0);
  });
});

describe('recheckAt', () => {
  it('is 1, 6, 24 and 72 hours after the first empty answer', () => {
    const since = new Date('2026-03-10T12:00:00Z');
    const after = (hours: number) => new Date(since.getTime() + hours * HOUR);
    expect([0, 0.99, 1, 5, 7, 30, 72].map((hours) => recheckAt(since, after(hours)))).toEqual(
      [1, 1, 6, 6, 24, 72, null].map((hours) => (hours === null ? null : after(hours))),
    );
  });
});

describe('historyLimit', () => {
  it('leaves 30 % and at least one to what cannot wait, but never history without any', () => {
    expect([1, 2, 3, 4, 10, 64].map(historyLimit)).toEqual([1, 1, 2, 2, 7, 44]);
  });
});

describe('fetchRanges', () => {
  it('covers every date exactly once, in order, within the limit', () => {
    const dates = fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }))
      .map((offsets) => offsets.toSorted((a, b) => a - b).map((offset) => addDays('2026-03-10', -offset)));
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 9 }), (dates, maxDays) => {
        const covered = fetchRanges(dates, maxDays).flatMap(({ from, to }) => {
          const all: string[] = [];
          for (let date = to; date >= from; date = addDays(date, -1)) all.push(date);
          expect(all.length).toBeLessThanOrEqual(maxDays);
          return all;
        });
        expect(covered).toEqual(dates);
      }),
    );
  });
});
