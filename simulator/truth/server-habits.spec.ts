import { makeLife } from '../life/life';
import { addDays, datesBetween, startOfDay, weekday } from '../life/local-day';
import { newcomer, veteran, weekendOff, zoneUnknown } from '../life/people/accounts';
import { nightNurse, poorSleeper } from '../life/people/bad-nights';
import { faultyRing, keepsGlucosePrivate, sensorExpired } from '../life/people/sensors';
import { steady } from '../life/people/settled';
import { Reading } from '../sensors/reading';
import { LifeBook } from './life-book';
import { omittedType } from './server-habits';

const seconds = (iso: string) => Date.parse(iso) / 1000;
const now = seconds('2026-11-22T18:00:00Z');
const hour = 3600;
const book = new LifeBook('spec', now);
const count = (readings: Reading[] | null) => readings?.length ?? 0;

describe('a type that is missing once', () => {
  const dates = datesBetween('2026-10-01', '2026-10-25');
  const missing = (date: string, at: number) => {
    const { samples, scalars } = book.vendorDay(veteran, date, at);
    const series = (['hr', 'hrv', 'steps', 'spo2'] as const).filter((kind) => samples[kind] === null);
    return [...series, ...(scalars.active_minutes === null ? ['active_minutes'] : [])];
  };

  it('is about one answer of 25, and is back six hours later', () => {
    const periods = [0, 6, 12, 18, 24, 30, 36, 42].map((hours) => now + hours * hour);
    const answers = dates.flatMap((date) => periods.map((at) => ({ date, at, gone: missing(date, at) })));
    const lacking = answers.filter(({ gone }) => gone.length > 0);
    expect(lacking.length / answers.length).toBeGreaterThan(0.015);
    expect(lacking.length / answers.length).toBeLessThan(0.07);
    for (const { date, at, gone } of lacking) {
      expect(gone).toHaveLength(1);
      expect(missing(date, at + 6 * hour)).toEqual([]);
      expect(book.truth(veteran, date, at)).toEqual(book.truth(veteran, date, at + 6 * hour));
    }
  });

  it('is never missing twice in a row', () => {
    const life = makeLife(veteran, 'spec', now);
    const gone = (date: string, period: number) => omittedType(life, date, now + period * 6 * hour) !== null;
    const periods = Array.from({ length: 60 }, (_, period) => period);
    const lasting = dates.flatMap((date) => periods.filter((at) => gone(date, at) && gone(date, at + 1)));
    expect(lasting).toEqual([]);
  });

  it('is always there for the newest dates, and for the people of the demo', () => {
    for (const hours of [0, 6, 12, 18, 24, 30, 36, 42, 48])
      expect(missing('2026-11-21', now + hours * hour)).toEqual([]);
    for (const date of dates) expect(book.vendorDay(steady, date, now).samples.hr).not.toBeNull();
  });
});

describe('a Sunday that rolls back', () => {
  const sundays = datesBetween('2026-06-01', '2026-10-25').filter((date) => weekday(date) === 7);
  const at = (date: string, days: number) =>
    startOfDay(addDays(date, days), poorSleeper.timeZone) + 10 * hour;
  const fallen = sundays.filter((date) => {
    const [before, after] = [20, 21].map((days) => book.vendorDay(poorSleeper, date, at(date, days)));
    return count(after.samples.hr) < count(before.samples.hr);
  });

  it('happens to some, three weeks on, and to no other day', () => {
    expect(fallen.length).toBeGreaterThan(4);
    expect(fallen.length).toBeLessThan(sundays.length - 4);
    const weekdays = datesBetween('2026-09-07', '2026-09-12');
    for (const date of weekdays)
      expect(book.vendorDay(poorSleeper, date, at(date, 21)).samples).toEqual(
        book.vendorDay(poorSleeper, date, at(date, 20)).samples,
      );
  });

  it('is the state of its first evening, for good, while the truth keeps the rest', () => {
    const [date] = fallen;
    const evening = book.vendorDay(poorSleeper, date, startOfDay(date, poorSleeper.timeZone) + 20.5 * hour);
    for (const days of [21, 40]) expect(book.vendorDay(poorSleeper, date, at(date, days))).toEqual(evening);
    const whole = book.vendorDay(poorSleeper, date, at(date, 20));
    expect(count(evening.samples.steps)).toBeLessThan(count(whole.samples.steps));
    expect(book.truth(poorSleeper, date, at(date, 40)).samples.hr).toEqual(whole.samples.hr);
  });
});

