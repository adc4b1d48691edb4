import { Generation } from '../life/persona';
import { Reading } from '../sensors/reading';
import { DaySamples, MetabolicTruth, NightTruth } from './day-truth';

/** What the vendor's servers hold about one date at one moment, before it becomes JSON. */
export interface VendorDay {
  user: number;
  date: string;
  /** `latest_time_zone` of the answer; null where it is never told. */
  zone_now: string | null;
  /** Midnight of `date` in the zone the person is in now: travel cuts past dates anew. */
  day_start: number;
  generation: Generation;
  lower_case_sleep: boolean;
  /** False before the phone has brought this date's night: then only `carried_forward` is known. */
  synced: boolean;
  /** The day as it is cut now, implausible values included; a type that this answer omits is null. */
  samples: { [Kind in keyof DaySamples]: Reading[] | null };
  /** Means over the samples above as the vendor states them: it leaves its sensor's worst nonsense out. */
  averages: { hrv: number | null; spo2: number | null; steps: number | null; night_rhr: number | null };
  steps_total: number | null;
  /** As known by now: a night is revised one and six hours after the wake-up. */
  sleeps: NightTruth[];
  scalars: VendorScalars;
  /** Null with a glucose scope: the types are there and hold null. */
  metabolic: MetabolicTruth | null;
  has_cgm_account: boolean;
  carried_forward: { resting_hr: number | null; vo2max: number | null };
}

export interface VendorScalars {
  active_minutes: number | null;
  inactive_minutes: number | null;
  weekly_active_minutes: number | null;
  movement: number | null;
  recovery: number | null;
  avg_sleep_hrv: number | null;
  temperature_deviation: number | null;
  average_body_temperature: number | null;
  sleep_movements: number | null;
  morning_alertness: number | null;
}
