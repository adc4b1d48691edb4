import { DateTime, IANAZone } from 'luxon';
import type { LocalDate } from '../health-data/canonical';

const DAY_MS = 86_400_000;

/** The calendar date that people in `zone` write at `instant`; in UTC where the zone is unknown. */
export function localDate(instant: Date, zone: string | null): LocalDate {
  return DateTime.fromJSDate(instant, {
    zone: zone !== null && IANAZone.create(zone).isValid ? zone : 'utc',
  }).toISODate()!;
}

/** A date of the calendar, and one that PostgreSQL knows: it has no year 0. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const at = new Date(text);
  // The 30th of February is taken for the 2nd of March.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days `to` lies after `from`. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** Newest first, both ends included; empty when `from` is after `to`. */
export function datesDownFrom(to: LocalDate, from: LocalDate): LocalDate[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(to, -index));
}
