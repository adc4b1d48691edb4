/**
 * The canonical form of health data: what a provider's normalizer makes and what the writer stores.
 * Wire codes and units are those of Open Wearables API v1 (section 12 of its contract); a code that it
 * lacks is marked as additive there and in the coverage. Instants are epoch milliseconds in UTC.
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

const HEART = 'Heart & Cardiovascular';
const BLOOD = 'Blood & Respiratory';
const BODY = 'Body Composition';
const FITNESS = 'Fitness Metrics';
const ACTIVITY = 'Activity - Basic';
/** Additive: Open Wearables has no category for it. */
const SLEEP = 'Sleep';

export interface SeriesType {
  unit: string;
  category: string;
  aggregation: Aggregation;
  /** Values outside are not physiological: rejected, counted, kept raw. Both ends allowed. */
  hardRange: readonly [min: number, max: number];
}

/**
 * Series and daily values that this server can hold, by wire code. Ranges: metric catalogue sections 3.1, 3.2, 3.3 and
 * 3.5. Those from `sleeping_heart_rate` on are additive: Open Wearables has no code of that meaning.
 */
export const SERIES_TYPES = {
  heart_rate: { unit: 'bpm', category: HEART, aggregation: 'mean', hardRange: [20, 250] },
  resting_heart_rate: { unit: 'bpm', category: HEART, aggregation: 'mean', hardRange: [20, 150] },
  heart_rate_variability_rmssd: { unit: 'ms', category: HEART, aggregation: 'mean', hardRange: [1, 400] },
  oxygen_saturation: { unit: 'percent', category: BLOOD, aggregation: 'mean', hardRange: [50, 100] },
  /** Interstitial, by a sensor in the skin. */
  blood_glucose: { unit: 'mg_dl', category: BLOOD, aggregation: 'mean', hardRange: [10, 700] },
  skin_temperature: { unit: 'celsius', category: BODY, aggregation: 'mean', hardRange: [5, 48] },
  /** A difference to the wearer's own baseline. */
  skin_temperature_deviation: { unit: 'celsius', category: BODY, aggregation: 'mean', hardRange: [-6, 6] },
  vo2_max: { unit: 'ml_kg_min', category: FITNESS, aggregation: 'mean', hardRange: [5, 100] },
  /** Per interval 0–1,500; a day's total may reach 150,000 (`DAILY_RANGES`). */
  steps: { unit: 'count', category: ACTIVITY, aggregation: 'sum', hardRange: [0, 1_500] },
  active_time: { unit: 'minutes', category: ACTIVITY, aggregation: 'sum', hardRange: [0, 1_440] },

  /** Heart rate of the night as the vendor averages it for the resting heart rate. */
  sleeping_heart_rate: { unit: 'bpm', category: HEART, aggregation: 'mean', hardRange: [20, 150] },
  /** The vendor's own counts of movement. */
  motion_index: { unit: 'count', category: ACTIVITY, aggregation: 'mean', hardRange: [0, 100_000] },
  inactive_time: { unit: 'minutes', category: ACTIVITY, aggregation: 'sum', hardRange: [0, 1_440] },
  /** Of the seven days that end with this one. */
  weekly_active_time: { unit: 'minutes', category: ACTIVITY, aggregation: 'sum', hardRange: [0, 10_080] },
  steps_per_interval: { unit: 'count', category: ACTIVITY, aggregation: 'mean', hardRange: [0, 1_500] },
  average_heart_rate_variability_rmssd: {
    unit: 'ms',
    category: HEART,
    aggregation: 'mean',
    hardRange: [1, 400],
  },
  average_oxygen_saturation: { unit: 'percent', category: BLOOD, aggregation: 'mean', hardRange: [50, 100] },
  /** Of the night: skin, whatever the vendor calls it. */
  sleeping_skin_temperature: { unit: 'celsius', category: BODY, aggregation: 'mean', hardRange: [20, 45] },
  sleep_movements: { unit: 'count', category: SLEEP, aggregation: 'sum', hardRange: [0, 500] },
  /** From waking up to full alertness. */
  morning_alertness: { unit: 'minutes', category: SLEEP, aggregation: 'mean', hardRange: [0, 720] },

  average_glucose: { unit: 'mg_dl', category: BLOOD, aggregation: 'mean', hardRange: [40, 400] },
  /** Coefficient of variation. */
  glucose_variability: { unit: 'percent', category: BLOOD, aggregation: 'mean', hardRange: [0, 100] },
  /** An estimate from the sensor, not the laboratory's. */
  hba1c_estimate: { unit: 'percent', category: BLOOD, aggregation: 'mean', hardRange: [3, 20] },
  /** Share of the day within the vendor's target range, which stands beside each value. */
  glucose_time_in_target: { unit: 'percent', category: BLOOD, aggregation: 'mean', hardRange: [0, 100] },

  // What a vendor says of a night without saying when it was: otherwise these are fields of its sleep session.
  sleep_duration: { unit: 'minutes', category: SLEEP, aggregation: 'sum', hardRange: [0, 1_440] },
  sleep_time_in_bed: { unit: 'minutes', category: SLEEP, aggregation: 'sum', hardRange: [0, 1_440] },
  sleep_deep_duration: { unit: 'minutes', category: SLEEP, aggregation: 'sum', hardRange: [0, 1_440] },
  sleep_light_duration: { unit: 'minutes', category: SLEEP, aggregation: 'sum', hardRange: [0, 1_440] },
  sleep_rem_duration: { unit: 'minutes', category: SLEEP, aggregation: 'sum', hardRange: [0, 1_440] },
  sleep_efficiency: { unit: 'percent', category: SLEEP, aggregation: 'mean', hardRange: [0, 100] },
  sleep_restorative_share: { unit: 'percent', category: SLEEP, aggregation: 'mean', hardRange: [0, 100] },
  sleep_full_cycles: { unit: 'count', category: SLEEP, aggregation: 'sum', hardRange: [0, 12] },
  sleep_toss_turns: { unit: 'count', category: SLEEP, aggregation: 'sum', hardRange: [0, 500] },
  sleeping_heart_rate_variability_rmssd: {
    unit: 'ms',
    category: HEART,
    aggregation: 'mean',
    hardRange: [1, 400],
  },
  average_sleeping_heart_rate: { unit: 'bpm', category: HEART, aggregation: 'mean', hardRange: [20, 150] },
  lowest_sleeping_heart_rate: { unit: 'bpm', category: HEART, aggregation: 'mean', hardRange: [20, 150] },
} as const satisfies Record<string, SeriesType>;

