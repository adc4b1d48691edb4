import { mean, Reading, values } from '../sensors/reading';
import { DayTruth } from '../truth/day-truth';
import { Entry, Point } from './entry';

/** Series that hold nothing are left out, except steps, which the vendor answers with an empty list. */
export function seriesEntries(truth: DayTruth): Entry[] {
  const { hr, temp, hrv, night_rhr: pulse } = truth.samples;
  return [
    ...(hr.length > 0
      ? [series(truth, 'hr', hr, { title: 'Heart Rate', last_reading: lastOf(hr), unit: 'BPM' })]
      : []),
    ...(temp.length > 0 ? [temperature(truth, temp)] : []),
    ...(hrv.length > 0 ? [withAverage(truth, 'hrv', hrv, 'HRV', 'Average')] : []),
    steps(truth),
    ...(pulse.length > 0 ? [withAverage(truth, 'night_rhr', pulse, 'Resting HR', 'Sleep Time Average')] : []),
  ];
}

export function glucoseEntry(truth: DayTruth): Entry[] {
  const { glucose } = truth.samples;
  if (glucose.length === 0) return [];
  return [
    series(truth, 'glucose', glucose, { title: 'Glucose', last_reading: lastOf(glucose), unit: 'mg/dL' }),
  ];
}

/** The interface's own rounding: the values keep their digits, the tile above the chart does not. */
function temperature(truth: DayTruth, readings: Reading[]): Entry {
  const extra = { title: 'Skin Temperature', last_reading: Math.round(lastOf(readings) ?? 0), unit: '°C' };
  return series(truth, 'temp', readings, extra);
}

function steps(truth: DayTruth): Entry {
  const { steps: buckets } = truth.samples;
  const average = mean(values(buckets)) ?? 0;
  const change = Math.round(average - 28);
  return series(truth, 'steps', buckets, {
    subtitle: 'Average',
    total: truth.steps_total,
    avg: average,
    trend_title: signed(change),
    trend_direction: direction(change),
  });
}

function withAverage(
  truth: DayTruth,
  type: string,
  readings: Reading[],
  title: string,
  subtitle: string,
): Entry {
  const avg = Math.round(mean(values(readings)) ?? 0);
  const half = readings.slice(Math.floor(readings.length / 2));
  const change = Math.round((mean(values(half)) ?? avg) - avg);
  // Trends come and go in real answers.
  const trend = change === 0 ? {} : { trend_title: signed(change), trend_direction: direction(change) };
  return series(truth, type, readings, { title, subtitle, avg, ...trend });
}

function series(truth: DayTruth, type: string, readings: Reading[], extra: Record<string, unknown>): Entry {
  return { type, object: { day_start_timestamp: truth.day_start, ...extra, values: toPoints(readings) } };
}

export function toPoints(readings: Reading[]): Point[] {
  return readings.map(([timestamp, value]) => ({ value, timestamp }));
}

function lastOf(readings: Reading[]): number | undefined {
  return readings.at(-1)?.[1];
}

function signed(change: number): string {
  return change > 0 ? `+${change}` : String(change);
}

function direction(change: number): string {
  return change < 0 ? 'negative' : 'positive';
}
