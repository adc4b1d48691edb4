import { DateTime } from 'luxon';
import type { LocalDate, NormalizedDay, SeriesSamples } from '../../src/health-data/canonical';
import { makeDay } from './health-data';

const HOUR = 3_600_000;

/** Someone who takes a step each hour more than in the hour before, from midnight UTC of the first date on. */
export class PocketVendor {
  private readonly from: number;

  constructor(
    first: LocalDate,
    private readonly hours: number,
  ) {
    this.from = Date.parse(first);
  }

  /** Steps taken in `[from, to)`. */
  steps(from: string | number, to: string | number): number {
    return sum(this.samples(instant(from), instant(to)).values);
  }

  /** A date as the vendor cuts it for someone who is in `timeZone` now, with what has been synced by `now`. */
  answer(date: LocalDate, timeZone: string, now: string | number = Infinity): NormalizedDay {
    const [startsAt, end] = [0, 1].map((days) =>
      DateTime.fromISO(date, { zone: timeZone }).plus({ days }).startOf('day').toMillis(),
    );
    const steps = this.samples(startsAt, Math.min(end, instant(now)));
    const total = sum(steps.values);
    return makeDay({
      date,
      startsAt,
      timeZone,
      series: [steps],
      daily: [
        { code: 'steps', date, value: total },
        // In the vendor's own rounding, to tens.
        { code: 'steps_per_interval', date, value: 10 * Math.round(total / steps.values.length / 10) },
        { code: 'active_time', date, value: steps.values.length },
      ],
    });
  }

  private samples(from: number, to: number): SeriesSamples {
    const all = Array.from({ length: this.hours }, (_, hour) => hour);
    const within = all.filter((hour) => this.from + hour * HOUR >= from && this.from + hour * HOUR < to);
    return {
      code: 'steps',
      instants: within.map((hour) => this.from + hour * HOUR),
      values: within.map((hour) => 100 + hour),
    };
  }
}

const instant = (time: string | number) => (typeof time === 'string' ? Date.parse(time) : time);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
