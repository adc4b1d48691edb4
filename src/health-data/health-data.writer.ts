import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  COMPUTED_DAILY,
  type DailyValue,
  type LocalDate,
  type NormalizedDay,
  type SeriesCode,
  type SeriesSamples,
} from './canonical';
import { DailyValueStore, type ToldTotal } from './daily-value.store';
import { daysToCompute, type ComputedDay } from './local-day';
import { InternalScoreStore } from './internal-score.store';
import { LocalDayAggregates } from './local-day-aggregates';
import { ScoreStore } from './score.store';
import { SeriesStore, type MergedSeries, type Span, type StoredSeries } from './series-store';
import { AVERAGED_IN_SLEEP, averageSleeps } from './sleep-averages';
import { SleepSessionStore, type MergedSleeps, type StoredSleep } from './sleep-session.store';
import { sumOfWrites, type DayContext, type KindCounts, type WriteCounts, type WriteTarget } from './write';
import { DAY_MS, endOfDay, type CalendarDay } from './zone-offset';

/** Stores what a provider's normalizer made of one answer. Writing the same answer again changes no row. */
@Injectable()
export class HealthDataWriter {
  constructor(
    private readonly series: SeriesStore,
    private readonly dailyValues: DailyValueStore,
    private readonly sleeps: SleepSessionStore,
    private readonly scores: ScoreStore,
    private readonly internalScores: InternalScoreStore,
    private readonly localDays: LocalDayAggregates,
  ) {}

  /**
   * What is stored already and may be changed by an answer. It may be asked for ahead of `write`, in the same
   * transaction, while other statements are on their way.
   */
  async read(manager: EntityManager, target: WriteTarget, day: NormalizedDay): Promise<StoredHealthData> {
    const [series, sleeps] = await Promise.all([
      this.series.stored(manager, target, day.series, widestSpan(day)),
      this.sleeps.near(manager, target, day.sleeps, day.date),
    ]);
    return { series, sleeps };
  }

  /**
   * Absence never deletes; which of two answers wins is told in `DayContext`.
   * @param manager of a transaction that holds the lock of the source's connection
   * @param stored of `read`, in this transaction
   */
  async write(
    manager: EntityManager,
    target: WriteTarget,
    day: NormalizedDay,
    context: DayContext,
    stored = this.read(manager, target, day),
  ): Promise<WriteCounts> {
    const before = await stored;
    const samples = this.mergeSamples(day, before, context);
    // A smaller series tells of an older revision of the whole answer: its totals, sleeps and scores are older too.
    const recordsStay = samples.rolledBack.length > 0 || (context.recut && context.settled);
    const sleeps = recordsStay
      ? null
      : await this.sleeps.merge(manager, target, day.sleeps, before.sleeps, context);
    // From here on nothing waits for an answer of PostgreSQL, which runs the statements in this order.
    const writingSamples = this.series.write(manager, target, samples.changed);
    const answer = { context, series: day.series, stored: before.series, merged: samples };
    const summingUp = this.localDays.write(manager, target, answer);
    const totals = this.totalsOf(day, context, samples);
    const computing = totals.computed.map(({ span, told }) =>
      this.dailyValues.compute(manager, target, span, told),
    );
    const writingRecords =
      sleeps === null
        ? []
        : this.writeRecords(manager, target, { ...day, daily: totals.told }, context, sleeps);
    const averaging = this.averageSleeps(manager, target, samples, sleeps);
    const scored = sleeps?.dates ?? [];
    const [averaged, records] = await Promise.all([
      averaging,
      Promise.all([...computing, ...writingRecords]),
      // It waits for the nights, but only where one is new or has changed.
      this.internalScores.compute(manager, target, scored),
      writingSamples,
      summingUp,
    ]);
    // Samples of a night that the answer does not tell of, such as those of its evening.
    const others = averaged.filter((date) => !scored.includes(date));
    await this.internalScores.compute(manager, target, others);
    return sumOfWrites([samples, ...records.map((kinds) => ({ kinds, rolledBack: [] }))]);
  }

