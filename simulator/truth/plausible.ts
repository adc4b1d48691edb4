import { Reading } from '../sensors/reading';
import type { DaySamples } from './day-truth';

/** What a living body, or a ring beside one, can possibly have. Outside of it a sample is no measurement. */
const ranges: Record<keyof DaySamples, [low: number, high: number]> = {
  hr: [20, 250],
  hrv: [1, 400],
  temp: [5, 48],
  steps: [0, 1500],
  spo2: [50, 100],
  night_rhr: [20, 150],
  glucose: [10, 700],
};

export function plausible(kind: keyof DaySamples, readings: Reading[]): Reading[] {
  const [low, high] = ranges[kind];
  return readings.filter(([, value]) => value >= low && value <= high);
}
