import type { LocalDate } from './canonical';
import { DAY_MS, endOfDate, offsetAt, type CalendarDay, type KnownDay } from './zone-offset';

/** `[from, to)`, epoch ms. */
interface Span {
  from: number;
  to: number;
}

/** Which samples are summed up as one day: those within the span, and not within the holes. */
export interface DayCut extends Span {
  date: LocalDate;
  /** False: samples of a UTC day that lie in no known local day. */
  isLocal: boolean;
  startsAt: number | null;
  timeZone: string | null;
  holes: Span[];
}

/**
 * The known local days of one connection, or those around one of them. Each instant belongs to the one local day that
 * holds it; an instant that none holds belongs to its UTC day, and that is marked.
 */
export class DayCalendar {
  private readonly cuts = new Map<LocalDate, DayCut>();

  constructor(days: CalendarDay[]) {
    const known = days
      .filter((day): day is KnownDay => day.startsAt !== null)
      .toSorted((a, b) => (a.date < b.date ? -1 : 1));
    known.forEach((day, index) => {
      const to = endOfDate(day, known.slice(index, index + 4));
      this.cuts.set(day.date, {
        date: day.date,
        isLocal: true,
        from: day.startsAt,
        to,
        startsAt: day.startsAt,
        timeZone: day.timeZone,
        holes: [],
      });
    });
  }

  /** Undefined where the day's start is not known. */
  localDay(date: LocalDate): DayCut | undefined {
    return this.cuts.get(date);
  }

  localDays(): DayCut[] {
    return [...this.cuts.values()];
  }

  /** A UTC day without the local days that reach into it. */
  restOf(date: LocalDate): DayCut {
    const from = Date.parse(date);
    const holes = [-1, 0, 1].flatMap((days) => this.cuts.get(dateOf(from + days * DAY_MS)) ?? []);
    return { date, isLocal: false, from, to: from + DAY_MS, startsAt: null, timeZone: null, holes };
  }

  /** Whether this calendar has the date where the other has it. */
  agreesOn(date: LocalDate, other: DayCalendar): boolean {
    const [here, there] = [this.cuts.get(date), other.cuts.get(date)];
    if (here === undefined || there === undefined) return here === there;
    return here.from === there.from && here.to === there.to && zoneOffset(here) === zoneOffset(there);
  }
}

/** `+05:30`, at the start of the day; null where that is not known. */
export const zoneOffset = (cut: DayCut): string | null => offsetAt(cut, cut.from);

export const holds = ({ from, to, holes }: DayCut, instant: number): boolean =>
  instant >= from && instant < to && !holes.some((hole) => instant >= hole.from && instant < hole.to);

/** A date's text takes a microsecond to make, and most that are asked for are the same. */
const knownDates = new Map<number, LocalDate>();
const KNOWN_DATES = 5_000;

/** The UTC date of an instant. */
export function dateOf(instant: number): LocalDate {
  const day = Math.floor(instant / DAY_MS);
  const known = knownDates.get(day);
  if (known !== undefined) return known;
  const date = new Date(instant).toISOString().slice(0, 10);
  if (knownDates.size >= KNOWN_DATES) knownDates.clear();
  knownDates.set(day, date);
  return date;
}
