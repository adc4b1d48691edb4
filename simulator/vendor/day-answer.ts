import { Scope } from '../oauth/scope';
import { Envelope } from '../options';
import { VendorDay } from '../truth/vendor-day';
import { Entry } from './entry';
import { carriedEntries, metabolicEntries, nightScalarEntries, scoreEntries } from './scalars';
import { glucoseEntry, seriesEntries } from './series';
import { sleepEntries } from './sleep';
import { topLevelSleepEntries } from './top-level-sleep';

/** The metrics a grant with these scopes may see. Before the morning's sync a date only repeats the day before. */
export function dayEntries(day: VendorDay, scopes: Scope[]): Entry[] {
  const ring = scopes.includes('ring_data');
  const glucose = scopes.includes('cgm_data') && day.synced;
  return [
    ...(ring && day.synced ? ringEntries(day) : []),
    ...(ring ? carriedEntries(day) : []),
    ...(glucose ? [...glucoseEntry(day), ...metabolicEntries(day)] : []),
  ];
}

function ringEntries(day: VendorDay): Entry[] {
  return [
    ...seriesEntries(day),
    ...sleepEntries(day),
    ...topLevelSleepEntries(day),
    ...nightScalarEntries(day),
    ...scoreEntries(day),
  ];
}

export function wrapEntries(
  entries: Entry[],
  envelope: Envelope,
  date: string,
  timeZone: string | null,
): unknown {
  if (envelope === 'e2') return wrapDates({ [date]: entries }, timeZone);
  return { data: { metric_data: entries, ...latestZone(timeZone) }, error: null, status: 200 };
}

export function wrapDates(metrics: Record<string, Entry[]>, timeZone: string | null): unknown {
  return { data: { metrics, ...latestZone(timeZone) }, error: null, status: 'ok' };
}

function latestZone(timeZone: string | null): { latest_time_zone?: string } {
  return timeZone === null ? {} : { latest_time_zone: timeZone };
}
