import { BadRequestException } from '@nestjs/common';
import { decodeCursor } from '../http/cursor';
import { parseRange } from '../http/time';
import { SERIES_ALIASES, SERIES_TYPES, type SeriesCode } from './canonical';
import { utcDay } from './series-chunk';
import type { SourceRead } from './source.dto';
import { DEFAULT_LIMIT, RESOLUTIONS, type Resolution, type TimeSeriesQuery } from './time-series.dto';
import type { DayFilter } from './time-series.days';
import type { ItemFilter } from './time-series.items';
import { DAY_MS } from './zone-offset';

/** The last date that ISO 8601 writes with four digits for the year. */
const LAST_DATE = Date.parse('9999-12-31');

/** What a client asked for, understood. */
export interface TimeSeriesRequest {
  start: Date;
  end: Date;
  codes: SeriesCode[];
  resolution: Resolution;
  aggregates: boolean;
  /** Null: of any. */
  isOfSource: ((id: string, source: SourceRead) => boolean) | null;
  limit: number;
  maxPoints: number | null;
  cursor: { at: string; id: string; backwards: boolean } | null;
}

/** @throws BadRequestException */
export function timeSeriesRequest(query: TimeSeriesQuery): TimeSeriesRequest {
  const { start_time, end_time, types = [], resolution = 'raw', aggregates = false, cursor } = query;
  refuseWhatExcludesEachOther(query);
  const range = { start: start_time, end: end_time };
  return {
    ...parseRange(range, { start: 'start_time', end: 'end_time' }, { wholeDays: true }),
    codes: codesOf(types),
    resolution,
    aggregates,
    isOfSource: sourceFilter(query),
    limit: query.limit ?? DEFAULT_LIMIT,
    maxPoints: query.max_points ?? null,
    cursor: cursor === undefined ? null : decodeCursor(cursor),
  };
}

function refuseWhatExcludesEachOther({
  resolution = 'raw',
  aggregates,
  cursor,
  limit,
  max_points,
}: TimeSeriesQuery) {
  if (aggregates && resolution === 'raw')
    throw new BadRequestException(
      'aggregates are of buckets: send resolution=1min, 5min, 15min, 1hour or 1day with them, or leave them out for raw samples.',
    );
  if (max_points !== undefined && (cursor !== undefined || limit !== undefined))
    throw new BadRequestException(
      'max_points answers the whole range on one page: leave out cursor and limit, or leave out max_points to page through all items.',
    );
}

function sourceFilter({ provider, source, device_model, data_source_id }: TimeSeriesQuery) {
  const filters = Object.entries({ provider, source, device: device_model }).filter(
    (filter): filter is [keyof SourceRead, string] => filter[1] !== undefined,
  );
  if (filters.length === 0 && data_source_id === undefined) return null;
  return (id: string, found: SourceRead) =>
    (data_source_id === undefined || data_source_id.toLowerCase() === id) &&
    filters.every(([name, value]) => found[name] === value);
}

/** The stretch of the asked range that the page can come from, and which items of it are beyond the cursor. */
export function filterOf(request: TimeSeriesRequest): ItemFilter {
  const { start, end, resolution, aggregates, cursor } = request;
  // A local day has its own filter.
  const itemMs = resolution === '1day' ? DAY_MS : RESOLUTIONS[resolution];
  const [from, to] = [start.getTime(), end.getTime()];
  const filter = { from, to, itemMs, aggregates, beyond: beyondOf(request) };
  if (cursor === null) return filter;
  const cursorAt = Date.parse(cursor.at);
  return cursor.backwards
    ? // The whole of the item at the cursor, which others of the same time may stand before.
      { ...filter, to: Math.min(to, cursorAt + itemMs) }
    : { ...filter, from: Math.max(from, cursorAt) };
}

/** The same for local days. A bound at a UTC midnight, as a bare date is, means the user's date. */
export function dayFilterOf(request: TimeSeriesRequest): DayFilter {
  const [from, to] = [request.start.getTime(), request.end.getTime()];
  const begun = (date: number, at: number) => (from % DAY_MS === 0 ? date >= from : at >= from);
  const ended = (date: number, at: number) => (to % DAY_MS === 0 ? date >= to : at >= to);
  const { cursor } = request;
  const cursorAt = cursor === null ? null : utcDay(Date.parse(cursor.at));
  return {
    // A local day begins within the UTC day of its date or within the one before.
    from: Math.max(utcDay(from), cursorAt === null || cursor!.backwards ? -Infinity : cursorAt),
    to: Math.min(
      Math.min(utcDay(to - 1), cursorAt !== null && cursor!.backwards ? cursorAt : Infinity) + DAY_MS,
      LAST_DATE,
    ),
    holds: (date, at) => begun(date, at) && !ended(date, at),
    aggregates: request.aggregates,
    beyond: beyondOf(request),
  };
}

function beyondOf({ cursor }: TimeSeriesRequest): ItemFilter['beyond'] {
  if (cursor === null) return () => true;
  const { id, backwards } = cursor;
  const cursorAt = Date.parse(cursor.at);
  return backwards
    ? (at, key) => at < cursorAt || (at === cursorAt && key < id)
    : (at, key) => at > cursorAt || (at === cursorAt && key > id);
}

function codesOf(types: string[]): SeriesCode[] {
  const measured = Object.keys(SERIES_TYPES).filter(isSeriesCode);
  const asked = new Set(types.map((type) => SERIES_ALIASES[type] ?? type));
  return types.length === 0 ? measured : measured.filter((code) => asked.has(code));
}

const isSeriesCode = (code: string): code is SeriesCode => Object.hasOwn(SERIES_TYPES, code);
