import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate, SeriesCode } from './canonical';
import type { Span } from './series-store';
import type { WriteTarget } from './write';

/** Series that a sleep's own averages may be taken from. */
export const AVERAGED_IN_SLEEP: ReadonlySet<string> = new Set<SeriesCode>([
  'heart_rate',
  'heart_rate_variability_rmssd',
  'oxygen_saturation',
]);

/**
 * What a sleep's samples average to, of what its provider tells no average of for that very sleep; and the mean of its curve of
 * breaths, which is no series. Samples come with more than one answer, so this is told after each that may hold some.
 * An average stays as it is, and none is made, once samples of that time have been deleted for their age.
 * @param span of what has changed; null for everything
 * @returns the dates of the sleeps that have changed by it
 */
export async function averageSleeps(
  manager: EntityManager,
  { userId, sourceId }: WriteTarget,
  span: Span | null,
): Promise<LocalDate[]> {
  const rows = await prepared<{ date: LocalDate }>(manager, AVERAGE, [
    userId,
    sourceId,
    span === null ? '-infinity' : new Date(span.from),
    span === null ? 'infinity' : new Date(span.to),
  ]);
  return rows.map(({ date }) => date);
}

const mean = (code: SeriesCode) => `avg(u.value ORDER BY a.at) FILTER (WHERE c.code = '${code}')`;

const AVERAGE = `
  WITH session AS (
    SELECT id, start_at, end_at,
           CASE WHEN average_heart_rate IS NULL THEN 'heart_rate' END AS heart_rate,
           CASE WHEN average_hrv_rmssd IS NULL THEN 'heart_rate_variability_rmssd' END AS hrv,
           CASE WHEN average_spo2 IS NULL THEN 'oxygen_saturation' END AS spo2,
           graphs -> 'respiratory_rate' AS breaths, sampled_heart_rate, sampled_hrv_rmssd, sampled_spo2,
           archived OR EXISTS (
             SELECT FROM series_local_day l
              WHERE l.user_id = $1 AND l.source_id = $2 AND l.archived AND l.code = ANY ('{${[...AVERAGED_IN_SLEEP].join()}}')
                AND l.date BETWEEN session.date - 2 AND session.date + 1
                AND l.first_at < session.end_at AND l.last_at >= session.start_at) AS is_archived
      FROM sleep_session session
     WHERE user_id = $1 AND source_id = $2 AND deleted_at IS NULL
       AND start_at < $4 AND end_at >= $3 AND start_at > $3::timestamptz - interval '3 days'
  ), sampled AS (
    SELECT s.id, ${mean('heart_rate')} AS heart_rate, ${mean('heart_rate_variability_rmssd')} AS hrv,
           ${mean('oxygen_saturation')} AS spo2
      FROM session s
      JOIN series_day c ON c.user_id = $1 AND c.source_id = $2 AND c.code IN (s.heart_rate, s.hrv, s.spo2)
       AND c.day BETWEEN (s.start_at AT TIME ZONE 'UTC')::date AND (s.end_at AT TIME ZONE 'UTC')::date
     CROSS JOIN LATERAL unnest(c.offset_ms, c."values") AS u (offset_ms, value)
     CROSS JOIN LATERAL (SELECT c.day AT TIME ZONE 'UTC' + u.offset_ms * interval '1 millisecond') AS a (at)
     WHERE a.at >= s.start_at AND a.at < s.end_at
     GROUP BY s.id
  ), told AS (
    SELECT s.id, CASE WHEN is_archived THEN s.sampled_heart_rate ELSE p.heart_rate END AS heart_rate,
           CASE WHEN is_archived THEN s.sampled_hrv_rmssd ELSE p.hrv END AS hrv,
           CASE WHEN is_archived THEN s.sampled_spo2 ELSE p.spo2 END AS spo2,
           coalesce((s.breaths #>> '{statistics,average}')::double precision,
                    (SELECT avg(it::double precision) FROM jsonb_array_elements_text(s.breaths -> 'values') AS it)) AS breaths
      FROM session s LEFT JOIN sampled p ON p.id = s.id
  )
  UPDATE sleep_session s
     SET sampled_heart_rate = t.heart_rate, sampled_hrv_rmssd = t.hrv, sampled_spo2 = t.spo2,
         average_respiratory_rate = t.breaths
    FROM told t
   WHERE s.user_id = $1 AND s.source_id = $2 AND s.id = t.id
     AND (s.sampled_heart_rate, s.sampled_hrv_rmssd, s.sampled_spo2, s.average_respiratory_rate)
         IS DISTINCT FROM (t.heart_rate, t.hrv, t.spo2, t.breaths)
  RETURNING s.date::text AS date`;
