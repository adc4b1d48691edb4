import { mean, Reading, values, within } from '../sensors/reading';
import { CurveStatistics, NightCurve } from './day-truth';

/** Halves of beats, quarters of milliseconds, hundredths of a degree. */
const steps: Record<NightCurve, number> = { hr: 0.5, hrv: 0.25, temp: 0.01 };

/** The vendor smooths a night onto five-minute marks; it draws nothing where nothing was measured. */
export function nightCurve(kind: NightCurve, start: number, end: number, readings: Reading[]): Reading[] {
  const step = steps[kind];
  const points: Reading[] = [];
  for (let at = start; at <= end; at += 300) {
    const level = mean(values(within(readings, at - 450, at + 450)));
    if (level !== null) points.push([at, Number((Math.round(level / step) * step).toFixed(2))]);
  }
  return points;
}

export function curveStatistics(curve: Reading[]): CurveStatistics {
  const levels = values(curve);
  return { avg: Math.round(mean(levels) ?? 0), min: Math.min(...levels), max: Math.max(...levels) };
}
