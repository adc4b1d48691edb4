import { Day, nightAt } from '../life/day';

export interface Activity {
  active: number;
  inactive: number;
}

/** Minutes of brisk movement, and minutes of sitting on for the better part of an hour, up to `until`. */
export function activityOf(day: Day, minuteSteps: number[], until: number): Activity {
  const minutes = minuteSteps.slice(0, Math.floor((until - day.start) / 60));
  const active = minutes.filter(
    (steps, minute) => steps >= 80 || exercising(day, day.start + minute * 60),
  ).length;
  return { active, inactive: Math.round(sittingMinutes(day, minutes) / 5) * 5 };
}

function exercising(day: Day, at: number): boolean {
  return day.bouts.some(({ start, end, intensity }) => at >= start && at < end && intensity >= 0.4);
}

function sittingMinutes(day: Day, minutes: number[]): number {
  let total = 0;
  let sitting = 0;
  for (const [minute, steps] of [...minutes, Infinity].entries()) {
    const at = day.start + minute * 60;
    const still = steps < 5 && !nightAt(day, at) && !exercising(day, at);
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
