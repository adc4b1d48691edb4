import { mean, Reading, values } from '../sensors/reading';
import { VendorDay } from '../truth/vendor-day';
import { Entry, Point } from './entry';

/** A series that holds nothing is left out, except steps, which the vendor answers with an empty list. */
export function seriesEntries(day: VendorDay): Entry[] {
  const { hr, temp, hrv, spo2 } = day.samples;
  return [
    ...filled(day, 'hr', hr, (readings) => ({
      title: 'Heart Rate',
      last_reading: lastOf(readings),
      unit: 'BPM',
    })),
    // The interface's own rounding: the values keep their digits, the tile above the chart does not.
    ...filled(day, 'temp', temp, (readings) => ({
      title: 'Skin Temperature',
      last_reading: Math.round(lastOf(readings)),
      unit: '°C',
    })),
    ...filled(day, 'hrv', hrv, (readings) => ({
      title: 'HRV',
      subtitle: 'Average',
      ...averageOf(day.averages.hrv),
      ...trend(readings),
    })),
    ...steps(day),
    ...filled(day, 'spo2', spo2, (readings) => ({
      title: 'SpO2',
      ...averageOf(day.averages.spo2),
      last_reading: lastOf(readings),
      unit: '%',
    })),
    ...nightPulse(day),
  ];
}

/** An account with a sensor gets its series even when the sensor said nothing. */
export function glucoseEntry(day: VendorDay): Entry[] {
  const { glucose } = day.samples;
  if (glucose === null || (glucose.length === 0 && !day.has_cgm_account)) return [];
  const last = glucose.length === 0 ? {} : { last_reading: lastOf(glucose) };
  return [series(day, 'glucose', glucose, { title: 'Glucose', ...last, unit: 'mg/dL' })];
}

function steps(day: VendorDay): Entry[] {
  const { steps: buckets } = day.samples;
  if (buckets === null) return [];
  const total = day.steps_total === null ? {} : { total: day.steps_total };
  const extra = { subtitle: 'Average', ...total, ...averageOf(day.averages.steps), ...trend(buckets) };
  return [series(day, 'steps', buckets, extra)];
}

/** An average may come without the readings it was made of. */
function nightPulse(day: VendorDay): Entry[] {
  const { night_rhr: readings } = day.samples;
  const { night_rhr: average } = day.averages;
  if (readings === null || (readings.length === 0 && average === null)) return [];
  const extra = { title: 'Resting HR', subtitle: 'Sleep Time Average', ...averageOf(average) };
  return [series(day, 'night_rhr', readings, { ...extra, ...trend(readings) })];
}

function filled(
  day: VendorDay,
  type: string,
  readings: Reading[] | null,
  describe: (readings: Reading[]) => Record<string, unknown>,
): Entry[] {
  if (readings === null || readings.length === 0) return [];
  return [series(day, type, readings, describe(readings))];
}

function series(day: VendorDay, type: string, readings: Reading[], extra: Record<string, unknown>): Entry {
  return { type, object: { day_start_timestamp: day.day_start, ...extra, values: toPoints(readings) } };
}

export function toPoints(readings: Reading[]): Point[] {
  return readings.map(([timestamp, value]) => ({ value, timestamp }));
}

function averageOf(avg: number | null): { avg?: number } {
  return avg === null ? {} : { avg };
}

function lastOf(readings: Reading[]): number {
  return readings[readings.length - 1][1];
}

/** The second half of the day against all of it. */
function trend(readings: Reading[]): Record<string, string> {
  const later = mean(values(readings.slice(Math.floor(readings.length / 2))));
  const all = mean(values(readings));
  const change = later === null || all === null ? 0 : Math.round(later - all);
  if (change === 0) return {};
  return {
    trend_title: change > 0 ? `+${change}` : String(change),
    trend_direction: change < 0 ? 'negative' : 'positive',
  };
}
