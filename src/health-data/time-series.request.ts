import { decodeCursor } from '../http/cursor';
import { parseRange } from '../http/time';
import { SERIES_ALIASES, SERIES_TYPES, type SeriesCode } from './canonical';
import type { Span } from './series-store';
import { RESOLUTIONS, type Resolution, type TimeSeriesQuery } from './time-series.dto';
import type { ItemFilter } from './time-series.items';

/** What a client asked for, understood. */
export interface TimeSeriesRequest {
  start: Date;
  end: Date;
  codes: SeriesCode[];
  resolution: Resolution;
  limit: number;
  cursor: { at: string; id: string; backwards: boolean } | null;
}

/** @throws BadRequestException */
export function timeSeriesRequest(query: TimeSeriesQuery): TimeSeriesRequest {
  const { start_time, end_time, types = [], resolution = 'raw', cursor, limit = 50 } = query;
  const range = { start: start_time, end: end_time };
  return {
    ...parseRange(range, { start: 'start_time', end: 'end_time' }, { wholeDays: true }),
    codes: codesOf(types),
    resolution,
    limit,
    cursor: cursor === undefined ? null : decodeCursor(cursor),
  };
}

/** The stretch of the asked range that the page can come from, and which items of it are beyond the cursor. */
export function filterOf({ start, end, resolution, cursor }: TimeSeriesRequest): ItemFilter {
  const itemMs = RESOLUTIONS[resolution];
  const range: Span = { from: start.getTime(), to: end.getTime() };
  if (cursor === null) return { ...range, itemMs, beyond: () => true };
  const { id, backwards } = cursor;
  const cursorAt = Date.parse(cursor.at);
  return backwards
    ? {
        from: range.from,
        // The whole of the item at the cursor, which others of the same time may stand before.
        to: Math.min(range.to, cursorAt + itemMs),
        itemMs,
        beyond: (at, key) => at < cursorAt || (at === cursorAt && key < id),
      }
    : {
        from: Math.max(range.from, cursorAt),
        to: range.to,
        itemMs,
        beyond: (at, key) => at > cursorAt || (at === cursorAt && key > id),
      };
}

function codesOf(types: string[]): SeriesCode[] {
  const measured = Object.keys(SERIES_TYPES).filter(isSeriesCode);
  const asked = new Set(types.map((type) => SERIES_ALIASES[type] ?? type));
  return types.length === 0 ? measured : measured.filter((code) => asked.has(code));
}

const isSeriesCode = (code: string): code is SeriesCode => Object.hasOwn(SERIES_TYPES, code);
