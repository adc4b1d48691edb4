import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { DailyValue, SeriesCode } from './canonical';
import type { SeriesWalk } from './series-store';
import type { RecordCounts, WriteTarget } from './write';
import { localNoon, offsetAt, type CalendarDay } from './zone-offset';

/** A daily value as an item of a time series. */
export interface DailyItem {
  sourceId: string;
  code: SeriesCode;
  at: number;
  value: number;
  zoneOffset: string | null;
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
  ): Promise<RecordCounts> {
    if (values.length === 0) return { inserted: 0, updated: 0, unchanged: 0 };
    const days = values.map(({ date }) =>
      date === day.date ? day : { date, startsAt: null, timeZone: null },
    );
    const [{ inserted, updated }] = await prepared<{ inserted: number; updated: number }>(
      manager,
      `WITH written AS (
         INSERT INTO daily_value (user_id, source_id, code, date, value, at, zone_offset)
         SELECT $1, $2, n.code, n.date, n.value, n.at, n.zone_offset
           FROM unnest($3::text[], $4::date[], $5::double precision[], $6::timestamptz[], $7::text[])
                AS n (code, date, value, at, zone_offset)
           LEFT JOIN daily_value d ON d.user_id = $1 AND d.source_id = $2 AND d.code = n.code AND d.date = n.date
          WHERE d.user_id IS NULL OR (d.value, d.at, d.zone_offset) IS DISTINCT FROM (n.value, n.at, n.zone_offset)
         ON CONFLICT (user_id, source_id, code, date) DO UPDATE
           SET value = excluded.value, at = excluded.at, zone_offset = excluded.zone_offset
         RETURNING xmax = 0 AS inserted)
       SELECT (count(*) FILTER (WHERE inserted))::int AS inserted, (count(*) FILTER (WHERE NOT inserted))::int AS updated
         FROM written`,
      [
        userId,
        sourceId,
        values.map(({ code }) => code),
        values.map(({ date }) => date),
        values.map(({ value }) => value),
        days.map((it) => new Date(localNoon(it))),
        days.map((it) => offsetAt(it, localNoon(it))),
      ],
    );
    return { inserted, updated, unchanged: values.length - inserted - updated };
  }

  /** The next values of a walk, ascending, and how many there are. */
  async walk(
    manager: EntityManager,
    walk: Omit<SeriesWalk, 'itemMs'>,
  ): Promise<{ items: DailyItem[]; total: number }> {
    const direction = walk.backwards ? 'DESC' : 'ASC';
    const rows = await prepared<DailyRow>(
      manager,
      `SELECT source_id, code, at, value, zone_offset, count(*) OVER () AS total FROM daily_value
        WHERE user_id = $1 AND source_id = ANY ($2) AND code = ANY ($3) AND at >= $4 AND at < $5
        ORDER BY at ${direction} LIMIT $6`,
      [walk.userId, walk.sourceIds, walk.codes, new Date(walk.from), new Date(walk.to), walk.wanted],
    );
    const items = rows.map(({ source_id, code, at, value, zone_offset }) => ({
      sourceId: source_id,
      code,
      at: at.getTime(),
      value,
      zoneOffset: zone_offset,
    }));
    return { items: walk.backwards ? items.toReversed() : items, total: Number(rows[0]?.total ?? 0) };
  }
}

interface DailyRow {
  source_id: string;
  code: SeriesCode;
  at: Date;
  value: number;
  zone_offset: string | null;
  total: string;
}
