import { Persona } from '../life/persona';
import { Contributor, ContributorKey, NightTruth } from './day-truth';

interface Facts extends Pick<NightTruth, 'stage_seconds' | 'asleep_seconds' | 'efficiency' | 'toss_turns'> {
  temperature: number;
  avgHrv: number;
  restingPulse: number;
  /** Hours on the wall clock. */
  bedtime: number;
}

/** Made-up but monotonous scores of 0 to 100; how the vendor weighs a night is not known. */
export function contributors(persona: Persona, night: Facts): Contributor[] {
  const hours = night.asleep_seconds / 3600;
  const restorative = (night.stage_seconds.deep + night.stage_seconds.rem) / night.asleep_seconds;
  const warmer = Math.abs(night.temperature - persona.skin.asleep);
  const lateness = Math.abs(night.bedtime - persona.bedtime.hour);
  const drop = Math.round((1 - night.restingPulse / (persona.heart.resting + 16)) * 100);
  return [
    contributor('sleep_efficiency', (night.efficiency - 70) * 4),
    contributor('total_sleep', 100 - 18 * Math.max(0, persona.sleepHours + 0.4 - hours)),
    contributor('temperature', 100 - 90 * warmer),
    contributor('restfulness', 100 - 1.1 * night.toss_turns),
    contributor('hrv_form', 50 + 140 * (night.avgHrv / persona.heart.rmssd - 0.9)),
    contributor('timing', 100 - 22 * lateness),
    contributor('restoration_time', restorative * 230),
    contributor('consistency', 96 - 16 * lateness),
    contributor('hr_drop', drop * 4),
  ];
}

const weights: Partial<Record<ContributorKey, number>> = {
  sleep_efficiency: 0.22,
  total_sleep: 0.3,
  temperature: 0.08,
  restfulness: 0.1,
  hrv_form: 0.1,
  timing: 0.08,
  restoration_time: 0.12,
};

export function sleepScore(parts: Contributor[]): number {
  return Math.round(parts.reduce((sum, { key, value }) => sum + value * (weights[key] ?? 0), 0));
}

export function recoveryScore(
  persona: Persona,
  night: { avgHrv: number; restingPulse: number; quality: number },
): number {
  const variability = (night.avgHrv / persona.heart.rmssd - 1.03) * 90;
  const pulse = (persona.heart.resting - 1 - night.restingPulse) * 2.2;
  const sleep = (night.quality - 80) * 0.45;
  return Math.round(Math.min(96, Math.max(34, 74 + variability + pulse + sleep)));
}

function contributor(key: ContributorKey, score: number): Contributor {
  const value = Math.min(100, Math.max(5, score));
  return { key, value, state: stateOf(value) };
}

function stateOf(value: number): Contributor['state'] {
  if (value >= 85) return 'optimal';
  if (value >= 70) return 'good';
  return value >= 40 ? 'warning' : 'poor';
}
