import type { LocalDate } from '../health-data/canonical';
import type { LedgerCalendar, SampledSpan } from '../health-data/local-day';
import { DAY_MS, endOfDate, type CalendarDay, type KnownDay } from '../health-data/zone-offset';
import { addDays } from './local-date';

const isKnown = (day: CalendarDay | undefined): day is KnownDay => day !== undefined && day.startsAt !== null;

/** The local days of one connection, in memory. */
export class ReplayCalendar {
  private readonly days = new Map<LocalDate, CalendarDay>();
  /** Ascending by start; made when it is first asked for. */
  private ascending: KnownDay[] | null = null;

  /** @param archived of samples that have no local day, and are not to get one */
  constructor(
    days: Iterable<CalendarDay>,
    private readonly archived: SampledSpan[] = [],
  ) {
    for (const day of days) this.days.set(day.date, day);
  }

  set(day: CalendarDay): void {
    this.days.set(day.date, day);
    this.ascending = null;
  }

  get(date: LocalDate): CalendarDay {
    return this.days.get(date) ?? { date, startsAt: null, timeZone: null };
  }

  /** As the ledger tells a day to whoever writes it. */
  inContext(date: LocalDate): LedgerCalendar {
    const neighbours = [-2, -1, 1, 2].map((days) => this.days.get(addDays(date, days))).filter(isKnown);
    return { ...this.get(date), neighbours, archived: this.archived };
  }

  /** `[from, to)`; the UTC day where its start is not known. */
  spanOf(date: LocalDate): { from: number; to: number } {
    const day = this.get(date);
    if (!isKnown(day)) return { from: Date.parse(date), to: Date.parse(date) + DAY_MS };
    return { from: day.startsAt, to: endOfDate(day, this.inContext(date).neighbours) };
  }

  /** The date that an instant falls on; its UTC date outside of the known days. */
  dateOf(instant: number): LocalDate {
    this.ascending ??= [...this.days.values()].filter(isKnown).toSorted((a, b) => a.startsAt - b.startsAt);
    let [low, high] = [0, this.ascending.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ascending[middle].startsAt <= instant) low = middle + 1;
      else high = middle;
    }
    const day = this.ascending[low - 1];
    const isInside = day !== undefined && instant < this.spanOf(day.date).to;
    return isInside ? day.date : new Date(instant).toISOString().slice(0, 10);
  }
}
