import { atHour, addDays, weekday } from './local-day';
import { Persona } from './persona';
import { Random } from './random';
import { layStages, StageInterval } from './sleep-stages';

export interface BodyMovement {
  at: number;
  intensity: 'light' | 'medium' | 'vigorous';
}

/** A night belongs to the date of its wake-up and nearly always begins on the evening before. */
export interface Night {
  start: number;
  end: number;
  stages: StageInterval[];
  movements: BodyMovement[];
}

export function planNight(persona: Persona, seed: string, date: string): Night {
  const random = new Random(`${seed}/${persona.id}/${date}/night`);
  const { hour, spread, weekendDelay } = persona.bedtime;
  const freeTomorrow = weekday(date) >= 6;
  const bedtime = hour + (freeTomorrow ? weekendDelay : 0) + clamp(random.normal(0, spread), -1.2, 1.2);
  const hours = persona.sleepHours + (freeTomorrow ? 0.4 : 0) + clamp(random.normal(0, 0.55), -1.8, 1.4);
  const start = atHour(addDays(date, -1), persona.timeZone, bedtime);
  const stages = layStages(random, start, Math.round(hours * 60));
  return { start, end: start + Math.round(hours * 60) * 60, stages, movements: toss(random, stages) };
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

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
