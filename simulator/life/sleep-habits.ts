import { Life } from './life';
import { addDays, atHour, dayNumber, weekday } from './local-day';
import { SleepHabit } from './persona';
import { Random } from './random';

export interface SleepPlan {
  start: number;
  minutes: number;
  /** What else happens in this sleep is drawn from here. */
  random: Random;
}

type Plan = (life: Life, date: string, zone: string) => SleepPlan[];

const habits: Record<SleepHabit, Plan> = {
  nights: (life, date, zone) => [night(life, date, zone)],
  shifts: betweenShifts,
  pieces: inPieces,
};

/** The sleeps from which one wakes up on this date, as they would be if nobody had a flight to catch. */
export function planSleeps(life: Life, date: string, zone: string): SleepPlan[] {
  return habits[life.persona.sleepHabit](life, date, zone);
}

function night(life: Life, date: string, zone: string): SleepPlan {
  const { bedtime, sleepHours } = life.persona;
  const random = randomOf(life, date, 'night');
  const freeTomorrow = weekday(date) >= 6;
  const delay = freeTomorrow ? bedtime.weekendDelay : 0;
  const hour = bedtime.hour + delay + clamp(random.normal(0, bedtime.spread), -1.2, 1.2);
  const hours = sleepHours + (freeTomorrow ? 0.4 : 0) + clamp(random.normal(0, 0.55), -1.8, 1.4);
  return { start: atHour(addDays(date, -1), zone, hour), minutes: Math.round(hours * 60), random };
}

/** Four night shifts, four free nights, all year round. True: one begins on the evening of this date. */
export function worksNight(date: string): boolean {
  return dayNumber(date) % 8 < 4;
}

/** After a shift she sleeps in daylight, before one again for an hour or two, and on free nights like others. */
function betweenShifts(life: Life, date: string, zone: string): SleepPlan[] {
  const [cameHome, leavesAgain] = [worksNight(addDays(date, -1)), worksNight(date)];
  const day = randomOf(life, date, 'daylight');
  const minutes = leavesAgain ? day.int(300, 370) : day.int(200, 245);
  const daylight = { start: atHour(date, zone, 8.8 + day.normal(0, 0.2)), minutes, random: day };
  const evening = randomOf(life, date, 'evening');
  const short = { start: atHour(date, zone, evening.between(18, 18.5)), minutes: evening.int(75, 105) };
  return [
    cameHome ? daylight : night(life, date, zone),
    ...(leavesAgain ? [{ ...short, random: evening }] : []),
  ];
}

/** Lies awake in the small hours until it is better to get up for a while; makes up for it after lunch. */
function inPieces(life: Life, date: string, zone: string): SleepPlan[] {
  const whole = night(life, date, zone);
  const pieces = randomOf(life, date, 'pieces');
  const [splits, share, gap] = [pieces.chance(0.35), pieces.between(0.4, 0.55), pieces.int(50, 110)];
  const pastMidnight = (atHour(date, zone, 0.4) - whole.start) / 60;
  const first = Math.round(Math.max(whole.minutes * share, pastMidnight));
  const later = {
    start: whole.start + (first + gap) * 60,
    minutes: whole.minutes - first,
    random: randomOf(life, date, 'later'),
  };
  const nap = randomOf(life, date, 'nap');
  const [naps, hour, minutes] = [nap.chance(0.4), nap.between(14, 16), nap.int(38, 85)];
  return [
    ...(splits ? [{ ...whole, minutes: first }, later] : [whole]),
    ...(naps ? [{ start: atHour(date, zone, hour), minutes, random: nap }] : []),
  ];
}

function randomOf({ persona, seed }: Life, date: string, purpose: string): Random {
  return new Random(`${seed}/${persona.id}/${date}/${purpose}`);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
