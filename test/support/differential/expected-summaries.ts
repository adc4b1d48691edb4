import type { DayTruth, NightTruth } from '../../../simulator/truth/day-truth';
import { offsetAt, type SeenDay } from './calendar';
import { awakenings, mainSleep, stageMinutes } from './expected-sleep';
import { iso } from './facts';
import { RING } from './sources';

const minutes = (seconds: number) => Math.round(seconds / 60);
const minutesAsleep = (nights: NightTruth[]) =>
  minutes(nights.reduce((sum, { asleep_seconds }) => sum + asleep_seconds, 0));

/** What `summaries/sleep` is to say of the date; null: it has no row. */
export function expectedSleepSummary(truth: DayTruth, day: SeenDay): object | null {
  const night = mainSleep(truth);
  if (night === undefined) return null;
  const naps = truth.sleeps.filter((sleep) => sleep !== night);
  return {
    source: RING,
    start_time: iso(night.start),
    end_time: iso(night.end),
    zone_offset: offsetAt(day, night.end),
    duration_minutes: minutesAsleep([night]),
    total_duration_minutes: minutesAsleep(truth.sleeps),
    time_in_bed_minutes: minutes(night.end - night.start),
    efficiency_percent: night.efficiency,
    stages: stageMinutes(night),
    interruptions_count: awakenings(night),
    nap_count: naps.length,
    nap_duration_minutes: minutesAsleep(naps),
    sessions: truth.sleeps.map((sleep) => ({
      start_time: iso(sleep.start),
      end_time: iso(sleep.end),
      zone_offset: offsetAt(day, sleep.end),
      duration_minutes: minutesAsleep([sleep]),
      is_nap: sleep !== night,
    })),
    avg_heart_rate_bpm: Math.round(night.avg_hr),
    avg_hrv_sdnn_ms: null,
    avg_hrv_rmssd_ms: night.avg_hrv,
    avg_respiratory_rate: null,
    avg_spo2_percent: night.spo2,
  };
}

/** What `summaries/recovery` is to say of the date; null: it has no row. */
export function expectedRecoverySummary(truth: DayTruth): object | null {
  const night = mainSleep(truth);
  if (night === undefined && truth.resting_hr === null && truth.recovery === null) return null;
  return {
    source: RING,
    sleep_duration_seconds: night?.asleep_seconds ?? null,
    sleep_efficiency_percent: night?.efficiency ?? null,
    resting_heart_rate_bpm: truth.resting_hr,
    avg_hrv_sdnn_ms: null,
    avg_hrv_rmssd_ms: night?.avg_hrv ?? null,
    avg_spo2_percent: night?.spo2 ?? null,
    recovery_score: truth.recovery,
  };
}
