/**
 * The canonical form of health data: what a provider's normalizer makes and what the writer stores.
 * Wire codes and units are those of Open Wearables API v1 (section 12 of its contract); a code that it
 * lacks is listed in `ADDITIVE_SERIES`. Instants are epoch milliseconds in UTC.
 */

/** A calendar day in the user's own zone, `YYYY-MM-DD`. */
export type LocalDate = string;

/** Inclusive on both ends. */
export interface DateRange {
  from: LocalDate;
  to: LocalDate;
}

/** How samples of a series combine: `sum` for counters (steps), `mean` for levels (heart rate). */
export type Aggregation = 'sum' | 'mean';

export interface SeriesType {
  unit: string;
  category: string;
  aggregation: Aggregation;
  /** Values outside are not physiological: rejected, counted, kept raw. Both ends allowed. */
  hardRange: readonly [min: number, max: number];
}

/** Series that this server can hold. Ranges: metric catalogue sections 3.1 and 3.2. */
export const SERIES_TYPES = {
  heart_rate: {
    unit: 'bpm',
    category: 'Heart & Cardiovascular',
    aggregation: 'mean',
    hardRange: [20, 250],
  },
  resting_heart_rate: {
    unit: 'bpm',
    category: 'Heart & Cardiovascular',
    aggregation: 'mean',
    hardRange: [20, 150],
  },
  heart_rate_variability_rmssd: {
    unit: 'ms',
    category: 'Heart & Cardiovascular',
    aggregation: 'mean',
    hardRange: [1, 400],
  },
  skin_temperature: {
    unit: 'celsius',
    category: 'Body Composition',
    aggregation: 'mean',
    hardRange: [5, 48],
  },
  vo2_max: { unit: 'ml_kg_min', category: 'Fitness Metrics', aggregation: 'mean', hardRange: [5, 100] },
  /** Per interval 0–1,500; a day's total may reach 150,000 (`DAILY_RANGES`). */
  steps: { unit: 'count', category: 'Activity - Basic', aggregation: 'sum', hardRange: [0, 1_500] },
} as const satisfies Record<string, SeriesType>;

export type SeriesCode = keyof typeof SERIES_TYPES;

/**
 * Codes that are answered with another series, under that series' own name. A ring's heart rate variability is RMSSD,
 * but clients that were written when it was taken for SDNN ask for that. A code that is measured cannot stand here.
 */
export const SERIES_ALIASES: Partial<Record<string, SeriesCode>> = {
  heart_rate_variability_sdnn: 'heart_rate_variability_rmssd',
};

/** Where a day's value has another plausible range than one sample of the same code. */
export const DAILY_RANGES: Partial<Record<SeriesCode, readonly [min: number, max: number]>> = {
  steps: [0, 150_000],
};

export interface SeriesSamples {
  code: SeriesCode;
  /** Ascending, no repeats; same length as `values`. */
  instants: number[];
  values: number[];
}

/** One number for one local date, such as the resting heart rate of a night. */
export interface DailyValue {
  code: SeriesCode;
  date: LocalDate;
  value: number;
}

/** Open Wearables' stage codes. */
export type SleepStage = 'awake' | 'light' | 'deep' | 'rem' | 'unknown';

export interface StageInterval {
  stage: SleepStage;
  start: number;
  end: number;
}

export interface NightCurve {
  /** Ascending, no repeats; same length as `values`. */
  instants: number[];
  values: number[];
}

export interface SleepSession {
  /** The local date of waking up. */
  date: LocalDate;
  start: number;
  end: number;
  /** Seconds; null where the vendor sends neither stages nor a total. */
  asleepSeconds: number | null;
  stageSeconds: Record<'awake' | 'light' | 'deep' | 'rem', number> | null;
  /** The hypnogram: contiguous, ascending; empty where the vendor sends none. */
  stages: StageInterval[];
  /** 0–100 */
  efficiencyPercent: number | null;
  /** bpm, ms RMSSD, % */
  averageHeartRate: number | null;
  averageHrvRmssd: number | null;
  averageSpo2: number | null;
  /** The vendor's smoothed curves of the night: shown with the session, never mixed with the series. */
  graphs: Partial<Record<'heart_rate' | 'heart_rate_variability_rmssd' | 'skin_temperature', NightCurve>>;
}

/** Open Wearables' categories, and the additive `metabolic`. */
export type ScoreCategory = 'sleep' | 'recovery' | 'activity' | 'metabolic';

export interface ScoreComponent {
  value: number | null;
  qualifier: string | null;
}

/** A vendor's own score, 0–100, never mixed with measurements. */
export interface Score {
  category: ScoreCategory;
  date: LocalDate;
  value: number;
  qualifier: string | null;
  components: Record<string, ScoreComponent> | null;
}

/** Something the vendor sent that the normalizer does not understand: counted, kept raw. */
export interface Sighting {
  /** Key path without values, such as `spo2` or `Sleep.respiratory_graph`. */
  path: string;
  count: number;
}

/** A value out of its hard range or malformed: counted, kept raw. */
export interface Rejection {
  path: string;
  reason: 'out_of_range' | 'malformed' | 'other_day' | 'stale';
  count: number;
}

export interface NormalizedDay {
  date: LocalDate;
  /** `empty`: a well-formed answer without data. Absence never deletes what is stored. */
  outcome: 'data' | 'empty';
  /** The instant of the local midnight that starts `date`, where the answer tells. */
  startsAt: number | null;
  /** The user's IANA zone as the vendor knows it now. */
  timeZone: string | null;
  series: SeriesSamples[];
  daily: DailyValue[];
  sleeps: SleepSession[];
  scores: Score[];
  unmapped: Sighting[];
  rejected: Rejection[];
}
