import {
  SERIES_TYPES,
  type NightCurve,
  type NightCurveCode,
  type SeriesCode,
  type SleepDetails,
  type StageInterval,
} from './canonical';
import { awakeningsCount, latencySeconds } from './hypnogram';
import type { ScoreComponentRead } from './score.dto';
import { wireTime } from './wire-time';

export class StagePercentRead {
  /** @example 8 */
  awake: number | null;

  /** @example 50 */
  light: number | null;

  /** @example 18 */
  deep: number | null;

  /** @example 24 */
  rem: number | null;
}

export class SleepCycleRead {
  /** @example 2026-08-06T22:31:00Z */
  start_time: string;

  /** @example 2026-08-06T23:58:00Z */
  end_time: string;

  /** Whether the provider counts it as a whole cycle */
  full: boolean;
}

export class SleepMovementRead {
  /** @example 2026-08-07T01:12:00Z */
  timestamp: string;

  /** @example light */
  intensity: 'light' | 'medium' | 'vigorous';
}

export class HeartRateDropRead {
  /** When it was; null where the provider does not say @example 2026-08-07T03:40:00Z */
  timestamp: string | null;

  /** @example 46 */
  value_bpm: number;
}

export class NightCurveStatisticsRead {
  /** @example 53.4 */
  average: number | null;

  /** @example 46 */
  min: number | null;

  /** @example 71 */
  max: number | null;
}

export class NightCurveBandRead {
  /** @example 48 */
  low: number;

  /** @example 62 */
  high: number;
}

export class NightCurveSpanRead {
  /** @example 2026-08-06T22:31:00Z */
  start_time: string;

  /** @example 2026-08-07T05:40:00Z */
  end_time: string;
}

export class NightCurveMarkRead {
  /** The provider's own word, null where it has none @example lowest */
  kind: string | null;

  /** @example 2026-08-07T03:40:00Z */
  timestamp: string;
}

export class NightCurveRead {
  /** @example bpm */
  unit: string;

  /** The provider's own figures above the curve */
  statistics: NightCurveStatisticsRead | null;

  /** Values between which the provider shades the curve, such as the usual range of the user */
  band: NightCurveBandRead | null;

  /** Time that it shades, such as that asleep */
  span: NightCurveSpanRead | null;

  /** Single points that it marks */
  marks: NightCurveMarkRead[] | null;

  /** In order of time @example ["2026-08-06T22:15:00Z","2026-08-06T22:20:00Z"] */
  timestamps: string[];

  /** As many as `timestamps` @example [58,57] */
  values: number[];
}

export class SleepAsideFigureRead {
  /** A series type @example sleep_movements */
  type: string;

  /** @example 3 */
  value: number;

  /** @example count */
  unit: string;
}

/** What the provider says of a nap alone; of the night, the same stands under the date. */
export class SleepAsideRead {
  /** The sleep score of the nap, 0 to 100 @example 52 */
  score: number | null;

  /** What the score is made of, by name */
  components: Record<string, ScoreComponentRead> | null;

  /** Figures that for the night are daily values of its date */
  daily: SleepAsideFigureRead[];
}

/** Only what there is a curve of. */
export class NightCurvesRead {
  heart_rate?: NightCurveRead;
  heart_rate_variability_rmssd?: NightCurveRead;
  skin_temperature?: NightCurveRead;
  respiratory_rate?: NightCurveRead;
}

/** What else is known of one sleep; null where the provider says nothing. */
export class SleepDetailsRead {
  /** From the start of the sleep to its first stage of light, deep or REM sleep @example 720 */
  latency_seconds: number | null;

  /** Times awake between falling asleep and waking up @example 3 */
  awakenings_count: number | null;

  /** By the provider's own count, which may differ from `duration_seconds` by a minute @example 27480 */
  time_in_bed_seconds: number | null;

  /** Shares of the time in bed, as the provider rounds them */
  stage_percent: StagePercentRead | null;

  /** Share of deep and REM sleep, by the provider's own reckoning @example 42 */
  restorative_percent: number | null;

  /** @example 4 */
  full_cycles_count: number | null;
  cycles: SleepCycleRead[] | null;

  /** @example 17 */
  toss_turn_count: number | null;
  movements: SleepMovementRead[] | null;

  /** @example 53.7 */
  avg_heart_rate_bpm: number | null;

  /** @example 61.2 */
  avg_hrv_rmssd_ms: number | null;

  /** Only of a night: mean of its `sleeping_heart_rate`, as the provider rounds it @example 52 */
  avg_resting_heart_rate_bpm: number | null;

  /** @example 96.4 */
  avg_spo2_percent: number | null;

  /** The lowest heart rate of the night */
  heart_rate_drop: HeartRateDropRead | null;

  /** Which of these fields the provider itself calls experimental @example ["avg_spo2_percent"] */
  beta: string[];

