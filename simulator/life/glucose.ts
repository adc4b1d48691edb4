import { bodyHour, Day, nightAt } from './day';
import { Meal } from './day-plan';
import { Noise, Random } from './random';

/** Interstitial glucose in mg/dL: meals, the rise before dawn, exertion, an arm slept upon. */
export class Glucose {
  private readonly wander: Noise;
  private readonly pressed: { start: number; end: number } | null;

  constructor(
    private readonly day: Day,
    private readonly kind: { fasting: number; perGramOfCarbs: number },
  ) {
    this.wander = new Noise(`${day.seed}/${day.persona.id}/glucose`);
    this.pressed = pressedArm(day);
  }

  level(at: number): number {
    const meals = this.day.meals.reduce((sum, meal) => sum + this.response(meal, at), 0);
    const hour = bodyHour(this.day, at);
    const dawn = 9 * Math.exp(-(((hour - 6.5) / 1.4) ** 2));
    const exertion = this.day.bouts.some(({ start, end }) => at > start + 600 && at < end + 2400) ? 9 : 0;
    const low = this.pressed && at > this.pressed.start && at < this.pressed.end ? 26 : 0;
    const noise = 4 * this.wander.at(at, 2600) + 1.4 * this.wander.white(at);
    return Math.max(45, this.kind.fasting + meals + dawn - exertion - low + noise);
  }

  /** Peaks three quarters of an hour after the first bite and dips a little below where it began. */
  private response(meal: Meal, at: number): number {
    const minutes = (at - meal.at) / 60;
    if (minutes <= 0 || minutes > 300) return 0;
    const rise = (minutes / 45) * Math.exp(1 - minutes / 45);
    const dip = 0.12 * Math.exp(-(((minutes - 190) / 40) ** 2));
    return meal.carbs * this.kind.perGramOfCarbs * (rise ** 1.6 - dip);
  }
}

/** Lying on the sensor reads as a low that is none. */
function pressedArm(day: Day): { start: number; end: number } | null {
  const random = new Random(`${day.seed}/${day.persona.id}/${day.date}/arm`);
  const [happens, where, minutes] = [random.chance(0.18), random.between(0.2, 0.7), random.int(20, 45)];
  const night = day.firstSleep;
  if (!night) return null;
  const start = Math.max(day.start, night.start + where * (night.end - night.start));
  return happens && nightAt(day, start) ? { start, end: start + minutes * 60 } : null;
}
