import { Leg } from './itinerary';
import { Life } from './life';
import { atHour, weekday } from './local-day';
import { BoutKind, Persona } from './persona';
import { Random } from './random';

export interface Bout {
  kind: BoutKind;
  start: number;
  end: number;
  intensity: number;
  /** Steps a minute; a bicycle has none. */
  cadence: number;
}

export interface Meal {
  at: number;
  carbs: number;
}

export interface RingOff {
  start: number;
  end: number;
  /** On its charger the ring records nothing; left on a table it goes on measuring the room. */
  where: 'charger' | 'table' | 'drawer';
}

export interface DayPlan {
  bouts: Bout[];
  meals: Meal[];
  ringOff: RingOff[];
}

const cadence: Record<BoutKind, number> = { walk: 108, run: 164, ride: 0, strength: 14 };

/** On the days of a journey, what is planned happens where one is at that hour, and nothing in the air. */
export function planDay(life: Life, date: string): DayPlan {
  const plans = life.itinerary.legsOn(date).map((leg) => planIn(life, date, leg));
  return {
    bouts: plans.flatMap(({ bouts }) => bouts),
    meals: plans.flatMap(({ meals }) => meals),
    ringOff: plans.flatMap(({ ringOff }) => ringOff),
  };
}

function planIn({ persona, seed }: Life, date: string, { zone, from, departs }: Leg): DayPlan {
  const random = new Random(`${seed}/${persona.id}/${date}/day`);
  const here = (at: number) => at >= from && at < departs;
  return {
    bouts: planBouts(random, persona, date, zone).filter(({ start }) => here(start)),
    meals: planMeals(random, date, zone).filter(({ at }) => here(at)),
    ringOff: planRingOff(random, date, zone).filter(({ start }) => here(start)),
  };
}

function planBouts(random: Random, persona: Persona, date: string, zone: string): Bout[] {
  const today = weekday(date);
  return persona.routines.flatMap((routine) => {
    const start = atHour(date, zone, routine.hour + random.normal(0, 0.2));
    const minutes = Math.round(routine.minutes * random.between(0.8, 1.2));
    const intensity = routine.intensity * random.between(0.9, 1.1);
    const happens = random.chance(routine.probability) && routine.weekdays.includes(today);
    const bout = { kind: routine.kind, start, end: start + minutes * 60, intensity };
    return happens ? [{ ...bout, cadence: cadence[routine.kind] }] : [];
  });
}

function planMeals(random: Random, date: string, zone: string): Meal[] {
  const at = (hour: number) => atHour(date, zone, hour + random.normal(0, 0.25));
  const meals = [
    { at: at(8.6), carbs: random.between(25, 60) },
    { at: at(13.1), carbs: random.between(40, 85) },
    { at: at(19.6), carbs: random.between(35, 80) },
  ];
  const snack = { at: at(16.3), carbs: random.between(12, 30) };
  return random.chance(0.5) ? [...meals, snack] : meals;
}

function planRingOff(random: Random, date: string, zone: string): RingOff[] {
  const charges = random.chance(0.35);
  const chargeAt = atHour(date, zone, random.between(20, 21));
  const chargeFor = random.int(40, 75) * 60;
  const forgets = random.chance(0.2);
  const forgetAt = atHour(date, zone, random.between(10.5, 16));
  const forgetFor = random.int(25, 80) * 60;
  return [
    ...(charges ? [{ start: chargeAt, end: chargeAt + chargeFor, where: 'charger' as const }] : []),
    ...(forgets ? [{ start: forgetAt, end: forgetAt + forgetFor, where: 'table' as const }] : []),
  ];
}