describe('a night after the wake-up', () => {
  const sleepsOn = (day: string) => book.truth(poorSleeper, day, now).sleeps;
  // A night in one piece: the second half of another would come in between.
  const date = datesBetween('2026-10-20', '2026-11-10').find((day) => sleepsOn(day).length === 1) ?? '';
  const final = book.truth(poorSleeper, date, now).sleeps[0];
  const after = (passed: number) => book.truth(poorSleeper, date, final.end + passed);

  it('is revised one and six hours on: tail, means and score', () => {
    const [first, second, third] = [60, hour, 6 * hour].map(after);
    const [early, middle, late] = [first, second, third].map(({ sleeps }) => sleeps[0]);
    expect([early.start, middle.start, late.start]).toEqual([final.start, final.start, final.start]);
    expect(early.end).toBeLessThan(middle.end);
    expect(middle.end).toBeLessThan(late.end);
    expect(early.stages.at(-1)?.stage).not.toBe('awake');
    expect(late).toEqual(final);
    expect(early.efficiency).toBeGreaterThanOrEqual(late.efficiency);
    expect(early.score).not.toBe(late.score);
    expect(first.recovery).not.toBe(third.recovery);
    expect(book.vendorDay(poorSleeper, date, final.end + hour).sleeps).toEqual(second.sleeps);
  });

  it('stays as it is a second before', () => {
    expect(after(hour - 1).sleeps).toEqual(after(60).sleeps);
    expect(after(6 * hour - 1).sleeps).toEqual(after(hour).sleeps);
  });
});

describe('a phone', () => {
  it('that fetches twice a day tells the afternoon in the evening', () => {
    // Lord Howe is 11 hours ahead in November: 15:00 there is 04:00Z, 09:24 is 22:24Z on the day before.
    const afternoon = book.truth(weekendOff, '2026-11-18', seconds('2026-11-18T04:00:00Z'));
    expect(afternoon.known_until).toBe(seconds('2026-11-17T22:24:00Z'));
    const evening = book.truth(weekendOff, '2026-11-18', seconds('2026-11-18T09:30:00Z'));
    expect(evening.known_until).toBe(seconds('2026-11-18T09:12:00Z'));
    expect(evening.samples.hr.length).toBeGreaterThan(afternoon.samples.hr.length + 120);
  });

  it('left behind for three days brings them in one heap', () => {
    // 21:24 in New York on the 10th is the last fetch, 08:18 on the 14th the next (UTC − 5).
    const last = seconds('2026-11-11T02:24:00Z');
    const onThe13th = seconds('2026-11-13T20:00:00Z');
    expect(book.truth(veteran, '2026-11-10', onThe13th).known_until).toBe(last);
    for (const date of ['2026-11-11', '2026-11-12', '2026-11-13']) {
      expect(book.vendorDay(veteran, date, onThe13th).synced).toBe(false);
      expect(book.truth(veteran, date, onThe13th).samples.hr).toEqual([]);
    }
    const heap = seconds('2026-11-14T13:18:00Z');
    expect(book.truth(veteran, '2026-11-12', heap - 1).samples.hr).toEqual([]);
    expect(book.truth(veteran, '2026-11-12', heap)).toEqual(book.truth(veteran, '2026-11-12', now));
  });

  it('of a nurse at work shows the new date before any sleep', () => {
    // On the 5th her shift ends in the morning; the first fetch is at 07:54 in Chicago, 13:54Z, before she sleeps.
    const morning = book.truth(nightNurse, '2026-11-05', seconds('2026-11-05T14:00:00Z'));
    expect(morning).toMatchObject({ sleeps: [], known_until: seconds('2026-11-05T13:54:00Z') });
    expect(morning.samples.steps.length).toBeGreaterThan(80);
  });
});

