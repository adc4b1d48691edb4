import { IsArray, IsIn, IsOptional } from 'class-validator';
import { QueryBoolean } from '../http/query-boolean';
import { PageMetadata, Pagination } from '../http/page.dto';
import { ToList } from '../http/query-list';
import type { SleepSession, SleepStage } from './canonical';
import { RangeQuery } from './range-page.dto';
import { SleepDetailsRead, toSleepDetails, type SleepDetailsRow } from './sleep-details.dto';
import { SourceRead, toSource, type SourceRow } from './source.dto';
import { wireTime } from './wire-time';

const INCLUDES = ['details'] as const;
type Include = (typeof INCLUDES)[number];
const UNKNOWN_INCLUDE = 'include must be details, or be left out';

export class SleepQuery extends RangeQuery {
  /** Only the sleeps of the best source of each wake date, where several devices were worn */
  @IsOptional()
  @QueryBoolean()
  filter_by_priority?: boolean = false;

  /** `details`: also what else is known of each sleep, such as its cycles and the curves of the night */
  @IsOptional()
  @ToList()
  @IsArray({ message: UNKNOWN_INCLUDE })
  @IsIn(INCLUDES, { each: true, message: UNKNOWN_INCLUDE })
  include?: Include[];
}

export class SleepStagesRead {
  /** @example 39 */
  awake_minutes: number;

  /** @example 230 */
  light_minutes: number;

  /** @example 82 */
  deep_minutes: number;

  /** @example 107 */
  rem_minutes: number;
}

export class SleepStageIntervalRead {
  /** @example light */
  stage: SleepStage;

  /** @example 2026-08-06T22:14:00Z */
  start_time: string;

  /** @example 2026-08-06T22:31:00Z */
  end_time: string;

  /** Times that the sleeper tossed and turned in it; only where details are asked for @example 3 */
  toss_turns?: number | null;
}

export class SleepRead {
  id: string;

  /** @example 2026-08-06T22:14:00Z */
  start_time: string;

  /** @example 2026-08-07T05:52:00Z */
  end_time: string;

  /** The user's UTC offset at waking up; null where it is not known @example +05:30 */
  zone_offset: string | null;

  source: SourceRead;

  /** From start to end @example 27480 */
  duration_seconds: number;

  /** Of it asleep @example 25140 */
  sleep_duration_seconds: number | null;

  /** @example 91.5 */
  efficiency_percent: number | null;

  stages: SleepStagesRead | null;

  /** The hypnogram: stages one after another; null where the provider tells totals only */
  sleep_stage_intervals: SleepStageIntervalRead[] | null;

  /**
   * A wake date has one night at most: its longest sleep by a device, from start to end, and of equally long ones the
   * first. Each other sleep of the date is a nap
   */
  is_nap: boolean;

  /** Only where asked for */
  details?: SleepDetailsRead;
}

export class SleepPage {
  /** Latest start first */
  data: SleepRead[];
  pagination: Pagination;
  metadata: PageMetadata;
}

/** A row of `sleep_session` with its source. */
export interface SleepRow extends SourceRow, SleepDetailsRow {
  id: string;
  end_at: Date;
  zone_offset: string | null;
  asleep_seconds: number | null;
  stage_seconds: SleepSession['stageSeconds'];
  efficiency_percent: number | null;
  is_nap: boolean;
}

export const toSleep = (row: SleepRow): SleepRead => ({
  id: row.id,
  start_time: wireTime(row.start_at),
  end_time: wireTime(row.end_at),
  zone_offset: row.zone_offset,
  source: toSource(row),
  duration_seconds: Math.round((row.end_at.getTime() - row.start_at.getTime()) / 1_000),
  sleep_duration_seconds: row.asleep_seconds,
  efficiency_percent: row.efficiency_percent,
  stages: toStageMinutes(row.stage_seconds),
  sleep_stage_intervals:
    row.stages.length === 0
      ? null
      : row.stages.map(({ stage, start, end }) => ({
          stage,
          start_time: wireTime(start),
          end_time: wireTime(end),
        })),
  is_nap: row.is_nap,
});

/** With all that is known of it. */
export function toDetailedSleep(row: SleepRow): SleepRead {
  const sleep = toSleep(row);
  for (const [index, interval] of (sleep.sleep_stage_intervals ?? []).entries())
    interval.toss_turns = row.stages[index].tossTurns ?? null;
  sleep.details = toSleepDetails(row);
  return sleep;
}

export function toStageMinutes(seconds: SleepSession['stageSeconds']): SleepStagesRead | null {
  if (seconds === null) return null;
  return {
    awake_minutes: Math.round(seconds.awake / 60),
    light_minutes: Math.round(seconds.light / 60),
    deep_minutes: Math.round(seconds.deep / 60),
    rem_minutes: Math.round(seconds.rem / 60),
  };
}
