import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate, SeriesCode } from './canonical';
import { holdsArchived } from './local-day-store';
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

/** A sleep of which some samples are archived keeps what all of them came to. */
const kept = (stored: string, { code, fresh }: { code: string; fresh: string }) =>
  `CASE WHEN s.${stored} IS NOT NULL AND ${holdsArchived(code, { from: 's.start_at', to: 's.end_at' })}
        THEN s.${stored} ELSE ${fresh} END AS ${stored}`;

const mean = (code: SeriesCode) => `avg(u.value ORDER BY a.at) FILTER (WHERE c.code = '${code}')`;

const AVERAGE = `
  WITH session AS (
    SELECT id, start_at, end_at, sampled_heart_rate, sampled_hrv_rmssd, sampled_spo2,
           CASE WHEN average_heart_rate IS NULL THEN 'heart_rate' END AS heart_rate,
           CASE WHEN average_hrv_rmssd IS NULL THEN 'heart_rate_variability_rmssd' END AS hrv,
           CASE WHEN average_spo2 IS NULL THEN 'oxygen_saturation' END AS spo2,
           graphs -> 'respiratory_rate' AS breaths
      FROM sleep_session
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
    SELECT s.id, ${kept('sampled_heart_rate', { code: 's.heart_rate', fresh: 'p.heart_rate' })},
           ${kept('sampled_hrv_rmssd', { code: 's.hrv', fresh: 'p.hrv' })},
           ${kept('sampled_spo2', { code: 's.spo2', fresh: 'p.spo2' })},
           coalesce((s.breaths #>> '{statistics,average}')::double precision,
                    (SELECT avg(it::double precision) FROM jsonb_array_elements_text(s.breaths -> 'values') AS it)) AS breaths
      FROM session s LEFT JOIN sampled p ON p.id = s.id
  )
  UPDATE sleep_session s
     SET sampled_heart_rate = t.sampled_heart_rate, sampled_hrv_rmssd = t.sampled_hrv_rmssd,
         sampled_spo2 = t.sampled_spo2, average_respiratory_rate = t.breaths
    FROM told t
   WHERE s.user_id = $1 AND s.source_id = $2 AND s.id = t.id
     AND (s.sampled_heart_rate, s.sampled_hrv_rmssd, s.sampled_spo2, s.average_respiratory_rate)
         IS DISTINCT FROM (t.sampled_heart_rate, t.sampled_hrv_rmssd, t.sampled_spo2, t.breaths)
  RETURNING s.date::text AS date`;
