import { Day, nightAt } from '../life/day';

export interface Activity {
  active: number;
  inactive: number;
}

/** Minutes of brisk movement, and of sitting on for the better part of an hour, as far as the ring was there to see. */
export function activityOf(day: Day, minuteSteps: number[], until: number): Activity {
  const minutes = minuteSteps.slice(0, Math.floor((until - day.start) / 60));
  const active = minutes.filter((steps, minute) => {
    const at = day.start + minute * 60;
    return (steps >= 80 || exercising(day, at)) && worn(day, at);
  }).length;
  return { active, inactive: Math.round(sittingMinutes(day, minutes) / 5) * 5 };
}

function exercising(day: Day, at: number): boolean {
  return day.bouts.some(({ start, end, intensity }) => at >= start && at < end && intensity >= 0.4);
}

function worn(day: Day, at: number): boolean {
  return !day.ringOff.some(({ start, end }) => at >= start && at < end);
}

function sittingMinutes(day: Day, minutes: number[]): number {
  let total = 0;
  let sitting = 0;
  for (const [minute, steps] of [...minutes, Infinity].entries()) {
    const at = day.start + minute * 60;
    const still = steps < 5 && !nightAt(day, at) && !exercising(day, at) && worn(day, at);
    if (still) sitting += 1;
    else {
      if (sitting >= 30) total += sitting;
      sitting = 0;
    }
  }
  return total;
}

/** An unworn day still gets a score: the vendor fills the gap from the days before. */
export function movementScore(steps: number, active: number, fillIn: number): number {
  if (steps === 0) return Math.round(57 + 7 * fillIn);
  return Math.round(Math.min(100, 30 + steps / 260 + active * 0.22));
}
