import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import { COMPUTED_DAILY, type DailyValue, type DataKind, type LocalDate, type SeriesCode } from './canonical';
import type { ComputedDay } from './local-day';
import { SOURCES_OF_RANGE, type SeriesRange, type SeriesWalk } from './series-store';
import { recordCounts, type KindCounts, type WriteTarget, type WrittenRecord } from './write';
import { DAY_MS, localNoon, offsetAt, type CalendarDay } from './zone-offset';

/** A daily value as an item of a time series. */
export interface DailyItem {
  sourceId: string;
  code: SeriesCode;
  date: LocalDate;
  at: number;
  value: number;
  zoneOffset: string | null;
  target: NonNullable<DailyValue['target']> | null;
}

/** A total or average as an answer tells it. */
export interface ToldTotal {
  code: SeriesCode;
  value: number;
  /** Of how many samples of the day; null if it is of samples of another day too. */
  samples: number | null;
}

/** All SQL on `daily_value`. */
@Injectable()
export class DailyValueStore {
  /** One statement; a row that stays as it is is not touched. */
  async write(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    values: DailyValue[],
    day: CalendarDay,
  ): Promise<KindCounts> {
    if (values.length === 0) return new Map();
    const days = values.map(({ date }) =>
      date === day.date ? day : { date, startsAt: null, timeZone: null },
    );
    const written = await prepared<WrittenRecord>(
      manager,
      `INSERT INTO daily_value (user_id, source_id, code, date, value, at, zone_offset, target_low, target_high)
       SELECT $1, $2, n.code, n.date, n.value, n.at, n.zone_offset, n.target_low, n.target_high
         FROM unnest($3::text[], $4::date[], $5::double precision[], $6::timestamptz[], $7::text[],
                     $8::double precision[], $9::double precision[])
              AS n (code, date, value, at, zone_offset, target_low, target_high)
         LEFT JOIN daily_value d ON d.user_id = $1 AND d.source_id = $2 AND d.code = n.code AND d.date = n.date
        WHERE d.user_id IS NULL
           OR (d.value, d.at, d.zone_offset, d.target_low, d.target_high)
              IS DISTINCT FROM (n.value, n.at, n.zone_offset, n.target_low, n.target_high)
       ON CONFLICT (user_id, source_id, code, date) DO UPDATE
         SET value = excluded.value, at = excluded.at, zone_offset = excluded.zone_offset,
             target_low = excluded.target_low, target_high = excluded.target_high
       RETURNING 'daily:' || code AS kind, xmax = 0 AS inserted`,
      [
        userId,
        sourceId,
        values.map(({ code }) => code),
        values.map(({ date }) => date),
        values.map(({ value }) => value),
        days.map((it) => new Date(localNoon(it))),
        days.map((it) => offsetAt(it, localNoon(it))),
        values.map(({ target }) => target?.low ?? null),
        values.map(({ target }) => target?.high ?? null),
      ],
    );
    return recordCounts(
      values.map(({ code }) => `daily:${code}` as const),
      written,
    );
  }

  /**
   * Totals and averages of a day out of its stored samples: of the codes that the answer tells of, and of those stored
   * already. An average of no samples at all is taken away; a code of whose series nothing is stored around the day
   * stays, and one of whose samples some have been deleted for their age: of what is left no figure is made.
   */
  async compute(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    { day, from, to, missingOnly }: ComputedDay,
    told: ToldTotal[],
  ): Promise<KindCounts> {
    const at = localNoon(day);
    const computed = await prepared<{ kind: DataKind; inserted: boolean | null }>(manager, COMPUTE, [
      userId,
      sourceId,
      day.date,
      COMPUTED.map(({ code }) => code),
      COMPUTED.map(({ of }) => of),
      COMPUTED.map(({ by }) => by),
      told.map(({ code }) => code),
      from,
      to,
      // Whoever was asleep for all of a short day still has samples in the hours around it.
      [dateText(from), dateText(Math.max(to, from + DAY_MS) - 1)],
      new Date(at),
      offsetAt(day, at),
      missingOnly,
      told.map(({ value }) => value),
      told.map(({ samples }) => samples),
    ]);
    return recordCounts(
      computed.map(({ kind }) => kind),
      computed.flatMap(({ kind, inserted }) => (inserted === null ? [] : [{ kind, inserted }])),
    );
  }

  /** The next values of a walk, ascending, and how many the whole span has; 0 if they are not counted. */
  async walk(
    manager: EntityManager,
    walk: SeriesRange & Pick<SeriesWalk, 'backwards' | 'wanted' | 'isCounted'>,
  ): Promise<{ items: DailyItem[]; total: number }> {
    const direction = walk.backwards ? 'DESC' : 'ASC';
    const rows = await prepared<DailyRow>(
      manager,
      `WITH ahead AS (
         SELECT v.*
           FROM ${SOURCES_OF_RANGE}, unnest($3::text[]) AS c (code),
                LATERAL (SELECT source_id, code, date::text, at, value, zone_offset, target_low, target_high FROM daily_value
                          WHERE user_id = $1 AND source_id = s.id AND code = c.code AND at >= $4 AND at < $5
                          ORDER BY at ${direction}, date ${direction} LIMIT $6::int) AS v)
       SELECT *, ${walk.isCounted ? VALUES_IN_SPAN : 0} AS total FROM ahead
        ORDER BY at ${direction} FETCH FIRST ($6::int + (SELECT count(*) FROM ahead WHERE at = $7)) ROWS WITH TIES`,
      [
        walk.userId,
        walk.sourceIds,
        walk.codes,
        new Date(walk.from),
        new Date(walk.to),
        walk.wanted + 2 * OF_ONE_INSTANT,
        // At the cursor there may be any that are not beyond it.
        new Date(walk.backwards ? walk.to - 1 : walk.from),
      ],
    );
    const items = rows.map(({ source_id, code, date, at, value, zone_offset, target_low, target_high }) => ({
      sourceId: source_id,
      code,
      date,
      at: at.getTime(),
      value,
      zoneOffset: zone_offset,
      target: target_low === null || target_high === null ? null : { low: target_low, high: target_high },
    }));
    return {
      items: items.toSorted((a, b) => a.at - b.at || (a.date < b.date ? -1 : 1)),
      total: rows.length > 0 ? Number(rows[0].total) : 0,
    };
  }

