import { addDays, atHour, dayNumber, localDate, startOfDay } from './local-day';

/** A flight that a person takes every year. */
export interface Journey {
  /** Month and day of the landing, and the hour, both on the wall clock of the new zone. */
  lands: string;
  hour: number;
  zone: string;
  flightHours: number;
  /** Hours after take-off, and for how long; null: stays awake. */
  sleepsAboard: { after: number; minutes: number } | null;
}

/** A stay in one zone. It lasts until the next landing: the phone sets its clock when it leaves the aeroplane. */
export interface Leg {
  zone: string;
  from: number;
  to: number;
  /** When the flight that ends this leg takes off. */
  departs: number;
  next: Journey | null;
}

const years = Array.from({ length: 31 }, (_, index) => 2015 + index);

export class Itinerary {
  readonly legs: Leg[];
  private readonly midnights = new Map<string, number>();

  constructor(home: string, journeys: Journey[]) {
    const flights = years.flatMap((year) => journeys.map((journey) => ({ year, journey })));
    const landings = flights.map(({ year, journey }) => ({
      at: atHour(`${year}-${journey.lands}`, journey.zone, journey.hour),
      journey,
    }));
    const stays = [{ at: -Infinity, zone: home }, ...landings.map(({ at, journey }) => ({ at, ...journey }))];
    this.legs = stays.map(({ at, zone }, index) => {
      const next = landings.at(index);
      const departs = next ? next.at - next.journey.flightHours * 3600 : Infinity;
      return { zone, from: at, to: next?.at ?? Infinity, departs, next: next?.journey ?? null };
    });
  }

  zoneAt(at: number): string {
    return this.legAt(at).zone;
  }

  legAt(at: number): Leg {
    return this.legs.find(({ to }) => at < to) ?? this.legs[this.legs.length - 1];
  }

  /** The legs in which the person's calendar shows this date for a while. */
  legsOn(date: string): Leg[] {
    const near = this.legsNear(date);
    const after = addDays(date, 1);
    return near.filter(
      ({ zone, from, to }) => this.midnight(date, zone) < to && this.midnight(after, zone) > from,
    );
  }

  /**
   * A date is cut once, where it first begins for the person: midnight in the zone of the earliest leg that
   * reaches it. Of legs that begin after `knownBy` nobody knows yet.
   */
  dayStart(date: string, knownBy = Infinity): number {
    return this.midnight(date, this.firstZone(date, knownBy));
  }

  /** The zone in which the date begins. */
  firstZone(date: string, knownBy = Infinity): string {
    const first = this.legsNear(date).find(({ zone, to }) => to > knownBy || this.midnight(date, zone) < to);
    return (first ?? this.legAt(knownBy)).zone;
  }

  /** The date whose cut holds the instant. */
  dateAt(at: number): string {
    let date = localDate(at, this.zoneAt(at));
    while (this.dayStart(date) > at) date = addDays(date, -1);
    while (this.dayStart(addDays(date, 1)) <= at) date = addDays(date, 1);
    return date;
  }

  midnight(date: string, zone: string): number {
    const key = `${zone}/${date}`;
    const known = this.midnights.get(key);
    if (known !== undefined) return known;
    const midnight = startOfDay(date, zone);
    this.midnights.set(key, midnight);
    return midnight;
  }

  /** A date begins somewhere on Earth 14 hours before it does in Greenwich, and is over 36 hours after that. */
  private legsNear(date: string): Leg[] {
    const greenwich = dayNumber(date) * 86_400;
    return this.legs.filter(({ from, to }) => to > greenwich - 14 * 3600 && from < greenwich + 36 * 3600);
  }
}