  private mergeSamples(day: NormalizedDay, before: StoredHealthData, context: DayContext): MergedSeries {
    // An answer that cuts the day anew is compared over the day as it cuts it.
    const answeredDay = { ...context.day, startsAt: day.startsAt ?? context.day.startsAt };
    const protectedSpan = (series: SeriesSamples) => spanOf(answeredDay, series);
    return this.series.merge(day.series, before.series, context.settled ? protectedSpan : null);
  }

  /** Which of the answer's daily values are told by it, and which are computed from the samples, on which days. */
  private totalsOf(day: NormalizedDay, context: DayContext, { changed }: MergedSeries): Totals {
    const codes = new Set(changed.map(({ code }) => code));
    const summed = day.series.filter(({ code }) => codes.has(code) && ADDS_UP.has(code));
    const spans = daysToCompute(context, summed);
    const isOwn = (span: ComputedDay) => span.day.date === day.date;
    const isComputed = ({ code, date }: DailyValue) =>
      date === day.date && Object.hasOwn(COMPUTED_DAILY, code) && spans.some(isOwn);
    const totals = day.daily.filter(isComputed);
    return {
      told: totals.length === 0 ? day.daily : day.daily.filter((it) => !isComputed(it)),
      computed: spans.map((span) => ({
        span,
        told: isOwn(span) ? totals.map((total) => toldTotal(total, day.series, span)) : [],
      })),
    };
  }

  /** Of the sleeps around what has changed, once it is written. */
  private async averageSleeps(
    manager: EntityManager,
    target: WriteTarget,
    { changed }: MergedSeries,
    sleeps: MergedSleeps | null,
  ): Promise<LocalDate[]> {
    const days = changed
      .filter(({ code }) => AVERAGED_IN_SLEEP.has(code))
      .map(({ chunk: { day } }) => ({ from: day, to: day + DAY_MS }));
    const spans = [...days, ...(sleeps?.spans ?? [])];
    if (spans.length === 0) return [];
    const span = {
      from: Math.min(...spans.map(({ from }) => from)),
      to: Math.max(...spans.map(({ to }) => to)),
    };
    return averageSleeps(manager, target, span);
  }

  private writeRecords(
    manager: EntityManager,
    target: WriteTarget,
    { daily, scores }: NormalizedDay,
    context: DayContext,
    sleeps: MergedSleeps,
  ): Promise<KindCounts>[] {
    return [
      this.dailyValues.write(manager, target, daily, context.day),
      this.scores.write(manager, target, scores, context.day, sleeps.nightEnd),
      this.sleeps.write(manager, target, sleeps).then(() => new Map([['sleep' as const, sleeps]])),
    ];
  }
}

interface Totals {
  told: DailyValue[];
  computed: { span: ComputedDay; told: ToldTotal[] }[];
}

/** Series that daily values are computed from. */
const ADDS_UP = new Set<SeriesCode>(Object.values(COMPUTED_DAILY).map(({ of }) => of));

export interface StoredHealthData {
  series: StoredSeries;
  sleeps: StoredSleep[];
}

function toldTotal(
  { code, value }: DailyValue,
  series: SeriesSamples[],
  { from, to }: ComputedDay,
): ToldTotal {
  const of = series.find((it) => it.code === COMPUTED_DAILY[code]?.of);
  const within = of !== undefined && of.instants.every((at) => at >= from && at < to);
  return { code, value, samples: within ? of.instants.length : null };
}

/** All that the local day may span, whenever it starts. */
function widestSpan({ date, startsAt, timeZone }: NormalizedDay): Span {
  if (startsAt !== null) return { from: startsAt, to: endOfDay({ date, startsAt, timeZone }) };
  return { from: Date.parse(date) - DAY_MS, to: Date.parse(date) + 2 * DAY_MS };
}

/** Of a sleep, which lies over midnight: the evening of a date holds samples of the next one's night. */
const OF_THE_NIGHT = new Set<SeriesCode>(['sleeping_heart_rate']);

/** The local day, or where its start is not known, or of a night, what the samples themselves span. */
function spanOf({ date, startsAt, timeZone }: CalendarDay, { code, instants }: SeriesSamples): Span {
  return startsAt === null || OF_THE_NIGHT.has(code)
    ? { from: instants[0], to: instants.at(-1)! + 1 }
    : { from: startsAt, to: endOfDay({ date, startsAt, timeZone }) };
}
