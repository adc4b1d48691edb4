import type { SleepSession } from '../../src/health-data/canonical';

type Reader = (sleep: SleepSession) => unknown;

const stage =
  (name: keyof NonNullable<SleepSession['stageSeconds']>): Reader =>
  ({ stageSeconds }) =>
    stageSeconds?.[name];

/** Open Wearables' names of what a sleep has, then those of the fields that `include=details` adds. */
const FIELDS: Record<string, Reader> = {
  sleep_awake_minutes: stage('awake'),
  sleep_deep_minutes: stage('deep'),
  sleep_light_minutes: stage('light'),
  sleep_rem_minutes: stage('rem'),
  sleep_efficiency_score: ({ efficiencyPercent }) => efficiencyPercent,
  sleep_stages: ({ stages }) => stages,
  sleep_time_in_bed_minutes: ({ start, end }) => end - start,
  sleep_total_duration_minutes: ({ asleepSeconds }) => asleepSeconds,

  latency_seconds: ({ stages }) => stages,
  awakenings_count: ({ stages }) => stages,
  time_in_bed_seconds: ({ details }) => details?.timeInBedSeconds,
  stage_percent: ({ details }) => details?.stagePercent,
  restorative_percent: ({ details }) => details?.restorativePercent,
  full_cycles_count: ({ details }) => details?.fullCycles,
  cycles: ({ details }) => details?.cycles,
  toss_turn_count: ({ details }) => details?.tossTurnCount,
  movements: ({ details }) => details?.movements,
  avg_heart_rate_bpm: ({ averageHeartRate }) => averageHeartRate,
  avg_hrv_rmssd_ms: ({ averageHrvRmssd }) => averageHrvRmssd,
  avg_resting_heart_rate_bpm: ({ details }) => details?.averageRestingHeartRate,
  avg_spo2_percent: ({ averageSpo2 }) => averageSpo2,
  heart_rate_drop: ({ details }) => details?.heartRateDrop,
  beta: ({ details }) => details?.beta,
  provisional: ({ details }) => details?.provisional,
  aside: ({ details }) => details?.aside,
  graphs: ({ graphs }) => Object.keys(graphs),
};

/** The fields of which this sleep says something. */
export const sleepFieldsOf = (sleep: SleepSession): string[] =>
  Object.keys(FIELDS).filter((name) => !isNothing(FIELDS[name](sleep)));

const isNothing = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);
