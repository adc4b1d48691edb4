import { datesBetween } from '../life/local-day';
import { Persona } from '../life/persona';
import { PERSONAS } from '../life/personas';
import { offsetAt } from '../life/zone-offset';
import { Reading } from '../sensors/reading';
import { DaySamples, DayTruth } from './day-truth';
import { LifeBook } from './life-book';

const now = Date.parse('2026-11-22T18:00:00Z') / 1000;
const kinds: (keyof DaySamples)[] = ['hr', 'hrv', 'temp', 'steps', 'spo2', 'night_rhr', 'glucose'];

/** Forty days that hold most of the traveller's autumn, and changes of the clocks on four continents. */
const dates = datesBetween('2026-09-26', '2026-11-04');

describe.each(PERSONAS)('every day of $id, $firstName', (persona: Persona) => {
  const book = new LifeBook('spec', now);
  let days: DayTruth[];

  beforeAll(() => {
    days = dates.map((date) => book.truth(persona, date, now));
  });

  const all = (kind: keyof DaySamples): Reading[] => days.flatMap(({ samples }) => samples[kind]);

  it('begins where the one before ends', () => {
    for (const [index, day] of days.slice(1).entries()) expect(day.day_start).toBe(days[index].day_end);
  });

  it.each(kinds.filter((kind) => kind !== 'night_rhr'))('holds each sample of %s once, in order', (kind) => {
    const stamps = all(kind).map(([at]) => at);
    expect(stamps.slice(1).filter((at, index) => at <= stamps[index])).toEqual([]);
    for (const { samples, day_start, day_end } of days)
      expect(samples[kind].filter(([at]) => at < day_start || at >= day_end)).toEqual([]);
  });

  it('counts every step once', () => {
    const total = days.reduce((sum, day) => sum + day.steps_total, 0);
    expect(total).toBe(all('steps').reduce((sum, [, steps]) => sum + steps, 0));
  });

  it('files sleeps under the date of the wake-up, one of them the main one, none over another', () => {
    const sleeps = days.flatMap((day) => day.sleeps.map((sleep) => ({ ...sleep, date: day.date })));
    for (const [index, sleep] of sleeps.slice(1).entries())
      expect(sleep.start).toBeGreaterThan(sleeps[index].end);
    for (const day of days) {
      const main = day.sleeps.filter(({ nap }) => !nap);
      expect(main).toHaveLength(Math.min(1, day.sleeps.length));
      for (const sleep of day.sleeps) expect(sleep.end - sleep.start).toBeLessThanOrEqual(longest(main));
    }
  });

  it('adds stages up to the time in bed', () => {
    for (const { sleeps } of days)
      for (const sleep of sleeps) {
        const { deep, light, rem, awake } = sleep.stage_seconds;
        expect(deep + light + rem + awake).toBe(sleep.end - sleep.start);
        expect(deep + light + rem).toBe(sleep.asleep_seconds);
        const drawn = sleep.stages.reduce((sum, { start, end }) => sum + end - start, 0);
        expect(drawn).toBe(sleep.time_in_bed_seconds);
        const tossed = sleep.stages.reduce((sum, { toss_turns }) => sum + (toss_turns ?? 0), 0);
        expect(tossed).toBe(sleep.toss_turns);
      }
  });

  it('shows only what is known: less an hour ago, never more', () => {
    const today = dates[dates.length - 1];
    const { day_end: end } = days[days.length - 1];
    const counts = [14, 9, 3, 0].map((hours) => {
      const { samples } = book.truth(persona, today, end - hours * 3600);
      return samples.hr.length;
    });
    expect(counts).toEqual([...counts].sort((left, right) => left - right));
    expect(book.truth(persona, '2026-11-27', now).samples.hr).toEqual([]);
  });

  it('is the day that the vendor holds, where the vendor holds it whole', () => {
    const { rollsBack, omitsTypes } = persona.account;
    if (rollsBack || omitsTypes || persona.journeys.length > 0 || persona.faultyRing) return;
    for (const day of days.slice(-20)) {
      const vendor = book.vendorDay(persona, day.date, now);
      const shared = persona.deniedScopes.length === 0 ? {} : { glucose: vendor.samples.glucose };
      // As text: a matcher takes its time over so many readings.
      expect(JSON.stringify(vendor.samples)).toBe(JSON.stringify({ ...day.samples, ...shared }));
      expect(JSON.stringify(vendor.sleeps)).toBe(JSON.stringify(day.sleeps));
      expect([vendor.day_start, vendor.steps_total]).toEqual([day.day_start, day.steps_total]);
      expect(vendor.carried_forward).toMatchObject(
        day.resting_hr === null ? {} : { resting_hr: day.resting_hr },
      );
    }
  });

  it('has local midnights for its limits at home', () => {
    if (persona.journeys.length > 0) return;
    for (const { day_start: start } of days)
      expect((start + offsetAt(start, persona.timeZone)) % 86_400).toBe(0);
  });
});

function longest(sleeps: { start: number; end: number }[]): number {
  return Math.max(...sleeps.map(({ start, end }) => end - start));
}
