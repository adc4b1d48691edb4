import { Leg } from './itinerary';
import { Life } from './life';
import { localDate } from './local-day';
import { Random } from './random';
import { planSleeps, SleepPlan } from './sleep-habits';
import { layStages, StageInterval } from './sleep-stages';

export interface BodyMovement {
  at: number;
  intensity: 'light' | 'medium' | 'vigorous';
}

/** One sleep: a night, a part of it, or a nap. It belongs to the date of its wake-up, where that happened. */
export interface Night {
  start: number;
  end: number;
  stages: StageInterval[];
  movements: BodyMovement[];
}

const afterLanding = 45 * 60;
const beforeTakeOff = 2 * 3600;
const shortestBetweenFlights = 3 * 3600;

/** Every sleep that ends on this date, ascending. */
export function sleepsOn(life: Life, date: string): Night[] {
  const legs = life.itinerary.legsOn(date);
  const inBed = legs.flatMap((leg) => planSleeps(life, date, leg.zone).flatMap((plan) => between(plan, leg)));
  const aboard = legs.flatMap((leg) => sleepAboard(life, date, leg));
  return [...inBed, ...aboard].map(lieDown).sort((left, right) => left.start - right.start);
}

/** A flight cuts a night short at either end; too little of one is none. */
function between(plan: SleepPlan, leg: Leg): SleepPlan[] {
  const start = Math.max(plan.start, leg.from + afterLanding);
  const end = Math.min(plan.start + plan.minutes * 60, leg.departs - beforeTakeOff);
  const untouched = start === plan.start && end === plan.start + plan.minutes * 60;
  if (!untouched && end - start < shortestBetweenFlights) return [];
  return [{ ...plan, start, minutes: Math.floor((end - start) / 60) }];
}

/** The clock of the place one left still holds. */
function sleepAboard({ persona, seed }: Life, date: string, leg: Leg): SleepPlan[] {
  const nap = leg.next?.sleepsAboard;
  if (!nap) return [];
  const start = leg.departs + nap.after * 3600;
  if (localDate(start + nap.minutes * 60, leg.zone) !== date) return [];
  return [{ start, minutes: nap.minutes, random: new Random(`${seed}/${persona.id}/${date}/aboard`) }];
}

function lieDown({ start, minutes, random }: SleepPlan): Night {
  const stages = layStages(random, start, minutes);
  return { start, end: start + minutes * 60, stages, movements: toss(random, stages) };
}

/** People move when they surface and when a stage changes, and lie still in deep sleep. */
function toss(random: Random, stages: StageInterval[]): BodyMovement[] {
  const perMinute = { awake: 0.45, light: 0.045, rem: 0.03, deep: 0.004 };
  const movements: BodyMovement[] = [];
  for (const { start, end, stage } of stages) {
    for (let at = start; at < end; at += 60) {
      if (!random.chance(perMinute[stage])) continue;
      const vigour = random.next() + (stage === 'awake' ? 0.25 : 0);
      const intensity = vigour > 1 ? 'vigorous' : vigour > 0.7 ? 'medium' : 'light';
      movements.push({ at: at + random.int(0, 59), intensity });
    }
  }
  return movements;
}
