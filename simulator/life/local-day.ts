import { DateTime } from 'luxon';
import { instantOf, offsetAt } from './zone-offset';

/** Calendar arithmetic in a person's own zone. Dates are `YYYY-MM-DD`, instants are epoch seconds. */
export function isLocalDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

export function startOfDay(date: string, zone: string): number {
  return instantOf(dayNumber(date) * 86_400, zone);
}

export function addDays(date: string, days: number): string {
  return dateText(dayNumber(date) + days);
}

export function localDate(at: number, zone: string): string {
  return dateText(Math.floor((at + offsetAt(at, zone)) / 86_400));
}

/** The instant a wall clock shows `hour`; 25.5 is half past one on the next morning, −1 eleven the evening before. */
export function atHour(date: string, zone: string, hour: number): number {
  return instantOf(dayNumber(date) * 86_400 + Math.round(hour * 60) * 60, zone);
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(date: string): number {
  return ((dayNumber(date) + 3) % 7) + 1;
}

/** Days since 1970-01-01, which was a Thursday. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}

export function datesBetween(from: string, to: string): string[] {
  const length = dayNumber(to) - dayNumber(from) + 1;
  return Array.from({ length: Math.max(0, length) }, (_, index) => addDays(from, index));
}

function dateText(number: number): string {
  return new Date(number * 86_400_000).toISOString().slice(0, 10);
}
