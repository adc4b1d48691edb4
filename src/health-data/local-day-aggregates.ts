import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SeriesSamples } from './canonical';
import { aggregateDay, type DayAggregate } from './day-aggregate';
import { DayCalendar, dateOf, holds, type DayCut } from './day-calendar';
import { datesAround, LocalDayStore, type AggregateKey, type DateSpan } from './local-day-store';
import { isCalendarNew } from './local-day';
import { utcDay, type Chunk } from './series-chunk';
import { SeriesStore, type MergedSeries, type StoredSeries } from './series-store';
import type { DayContext, WriteTarget } from './write';
import { DAY_MS, type CalendarDay } from './zone-offset';

/** What an answer has changed, before it is written. */
export interface AnsweredSeries {
  context: DayContext;
  series: SeriesSamples[];
  stored: StoredSeries;
  merged: MergedSeries;
}

/** Dates that are summed up at once, so that little is held in memory. */
const DATES_AT_ONCE = 30;

/**
 * Keeps what the samples of each local day come to, in the transaction that writes the samples. Nearly always all that
 * is needed for it is in memory, as the answer's chunks have been merged there; where a journey has moved days, they are
 * summed up anew from what is stored.
 */
@Injectable()
export class LocalDayAggregates {
  constructor(
    private readonly days: LocalDayStore,
    private readonly series: SeriesStore,
  ) {}

  /** To be called when the samples are written or on their way. */
  async write(manager: EntityManager, target: WriteTarget, answer: AnsweredSeries): Promise<void> {
    const known = [...answer.context.neighbours, answer.context.day];
    const work = plan(answer, new DayCalendar(known));
    await Promise.all([
      this.days.write(manager, target, work.aggregates),
      this.days.remove(manager, target, work.gone),
      work.moved !== null && this.sumUp(manager, target, null, work.moved, known),
    ]);
    if (work.beyond !== null) await this.sumUp(manager, target, work.beyond.codes, work.beyond.dates, known);
    if (work.begun !== undefined) await this.days.adopt(manager, target, [work.begun]);
  }

  /**
   * Sums a source up anew, by the calendar of the ledger.
   * @param dates those whose samples or start may have changed; an end that is null is open
   */
  async rebuild(
    manager: EntityManager,
    target: WriteTarget,
    dates: { from: string | null; to: string | null } = { from: null, to: null },
  ): Promise<void> {
    const held = await this.days.datesOf(manager, target);
    if (held === null) return;
    // A sample's local date may be the one before its UTC day or the one behind it.
    const all = datesAround(held, 1);
    const [from, to] = [dates.from ?? all.from, dates.to ?? all.to];
    for (let first = Date.parse(from); first <= Date.parse(to); first += DATES_AT_ONCE * DAY_MS) {
      const last = Math.min(Date.parse(to), first + (DATES_AT_ONCE - 1) * DAY_MS);
      await this.sumUp(manager, target, null, { from: dateOf(first), to: dateOf(last) });
    }
  }

  /**
   * @param codes null: all
   * @param told days that the ledger may not know yet
   */
  private async sumUp(
    manager: EntityManager,
    target: WriteTarget,
    codes: string[] | null,
    dates: DateSpan,
    told: CalendarDay[] = [],
  ): Promise<void> {
    // A local day lies within the UTC days of its date and of those beside it, and ends where one of the next two begins.
    const [ledger, chunks, keys] = await Promise.all([
      this.days.calendar(manager, target, datesAround(dates, 3)),
      this.series.chunksBetween(manager, target, codes, datesAround(dates, 1)),
      this.days.keys(manager, target, codes, dates),
    ]);
    const known = new Map([...ledger, ...told].map((day) => [day.date, day]));
    const calendar = new DayCalendar([...known.values()]);
    const cuts: DayCut[] = [];
    for (let at = Date.parse(dates.from); at <= Date.parse(dates.to); at += DAY_MS) {
      const local = calendar.localDay(dateOf(at));
      if (local) cuts.push(local);
      cuts.push(calendar.restOf(dateOf(at)));
    }
    const aggregates = [...Map.groupBy(chunks, ({ code }) => code)].flatMap(([code, ofCode]) =>
      cuts.flatMap((cut) => aggregateDay(code, cut, ofCode) ?? []),
    );
    const made = new Set(aggregates.map(keyText));
    await this.days.write(manager, target, aggregates);
    await this.days.remove(
      manager,
      target,
      keys.filter((key) => !made.has(keyText(key))),
    );
    await this.days.adopt(
      manager,
      target,
      cuts.filter(({ isLocal }) => isLocal),
    );
  }
}

