import { addDays, dayNumber } from '../life/local-day';
import { Noise } from '../life/random';
import { Reading, values } from '../sensors/reading';
import { activityOf, movementScore } from './activity';
import { NightTruth } from './day-truth';
import { JudgedNight } from './night-truth';
import { plausible } from './plausible';
import { RecordedLife } from './recorded-life';
import { recoveryScore } from './sleep-score';
import { isSynced, revisionIn, View } from './visibility';

/** The sleeps of one date as known by now, and which of them is the night. */
export interface DaySleeps {
  sleeps: NightTruth[];
  main: JudgedNight | null;
  /** Of all of them: which is the main one may change with the next. */
  pulse: Reading[];
}

/** The longest sleep of a date is the main one; of two equally long ones the earlier. */
export function sleepsIn(record: RecordedLife, date: string, view: View): DaySleeps {
  if (!isSynced(record, date, view)) return { sleeps: [], main: null, pulse: [] };
  const nights = record.nights(date, (night) => revisionIn(record.life, view, night));
  const longest = Math.max(...nights.map(({ truth }) => truth.time_in_bed_seconds));
  const main = nights.find(({ truth }) => truth.time_in_bed_seconds === longest) ?? null;
  const sleeps = nights.map((night) => ({
    ...night.truth,
    nap: night !== main,
    avg_resting_hr: night === main ? night.avgPulse : null,
  }));
  return { sleeps, main, pulse: nights.flatMap(({ pulse }) => pulse) };
}

/** One number for a whole date. They are those of the person's own day and never cut anew. */
export interface DayScalars {
  active_minutes: number | null;
  inactive_minutes: number | null;
  weekly_active_minutes: number | null;
  movement: number | null;
  recovery: number | null;
  temperature_deviation: number | null;
  average_body_temperature: number | null;
  sleep_movements: number | null;
  morning_alertness: number | null;
}

export function scalarsOf(
  record: RecordedLife,
  date: string,
  view: View,
  main: JudgedNight | null,
): DayScalars {
  const { persona } = record.life;
  const tells = persona.account.generation !== 'flat';
  const warmer = main && Math.round((main.temperature - persona.skin.asleep) * 100) / 100;
  return {
    ...movements(record, date, view),
    recovery: main && recoveryScore(persona, main),
    temperature_deviation: tells ? warmer : null,
    average_body_temperature: tells && main ? main.temperature : null,
    sleep_movements: main && main.truth.movements.filter(({ intensity }) => intensity !== 'light').length,
    morning_alertness: main?.alertnessMinutes ?? null,
  };
}

function movements(record: RecordedLife, date: string, view: View) {
  if (!isSynced(record, date, view) || date < record.life.memberSince) {
    const nothing = { active_minutes: null, inactive_minutes: null, weekly_active_minutes: null };
    return { ...nothing, movement: null };
  }
  const day = record.day(date);
  const { active, inactive } = activityUntil(record, date, view.fetched);
  const lastWeek = [1, 2, 3, 4, 5, 6].map((back) => addDays(date, -back));
  const before = lastWeek.reduce((sum, day) => sum + activityUntil(record, day, view.fetched).active, 0);
  const steps = stepsUntil(record, date, view.fetched);
  return {
    active_minutes: active,
    inactive_minutes: inactive,
    weekly_active_minutes: active + before,
    movement: movementScore(steps, active, day.form(day.start)),
  };
}

function activityUntil(record: RecordedLife, date: string, fetched: number) {
  const day = record.day(date);
  if (day.unworn || date < record.life.memberSince) return { active: 0, inactive: 0 };
  return fetched < day.end ? activityOf(day, record.minuteSteps(date), fetched) : record.activity(date);
}

function stepsUntil(record: RecordedLife, date: string, fetched: number): number {
  const { start, end } = record.day(date);
  const buckets = plausible('steps', record.readings('steps', start, Math.min(fetched + 1, end)));
  return values(buckets).reduce((total, value) => total + value, 0);
}

/** Null on a day that nobody wore the ring. */
export function fitnessOn(record: RecordedLife, date: string, view: View): number | null {
  return isSynced(record, date, view) && wornOn(record, date, view.fetched) ? fitness(record, date) : null;
}

function wornOn(record: RecordedLife, date: string, fetched: number): boolean {
  const { start, end } = record.day(date);
  return record.readings('hr', start, Math.min(fetched + 1, end)).length > 0;
}

function fitness({ life }: RecordedLife, date: string): number {
  const months = new Noise(`${life.seed}/${life.persona.id}/vo2max`).at(dayNumber(date), 30);
  return Math.round(life.persona.vo2max + 1.6 * months);
}

const longestMemoryDays = 7;

/** What the vendor shows again where a date has none of its own. */
export function carriedForward(
  record: RecordedLife,
  date: string,
  view: View,
): { resting_hr: number | null; vo2max: number | null } {
  const dates = Array.from({ length: longestMemoryDays + 1 }, (_, back) => addDays(date, -back));
  return {
    resting_hr: first(dates, (day) => sleepsIn(record, day, view).main?.restingPulse ?? null),
    vo2max: first(dates, (day) => fitnessOn(record, day, view)),
  };
}

function first(dates: string[], find: (date: string) => number | null): number | null {
  for (const date of dates) {
    const found = find(date);
    if (found !== null) return found;
  }
  return null;
}