export type SeriesCode = keyof typeof SERIES_TYPES;

const codes = Object.keys(SERIES_TYPES) as SeriesCode[];

/** Codes of a meaning that Open Wearables has none for. */
export const ADDITIVE_CODES: readonly SeriesCode[] = codes.slice(codes.indexOf('sleeping_heart_rate'));

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

/**
 * Daily values that are what the day's samples come to. The vendor's own figure stands, except for a day that it has
 * cut anew after a journey: there they are computed from the samples of the day as it was first cut.
 */
export const COMPUTED_DAILY: Partial<Record<SeriesCode, { of: SeriesCode; by: Aggregation }>> = {
  steps: { of: 'steps', by: 'sum' },
  steps_per_interval: { of: 'steps', by: 'mean' },
  average_heart_rate_variability_rmssd: { of: 'heart_rate_variability_rmssd', by: 'mean' },
  average_oxygen_saturation: { of: 'oxygen_saturation', by: 'mean' },
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
  /** What the value is a share of, such as the range of glucose that counts as on target, in the unit of that series. */
  target?: { low: number; high: number };
}

/** Open Wearables' stage codes. */
export type SleepStage = 'awake' | 'light' | 'deep' | 'rem' | 'unknown';

export interface StageInterval {
  stage: SleepStage;
  start: number;
  end: number;
  /** Times that the sleeper tossed and turned in it; left out where the vendor does not say. */
  tossTurns?: number;
}

