import { DateTime } from 'luxon';

/** Calendar arithmetic in a person's own zone. Dates are `YYYY-MM-DD`, instants are epoch seconds. */
export function isLocalDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

export function startOfDay(date: string, zone: string): number {
  return DateTime.fromISO(date, { zone }).startOf('day').toSeconds();
}

export function addDays(date: string, days: number): string {
  const moved = DateTime.fromISO(date, { zone: 'utc' }).plus({ days });
  return moved.toFormat('yyyy-MM-dd');
}

export function localDate(at: number, zone: string): string {
  return DateTime.fromSeconds(at, { zone }).toFormat('yyyy-MM-dd');
}

/** The instant a wall clock shows `hour`; 25.5 is half past one on the next morning, −1 eleven the evening before. */
export function atHour(date: string, zone: string, hour: number): number {
  const minutes = Math.round(hour * 60);
  const days = Math.floor(minutes / 1440);
  const minuteOfDay = minutes - days * 1440;
  const day = DateTime.fromISO(date, { zone }).plus({ days });
  return day.set({ hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60 }).toSeconds();
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(date: string): number {
  return DateTime.fromISO(date, { zone: 'utc' }).weekday;
}

export function dayNumber(date: string): number {
  return Math.round(DateTime.fromISO(date, { zone: 'utc' }).toSeconds() / 86_400);
}

export function datesBetween(from: string, to: string): string[] {
  const length = dayNumber(to) - dayNumber(from) + 1;
  return Array.from({ length: Math.max(0, length) }, (_, index) => addDays(from, index));
}
