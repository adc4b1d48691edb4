import { mean, Reading, values } from '../sensors/reading';
import { MetabolicTruth } from './day-truth';

const targetLow = 70;
const targetHigh = 140;

export function metabolicTruth(glucose: Reading[], fasting: number): MetabolicTruth | null {
  const levels = values(glucose);
  const average = mean(levels);
  if (average === null) return null;
  const spread = Math.sqrt(mean(levels.map((level) => (level - average) ** 2)) ?? 0);
  const variability = Math.round((1000 * spread) / average) / 10;
  const inTarget = Math.round(
    (100 * levels.filter((level) => level >= targetLow && level <= targetHigh).length) / levels.length,
  );
  // The long-term mean stands a little above fasting; the formula is the usual one for estimated HbA1c.
  const hba1c = Math.round(((fasting + 14 + 46.7) / 28.7) * 10) / 10;
  return {
    score: Math.round(Math.min(99, Math.max(20, inTarget - 0.6 * Math.max(0, variability - 12)))),
    average_glucose: Math.round(average),
    variability_percent: variability,
    hba1c,
    time_in_target_percent: inTarget,
    target_low: targetLow,
    target_high: targetHigh,
  };
}