export interface NightCurve {
  /** Ascending, no repeats; same length as `values`. */
  instants: number[];
  values: number[];
  /** The vendor's own figures above the curve. */
  statistics?: { average: number | null; min: number | null; max: number | null };
  /** What the vendor marks behind the curve: a band between two values, a span between two instants, single points. */
  band?: { low: number; high: number };
  span?: { start: number; end: number };
  marks?: { kind: string | null; at: number }[];
}

/** What else a vendor says of one sleep; left out where it says nothing. */
export interface SleepDetails {
  /** By the vendor's own count, which may differ from end − start by a minute. */
  timeInBedSeconds?: number;
  /** Shares of the night as the vendor rounds them, per cent. */
  stagePercent?: Partial<Record<'awake' | 'light' | 'deep' | 'rem', number>>;
  /** Share of deep and REM sleep by the vendor's own reckoning, per cent. */
  restorativePercent?: number;
  fullCycles?: number;
  cycles?: { start: number; end: number; full: boolean }[];
  tossTurnCount?: number;
  movements?: { at: number; intensity: 'light' | 'medium' | 'vigorous' }[];
  /** bpm, the mean of the `sleeping_heart_rate` series as the vendor rounds it. */
  averageRestingHeartRate?: number;
  /** The lowest heart rate of the night, bpm, and when it was. */
  heartRateDrop?: { at: number | null; value: number };
  /** Canonical names of the fields that the vendor itself calls experimental. */
  beta?: string[];
  /** The vendor was still computing this sleep when it answered. */
  provisional?: boolean;
  /** What the vendor says of a sleep that is not the main one of its date, where the main one's is the date's. */
  aside?: {
    score: number | null;
    components: Record<string, ScoreComponent> | null;
    daily: Partial<Record<SeriesCode, number>>;
  };
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
  graphs: Partial<Record<NightCurveCode, NightCurve>>;
  details?: SleepDetails;
}

export type NightCurveCode =
  'heart_rate' | 'heart_rate_variability_rmssd' | 'skin_temperature' | 'respiratory_rate';

/** Open Wearables' categories, and the additive `metabolic`. */
export type ScoreCategory = 'sleep' | 'recovery' | 'activity' | 'metabolic';

/** The provider of scores that this server computes, as clients of Open Wearables know it. */
export const INTERNAL = 'internal';

export interface ScoreComponent {
  value: number | null;
  qualifier: string | null;
}

/** A vendor's own score, 0–100, never mixed with measurements. */
export interface Score {
  category: ScoreCategory;
  date: LocalDate;
  /** Null where the vendor names what a score is made of, but no score. */
  value: number | null;
  /** Of the vendor's own scale: a score of 10 has been brought to 100. Left out: 100. */
  scaleMax?: 10 | 100;
  qualifier: string | null;
  components: Record<string, ScoreComponent> | null;
}

/** What there is to count, in the record of a run or of a replay: samples by their series, and three kinds of records. */
export type DataKind = SeriesCode | `daily:${SeriesCode}` | `score:${ScoreCategory}` | 'sleep';

/**
 * What an operator may see of a vendor's value: never the value itself, unless it is a plain word in lower case
 * (`^[a-z_]{1,32}$`), such as a new kind of sleep stage.
 */
export interface DriftSample {
  jsonType: 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';
  /** Characters of a string, items of an array, fields of an object; else null. */
  length: number | null;
  literal: string | null;
}

/** Something the vendor sent that the normalizer does not understand: counted, kept raw. */
export interface Sighting {
  kind: 'type' | 'field' | 'value';
  /** Key path without values, such as `spo2` or `sleep.respiratory_graph`. */
  path: string;
  /** What it stands beside, as in `Rejection`. */
  of?: DataKind;
  count: number;
  sample: DriftSample;
}

/** A value out of its hard range, malformed, of another day or unit: counted, kept raw. */
export interface Rejection {
  path: string;
  /** What it would have been; left out: the first step of the path stands for it. */
  of?: DataKind;
  reason: 'out_of_range' | 'malformed' | 'other_day' | 'stale' | 'unknown_unit';
  count: number;
  sample: DriftSample;
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
