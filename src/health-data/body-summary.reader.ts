import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../database/clock';
import { UsersService } from '../users/users.service';
import type { BodyQuery, BodySummaryRead } from './body-summary.dto';
import { toSource, SOURCE_COLUMNS, type SourceRow } from './source.dto';
import { BEST_SOURCE_FIRST } from './source-priority';
import { wireTime } from './wire-time';
import { DAY_MS } from './zone-offset';

const HOUR_MS = 3_600_000;

/** What one source tells. */
interface BodyRow extends SourceRow {
  resting_heart_rate: number | null;
  hrv_rmssd: number | null;
  skin_temperature: number | null;
  skin_temperature_at: Date | null;
}

/** The body as it is now, each figure by the best source that tells of it. */
@Injectable()
export class BodySummaryReader {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** @returns null where nothing is known of the last days @throws NotFoundException */
  async read(
    userId: string,
    { average_period = 7, latest_window_hours = 4 }: BodyQuery,
  ): Promise<BodySummaryRead | null> {
    const now = this.clock.now();
    const from = new Date(now.getTime() - average_period * DAY_MS);
    const latestFrom = new Date(now.getTime() - latest_window_hours * HOUR_MS);
    const rows: BodyRow[] = await this.database.query(BODY, [userId, from, now, latestFrom]);
    if (rows.length === 0) await this.users.get(userId);
    const first = <Name extends keyof BodyRow>(name: Name) =>
      rows.find((row) => row[name] !== null)?.[name] ?? null;
    const best = rows.find(
      (row) => row.resting_heart_rate !== null || row.hrv_rmssd !== null || row.skin_temperature !== null,
    );
    if (best === undefined) return null;
    const [restingHeartRate, temperatureAt] = [first('resting_heart_rate'), first('skin_temperature_at')];
    return {
      source: toSource(best),
      slow_changing: {
        weight_kg: null,
        height_cm: null,
        body_fat_percent: null,
        muscle_mass_kg: null,
        bmi: null,
        age: null,
      },
      averaged: {
        period_days: average_period,
        resting_heart_rate_bpm: restingHeartRate === null ? null : Math.round(restingHeartRate),
        avg_hrv_sdnn_ms: null,
        avg_hrv_rmssd_ms: first('hrv_rmssd'),
        period_start: wireTime(from),
        period_end: wireTime(now),
      },
      latest: {
        body_temperature_celsius: null,
        body_temperature_measured_at: null,
        skin_temperature_celsius: first('skin_temperature'),
        skin_temperature_measured_at: temperatureAt === null ? null : wireTime(temperatureAt),
        blood_pressure: null,
        blood_pressure_measured_at: null,
      },
    };
  }
}

/** A daily value lies at noon of its date, which has begun twelve hours before, within an hour. */
const BODY = `
  SELECT ${SOURCE_COLUMNS}, resting.value AS resting_heart_rate, coalesce(hrv.value, told_hrv.value) AS hrv_rmssd,
         skin.value AS skin_temperature, skin.at AS skin_temperature_at
    FROM data_source d
    CROSS JOIN LATERAL (
      SELECT avg(v.value) AS value FROM daily_value v
       WHERE v.user_id = d.user_id AND v.source_id = d.id AND v.code = 'resting_heart_rate'
         AND v.at - interval '12 hours' > $2 AND v.at - interval '12 hours' <= $3) AS resting
    CROSS JOIN LATERAL (
      SELECT sum(l.sum) / sum(l.count) AS value FROM series_local_day l
       WHERE l.user_id = d.user_id AND l.source_id = d.id AND l.code = 'heart_rate_variability_rmssd'
         AND coalesce(l.starts_at, l.date::timestamp AT TIME ZONE 'UTC') > $2
         AND coalesce(l.starts_at, l.date::timestamp AT TIME ZONE 'UTC') <= $3) AS hrv
    CROSS JOIN LATERAL (
      SELECT avg(v.value) AS value FROM daily_value v
       WHERE v.user_id = d.user_id AND v.source_id = d.id AND v.code = 'average_heart_rate_variability_rmssd'
         AND v.at - interval '12 hours' > $2 AND v.at - interval '12 hours' <= $3) AS told_hrv
    LEFT JOIN LATERAL (
      SELECT u.value, i.at FROM series_day s, unnest(s.offset_ms, s."values") AS u (offset_ms, value),
             LATERAL (SELECT s.day::timestamp AT TIME ZONE 'UTC' + u.offset_ms * interval '1 millisecond') AS i (at)
       WHERE s.user_id = d.user_id AND s.source_id = d.id AND s.code = 'skin_temperature'
         AND s.day BETWEEN ($4::timestamptz AT TIME ZONE 'UTC')::date AND ($3::timestamptz AT TIME ZONE 'UTC')::date
         AND i.at > $4 AND i.at <= $3
       ORDER BY i.at DESC LIMIT 1) AS skin ON true
   WHERE d.user_id = $1
   ORDER BY ${BEST_SOURCE_FIRST}, d.id`;
