import type { ConnectionEvidence, DeviceEvidence, Sighted } from '../evidence';
import { daysBetween, localDate } from '../../../sync/local-date';

/** A sensor that has been silent for longer is taken to be no longer in use. */
const MISSED_FOR_DAYS = 60;

/**
 * Values left out that should not have been: neither those of an answer that was left out whole, nor what the vendor
 * repeats of yesterday until the phone has fetched.
 */
export function refused({ seen, unusable }: ConnectionEvidence): Sighted[] {
  const isAboutOtherDay = unusable.some(({ reason }) => reason === 'other_day');
  const expected = isAboutOtherDay ? / (stale|other_day)$/ : / stale$/;
  return seen.rejected.filter(({ name }) => !expected.test(name));
}

/** Something did come, of which nothing could be made. */
export const isExplained = (connection: ConnectionEvidence): boolean =>
  connection.days.some(({ status }) => status === 'stored') &&
  refused(connection).length + connection.seen.unmapped.length > 0;

export function newestStored({ days }: ConnectionEvidence): string | null {
  const stored = days.filter(({ status }) => status === 'stored').map(({ to }) => to);
  return stored.toSorted().at(-1) ?? null;
}

export function lastSample({ devices }: ConnectionEvidence): Date | null {
  const times = devices.flatMap(({ lastSampleAt }) => lastSampleAt ?? []);
  return times.toSorted((one, other) => other.getTime() - one.getTime())[0] ?? null;
}

/** The local date of the last sample, and how many whole days have passed since without one: today is not over. */
export function silence(last: Date, { timeZone }: ConnectionEvidence, now: Date) {
  const lastOn = localDate(last, timeZone);
  const silentFor = daysBetween(lastOn, localDate(now, timeZone)) - 1;
  return { lastOn, silentFor: Math.max(0, silentFor) };
}

export function silenceOf(device: DeviceEvidence, connection: ConnectionEvidence, now: Date) {
  const at = device.lastSampleAt;
  if (at === null) return [];
  const { silentFor: days } = silence(at, connection, now);
  return days > 0 && days <= MISSED_FOR_DAYS ? [{ device, at, days }] : [];
}
