import { Scope } from '../oauth/scope';
import { Envelope } from '../options';
import { DayTruth } from '../truth/day-truth';
import { NightReadings } from '../truth/night-truth';
import { Entry } from './entry';
import { carriedEntries, metabolicEntries, scoreEntries } from './scalars';
import { glucoseEntry, seriesEntries } from './series';
import { sleepEntry } from './sleep';

/** The metrics a grant with these scopes may see. Before the wake-up a date only repeats the day before. */
export function dayEntries(truth: DayTruth, readings: NightReadings, scopes: Scope[]): Entry[] {
  const synced = truth.known_until > truth.day_start;
  const ring = scopes.includes('ring_data');
  const glucose = scopes.includes('cgm_data') && synced;
  return [
    ...(ring && synced ? seriesEntries(truth) : []),
    ...(ring ? sleepEntry(truth, readings) : []),
    ...(ring && synced ? scoreEntries(truth) : []),
    ...(ring ? carriedEntries(truth) : []),
    ...(glucose ? [...glucoseEntry(truth), ...metabolicEntries(truth)] : []),
  ];
}

export function wrapEntries(entries: Entry[], envelope: Envelope, date: string, timeZone: string): unknown {
  if (envelope === 'e1') {
    return { data: { metric_data: entries, latest_time_zone: timeZone }, error: null, status: 200 };
  }
  return { data: { metrics: { [date]: entries }, latest_time_zone: timeZone }, error: null, status: 'ok' };
}
