import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate } from './canonical';
import type { DayAggregate } from './day-aggregate';
import { dateOf, zoneOffset, type DayCut } from './day-calendar';
import type { WriteTarget } from './write';
import type { CalendarDay } from './zone-offset';

/** Names an aggregate of a source. */
export type AggregateKey = Pick<DayAggregate, 'code' | 'date' | 'isLocal'>;

/** Both ends are included. */
export interface DateSpan {
  from: LocalDate;
  to: LocalDate;
}

const CONTENT = `starts_at, zone_offset, count, min, max, sum, first_at, last_at,
  active_seconds, sedentary_seconds, light_seconds, moderate_seconds, vigorous_seconds`;
const columnsOf = (row: string) =>
  CONTENT.split(',')
    .map((column) => `${row}.${column.trim()}`)
    .join(', ');

/** A row `l` of the local day and the samples to be added to it are of other times. */
const IS_BESIDE = '(l.last_at < excluded.first_at OR l.first_at > excluded.last_at)';
const ADDED = ['count', 'sum', 'active_seconds', 'sedentary_seconds']
  .concat(['light_seconds', 'moderate_seconds', 'vigorous_seconds'])
  .map((it) => `${it} = excluded.${it} + CASE WHEN ${IS_BESIDE} THEN l.${it} ELSE 0 END`);
const extreme = (which: 'least' | 'greatest', column: string) =>
  `${column} = ${which}(excluded.${column}, CASE WHEN ${IS_BESIDE} THEN l.${column} END)`;

const ADOPT = `
  WITH undated AS (
    DELETE FROM series_local_day u
     USING unnest($3::date[], $4::timestamptz[], $5::timestamptz[], $6::text[]) AS d (date, starts_at, ends_at, zone_offset)
     WHERE u.user_id = $1 AND u.source_id = $2 AND NOT u.is_local AND u.archived AND u.date BETWEEN d.date - 2 AND d.date + 2
       AND u.first_at >= d.starts_at AND u.last_at < d.ends_at
    RETURNING d.date AS of_date, d.starts_at AS day_starts_at, d.zone_offset AS day_offset, u.*
  )
  INSERT INTO series_local_day AS l (user_id, source_id, code, date, is_local, archived, ${CONTENT})
  SELECT $1, $2, code, of_date, true, true, day_starts_at, day_offset, sum(count), min(min), max(max), sum(sum ORDER BY first_at),
         min(first_at), max(last_at), sum(active_seconds), sum(sedentary_seconds), sum(light_seconds), sum(moderate_seconds),
         sum(vigorous_seconds)
    FROM undated GROUP BY code, of_date, day_starts_at, day_offset
  ON CONFLICT (user_id, source_id, code, date, is_local) DO UPDATE
    SET archived = true, ${ADDED.join(', ')}, ${extreme('least', 'min')}, ${extreme('greatest', 'max')},
        ${extreme('least', 'first_at')}, ${extreme('greatest', 'last_at')}
  WHERE ${IS_BESIDE} OR l.count < excluded.count`;

/** All SQL that writes `series_local_day`, and what is needed to sum a source up anew. */
@Injectable()
export class LocalDayStore {
  /**
   * One statement; a row that stays as it is is not touched, and an archived one only gives way to at least as many
   * samples that begin no later, since those that it was made of are gone, the first of them first.
   */
  async write(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    aggregates: DayAggregate[],
  ): Promise<void> {
    if (aggregates.length === 0) return;
    await prepared(
      manager,
      `INSERT INTO series_local_day (user_id, source_id, code, date, is_local, archived, ${CONTENT})
       SELECT $1, $2, n.code, n.date, n.is_local, false, ${columnsOf('n')}
         FROM json_to_recordset($3)
              AS n (code text, date date, is_local boolean, starts_at timestamptz, zone_offset text, count int,
                    min double precision, max double precision, sum double precision, first_at timestamptz,
                    last_at timestamptz, active_seconds int, sedentary_seconds int, light_seconds int,
                    moderate_seconds int, vigorous_seconds int)
         LEFT JOIN series_local_day d
              ON d.user_id = $1 AND d.source_id = $2 AND d.code = n.code AND d.date = n.date AND d.is_local = n.is_local
        WHERE CASE WHEN d.user_id IS NULL THEN true
                   WHEN d.archived THEN n.count >= d.count AND n.first_at <= d.first_at
                   ELSE (${columnsOf('d')}) IS DISTINCT FROM (${columnsOf('n')}) END
       ON CONFLICT (user_id, source_id, code, date, is_local) DO UPDATE
         SET archived = false, (${CONTENT}) = (${columnsOf('excluded')})`,
      [userId, sourceId, JSON.stringify(aggregates.map(toRow))],
    );
  }

