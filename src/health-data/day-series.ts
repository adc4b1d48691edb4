import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import { SERIES_TYPES, type SeriesCode } from './canonical';
import { readDates, readDoubles, readInstants, readIntegers } from './series-chunk';
import { SOURCES_OF_RANGE, type SeriesRange } from './series-store';
import { offsetAt } from './zone-offset';

/** What one local day of one series of one source comes to; of a date that has none, its UTC day. */
export interface DayOfSamples {
  /** The UTC midnight of its date, epoch ms, as the other times. */
  date: number;
  /** The day's start; of samples in no known local day the UTC midnight. */
  at: number;
  isLocal: boolean;
  zoneOffset: string | null;
  /** The sum of a counter, the mean of a level. */
  value: number;
  /** NaN and 0 where they are not asked for. */
  min: number;
  max: number;
  count: number;
}

/** The day's own value. */
export interface ValueOfDay extends Pick<DayOfSamples, 'date' | 'at' | 'zoneOffset' | 'value'> {
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
  aggregates: boolean;
}

/** Reads what local days come to: a column at a time, as a row a day would take several times as long. */
@Injectable()
export class DaySeries {
  async ofSamples(manager: EntityManager, walk: DayWalk): Promise<SeriesDays<DayOfSamples>[]> {
    const { aggregates } = walk;
    const rows = await prepared<SamplesRow>(
      manager,
      `SELECT s.id AS source_id, c.code, d.*
         FROM ${SOURCES_OF_RANGE}, unnest($3::text[], $7::boolean[]) AS c (code, adds_up),
              LATERAL (SELECT ${arrayColumn('date')} AS dates, ${arrayColumn(STARTS_AT)} AS starts,
                              array_to_json(array_agg(zone_offset)) AS offsets,
                              ${arrayColumn('CASE WHEN adds_up THEN sum ELSE sum / count END')} AS "values"
                              ${aggregates ? `, ${arrayColumn('min')} AS mins, ${arrayColumn('max')} AS maxs, ${arrayColumn('count')} AS counts` : ''}
                         FROM (SELECT date, starts_at, zone_offset, sum, min, max, count FROM series_local_day l
                                WHERE user_id = $1 AND source_id = s.id AND code = c.code AND date BETWEEN $4 AND $5
                                  AND (is_local OR NOT ${hasLocalDay('s.id', 'c.code')})
                                ORDER BY date ${directionOf(walk)} LIMIT $6::int) AS days) AS d
        WHERE d.dates IS NOT NULL`,
      [
        ...parametersOf(walk),
        walk.codes.map((code) => SERIES_TYPES[code as SeriesCode].aggregation === 'sum'),
      ],
    );
    return rows.map((row) => ({ sourceId: row.source_id, code: row.code, days: daysOfSamples(row) }));
  }

  /** The days' own values. */
  async ofValues(manager: EntityManager, walk: DayWalk): Promise<SeriesDays<ValueOfDay>[]> {
    const rows = await prepared<ValuesRow>(
      manager,
      `SELECT s.id AS source_id, c.code, d.*
         FROM ${SOURCES_OF_RANGE}, unnest($3::text[]) AS c (code),
              LATERAL (SELECT ${arrayColumn('date')} AS dates, ${arrayColumn(STARTS_AT)} AS starts,
                              array_to_json(array_agg(time_zone)) AS zones, ${arrayColumn('value')} AS "values",
                              ${arrayColumn(orNan('target_low'))} AS lows, ${arrayColumn(orNan('target_high'))} AS highs
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
  values: string;
  mins?: string;
  maxs?: string;
  counts?: string;
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

/** The days of one date may lie on both sides of the cursor. */
const BESIDE = 4;

/**
 * SQL, of a row `l` of `series_local_day`. What a UTC day holds beside the local day of its date belongs to another date,
 * and would double this one.
 * @param code one, or `ANY (…)` of which each counts
 */
export const hasLocalDay = (sourceId: string, code: string) => `EXISTS (
  SELECT FROM series_local_day o
   WHERE o.user_id = $1 AND o.source_id = ${sourceId} AND o.code = ${code} AND o.date = l.date AND o.is_local)`;

const directionOf = ({ backwards }: DayWalk) => (backwards ? 'DESC' : 'ASC');

const parametersOf = ({ userId, sourceIds, codes, from, to, wanted }: DayWalk) => [
  userId,
  sourceIds,
  codes,
  new Date(from).toISOString().slice(0, 10),
  new Date(to).toISOString().slice(0, 10),
  wanted + BESIDE,
];

/** SQL: a list of numbers, dates or times for `readDoubles` and its like; null where there are no rows. */
export const arrayColumn = (expression: string) => `encode(array_send(array_agg(${expression})), 'base64')`;
const STARTS_AT = `coalesce(starts_at, '-infinity')`;
/** The binary form of null has no number. */
export const orNan = (expression: string) => `coalesce(${expression}, double precision 'NaN')`;

function daysOfSamples({ dates, starts, offsets, values, mins, maxs, counts }: SamplesRow): DayOfSamples[] {
  const [date, startsAt, value] = [readDates(dates), readInstants(starts), readDoubles(values)];
  const [min, max] = [mins, maxs].map((it) => (it === undefined ? null : readDoubles(it)));
  const count = counts === undefined ? null : readIntegers(counts);
  return date.map((midnight, day) => ({
    date: midnight,
    at: startsAt[day] ?? midnight,
    isLocal: startsAt[day] !== null,
    zoneOffset: offsets[day],
    value: value[day],
    min: min?.[day] ?? NaN,
    max: max?.[day] ?? NaN,
    count: count?.[day] ?? 0,
  }));
}

function valuesOfDays({ dates, starts, zones, values, lows, highs }: ValuesRow): ValueOfDay[] {
  const [value, low, high] = [values, lows, highs].map(readDoubles);
  const start = readInstants(starts);
  return readDates(dates).map((date, day) => {
    const startsAt = start[day];
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
