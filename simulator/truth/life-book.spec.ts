import { addDays, datesBetween, localDate } from '../life/local-day';
import { PERSONAS } from '../life/personas';
import { Stage } from '../life/sleep-stages';
import { mean, Reading, values, within } from '../sensors/reading';
import { DayTruth, NightTruth } from './day-truth';
import { LifeBook } from './life-book';

const seconds = (iso: string) => Date.parse(iso) / 1000;
const now = seconds('2026-06-30T18:00:00Z');
const book = (seed = 'spec') => new LifeBook(seed, now);
const [steady, athlete, sensorWearer] = PERSONAS;

const average = (readings: Reading[]) => mean(values(readings)) ?? Number.NaN;

function mainSleep(day: DayTruth): NightTruth {
  const main = day.sleeps.find(({ nap }) => !nap);
  if (!main) throw new Error(`nobody slept on ${day.date}`);
  return main;
}

function inStage(day: DayTruth, readings: Reading[], stage: Stage): Reading[] {
  const intervals = mainSleep(day).stages.filter((interval) => interval.stage === stage);
  return intervals.flatMap(({ start, end }) => within(readings, start, end));
}

describe('LifeBook', () => {
  it('tells the same day the same way, whatever was asked before', () => {
    const worn = book();
    for (const date of datesBetween('2026-05-01', '2026-05-09')) worn.truth(athlete, date, now);
    expect(worn.truth(athlete, '2026-05-10', now)).toEqual(book().truth(athlete, '2026-05-10', now));
  });

  it('tells another life for another seed', () => {
    const [one, other] = [book('one'), book('other')].map((life) => life.truth(steady, '2026-05-10', now));
    expect(other.samples.hr).not.toEqual(one.samples.hr);
    expect(mainSleep(other).start).not.toBe(mainSleep(one).start);
  });

  it.each([steady, athlete, sensorWearer])(
    'today is the beginning of the whole day: $firstName',
    (persona) => {
      const date = '2026-06-16';
      const whole = book().truth(persona, date, now);
      const noon = whole.day_start + 12 * 3600;
      const morning = book().truth(persona, date, noon);
      for (const kind of ['hr', 'hrv', 'temp', 'steps', 'glucose'] as const) {
        expect(morning.samples[kind]).toEqual(whole.samples[kind].filter(([at]) => at <= noon));
      }
      expect(morning.sleeps).toEqual(whole.sleeps);
      expect(morning.steps_total).toBeLessThanOrEqual(whole.steps_total);
    },
  );

  it('knows nothing of a day before its owner is up, but what was carried forward', () => {
    const whole = book().truth(steady, '2026-06-16', now);
    const wakeUp = mainSleep(whole).end;
    const asleep = book().truth(steady, '2026-06-16', wakeUp - 60);
    expect(asleep).toMatchObject({
      sleeps: [],
      steps_total: 0,
      active_minutes: null,
      recovery: null,
      resting_hr: null,
      vo2max: null,
    });
    expect(asleep.samples.hr).toEqual([]);
    const yesterday = book().truth(steady, '2026-06-15', now);
    const vendor = book().vendorDay(steady, '2026-06-16', wakeUp - 60);
    expect(vendor).toMatchObject({
      synced: false,
      steps_total: null,
      carried_forward: { resting_hr: yesterday.resting_hr, vo2max: yesterday.vo2max },
    });
    expect(book().truth(steady, '2026-06-16', wakeUp).sleeps).toEqual(whole.sleeps);
  });

  it.each([
    [sensorWearer, '2026-03-28', 24],
    [sensorWearer, '2026-03-29', 23],
    [sensorWearer, '2025-10-26', 25],
    [athlete, '2026-03-08', 23],
    [athlete, '2025-11-02', 25],
    [steady, '2026-03-29', 24],
  ])('days are as long as the zone says: %#', (persona, date, hours) => {
    const day = book().truth(persona, date, now);
    expect(day.day_end - day.day_start).toBe(hours * 3600);
    expect(localDate(day.day_start, persona.timeZone)).toBe(date);
    for (const [at] of day.samples.hr) expect(localDate(at, persona.timeZone)).toBe(date);
    expect(day.samples.hr.length).toBeGreaterThan(hours * 6);
  });

  it('sleeps believably: cycles, dips, warmth', () => {
    for (const date of datesBetween('2026-06-01', '2026-06-07')) {
      const day = book().truth(steady, date, now);
      const before = book().truth(steady, addDays(date, -1), now);
      const night = mainSleep(day);
      const hr = [...before.samples.hr, ...day.samples.hr];
      const hrv = [...before.samples.hrv, ...day.samples.hrv];
      const temp = [...before.samples.temp, ...day.samples.temp];
      expect(average(inStage(day, hr, 'deep'))).toBeLessThan(average(inStage(day, hr, 'rem')));
      expect(average(inStage(day, hrv, 'deep'))).toBeGreaterThan(average(inStage(day, hrv, 'light')));
      const evening = average(within(temp, night.start - 3600, night.start));
      expect(average(within(temp, night.start + 3600, night.start + 7200)) - evening).toBeGreaterThan(0.8);
      expect(localDate(night.end, steady.timeZone)).toBe(date);
      expect(night.stages[0]).toMatchObject({ start: night.start, stage: 'awake' });
      expect(night.cycles.length).toBeGreaterThanOrEqual(3);
      const middle = (night.start + night.end) / 2;
      const deep = night.stages.filter(({ stage }) => stage === 'deep');
      const early = deep
        .filter(({ start }) => start < middle)
        .reduce((sum, { start, end }) => sum + end - start, 0);
      expect(early).toBeGreaterThan(night.stage_seconds.deep / 2);
    }
  });

  it('stage intervals are whole minutes without gaps and add up', () => {
    const night = mainSleep(book().truth(athlete, '2026-06-20', now));
    const { stages } = night;
    expect(stages[0].start).toBe(night.start);
    expect(stages.at(-1)?.end).toBe(night.end);
    expect(stages.every(({ start, end }) => (end - start) % 60 === 0)).toBe(true);
    expect(stages.slice(1).map(({ start }) => start)).toEqual(stages.slice(0, -1).map(({ end }) => end));
    const sum = Object.values(night.stage_seconds).reduce((total, part) => total + part, 0);
    expect(sum).toBe(night.time_in_bed_seconds);
  });

  it('samples about every five minutes, on separate grids, in plausible ranges', () => {
    const { samples } = book().truth(sensorWearer, '2026-06-10', now);
    const total = Object.values(samples).reduce((sum, readings) => sum + readings.length, 0);
    expect(total).toBeGreaterThan(1100);
    const gaps = samples.hr.slice(1).map(([at], index) => at - samples.hr[index][0]);
    expect(gaps.filter((gap) => gap < 268)).toEqual([]);
    expect(gaps.filter((gap) => gap > 315).length).toBeLessThan(5);
    expect(samples.temp.map(([at]) => at)).toEqual(samples.steps.map(([at]) => at));
    expect(samples.temp[0][0]).not.toBe(samples.hr[0][0]);
    expect(samples.hrv.length / samples.hr.length).toBeCloseTo(0.68, 1);
    expect(samples.steps.some(([, steps]) => steps === 0)).toBe(true);
    expect(samples.temp.every(([, degrees]) => degrees === Math.fround(degrees))).toBe(true);
    expect(average(samples.glucose)).toBeGreaterThan(80);
  });

  it('leaves a ring at home twice a month, never lately, and measures nothing then', () => {
    const life = book();
    const days = datesBetween('2026-05-01', '2026-06-30').map((date) => life.truth(athlete, date, now));
    const unworn = days.filter(({ samples }) => samples.temp.length === 0 && samples.hr.length === 0);
    expect(unworn.length).toBeGreaterThanOrEqual(2);
    for (const day of unworn) {
      expect(day.date < '2026-06-26').toBe(true);
      expect(day).toMatchObject({
        steps_total: 0,
        sleeps: [],
        resting_hr: null,
        vo2max: null,
        active_minutes: 0,
      });
      const { carried_forward: carried } = life.vendorDay(athlete, day.date, now);
      expect(carried.resting_hr).toBeGreaterThan(30);
    }
    expect(days.slice(-3).every(({ sleeps }) => sleeps.length === 1)).toBe(true);
  });

  it('gives glucose to the sensor wearer only', () => {
    expect(book().truth(steady, '2026-06-10', now)).toMatchObject({
      metabolic: null,
      samples: { glucose: [] },
    });
    expect(book().truth(sensorWearer, '2026-06-10', now).metabolic?.time_in_target_percent).toBeGreaterThan(
      60,
    );
  });
});
