import { BodyMovement } from '../life/night';
import { Stage } from '../life/sleep-stages';
import { Reading } from '../sensors/reading';

/**
 * What a perfect backend would hold of one local date. It is made before anything is encoded the vendor's way
 * and is served as it stands by the truth route; instants are epoch seconds, values those of the sensors.
 */
export interface DayTruth {
  user: number;
  date: string;
  /** The zone in which this date began for the person; null where the vendor never tells a zone. */
  time_zone: string | null;
  /** First cut: local midnight of `date` in the zone that was in force when the date began for the person. */
  day_start: number;
  /** Where the next date begins: 23, 24 or 25 hours on; more or fewer for a traveller. */
  day_end: number;
  /** Nothing after this instant has reached the vendor yet. */
  known_until: number;
  /** Every sleep with its wake-up on `date`, ascending; the longest is the main one, each other a nap. */
  sleeps: NightTruth[];
  samples: DaySamples;
  steps_total: number;
  /** Means of the samples above, rounded as the vendor rounds them: whole ms, one decimal, unrounded. */
  hrv_avg: number | null;
  spo2_avg: number | null;
  /** Steps of an average bucket. */
  steps_avg: number | null;
  active_minutes: number | null;
  inactive_minutes: number | null;
  weekly_active_minutes: number | null;
  movement: number | null;
  /** Null unless measured in the main sleep of this date. */
  resting_hr: number | null;
  recovery: number | null;
  /** Null unless the ring was worn. */
  vo2max: number | null;
  /** Signed °C of the main sleep against what is usual for this person. */
  temperature_deviation: number | null;
  /** °C of the main sleep. */
  average_body_temperature: number | null;
  /** The stronger movements of the main sleep. */
  sleep_movements: number | null;
  /** Minutes from waking up to being wide awake. */
  morning_alertness: number | null;
  metabolic: MetabolicTruth | null;
}

/** Plausible samples only, by instant in [day_start, day_end). */
export interface DaySamples {
  hr: Reading[];
  hrv: Reading[];
  temp: Reading[];
  steps: Reading[];
  spo2: Reading[];
  /** Pulse of the sleeps that end on the date in half-hour means; it may cross midnight, like the sleep it belongs to. */
  night_rhr: Reading[];
  glucose: Reading[];
}

export type NightCurve = 'hr' | 'hrv' | 'temp';

export interface CurveStatistics {
  avg: number;
  min: number;
  max: number;
}

export interface NightTruth {
  start: number;
  end: number;
  nap: boolean;
  time_in_bed_seconds: number;
  asleep_seconds: number;
  stage_seconds: Record<Stage, number>;
  stages: NightStage[];
  /** Whole per cent of the time in bed, as the vendor rounds. */
  stage_percent: Record<Stage, number>;
  efficiency: number;
  avg_hr: number;
  avg_hrv: number;
  /** Mean of its part of `night_rhr`: main sleep only. */
  avg_resting_hr: number | null;
  spo2: number | null;
  spo2_is_beta: boolean;
  toss_turn_is_beta: boolean;
  /** Deep and REM in the time asleep; null where this person's vendor generation does not send it. */
  restorative_percent: number | null;
  /** Null where the vendor sends only the list of cycles. */
  full_cycles: number | null;
  cycles: { start: number; end: number; full: boolean }[];
  toss_turns: number;
  movements: BodyMovement[];
  /** The lowest pulse of the night, where it is sent. */
  hr_drop: { at: number; value: number } | null;
  /** The night's own curves, smoothed onto five-minute marks by the vendor. */
  graphs: Record<NightCurve, Reading[]>;
  graph_statistics: Record<NightCurve, CurveStatistics>;
  /** Null where this person's vendor sends none. */
  score: number | null;
  contributors: Contributor[];
}

export interface NightStage {
  start: number;
  end: number;
  stage: Stage;
  /** Null where there was none. */
  toss_turns: number | null;
}

export interface Contributor {
  /** The vendor's title in snake case. */
  key: ContributorKey;
  value: number;
  state: 'optimal' | 'good' | 'warning' | 'poor';
}

export type ContributorKey =
  | 'sleep_efficiency'
  | 'total_sleep'
  | 'temperature'
  | 'restfulness'
  | 'hrv_form'
  | 'timing'
  | 'restoration_time'
  | 'consistency'
  | 'hr_drop';

export interface MetabolicTruth {
  score: number;
  average_glucose: number;
  variability_percent: number;
  hba1c: number;
  time_in_target_percent: number;
  target_low: number;
  target_high: number;
}