  async count(manager: EntityManager, { userId, sourceIds, codes, from, to }: SeriesRange): Promise<number> {
    const [{ count }] = await prepared<{ count: string }>(manager, `SELECT ${VALUES_IN_SPAN} AS count`, [
      userId,
      sourceIds,
      codes,
      new Date(from),
      new Date(to),
    ]);
    return Number(count);
  }
}

const VALUES_IN_SPAN = `(
  SELECT coalesce(sum(v.count), 0)
    FROM ${SOURCES_OF_RANGE}, unnest($3::text[]) AS c (code),
         LATERAL (SELECT count(*) FROM daily_value
                   WHERE user_id = $1 AND source_id = s.id AND code = c.code AND at >= $4 AND at < $5) AS v)`;

/** Dates of one source whose noon may be at one instant: two, over the date line. */
const OF_ONE_INSTANT = 2;

interface DailyRow {
  source_id: string;
  code: SeriesCode;
  date: LocalDate;
  at: Date;
  value: number;
  zone_offset: string | null;
  target_low: number | null;
  target_high: number | null;
  total: string;
}

const COMPUTED = Object.entries(COMPUTED_DAILY).map(([code, { of, by }]) => ({ code, of, by }));

const IN_DAY = 'a.at >= $8 AND a.at < $9';

/** Some of the day's samples have been deleted for their age. */
const IS_ARCHIVED = `EXISTS (
  SELECT FROM series_local_day l
   WHERE l.user_id = $1 AND l.source_id = $2 AND l.code = c.series AND l.archived
     AND l.date BETWEEN $3::date - 1 AND $3::date + 1 AND l.first_at < to_timestamp($9 / 1000.0)
     AND l.last_at >= to_timestamp($8 / 1000.0))`;

/**
 * A told figure of as many samples as are stored of the day is the day's, in the vendor's own rounding. Otherwise it is
 * computed in the order of time, as floating point numbers add up to another sum in another order.
 */
const COMPUTE = `
  WITH wanted AS (
    SELECT c.code, c.series, c.by, t.value, t.samples
      FROM unnest($4::text[], $5::text[], $6::text[]) AS c (code, series, by)
      LEFT JOIN unnest($7::text[], $14::double precision[], $15::int[]) AS t (code, value, samples) ON t.code = c.code
      LEFT JOIN daily_value d ON d.user_id = $1 AND d.source_id = $2 AND d.date = $3 AND d.code = c.code
     WHERE CASE WHEN d.user_id IS NULL THEN t.code IS NOT NULL ELSE NOT $13 END AND NOT ${IS_ARCHIVED}
  ), around AS (
    SELECT s.code, (s.day - date '1970-01-01') * ${DAY_MS}::bigint + u.offset_ms AS at, u.value
      FROM series_day s, unnest(s.offset_ms, s."values") AS u (offset_ms, value)
     WHERE s.user_id = $1 AND s.source_id = $2 AND s.code IN (SELECT series FROM wanted)
       AND s.day BETWEEN ($10::date[])[1] AND ($10::date[])[2]
  ), computed AS (
    SELECT w.code, CASE WHEN count(*) FILTER (WHERE ${IN_DAY}) = w.samples THEN w.value
                        WHEN w.by = 'sum' THEN coalesce(sum(a.value ORDER BY a.at) FILTER (WHERE ${IN_DAY}), 0)
                        ELSE avg(a.value ORDER BY a.at) FILTER (WHERE ${IN_DAY}) END AS value
      FROM wanted w JOIN around a ON a.code = w.series
     GROUP BY w.code, w.by, w.value, w.samples
  ), gone AS (
    DELETE FROM daily_value d USING computed c
     WHERE d.user_id = $1 AND d.source_id = $2 AND d.date = $3 AND d.code = c.code AND c.value IS NULL
    RETURNING d.code
  ), written AS (
    INSERT INTO daily_value (user_id, source_id, code, date, value, at, zone_offset)
    SELECT $1, $2, c.code, $3, c.value, $11, $12
      FROM computed c
      LEFT JOIN daily_value d ON d.user_id = $1 AND d.source_id = $2 AND d.date = $3 AND d.code = c.code
     WHERE c.value IS NOT NULL
       AND (d.user_id IS NULL OR (d.value, d.at, d.zone_offset) IS DISTINCT FROM (c.value, $11::timestamptz, $12::text))
    ON CONFLICT (user_id, source_id, code, date) DO UPDATE
      SET value = excluded.value, at = excluded.at, zone_offset = excluded.zone_offset
    RETURNING code, xmax = 0 AS inserted
  ), changed AS (
    SELECT code, inserted FROM written UNION ALL SELECT code, false FROM gone
  )
  SELECT 'daily:' || code AS kind, inserted FROM computed LEFT JOIN changed USING (code)`;

const dateText = (instant: number) => new Date(instant).toISOString().slice(0, 10);
