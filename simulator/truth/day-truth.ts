import { BodyMovement } from '../life/night';
import { Stage, StageInterval } from '../life/sleep-stages';
import { Reading } from '../sensors/reading';

/**
 * What a perfect backend would hold of one local date. It is made before anything is encoded the vendor's way
 * and is served as it stands by the truth route; instants are epoch seconds, values those of the sensors.
 */
export interface DayTruth {
  user: number;
  date: string;
  time_zone: string;
  day_start: number;
  day_end: number;
  /** Nothing after this instant has reached the vendor yet. */
  known_until: number;
  sleep: NightTruth | null;
  samples: {
    hr: Reading[];
    hrv: Reading[];
    temp: Reading[];
    steps: Reading[];
    /** Pulse of the night in half-hour means; crosses midnight, like the sleep it belongs to. */
    night_rhr: Reading[];
    glucose: Reading[];
  };
  steps_total: number;
  active_minutes: number;
  inactive_minutes: number;
  weekly_active_minutes: number;
  movement: number | null;
  /** Null unless measured in the night that ended on this date. */
  resting_hr: number | null;
  avg_sleep_hrv: number | null;
  recovery: number | null;
  /** Null unless the ring was worn. */
  vo2max: number | null;
  metabolic: MetabolicTruth | null;
  /** The vendor repeats these when a day has none of its own. They are not measurements of this date. */
  carried_forward: { resting_hr: number | null; vo2max: number };
}

export interface NightTruth {
  start: number;
  end: number;
  time_in_bed_seconds: number;
  asleep_seconds: number;
  stage_seconds: Record<Stage, number>;
  stages: StageInterval[];
  efficiency: number;
  avg_hr: number;
  avg_hrv: number;
  avg_temp: number;
  lowest_hr: number;
  hr_drop_percent: number;
  spo2: number;
  cycles: { start: number; end: number; full: boolean }[];
  movements: BodyMovement[];
  /** Minutes from waking up to being wide awake. */
  alertness_minutes: number;
  score: number;
  contributors: Contributors;
}

export interface Contributors {
  efficiency: number;
  total: number;
  temperature: number;
  restfulness: number;
  hrv: number;
  timing: number;
  restoration: number;
  consistency: number;
  hr_drop: number;
}

export interface MetabolicTruth {
  score: number;
  average_glucose: number;
  variability_percent: number;
  hba1c: number;
  time_in_target_percent: number;
}