  /**
   * Archived samples that had no local day become part of the one that holds all of them, once it is known. Where its own
   * answer has brought them again, they are counted already: then it has at least as many samples.
   */
  async adopt(manager: EntityManager, { userId, sourceId }: WriteTarget, days: DayCut[]): Promise<void> {
    if (days.length === 0) return;
    await prepared(manager, ADOPT, [
      userId,
      sourceId,
      days.map(({ date }) => date),
      days.map(({ from }) => new Date(from)),
      days.map(({ to }) => new Date(to)),
      days.map(zoneOffset),
    ]);
  }

  /** Aggregates of which no sample is left, for all samples have turned out to lie in another day. */
  async remove(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    keys: AggregateKey[],
  ): Promise<void> {
    if (keys.length === 0) return;
    await prepared(
      manager,
      `DELETE FROM series_local_day
        WHERE user_id = $1 AND source_id = $2 AND NOT archived
          AND (code, date, is_local) IN (SELECT * FROM unnest($3::text[], $4::date[], $5::boolean[]))`,
      [
        userId,
        sourceId,
        keys.map(({ code }) => code),
        keys.map(({ date }) => date),
        keys.map(({ isLocal }) => isLocal),
      ],
    );
  }

  /** @param codes null: all */
  async keys(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    codes: string[] | null,
    { from, to }: DateSpan,
  ): Promise<AggregateKey[]> {
    return prepared<AggregateKey>(
      manager,
      `SELECT code, date::text AS date, is_local AS "isLocal" FROM series_local_day
        WHERE user_id = $1 AND source_id = $2 AND ($3::text[] IS NULL OR code = ANY ($3)) AND date BETWEEN $4 AND $5`,
      [userId, sourceId, codes, from, to],
    );
  }

  /** The local days of a source's connection whose start is known. */
  async calendar(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    { from, to }: DateSpan,
  ): Promise<CalendarDay[]> {
    return prepared<CalendarDay>(
      manager,
      `SELECT c.date::text AS date, (extract(epoch FROM c.starts_at) * 1000)::double precision AS "startsAt",
              c.time_zone AS "timeZone"
         FROM data_source d JOIN sync_day c ON c.user_id = d.user_id AND c.connection_id = d.connection_id
        WHERE d.user_id = $1 AND d.id = $2 AND c.starts_at IS NOT NULL AND c.date BETWEEN $3 AND $4`,
      [userId, sourceId, from, to],
    );
  }

  /** From the first to the last date that a source has samples or aggregates of; null where it has none. */
  async datesOf(manager: EntityManager, { userId, sourceId }: WriteTarget): Promise<DateSpan | null> {
    const [span] = await prepared<{ from: LocalDate | null; to: LocalDate | null }>(
      manager,
      `SELECT min(date)::text AS "from", max(date)::text AS "to"
         FROM (SELECT day AS date FROM series_day WHERE user_id = $1 AND source_id = $2
                UNION ALL SELECT date FROM series_local_day WHERE user_id = $1 AND source_id = $2) AS dates`,
      [userId, sourceId],
    );
    return span.from === null || span.to === null ? null : { from: span.from, to: span.to };
  }
}

const toRow = (it: DayAggregate) => ({
  code: it.code,
  date: it.date,
  is_local: it.isLocal,
  starts_at: it.startsAt === null ? null : new Date(it.startsAt),
  zone_offset: it.zoneOffset,
  count: it.count,
  min: it.min,
  max: it.max,
  sum: it.sum,
  first_at: new Date(it.firstAt),
  last_at: new Date(it.lastAt),
  active_seconds: it.activeSeconds,
  sedentary_seconds: it.sedentarySeconds,
  light_seconds: it.lightSeconds,
  moderate_seconds: it.moderateSeconds,
  vigorous_seconds: it.vigorousSeconds,
});

export const datesAround = ({ from, to }: DateSpan, days: number): DateSpan => ({
  from: dateOf(Date.parse(from) - days * 86_400_000),
  to: dateOf(Date.parse(to) + days * 86_400_000),
});
