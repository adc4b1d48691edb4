import { bodyClock } from './sleep-timing';
import { Persona } from '../life/persona';
import { Contributors, NightTruth } from './day-truth';

type Facts = Omit<NightTruth, 'score' | 'contributors'>;

/** Made-up but monotonous scores of 0 to 100; how the vendor weighs a night is not known. */
export function contributors(persona: Persona, night: Facts): Contributors {
  const hours = night.asleep_seconds / 3600;
  const restorative = (night.stage_seconds.deep + night.stage_seconds.rem) / night.asleep_seconds;
  const warmer = Math.abs(night.avg_temp - persona.skin.asleep);
  const lateness = Math.abs(bodyClock(persona, night.start) - persona.bedtime.hour);
  return {
    efficiency: bounded((night.efficiency - 70) * 4),
    total: bounded(100 - 18 * Math.max(0, persona.sleepHours + 0.4 - hours)),
    temperature: bounded(100 - 90 * warmer),
    restfulness: bounded(100 - 1.1 * night.movements.length),
    hrv: bounded(50 + 140 * (night.avg_hrv / persona.heart.rmssd - 0.9)),
    timing: bounded(100 - 22 * lateness),
    restoration: bounded(restorative * 230),
    consistency: bounded(96 - 16 * lateness),
    hr_drop: bounded(night.hr_drop_percent * 4),
  };
}

export function sleepScore(parts: Contributors): number {
  const weighed = 0.22 * parts.efficiency + 0.3 * parts.total + 0.08 * parts.temperature;
  const rest = 0.1 * parts.restfulness + 0.1 * parts.hrv + 0.08 * parts.timing + 0.12 * parts.restoration;
  return Math.round(weighed + rest);
}

export function recoveryScore(persona: Persona, night: NightTruth): number {
  const variability = (night.avg_hrv / persona.heart.rmssd - 1.03) * 90;
  const pulse = (persona.heart.resting - 1 - night.lowest_hr) * 2.2;
  const sleep = (night.score - 80) * 0.45;
  return Math.round(Math.min(96, Math.max(34, 74 + variability + pulse + sleep)));
}

function bounded(score: number): number {
  return Math.min(100, Math.max(5, score));
}
