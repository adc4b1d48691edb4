import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NormalizedDay, SeriesSamples } from './canonical';
import { DailyValueStore } from './daily-value.store';
import { ScoreStore } from './score.store';
import { SeriesStore, type Span, type StoredSeries } from './series-store';
import { SleepSessionStore, type StoredSleep } from './sleep-session.store';
import type { DayContext, RecordCounts, WriteCounts, WriteTarget } from './write';
import { DAY_MS, endOfDay, type CalendarDay } from './zone-offset';

/** Stores what a provider's normalizer made of one answer. Writing the same answer again changes no row. */
@Injectable()
export class HealthDataWriter {
  constructor(
    private readonly series: SeriesStore,
    private readonly dailyValues: DailyValueStore,
    private readonly sleeps: SleepSessionStore,
    private readonly scores: ScoreStore,
  ) {}

  /**
   * What is stored already and may be changed by an answer. It may be asked for ahead of `write`, in the same
   * transaction, while other statements are on their way.
   * @param settled as in `DayContext`
   */
  async read(
    manager: EntityManager,
    target: WriteTarget,
    day: NormalizedDay,
    settled: boolean,
  ): Promise<StoredHealthData> {
    const [series, sleeps] = await Promise.all([
      this.series.stored(manager, target, day.series, settled ? widestSpan(day) : null),
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
    stored = this.read(manager, target, day, context.settled),
  ): Promise<WriteCounts> {
    const calendarDay: CalendarDay = {
      date: day.date,
      startsAt: context.startsAt?.getTime() ?? day.startsAt,
      timeZone: context.timeZone ?? day.timeZone,
    };
    // An answer that cuts the day anew is compared over the day as it cuts it.
    const answeredDay = { ...calendarDay, startsAt: day.startsAt ?? calendarDay.startsAt };
    const protectedSpan = context.settled ? (series: SeriesSamples) => spanOf(answeredDay, series) : null;
    const before = await stored;
    const samples = this.series.merge(day.series, before.series, protectedSpan);
    const writingSamples = this.series.write(manager, target, samples.changed);
    // A smaller series tells of an older revision of the whole answer: its totals, sleeps and scores are older too.
    if (context.rebucketed || samples.rolledBack.length > 0) {
      await writingSamples;
      return countsOf(samples, []);
    }
    const sleeps = this.sleeps.merge(day.sleeps, before.sleeps, calendarDay);
    // All of it in one go: nothing here waits for an answer of PostgreSQL.
    const [daily, scores] = await Promise.all([
      this.dailyValues.write(manager, target, day.daily, calendarDay),
      this.scores.write(manager, target, day.scores, calendarDay, sleeps.nightEnd),
      this.sleeps.write(manager, target, sleeps),
      writingSamples,
    ]);
    return countsOf(samples, [sleeps, daily, scores]);
  }
}

export interface StoredHealthData {
  series: StoredSeries;
  sleeps: StoredSleep[];
}

/** All that the local day may span, whenever it starts. */
function widestSpan({ date, startsAt, timeZone }: NormalizedDay): Span {
  if (startsAt !== null) return { from: startsAt, to: endOfDay({ date, startsAt, timeZone }) };
  return { from: Date.parse(date) - DAY_MS, to: Date.parse(date) + 2 * DAY_MS };
}

/** The local day, or where its start is not known, what the samples themselves span. */
function spanOf({ date, startsAt, timeZone }: CalendarDay, { instants }: SeriesSamples): Span {
  return startsAt === null
    ? { from: instants[0], to: instants.at(-1)! + 1 }
    : { from: startsAt, to: endOfDay({ date, startsAt, timeZone }) };
}

const countsOf = (samples: WriteCounts, records: RecordCounts[]): WriteCounts =>
  [samples, ...records].reduce<WriteCounts>(
    (sum, { inserted, updated, unchanged }) => ({
      inserted: sum.inserted + inserted,
      updated: sum.updated + updated,
      unchanged: sum.unchanged + unchanged,
      rolledBack: sum.rolledBack,
    }),
    { inserted: 0, updated: 0, unchanged: 0, rolledBack: samples.rolledBack },
  );
