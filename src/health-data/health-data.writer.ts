import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NormalizedDay, SeriesSamples } from './canonical';
import { DailyValueStore } from './daily-value.store';
import { ScoreStore } from './score.store';
import { SeriesStore, type Span } from './series-store';
import { SleepSessionStore } from './sleep-session.store';
import type { DayContext, RecordCounts, WriteCounts, WriteTarget } from './write';
import { endOfDay, type CalendarDay } from './zone-offset';

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
   * Absence never deletes; which of two answers wins is told in `DayContext`.
   * @param manager of a transaction that holds the lock of the source's connection
   */
  async write(
    manager: EntityManager,
    target: WriteTarget,
    day: NormalizedDay,
    context: DayContext,
  ): Promise<WriteCounts> {
    const calendarDay: CalendarDay = {
      date: day.date,
      startsAt: context.startsAt?.getTime() ?? day.startsAt,
      timeZone: context.timeZone ?? day.timeZone,
    };
    // An answer that cuts the day anew is compared over the day as it cuts it.
    const answeredDay = { ...calendarDay, startsAt: day.startsAt ?? calendarDay.startsAt };
    const protectedSpan = context.settled ? (series: SeriesSamples) => spanOf(answeredDay, series) : null;
    const isKept = !context.rebucketed;
    // First everything is read, then everything is written: PostgreSQL gets each in one go.
    const [samples, sleeps] = await Promise.all([
      this.series.merge(manager, target, day.series, protectedSpan),
      isKept ? this.sleeps.merge(manager, target, day.sleeps, calendarDay) : null,
    ]);
    const writingSamples = this.series.write(manager, target, samples.changed);
    if (sleeps === null) {
      await writingSamples;
      return countsOf(samples, []);
    }
    const rolledBack = new Set(samples.rolledBack);
    const values = day.daily.filter(({ code }) => !rolledBack.has(code));
    const [daily, scores] = await Promise.all([
      this.dailyValues.write(manager, target, values, calendarDay),
      this.scores.write(manager, target, day.scores, calendarDay, sleeps.nightEnd),
      this.sleeps.write(manager, target, sleeps),
      writingSamples,
    ]);
    return countsOf(samples, [sleeps, daily, scores]);
  }
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
