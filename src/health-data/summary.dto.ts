import { PageMetadata, Pagination } from '../http/page.dto';
import type { SleepSession } from './canonical';
import { SleepStagesRead, toStageMinutes } from './sleep.dto';
import { SourceRead, toSource, type SourceRow } from './source.dto';
import { wireTime } from './wire-time';

export class SummarizedSleepRead {
  /** @example 2026-08-06T22:14:00Z */
  start_time: string;

  /** @example 2026-08-07T05:52:00Z */
  end_time: string;

  /** @example +05:30 */
  zone_offset: string | null;

  /** Asleep @example 419 */
  duration_minutes: number | null;
  is_nap: boolean;
}

/** The night that ended on a date, and the naps of that date. */
export class SleepSummaryRead {
  /** The local date of waking up @example 2026-08-07 */
  date: string;
  source: SourceRead;

  /** Of the night @example 2026-08-06T22:14:00Z */
  start_time: string | null;

  /** Of the night @example 2026-08-07T05:52:00Z */
  end_time: string | null;

  /** @example +05:30 */
  zone_offset: string | null;

  /** Asleep in the night @example 419 */
  duration_minutes: number | null;

  /** Asleep in the night and in naps @example 440 */
  total_duration_minutes: number | null;

  /** Of the night @example 458 */
  time_in_bed_minutes: number | null;

  /** @example 91.5 */
  efficiency_percent: number | null;
  stages: SleepStagesRead | null;

  /** Times awake between falling asleep and waking up @example 3 */
  interruptions_count: number | null;

  /** @example 1 */
  nap_count: number;

  /** @example 21 */
  nap_duration_minutes: number | null;

  /** The night and the naps, in order of time */
  sessions: SummarizedSleepRead[];

  /**
   * Within the night, as its provider tells it for this very sleep, else the mean of the samples between its start and its
   * end; so are the averages below @example 54
   */
  avg_heart_rate_bpm: number | null;

  /** No provider measures SDNN so far */
  avg_hrv_sdnn_ms: number | null;

  /** @example 61.2 */
  avg_hrv_rmssd_ms: number | null;

  /** Breaths a minute @example 14.6 */
  avg_respiratory_rate: number | null;

  /** @example 96.5 */
  avg_spo2_percent: number | null;
}

export class SleepSummaryPage {
  /** Earliest date first */
  data: SleepSummaryRead[];
  pagination: Pagination;
  metadata: PageMetadata;
}

export class RecoverySummaryRead {
  /** @example 2026-08-07 */
  date: string;
  source: SourceRead;

  /** @example 25140 */
  sleep_duration_seconds: number | null;

  /** @example 91.5 */
  sleep_efficiency_percent: number | null;

  /** @example 52 */
  resting_heart_rate_bpm: number | null;

  /** No provider measures SDNN so far */
  avg_hrv_sdnn_ms: number | null;

  /** @example 61.2 */
  avg_hrv_rmssd_ms: number | null;

  /** @example 96.5 */
  avg_spo2_percent: number | null;

  /** 0 to 100, as its provider computed it @example 78 */
  recovery_score: number | null;
}

export class RecoverySummaryPage {
  /** Earliest date first */
  data: RecoverySummaryRead[];
  pagination: Pagination;
  metadata: PageMetadata;
}

/** A row of `sleep_session` with its source. */
export interface SummarizedSleepRow extends SourceRow {
  date: string;
  source_id: string;
  start_at: Date;
  end_at: Date;
  zone_offset: string | null;
  asleep_seconds: number | null;
  stage_seconds: SleepSession['stageSeconds'];
  awakenings_count: number | null;
  efficiency_percent: number | null;
  average_heart_rate: number | null;
  average_hrv_rmssd: number | null;
  average_spo2: number | null;
  average_respiratory_rate: number | null;
}

/** @param sleeps of one date and source, the night first */
export function toSleepSummary(sleeps: SummarizedSleepRow[]): SleepSummaryRead {
  const [night, ...naps] = sleeps;
  return {
    date: night.date,
    source: toSource(night),
    start_time: wireTime(night.start_at),
    end_time: wireTime(night.end_at),
    zone_offset: night.zone_offset,
    duration_minutes: minutesAsleep([night]),
    total_duration_minutes: minutesAsleep(sleeps),
    time_in_bed_minutes: Math.round((night.end_at.getTime() - night.start_at.getTime()) / 60_000),
    efficiency_percent: night.efficiency_percent,
    stages: toStageMinutes(night.stage_seconds),
    interruptions_count: night.awakenings_count,
    nap_count: naps.length,
    nap_duration_minutes: minutesAsleep(naps),
    sessions: sleeps
      .toSorted((a, b) => a.start_at.getTime() - b.start_at.getTime())
      .map((sleep) => ({
        start_time: wireTime(sleep.start_at),
        end_time: wireTime(sleep.end_at),
        zone_offset: sleep.zone_offset,
        duration_minutes: minutesAsleep([sleep]),
        is_nap: sleep !== night,
      })),
    avg_heart_rate_bpm: rounded(night.average_heart_rate),
    avg_hrv_sdnn_ms: null,
    avg_hrv_rmssd_ms: night.average_hrv_rmssd,
    avg_respiratory_rate: night.average_respiratory_rate,
    avg_spo2_percent: night.average_spo2,
  };
}

export interface RecoveryRow extends SourceRow {
  date: string;
  source_id: string;
  asleep_seconds: number | null;
  efficiency_percent: number | null;
  average_hrv_rmssd: number | null;
  average_spo2: number | null;
  resting_heart_rate: number | null;
  recovery_score: number | null;
}

export const toRecoverySummary = (row: RecoveryRow): RecoverySummaryRead => ({
  date: row.date,
  source: toSource(row),
  sleep_duration_seconds: row.asleep_seconds,
  sleep_efficiency_percent: row.efficiency_percent,
  resting_heart_rate_bpm: rounded(row.resting_heart_rate),
  avg_hrv_sdnn_ms: null,
  avg_hrv_rmssd_ms: row.average_hrv_rmssd,
  avg_spo2_percent: row.average_spo2,
  recovery_score: rounded(row.recovery_score),
});

/** Null if it is not known of one of them. */
function minutesAsleep(sleeps: SummarizedSleepRow[]): number | null {
  const seconds = sleeps.map(({ asleep_seconds }) => asleep_seconds);
  return seconds.includes(null) ? null : Math.round(seconds.reduce<number>((sum, it) => sum + it!, 0) / 60);
}

/** Open Wearables sends heart rates and scores as whole numbers here. */
const rounded = (value: number | null) => (value === null ? null : Math.round(value));
