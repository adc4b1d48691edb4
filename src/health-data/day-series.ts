import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { SeriesCode } from './canonical';
import { readDoubles, readIntegers } from './series-chunk';
import { SOURCES_OF_RANGE, type SeriesRange } from './series-store';
import { DAY_MS, offsetAt } from './zone-offset';

/** What one local day of one series of one source comes to. */
export interface DayOfSamples {
  /** The UTC midnight of its date, epoch ms, as the other times. */
  date: number;
  /** The day's start; of samples in no known local day the UTC midnight. */
  at: number;
  isLocal: boolean;
  zoneOffset: string | null;
  sum: number;
  min: number;
  max: number;
  count: number;
}

/** The day's own value. */
export interface ValueOfDay extends Pick<DayOfSamples, 'date' | 'at' | 'zoneOffset'> {
  value: number;
  target: { low: number; high: number } | null;
}

/** Of one series of one source. */
export interface SeriesDays<Day> {
  sourceId: string;
  code: SeriesCode;
  days: Day[];
}

/** Which days, in the direction of travel: of each series no more than so many. Both dates are included. */
export interface DayWalk extends SeriesRange {
  backwards: boolean;
  wanted: number;
}

/** Reads what local days come to: a column at a time, as a row a day would take several times as long. */
@Injectable()
export class DaySeries {
  async ofSamples(manager: EntityManager, walk: DayWalk): Promise<SeriesDays<DayOfSamples>[]> {
    const rows = await prepared<SamplesRow>(
      manager,
      `SELECT s.id AS source_id, c.code, d.*
         FROM ${SOURCES_OF_RANGE}, unnest($3::text[]) AS c (code),
              LATERAL (SELECT ${integers('date - date $$1970-01-01$$')} AS dates,
                              ${doubles('extract(epoch FROM starts_at) * 1000')} AS starts,
                              array_to_json(array_agg(zone_offset)) AS offsets, ${doubles('sum')} AS sums,
                              ${doubles('min')} AS mins, ${doubles('max')} AS maxs, ${integers('count')} AS counts
                         FROM (SELECT date, starts_at, zone_offset, sum, min, max, count FROM series_local_day
                                WHERE user_id = $1 AND source_id = s.id AND code = c.code AND date BETWEEN $4 AND $5
                                ORDER BY date ${directionOf(walk)} LIMIT $6::int) AS days) AS d
        WHERE d.dates IS NOT NULL`,
      parametersOf(walk),
    );
    return rows.map((row) => ({ sourceId: row.source_id, code: row.code, days: daysOfSamples(row) }));
  }

  /** The days' own values. */
  async ofValues(manager: EntityManager, walk: DayWalk): Promise<SeriesDays<ValueOfDay>[]> {
    const rows = await prepared<ValuesRow>(
      manager,
      `SELECT s.id AS source_id, c.code, d.*
         FROM ${SOURCES_OF_RANGE}, unnest($3::text[]) AS c (code),
              LATERAL (SELECT ${integers('date - date $$1970-01-01$$')} AS dates,
                              ${doubles('extract(epoch FROM starts_at) * 1000')} AS starts,
                              array_to_json(array_agg(time_zone)) AS zones, ${doubles('value')} AS "values",
                              ${doubles('target_low')} AS lows, ${doubles('target_high')} AS highs
                         FROM (SELECT v.date, value, target_low, target_high, starts_at, time_zone
                                 FROM (SELECT date, value, target_low, target_high FROM daily_value
                                        WHERE user_id = $1 AND source_id = s.id AND code = c.code AND date BETWEEN $4 AND $5
                                        ORDER BY date ${directionOf(walk)} LIMIT $6::int) AS v
                                 LEFT JOIN sync_day y ON y.user_id = $1 AND y.connection_id = s.connection_id AND y.date = v.date
                              ) AS days) AS d
        WHERE d.dates IS NOT NULL`,
      parametersOf(walk),
    );
    return rows.map((row) => ({ sourceId: row.source_id, code: row.code, days: valuesOfDays(row) }));
  }
}

/** Columns as `array_send` writes them, in base64. */
interface SamplesRow {
  source_id: string;
  code: SeriesCode;
  dates: string;
  starts: string;
  offsets: (string | null)[];
  sums: string;
  mins: string;
  maxs: string;
  counts: string;
}

interface ValuesRow {
  source_id: string;
  code: SeriesCode;
  dates: string;
  starts: string;
  zones: (string | null)[];
  values: string;
  lows: string;
  highs: string;
}

/** Two rows may be of one date, and the days of one date may lie on both sides of the cursor. */
const BESIDE = 4;

const directionOf = ({ backwards }: DayWalk) => (backwards ? 'DESC' : 'ASC');

const parametersOf = ({ userId, sourceIds, codes, from, to, wanted }: DayWalk) => [
  userId,
  sourceIds,
  codes,
  new Date(from).toISOString().slice(0, 10),
  new Date(to).toISOString().slice(0, 10),
  wanted + BESIDE,
];

const integers = (column: string) => `encode(array_send(array_agg(${column})), 'base64')`;
/** NaN stands for null, for which the binary form has no number. */
const doubles = (column: string) =>
  `encode(array_send(array_agg(coalesce((${column})::double precision, double precision 'NaN'))), 'base64')`;

function daysOfSamples({ dates, starts, offsets, sums, mins, maxs, counts }: SamplesRow): DayOfSamples[] {
  const [start, sum, min, max] = [starts, sums, mins, maxs].map(readDoubles);
  const count = readIntegers(counts);
  return readIntegers(dates).map((number, day) => ({
    date: number * DAY_MS,
    at: Number.isNaN(start[day]) ? number * DAY_MS : start[day],
    isLocal: !Number.isNaN(start[day]),
    zoneOffset: offsets[day],
    sum: sum[day],
    min: min[day],
    max: max[day],
    count: count[day],
  }));
}

function valuesOfDays({ dates, starts, zones, values, lows, highs }: ValuesRow): ValueOfDay[] {
  const [start, value, low, high] = [starts, values, lows, highs].map(readDoubles);
  return readIntegers(dates).map((number, day) => {
    const [date, startsAt] = [number * DAY_MS, Number.isNaN(start[day]) ? null : start[day]];
    const calendarDay = { date: new Date(date).toISOString().slice(0, 10), startsAt, timeZone: zones[day] };
    return {
      date,
      at: startsAt ?? date,
      zoneOffset: startsAt === null ? null : offsetAt(calendarDay, startsAt),
      value: value[day],
      target: Number.isNaN(low[day]) ? null : { low: low[day], high: high[day] },
    };
  });
}