  /** Whether the provider was still computing this sleep when it last told of it */
  provisional: boolean;

  /** Only of a nap: its own score and figures, which are not those of the date */
  aside: SleepAsideRead | null;

  /** The provider's smoothed curves of the night by series type: for showing, no part of the time series */
  graphs: NightCurvesRead;
}

/** What `SleepDetailsRead` is made of, as columns of `sleep_session`. */
export interface SleepDetailsRow {
  start_at: Date;
  is_nap: boolean;
  stages: StageInterval[];
  average_heart_rate: number | null;
  average_hrv_rmssd: number | null;
  average_spo2: number | null;
  graphs: Partial<Record<NightCurveCode, NightCurve>>;
  details: SleepDetails;
}

export const SLEEP_DETAILS_COLUMNS =
  's.average_heart_rate, s.average_hrv_rmssd, s.average_spo2, s.graphs, s.details';

/**
 * Of a sleep that was the night in one answer and is a nap since, or the other way round, what it was told in its other
 * role is still stored: it is not shown.
 */
export function toSleepDetails(row: SleepDetailsRow): SleepDetailsRead {
  const { details, stages } = row;
  return {
    latency_seconds: latencySeconds(row.start_at.getTime(), stages),
    awakenings_count: awakeningsCount(stages),
    time_in_bed_seconds: details.timeInBedSeconds ?? null,
    stage_percent: toStagePercent(details.stagePercent),
    restorative_percent: details.restorativePercent ?? null,
    full_cycles_count: details.fullCycles ?? null,
    cycles:
      details.cycles?.map(({ start, end, full }) => ({
        start_time: wireTime(start),
        end_time: wireTime(end),
        full,
      })) ?? null,
    toss_turn_count: details.tossTurnCount ?? null,
    movements:
      details.movements?.map(({ at, intensity }) => ({ timestamp: wireTime(at), intensity })) ?? null,
    avg_heart_rate_bpm: row.average_heart_rate,
    avg_hrv_rmssd_ms: row.average_hrv_rmssd,
    // Told of a date, and so of its night: a sleep that was the night until a longer one came has it no more.
    avg_resting_heart_rate_bpm: row.is_nap ? null : (details.averageRestingHeartRate ?? null),
    avg_spo2_percent: row.average_spo2,
    heart_rate_drop: toHeartRateDrop(details.heartRateDrop),
    beta: details.beta?.map((name) => WIRE_NAMES[name] ?? name) ?? [],
    provisional: details.provisional === true,
    aside: row.is_nap ? toAside(details.aside) : null,
    graphs: toCurves(row.graphs),
  };
}

/** Of canonical fields whose name on the wire is another. */
const WIRE_NAMES: Record<string, string> = { oxygen_saturation_sleep_avg: 'avg_spo2_percent' };

function toStagePercent(shares: SleepDetails['stagePercent']): StagePercentRead | null {
  if (shares === undefined) return null;
  const { awake = null, light = null, deep = null, rem = null } = shares;
  return { awake, light, deep, rem };
}

const toHeartRateDrop = (drop: SleepDetails['heartRateDrop']): HeartRateDropRead | null =>
  drop === undefined
    ? null
    : { timestamp: drop.at === null ? null : wireTime(drop.at), value_bpm: drop.value };

function toAside(aside: SleepDetails['aside']): SleepAsideRead | null {
  if (aside === undefined) return null;
  const { score, components, daily } = aside;
  const figures = Object.entries(daily) as [SeriesCode, number][];
  return {
    score,
    components,
    daily: figures.map(([type, value]) => ({ type, value, unit: SERIES_TYPES[type].unit })),
  };
}

function toCurves(graphs: SleepDetailsRow['graphs']): NightCurvesRead {
  const codes = Object.keys(CURVE_UNITS) as NightCurveCode[];
  return Object.fromEntries(
    codes.flatMap((code) => (graphs[code] === undefined ? [] : [[code, toCurve(code, graphs[code])]])),
  );
}

const toCurve = (code: NightCurveCode, curve: NightCurve): NightCurveRead => ({
  unit: CURVE_UNITS[code],
  statistics: curve.statistics ?? null,
  band: curve.band ?? null,
  span: curve.span ? { start_time: wireTime(curve.span.start), end_time: wireTime(curve.span.end) } : null,
  marks: curve.marks?.map(({ kind, at }) => ({ kind, timestamp: wireTime(at) })) ?? null,
  timestamps: curve.instants.map(wireTime),
  values: curve.values,
});

const CURVE_UNITS: Record<NightCurveCode, string> = {
  heart_rate: SERIES_TYPES.heart_rate.unit,
  heart_rate_variability_rmssd: SERIES_TYPES.heart_rate_variability_rmssd.unit,
  skin_temperature: SERIES_TYPES.skin_temperature.unit,
  respiratory_rate: 'brpm',
};
