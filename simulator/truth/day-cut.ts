import { mean, Reading, values } from '../sensors/reading';
import { DaySamples, DayTruth } from './day-truth';
import { plausible } from './plausible';
import { RecordedLife, SensorKind } from './recorded-life';

/** Instants, in epoch seconds: from the first to just before the second. */
export interface Span {
  start: number;
  end: number;
}

export interface Cut extends Span {
  /** The last instant that is known yet. */
  until: number;
}

const kinds: SensorKind[] = ['hr', 'hrv', 'temp', 'steps', 'spo2', 'glucose'];

/**
 * The samples between two instants: as the sensors sent them, and those a body can have.
 * @param pulse of the sleeps that end on the date
 */
export function cutDay(
  record: RecordedLife,
  { start, end, until }: Cut,
  pulse: Reading[],
): { raw: DaySamples; plausible: DaySamples } {
  const raw: DaySamples = {
    hr: [],
    hrv: [],
    temp: [],
    steps: [],
    spo2: [],
    glucose: [],
    night_rhr: pulse,
  };
  const sound = { ...raw };
  for (const kind of kinds) {
    raw[kind] = record.readings(kind, start, Math.min(end, until + 1));
    sound[kind] = plausible(kind, raw[kind]);
  }
  return { raw, plausible: sound };
}

export function stepsOf({ steps }: DaySamples): number {
  return values(steps).reduce((total, value) => total + value, 0);
}

export function meansOf({
  hrv,
  spo2,
  steps,
}: DaySamples): Pick<DayTruth, 'hrv_avg' | 'spo2_avg' | 'steps_avg'> {
  return { hrv_avg: rounded(hrv, 1), spo2_avg: rounded(spo2, 10), steps_avg: mean(values(steps)) };
}

function rounded(readings: Reading[], parts: number): number | null {
  const level = mean(values(readings));
  return level === null ? null : Math.round(level * parts) / parts;
}
