import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate } from './canonical';
import {
  FORMULA_VERSION,
  WINDOW_DAYS,
  type InternalCategory,
  type InternalFigure,
  type Night,
} from './internal-score';
import { resilienceScore } from './resilience-score';
import { sleepScore } from './sleep-score';
import type { WriteTarget } from './write';
import { dateAt, DAY_MS, offsetMs } from './zone-offset';

const FORMULAS: Record<InternalCategory, (night: Night, week: Night[]) => InternalFigure | null> = {
  sleep: sleepScore,
  resilience: resilienceScore,
};

/** Writes `internal_score`: nothing else does, and each row is made of `sleep_session` alone. */
@Injectable()
export class InternalScoreStore {
  /**
   * Makes the scores anew of these dates, and of those after them that look back at them. What comes out hangs on the
   * stored nights only, and not on the order in which they were stored. A row that stays as it is is not touched, nor one
   * that was made of nights which have been deleted for their age since.
   * @param manager of a transaction that holds the lock of the source's connection
   * @param dates whose sleeps have changed; null for all that there are
   */
  async compute(manager: EntityManager, target: WriteTarget, dates: LocalDate[] | null): Promise<void> {
    const affected = dates === null ? null : [...new Set(dates.flatMap(reachedFrom))].toSorted();
    if (affected?.length === 0) return;
    const nights = await this.nights(manager, target, affected);
    const scores = nights
      .filter(({ date }) => affected === null || affected.includes(date))
      .flatMap((night) => scoresOf(night, weekOf(night, nights)));
    await this.replace(manager, target, affected, scores);
  }

  /** The longest sleep of each date that matters. */
  private async nights(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    affected: LocalDate[] | null,
  ): Promise<Night[]> {
    const [first, last] = [affected?.at(0) ?? '-infinity', affected?.at(-1) ?? 'infinity'];
    return prepared<Night>(manager, NIGHTS, [
      userId,
      sourceId,
      affected === null ? first : dateBeside(first, 1 - WINDOW_DAYS),
      last,
    ]);
  }

  private async replace(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    affected: LocalDate[] | null,
    scores: ComputedScore[],
  ): Promise<void> {
    await prepared(manager, REPLACE, [
      userId,
      sourceId,
      affected,
      scores.map(({ category }) => category),
      scores.map(({ night }) => night.date),
      scores.map(({ night }) => night.sleepId),
      scores.map(({ figure }) => figure.value),
      scores.map(({ figure }) => JSON.stringify(figure.components)),
      scores.map(({ night }) => new Date(recordedAt(night))),
      scores.map(({ night }) => night.zoneOffset),
      FORMULA_VERSION,
    ]);
  }
}

interface ComputedScore {
  category: InternalCategory;
  night: Night;
  figure: InternalFigure;
}

const scoresOf = (night: Night, week: Night[]): ComputedScore[] =>
  (Object.keys(FORMULAS) as InternalCategory[]).flatMap((category) => {
    const figure = FORMULAS[category](night, week);
    return figure === null ? [] : [{ category, night, figure }];
  });

const weekOf = ({ date }: Night, nights: Night[]): Night[] => {
  const first = dateBeside(date, 1 - WINDOW_DAYS);
  return nights.filter((it) => it.date >= first && it.date <= date);
};

const reachedFrom = (date: LocalDate): LocalDate[] =>
  Array.from({ length: WINDOW_DAYS }, (_, days) => dateBeside(date, days));

const dateBeside = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

/** The end of the night, unless the clock showed another date by then: noon, as for every score. */
function recordedAt({ date, end, zoneOffset }: Night): number {
  if (zoneOffset !== null && dateAt(end, zoneOffset) === date) return end;
  return Date.parse(date) + DAY_MS / 2 - (zoneOffset === null ? 0 : offsetMs(zoneOffset));
}

const NIGHTS = `
  SELECT DISTINCT ON (s.date) s.date::text, id AS "sleepId",
         (extract(epoch FROM start_at) * 1000)::double precision AS start,
         (extract(epoch FROM end_at) * 1000)::double precision AS "end", zone_offset AS "zoneOffset",
         asleep_seconds AS "asleepSeconds",
         (sum(asleep_seconds) OVER (PARTITION BY s.date))::double precision AS "totalAsleepSeconds",
         stage_seconds AS "stageSeconds", awake_seconds AS "awakeSeconds", long_awakenings_count AS "longAwakenings",
         efficiency_percent AS "efficiencyPercent", coalesce(average_hrv_rmssd, sampled_hrv_rmssd) AS hrv
    FROM sleep_session s
   WHERE user_id = $1 AND source_id = $2 AND deleted_at IS NULL AND s.date BETWEEN $3 AND $4
   ORDER BY s.date, end_at - start_at DESC, start_at, id`;

const IS_FINAL = `(
  i.archived AND EXISTS (SELECT FROM sleep_session s
                          WHERE s.user_id = $1 AND s.source_id = $2 AND s.id = i.sleep_id AND s.deleted_at IS NULL))`;

const REPLACE = `
  WITH told AS (
    SELECT * FROM unnest($4::text[], $5::date[], $6::uuid[], $7::double precision[], $8::jsonb[], $9::timestamptz[], $10::text[])
           AS n (category, date, sleep_id, value, components, recorded_at, zone_offset)
  ), gone AS (
    DELETE FROM internal_score i
     WHERE i.user_id = $1 AND i.source_id = $2 AND ($3::date[] IS NULL OR i.date = ANY ($3))
       AND NOT ${IS_FINAL} AND NOT EXISTS (SELECT FROM told t WHERE t.category = i.category AND t.date = i.date)
  )
  INSERT INTO internal_score AS i (user_id, source_id, category, date, id, sleep_id, value, components, recorded_at, zone_offset,
                                   formula_version)
  SELECT $1, $2, t.category, t.date, gen_random_uuid(), t.sleep_id, t.value, t.components, t.recorded_at, t.zone_offset, $11
    FROM told t
    LEFT JOIN internal_score i ON i.user_id = $1 AND i.source_id = $2 AND i.category = t.category AND i.date = t.date
   WHERE i.user_id IS NULL
      OR NOT ${IS_FINAL}
     AND (i.sleep_id, i.value, i.components, i.recorded_at, i.zone_offset, i.formula_version)
         IS DISTINCT FROM (t.sleep_id, t.value, t.components, t.recorded_at, t.zone_offset, $11::int)
  ON CONFLICT (user_id, source_id, category, date) DO UPDATE
    SET sleep_id = excluded.sleep_id, value = excluded.value, components = excluded.components,
        recorded_at = excluded.recorded_at, zone_offset = excluded.zone_offset, formula_version = excluded.formula_version,
        archived = false`;
