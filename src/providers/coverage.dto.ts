export class TargetRange {
  /** Included @example 70 */
  low: number;

  /** Included @example 140 */
  high: number;

  /** @example mg_dl */
  unit: string;
}

export class MeasuringDevice {
  provider: string;

  /** Model code, as `source.device` of an item @example cgm */
  device: string;
}

export class CoveredMetric {
  /** What `types` of the time series route takes @example heart_rate */
  code: string;

  /** @example bpm */
  unit: string;

  /** Which providers send it */
  providers: string[];

  /** True: Open Wearables has no code of this meaning */
  additive: boolean;

  /** The devices that measure it, where it is not the main device of their provider */
  devices: MeasuringDevice[];

  /** Of a share of the time within a target range: that range, as the provider sets it */
  target_range: TargetRange | null;
}

export class CoverageCategory {
  /** `Sleep` is not a category of Open Wearables @example Heart & Cardiovascular */
  name: string;

  metrics: CoveredMetric[];
}

export class CoveredField {
  /** @example sleep_stages */
  code: string;

  /** Which providers fill it */
  providers: string[];

  /** True: Open Wearables does not have it. A field of a sleep is then read with `include=details` */
  additive: boolean;
}

/** A code that requests may use, and that answers replace by the true one. */
export class CoverageAlias {
  /** @example heart_rate_variability_sdnn */
  code: string;

  /** @example heart_rate_variability_rmssd */
  alias_of: string;

  /** Whose samples such a request finds */
  providers: string[];
}

export class WorkoutCoverage {
  provider: string;

  offered: boolean;

  /** @example not offered by the provider */
  note: string | null;
}

/** What each provider sends and this server keeps. */
export class CoverageResponse {
  /** All providers of this server */
  providers: string[];

  /** Series and daily values, by category */
  timeseries: CoverageCategory[];

  workout_fields: CoveredField[];

  sleep_fields: CoveredField[];

  menstrual_cycle_fields: CoveredField[];

  /** Categories of the providers' own scores; `internal` among the providers: computed by this server */
  health_scores: CoveredField[];

  /** Not part of Open Wearables: codes accepted in place of the true ones */
  aliases: CoverageAlias[];

  /** Not part of Open Wearables: who has workouts at all */
  workouts: WorkoutCoverage[];
}
