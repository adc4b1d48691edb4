import { localDate } from '../life/local-day';

/**
 * The date whose local midnight an instant is. With the zone known this is a look-up (noon of the day that
 * begins there, so that a clock set back at midnight does no harm). Without it the hour tells: a midnight east of
 * Greenwich falls on the UTC evening before, down to noon for New Zealand; one west of it on the same UTC date,
 * up to ten o'clock for Hawaii.
 */
export function localDateOf(dayStart: number, zone: string | null): string {
  if (zone !== null) return localDate(dayStart + 12 * 3600, zone);
  const hour = (((dayStart % 86_400) + 86_400) % 86_400) / 3600;
  return localDate(hour > 10 ? dayStart + 14 * 3600 : dayStart, 'utc');
}
