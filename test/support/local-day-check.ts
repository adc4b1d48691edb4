import type { DataSource } from 'typeorm';

/**
 * What `series_local_day` has to hold of a user, straight from `sample` and `sync_day`: in SQL, as the code under test
 * reckons without it. Zones must not change their clocks at midnight here.
 */
const FROM_SAMPLES = `
  WITH known AS (
    SELECT d.id AS source_id, c.date, c.starts_at,
           CASE WHEN (c.date::timestamp AT TIME ZONE coalesce(c.time_zone, 'UTC')) = c.starts_at AND c.time_zone IS NOT NULL
                THEN (c.date + 1)::timestamp AT TIME ZONE c.time_zone ELSE c.starts_at + interval '24 hours' END AS natural_end
      FROM data_source d JOIN sync_day c ON c.user_id = d.user_id AND c.connection_id = d.connection_id
     WHERE d.user_id = $1 AND c.starts_at IS NOT NULL
  ), calendar AS (
    SELECT k.source_id, k.date, k.starts_at, greatest(k.starts_at, least(
             CASE WHEN EXISTS (SELECT FROM known n WHERE n.source_id = k.source_id AND n.date = k.date + 1) THEN NULL ELSE k.natural_end END,
             (SELECT min(n.starts_at) FROM known n WHERE n.source_id = k.source_id AND n.date > k.date))) AS ends_at
      FROM known k
  ), dated AS (
    SELECT s.source_id, s.code, s.at, s.value, c.starts_at,
           coalesce(c.date, (s.at AT TIME ZONE 'UTC')::date) AS date,
           coalesce(c.ends_at, ((s.at AT TIME ZONE 'UTC')::date + 1)::timestamp AT TIME ZONE 'UTC') AS ends_at
      FROM sample s LEFT JOIN calendar c ON c.source_id = s.source_id AND s.at >= c.starts_at AND s.at < c.ends_at
     WHERE s.user_id = $1
  ), gapped AS (
    SELECT *, lead(at) OVER (PARTITION BY source_id, code, date, starts_at ORDER BY at) - at AS gap FROM dated
  ), lasting AS (
    SELECT *, extract(epoch FROM CASE WHEN gap <= interval '10 minutes' THEN gap
                                      ELSE least(interval '5 minutes', ends_at - at) END) AS seconds
      FROM gapped
  )
  SELECT source_id, code, date::text, starts_at, extract(epoch FROM date::timestamp - (starts_at AT TIME ZONE 'UTC'))::int AS zone_seconds,
         count(*)::int, min(value), max(value), sum(value ORDER BY at), min(at) AS first_at, max(at) AS last_at,
         round(coalesce(sum(seconds) FILTER (WHERE code = 'steps' AND value >= seconds / 2), 0))::int AS active,
         round(coalesce(sum(seconds) FILTER (WHERE code = 'steps' AND value < seconds / 2), 0))::int AS sedentary,
         round(coalesce(sum(seconds) FILTER (WHERE code = 'heart_rate' AND value >= 0.57 * 190 AND value < 0.64 * 190), 0))::int AS light,
         round(coalesce(sum(seconds) FILTER (WHERE code = 'heart_rate' AND value >= 0.64 * 190 AND value < 0.77 * 190), 0))::int AS moderate,
         round(coalesce(sum(seconds) FILTER (WHERE code = 'heart_rate' AND value >= 0.77 * 190), 0))::int AS vigorous
    FROM lasting GROUP BY source_id, code, date, starts_at
   ORDER BY source_id, code, date, starts_at`;

const STORED = `
  SELECT source_id, code, date::text, starts_at, extract(epoch FROM zone_offset::interval)::int AS zone_seconds,
         count, min, max, sum, first_at, last_at,
         coalesce(active_seconds, 0) AS active, coalesce(sedentary_seconds, 0) AS sedentary,
         coalesce(light_seconds, 0) AS light, coalesce(moderate_seconds, 0) AS moderate, coalesce(vigorous_seconds, 0) AS vigorous
    FROM series_local_day WHERE user_id = $1 AND NOT archived
   ORDER BY source_id, code, date, starts_at`;

/** Both must be equal for every user at any time, but for days of which samples have been archived. */
export async function localDaysOf(
  database: Pick<DataSource, 'query'>,
  userId: string,
): Promise<{ stored: object[]; fromSamples: object[] }> {
  const [stored, fromSamples]: object[][] = await Promise.all([
    database.query(STORED, [userId]),
    database.query(FROM_SAMPLES, [userId]),
  ]);
  return { stored, fromSamples };
}