const keyText = ({ code, date, isLocal }: AggregateKey) => `${code} ${date} ${isLocal}`;

/** What is to be done for an answer. */
interface Plan {
  /** The day that has only now got its start. */
  begun: DayCut | undefined;
  aggregates: DayAggregate[];
  /** Of samples without a local day, which have one now. */
  gone: AggregateKey[];
  /** Dates of which one has other bounds than were to be expected: then it may concern any series. */
  moved: DateSpan | null;
  /** What lies beyond that which has been read. */
  beyond: { codes: string[]; dates: DateSpan } | null;
}

function plan({ context, series, stored, merged }: AnsweredSeries, calendar: DayCalendar): Plan {
  const { day, neighbours, before } = context;
  const previously = isCalendarNew(context) ? new DayCalendar([...neighbours, before]) : calendar;
  const begun = previously.localDay(day.date) === undefined ? calendar.localDay(day.date) : undefined;
  const isMoved =
    (previously !== calendar &&
      previously.localDays().some(({ date }) => !calendar.agreesOn(date, previously))) ||
    (begun !== undefined && !isRead(begun, stored.ofDay));
  const [aggregates, gone, beyond]: [DayAggregate[], AggregateKey[], AggregateKey[]] = [[], [], []];
  for (const [code, { chunks, read }] of stored.byCode) {
    const changed = merged.changed.filter((it) => it.code === code);
    const answered = changed.length > 0 ? series.find((it) => it.code === code)!.instants : [];
    const now = new Map<number, Chunk>([
      ...chunks,
      ...changed.map(({ chunk }): [number, Chunk] => [chunk.day, chunk]),
    ]);
    const ascending = [...now.values()].toSorted((a, b) => a.day - b.day);
    for (const cut of touchedCuts(calendar, answered, begun)) {
      const key = { code, date: cut.date, isLocal: cut.isLocal };
      const aggregate = aggregateDay(code, cut, ascending);
      if (!isCertain(cut, day.date) || !isRead(cut, read)) beyond.push(key);
      else if (aggregate !== null) aggregates.push(aggregate);
      else if (!cut.isLocal && heldOne(previously.restOf(cut.date), chunks)) gone.push(key);
    }
  }
  return {
    begun,
    aggregates,
    gone,
    moved: isMoved ? datesAround({ from: day.date, to: day.date }, 2) : null,
    beyond: beyond.length === 0 ? null : spanOf(beyond),
  };
}

/** Those that hold one of these samples; and a day that has only now got its start, with those that it takes samples from. */
function touchedCuts(calendar: DayCalendar, instants: number[], begun: DayCut | undefined): Set<DayCut> {
  const touched = new Set<DayCut>();
  const rests = new Map<string, DayCut>();
  const restOf = (instant: number): DayCut => {
    const date = dateOf(instant);
    const rest = rests.get(date) ?? calendar.restOf(date);
    rests.set(date, rest);
    return rest;
  };
  if (begun !== undefined) touched.add(begun);
  for (const day of begun === undefined ? [] : utcDaysOf(begun)) touched.add(restOf(day));
  const days = calendar.localDays();
  let last: DayCut | undefined;
  for (const instant of instants) {
    if (last !== undefined && holds(last, instant)) continue;
    last = days.find((day) => holds(day, instant)) ?? restOf(instant);
    touched.add(last);
  }
  return touched;
}

/** Whether the two dates before an answer's and the two behind it tell where the day ends. */
function isCertain({ date, isLocal }: DayCut, answered: string): boolean {
  const away = Math.round((Date.parse(date) - Date.parse(answered)) / DAY_MS);
  return isLocal ? away <= 0 : Math.abs(away) <= 1;
}

const isRead = (cut: DayCut, read: ReadonlySet<number>): boolean =>
  utcDaysOf(cut).every((day) => read.has(day));

function heldOne(cut: DayCut, chunks: ReadonlyMap<number, Chunk>): boolean {
  const chunk = chunks.get(cut.from);
  return chunk !== undefined && chunk.offsets.some((offset) => holds(cut, chunk.day + offset));
}

function utcDaysOf({ from, to }: DayCut): number[] {
  const days = [];
  for (let day = utcDay(from); day < to; day += DAY_MS) days.push(day);
  return days;
}

function spanOf(keys: AggregateKey[]): Plan['beyond'] {
  const dates = keys.map(({ date }) => date).toSorted();
  return {
    codes: [...new Set(keys.map(({ code }) => code))],
    dates: datesAround({ from: dates[0], to: dates[dates.length - 1] }, 1),
  };
}
