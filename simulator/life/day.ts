import { Bout, Meal, planDay, RingOff } from './day-plan';
import { addDays, startOfDay } from './local-day';
import { Night, planNight } from './night';
import { Persona } from './persona';
import { Noise } from './random';
import { Stage, stageAt } from './sleep-stages';
import { isUnworn } from './unworn-days';

/** What one local day holds, and as much of its neighbours as reaches into it. No measurements yet. */
export interface Day {
  persona: Persona;
  seed: string;
  date: string;
  start: number;
  end: number;
  /** The night that ends on this date, and the one that begins on its evening. */
  nights: [Night, Night];
  bouts: Bout[];
  meals: Meal[];
  ringOff: RingOff[];
  unworn: boolean;
  /** The ring was in its drawer on this date or the one before, so nobody saw this night. */
  nightMissed: boolean;
  /** Days of good and bad form, −1 to 1; it moves heart, recovery and fitness together. */
  form(at: number): number;
}

export function makeDay(persona: Persona, seed: string, date: string, anchor: string): Day {
  const [before, after] = [addDays(date, -1), addDays(date, 1)];
  const nights: [Night, Night] = [planNight(persona, seed, date), planNight(persona, seed, after)];
  const today = afterWaking(planDay(persona, seed, date), nights[0]);
  const yesterday = afterWaking(planDay(persona, seed, before), planNight(persona, seed, before));
  const unworn = isUnworn(persona, seed, date, anchor);
  const unwornBefore = isUnworn(persona, seed, before, anchor);
  const unwornAfter = isUnworn(persona, seed, after, anchor);
  const start = startOfDay(date, persona.timeZone);
  const end = startOfDay(after, persona.timeZone);
  const ringOff: RingOff[] = [...today.ringOff];
  if (unwornBefore) ringOff.push({ start, end: nights[0].end + 600, where: 'drawer' });
  if (unworn) ringOff.push({ start, end, where: 'drawer' });
  if (unwornAfter) ringOff.push({ start: nights[1].start, end, where: 'drawer' });
  const formNoise = new Noise(`${seed}/${persona.id}/form`);
  return {
    persona,
    seed,
    date,
    start,
    end,
    nights,
    bouts: [...yesterday.bouts, ...today.bouts],
    meals: [...yesterday.meals, ...today.meals],
    ringOff,
    unworn,
    nightMissed: unworn || unwornBefore,
    form: (at) => formNoise.at(at, 4.3 * 86_400),
  };
}

/** Nobody runs or eats asleep: what was planned for the morning waits for the wake-up. */
function afterWaking<T extends { bouts: Bout[]; meals: Meal[] }>(plan: T, night: Night): T {
  const bouts = plan.bouts.map((bout) => {
    const late = Math.max(0, night.end + 1200 - bout.start);
    return { ...bout, start: bout.start + late, end: bout.end + late };
  });
  const meals = plan.meals.map((meal) => ({ ...meal, at: Math.max(meal.at, night.end + 1500) }));
  return { ...plan, bouts, meals };
}

export function nightAt(day: Day, at: number): Night | null {
  return day.nights.find(({ start, end }) => at >= start && at < end) ?? null;
}

/** Null while up and about; awake in bed is a stage like the others. */
export function sleepStageAt(day: Day, at: number): Stage | null {
  const night = nightAt(day, at);
  return night && stageAt(night.stages, at);
}

export function ringOffAt(day: Day, at: number): RingOff | null {
  const reasons = day.ringOff.filter(({ start, end }) => at >= start && at < end);
  // Nobody forgets a ring on the table that lies in the drawer at home.
  return reasons.find(({ where }) => where === 'drawer') ?? reasons[0] ?? null;
}

/** Hours since midnight as the body counts them: it does not know of summer time. */
export function bodyHour(day: Day, at: number): number {
  return (at - day.start) / 3600;
}