describe('what an account holds', () => {
  it('glucose until the last sensor ran out, and null-valued types after', () => {
    // 24 days before the 22nd of November: on the 29th of October at 10:15 in Toronto, 14:15Z.
    expect(book.truth(sensorExpired, '2026-10-29', now).samples.glucose.at(-1)?.[0]).toBeLessThan(
      seconds('2026-10-29T14:15:00Z'),
    );
    expect(book.vendorDay(sensorExpired, '2026-10-30', now)).toMatchObject({
      samples: { glucose: [] },
      metabolic: null,
      has_cgm_account: true,
    });
  });

  it('glucose that its owner does not share is not in the truth', () => {
    expect(count(book.vendorDay(keepsGlucosePrivate, '2026-11-02', now).samples.glucose)).toBeGreaterThan(
      200,
    );
    expect(book.truth(keepsGlucosePrivate, '2026-11-02', now)).toMatchObject({
      samples: { glucose: [] },
      metabolic: null,
    });
  });

  it('of a newcomer begins two days before the first look', () => {
    // 18:00Z on the 22nd is the 23rd in Auckland.
    expect(book.memberSince(newcomer)).toBe('2026-11-21');
    expect(book.truth(newcomer, '2026-11-20', now).samples.hr).toEqual([]);
    expect(book.truth(newcomer, '2026-11-21', now).sleeps).toEqual([]);
    expect(book.truth(newcomer, '2026-11-22', now).sleeps).toHaveLength(1);
    expect(book.memberSince(veteran)).toBe('2024-11-22');
  });

  it('never names a zone where none ever arrives', () => {
    expect(book.truth(zoneUnknown, '2026-11-02', now).time_zone).toBeNull();
    expect(book.vendorDay(zoneUnknown, '2026-11-02', now)).toMatchObject({
      zone_now: null,
      day_start: seconds('2026-11-01T18:15:00Z'),
    });
  });

  it('leaves every fourth weekend empty', () => {
    const weekends = datesBetween('2026-09-05', '2026-10-30').filter((date) => weekday(date) >= 6);
    const unworn = weekends.filter((date) => book.truth(weekendOff, date, now).samples.temp.length === 0);
    expect(unworn).toHaveLength(4);
    expect(weekday(unworn[0])).toBe(6);
    expect(unworn[1]).toBe(addDays(unworn[0], 1));
    expect(unworn[2]).toBe(addDays(unworn[0], 28));
    const { carried_forward: carried, scalars } = book.vendorDay(weekendOff, unworn[1], now);
    expect(carried.resting_hr).toBe(book.truth(weekendOff, addDays(unworn[0], -1), now).resting_hr);
    expect([scalars.recovery, scalars.active_minutes]).toEqual([null, 0]);
  });
});

describe('a ring that is out of order', () => {
  const nonsense: Record<string, (value: number) => boolean> = {
    hr: (value) => value === 0 || value === 300,
    hrv: (value) => value === 900,
    temp: (value) => value === -3 || value === 60,
    steps: (value) => value === 90_000,
    spo2: (value) => value <= 2,
  };

  it('says what no body can do, and the truth does not repeat it', () => {
    const vendor = book.vendorDay(faultyRing, '2026-11-02', now);
    const truth = book.truth(faultyRing, '2026-11-02', now);
    for (const kind of ['hr', 'hrv', 'temp', 'steps', 'spo2'] as const) {
      const absurd = nonsense[kind];
      expect([kind, vendor.samples[kind]?.some(([, value]) => absurd(value))]).toEqual([kind, true]);
      expect(truth.samples[kind]).toEqual(vendor.samples[kind]?.filter(([, value]) => !absurd(value)));
    }
    expect(vendor.steps_total).toBe(truth.steps_total);
    expect(truth.steps_total).toBeLessThan(20_000);
  });

  it('has days on which it measures no saturation at all', () => {
    // Even days since 1970: the 3rd of November 2026 is number 20,760.
    expect(book.truth(faultyRing, '2026-11-03', now)).toMatchObject({
      samples: { spo2: [] },
      spo2_avg: null,
    });
    expect(book.vendorDay(faultyRing, '2026-11-03', now).averages.spo2).toBeLessThan(3);
  });

  it('states a saturation of a night that nobody could live through', () => {
    const blind = datesBetween('2026-10-01', '2026-11-10').filter((date) =>
      book.truth(faultyRing, date, now).sleeps.some(({ spo2 }) => spo2 === null),
    );
    expect(blind.length).toBeGreaterThan(2);
    for (const date of blind) expect(book.vendorDay(faultyRing, date, now).sleeps[0].spo2).toBeLessThan(3);
  });
});
