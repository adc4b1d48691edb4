import { BadRequestException } from '@nestjs/common';
import { DateTime } from 'luxon';

const UNIX_SECONDS = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const CALENDAR_DATE = /^\d{4}-\d{2}-\d{2}($|[T ])/;
/** A `+` that a client forgot to encode arrives as a space: `…T10:00:00 05:30`. */
const UNENCODED_PLUS = /(T\d{2}:\d{2}\S*) (\d{2}:?\d{2})$/;
const DAY_MS = 86_400_000;

/**
 * A time in a query: Unix seconds, ISO 8601, or a bare date (its midnight). A time without a zone is UTC.
 * @throws BadRequestException naming the parameter
 */
export function parseTime(text: string, parameter: string): Date {
  const time = UNIX_SECONDS.test(text) ? DateTime.fromSeconds(Number(text), { zone: 'utc' }) : parseIso(text);
  if (time.isValid && time.year >= 1 && time.year <= 9999) return time.toJSDate();
  throw new BadRequestException(
    `Invalid datetime format: '${text}'. Expected ISO 8601 format or Unix timestamp. (parameter ${parameter})`,
  );
}

/** The last that ISO 8601 writes with four digits for the year. */
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

function parseIso(text: string): DateTime {
  if (!CALENDAR_DATE.test(text)) return DateTime.invalid('not a calendar date');
  const iso = text.replace(UNENCODED_PLUS, '$1+$2').replace(' ', 'T');
  return DateTime.fromISO(iso, { zone: 'utc' });
}

/**
 * A half-open range `[start, end)` out of two query parameters.
 * @param names what the client calls them, for the messages
 * @param wholeDays an end exactly at midnight means the end of that day, as for time series
 * @throws BadRequestException
 */
export function parseRange(
  range: { start: string; end: string },
  names: { start: string; end: string },
  { wholeDays = false } = {},
): { start: Date; end: Date } {
  const start = parseTime(range.start, names.start);
  const given = parseTime(range.end, names.end);
  const isWholeDay = wholeDays && given.getTime() % DAY_MS === 0;
  const end = isWholeDay ? new Date(Math.min(given.getTime() + DAY_MS, LAST_INSTANT)) : given;
  if (end > start) return { start, end };
  throw new BadRequestException(
    `${names.end} '${range.end}' must be later than ${names.start} '${range.start}'.`,
  );
}
