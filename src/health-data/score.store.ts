import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { Score } from './canonical';
import { recordCounts, type KindCounts, type WriteTarget, type WrittenRecord } from './write';
import { dateAt, localNoon, offsetAt, type CalendarDay } from './zone-offset';

/** Scores that tell of a night: they are placed at its end, as long as that lies on their date. */
const OF_THE_NIGHT = new Set<Score['category']>(['sleep', 'recovery']);

/** Writes `score`. */
@Injectable()
export class ScoreStore {
  /**
   * One statement; a row that stays as it is is not touched, a changed one keeps its id. A value or components that
   * the answer leaves out stay.
   * @param nightEnd when the sleep of the date ended, epoch ms; null if there is none
   */
  async write(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    scores: Score[],
    day: CalendarDay,
    nightEnd: number | null,
  ): Promise<KindCounts> {
    if (scores.length === 0) return new Map();
    const places = scores.map((score) => placeOf(score, day, nightEnd));
    const written = await prepared<WrittenRecord>(
      manager,
      `WITH told AS (
         SELECT n.category, n.date, coalesce(n.value, s.value) AS value, n.qualifier, n.recorded_at, n.zone_offset,
                CASE WHEN n.value IS NULL AND s.value IS NOT NULL THEN s.scale_max ELSE n.scale_max END AS scale_max,
                coalesce(n.components, s.components) AS components
           FROM unnest($3::text[], $4::date[], $5::double precision[], $6::int[], $7::text[], $8::timestamptz[], $9::text[], $10::jsonb[])
                AS n (category, date, value, scale_max, qualifier, recorded_at, zone_offset, components)
           LEFT JOIN score s ON s.user_id = $1 AND s.source_id = $2 AND s.category = n.category AND s.date = n.date
       )
       INSERT INTO score (user_id, source_id, category, date, id, value, scale_max, qualifier, recorded_at, zone_offset, components)
       SELECT $1, $2, n.category, n.date, gen_random_uuid(), n.value, n.scale_max, n.qualifier, n.recorded_at, n.zone_offset,
              n.components
         FROM told n
         LEFT JOIN score s ON s.user_id = $1 AND s.source_id = $2 AND s.category = n.category AND s.date = n.date
        WHERE s.user_id IS NULL
           OR (s.value, s.scale_max, s.qualifier, s.recorded_at, s.zone_offset, s.components)
              IS DISTINCT FROM (n.value, n.scale_max, n.qualifier, n.recorded_at, n.zone_offset, n.components)
       ON CONFLICT (user_id, source_id, category, date) DO UPDATE
         SET value = excluded.value, scale_max = excluded.scale_max, qualifier = excluded.qualifier,
             recorded_at = excluded.recorded_at, zone_offset = excluded.zone_offset, components = excluded.components
       RETURNING 'score:' || category AS kind, xmax = 0 AS inserted`,
      [
        userId,
        sourceId,
        scores.map(({ category }) => category),
        scores.map(({ date }) => date),
        scores.map(({ value }) => value),
        scores.map(({ scaleMax }) => scaleMax ?? 100),
        scores.map(({ qualifier }) => qualifier),
        places.map(({ at }) => new Date(at)),
        places.map(({ offset }) => offset),
        scores.map(({ components }) => (components === null ? null : JSON.stringify(components))),
      ],
    );
    return recordCounts(
      scores.map(({ category }) => `score:${category}` as const),
      written,
    );
  }
}

/** When a score is told to be of: a clock with that offset then shows the score's date, whatever the user's journey. */
function placeOf(
  { category, date }: Score,
  day: CalendarDay,
  nightEnd: number | null,
): { at: number; offset: string | null } {
  const own = date === day.date ? day : { date, startsAt: null, timeZone: null };
  if (nightEnd !== null && OF_THE_NIGHT.has(category)) {
    const offset = offsetAt(own, nightEnd);
    if (offset !== null && dateAt(nightEnd, offset) === date) return { at: nightEnd, offset };
  }
  const noon = localNoon(own);
  return { at: noon, offset: offsetAt(own, noon) };
}
