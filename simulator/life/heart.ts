import { Bout } from './day-plan';
import { bodyHour, Day, nightAt, sleepStageAt } from './day';
import { Night } from './night';
import { Noise } from './random';
import { Stage } from './sleep-stages';

const stageBeats: Record<Stage, number> = { deep: -3.5, light: 0.5, rem: 4, awake: 9 };
const stageVariability: Record<Stage, number> = { deep: 1.3, light: 1, rem: 0.86, awake: 0.78 };

/** A heart that answers to sleep stages, the hour, exertion, meals and form. */
export class Heart {
  private readonly wander: Noise;
  private readonly flutter: Noise;
  private readonly variability: Noise;

  constructor(private readonly day: Day) {
    const key = `${day.seed}/${day.persona.id}`;
    this.wander = new Noise(`${key}/heart`);
    this.flutter = new Noise(`${key}/heart-flutter`);
    this.variability = new Noise(`${key}/hrv`);
  }

  /** Beats per minute. */
  rate(at: number): number {
    const settled = (this.target(at) * 2 + this.target(at - 120) + this.target(at - 300)) / 4;
    const noise = this.flutter.white(at) * (nightAt(this.day, at) ? 1.6 : 3.5);
    const { resting, max } = this.day.persona.heart;
    const exertion = (max - settled) * Math.min(0.97, this.exertion(at));
    return Math.min(max, Math.max(resting - 9, settled + exertion + noise));
  }

  /** RMSSD in milliseconds; a fluke now and then, as every ring reports them. */
  rmssd(at: number): number {
    const stage = sleepStageAt(this.day, at);
    const setting = stage ? stageVariability[stage] : 0.72;
    const form = 1 + 0.14 * this.day.form(at);
    const chance = Math.exp(0.2 * (this.variability.at(at, 1500) + this.variability.white(at)));
    const fluke = this.variability.white(at + 7) > 0.985 ? 2.1 : 1;
    const strain = 1 - 0.6 * Math.min(1, this.exertion(at) * 1.5);
    return Math.max(5, this.day.persona.heart.rmssd * setting * form * chance * strain * fluke);
  }

  private target(at: number): number {
    const resting = this.day.persona.heart.resting - 2.5 * this.day.form(at);
    const night = nightAt(this.day, at);
    if (night) return resting + 2 + stageBeats[sleepStageAt(this.day, at) ?? 'light'] + settling(night, at);
    const circadian = 4 * Math.cos(((bodyHour(this.day, at) - 16.5) / 24) * 2 * Math.PI);
    return resting + 16 + circadian + 6 * this.wander.at(at, 1400) + this.digestion(at);
  }

  private digestion(at: number): number {
    const meal = this.day.meals.find((meal) => at > meal.at && at < meal.at + 5400);
    return meal ? 5 * Math.sin(((at - meal.at) / 5400) * Math.PI) : 0;
  }

  private exertion(at: number): number {
    return Math.max(0, ...this.day.bouts.map((bout) => effort(bout, at)));
  }
}

/** The pulse falls until some two hours before waking and then begins to climb. */
function settling(night: Night, at: number): number {
  const progress = (at - night.start) / (night.end - night.start);
  return 4.5 * Math.cos((Math.min(1, progress) / 0.75) * Math.PI) - 1;
}

/** Up within minutes, down more slowly. */
function effort(bout: Bout, at: number): number {
  if (at < bout.start || at > bout.end + 2700) return 0;
  const risen = bout.intensity * (1 - Math.exp(-(Math.min(at, bout.end) - bout.start) / 150));
  return at <= bout.end ? risen : risen * Math.exp(-(at - bout.end) / 480);
}
