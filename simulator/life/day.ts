import { Bout, Meal, planDay, RingOff } from './day-plan';
import { Life } from './life';
import { addDays } from './local-day';
import { Night } from './night';
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
  /** Every sleep that reaches into this day, whichever date it is filed under. */
  sleeps: Night[];
  /** The first of those that end on this date. */
  firstSleep: Night | null;
  bouts: Bout[];
  meals: Meal[];
  ringOff: RingOff[];
  unworn: boolean;
  /** Days of good and bad form, −1 to 1; it moves heart, recovery and fitness together. */
  form(at: number): number;
}

const skinCoolsFor = 3600;

export function makeDay(life: Life, date: string, sleepsOn: (date: string) => Night[]): Day {
  const { persona, seed, itinerary } = life;
  const [before, after] = [addDays(date, -1), addDays(date, 1)];
  const [earlier, own, later] = [before, date, after].map(sleepsOn);
  const sleeps = [...earlier, ...own, ...later];
  const [yesterday, today] = [before, date].map((day) => afterWaking(planDay(life, day), sleeps));
  const [start, end] = [itinerary.dayStart(date), itinerary.dayStart(after)];
  const formNoise = new Noise(`${seed}/${persona.id}/form`);
  return {
    persona,
    seed,
    date,
    start,
    end,
    sleeps: sleeps.filter((sleep) => sleep.end > start - skinCoolsFor && sleep.start < end),
    firstSleep: own.at(0) ?? null,
    bouts: [...yesterday.bouts, ...today.bouts],
    meals: [...yesterday.meals, ...today.meals],
    ringOff: [...today.ringOff, ...inTheDrawer(life, { date, start, end, own, later })],
    unworn: isUnworn(life, date),
    form: (at) => formNoise.at(at, 4.3 * 86_400),
  };
}

/** A ring that stays at home comes off at bedtime the evening before and goes on again after the night. */
function inTheDrawer(
  life: Life,
  {
    date,
    start,
    end,
    own,
    later,
  }: { date: string; start: number; end: number; own: Night[]; later: Night[] },
): RingOff[] {
  const off: RingOff[] = [];
  const where = 'drawer' as const;
  if (start < life.begins) off.push({ start, end: life.begins, where });
  if (isUnworn(life, addDays(date, -1))) off.push({ start, end: (own.at(0)?.end ?? start) + 600, where });
  if (isUnworn(life, date)) off.push({ start, end, where });
  if (isUnworn(life, addDays(date, 1))) off.push({ start: later.at(0)?.start ?? end, end, where });
  return off;
}

/** Nobody runs or eats asleep: what was planned for such an hour waits for the wake-up. */
function afterWaking<T extends { bouts: Bout[]; meals: Meal[]; ringOff: RingOff[] }>(
  plan: T,
  sleeps: Night[],
): T {
  const wait = (at: number, rest: number) => {
    const sleep = sleeps.find(({ start, end }) => at >= start && at < end + rest);
    return sleep ? sleep.end + rest - at : 0;
  };
  const bouts = plan.bouts.map((bout) => {
    const late = wait(bout.start, 1200);
    return { ...bout, start: bout.start + late, end: bout.end + late };
  });
  const meals = plan.meals.map((meal) => ({ ...meal, at: meal.at + wait(meal.at, 1500) }));
  const ringOff = plan.ringOff.filter(({ start }) => wait(start, 0) === 0);
  return { ...plan, bouts, meals, ringOff };
}

export function nightAt(day: Day, at: number): Night | null {
  return day.sleeps.find(({ start, end }) => at >= start && at < end) ?? null;
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
