import { Day, makeDay } from '../life/day';
import { Life } from '../life/life';
import { addDays } from '../life/local-day';
import { Night, sleepsOn } from '../life/night';
import { minuteSteps } from '../life/steps';
import { wearGlucoseSensor } from '../sensors/glucose-sensor';
import { Reading, within } from '../sensors/reading';
import { RingReadings, wearRing } from '../sensors/ring';
import { Activity, activityOf } from './activity';
import { JudgedNight, judgeNight } from './night-truth';
import { plausible } from './plausible';
import { asRevised, Revision } from './night-revision';

export type SensorKind = keyof RingReadings | 'glucose';

/** A month, and the week before it that the totals of a week need. */
const cachedDays = 45;

/** Forgets the oldest of what is dear to make. */
class Shelf<T> {
  private readonly pages = new Map<string, T>();

  get(key: string, make: () => T): T {
    const known = this.pages.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (this.pages.size >= cachedDays) this.pages.delete(this.pages.keys().next().value ?? key);
    this.pages.set(key, made);
    return made;
  }
}

/** Everything the sensors recorded of one life, made day by day as it is asked for. */
export class RecordedLife {
  private readonly days = new Shelf<Day>();
  private readonly steps = new Shelf<number[]>();
  private readonly activities = new Shelf<Activity>();
  private readonly rings = new Shelf<RingReadings>();
  private readonly glucose = new Shelf<Reading[]>();
  private readonly sleeps = new Shelf<Night[]>();
  private readonly judged = new Shelf<JudgedNight | 'unseen'>();

  constructor(readonly life: Life) {}

  day(date: string): Day {
    return this.days.get(date, () => makeDay(this.life, date, (other) => this.sleepsOn(other)));
  }

  minuteSteps(date: string): number[] {
    return this.steps.get(date, () => minuteSteps(this.day(date)));
  }

  /** Minutes of brisk movement of the whole day, and of sitting. */
  activity(date: string): Activity {
    return this.activities.get(date, () => {
      const day = this.day(date);
      return activityOf(day, this.minuteSteps(date), day.end);
    });
  }

  sleepsOn(date: string): Night[] {
    return this.sleeps.get(date, () => sleepsOn(this.life, date));
  }

  /** As the sensor said it, nonsense included. */
  readings(kind: SensorKind, from: number, until: number): Reading[] {
    if (until <= from) return [];
    const readings: Reading[] = [];
    const last = this.life.itinerary.dateAt(until - 1);
    for (let date = this.life.itinerary.dateAt(from); date <= last; date = addDays(date, 1)) {
      readings.push(...within(this.ofDay(kind, date), from, until));
    }
    return readings;
  }

  /** The sleeps of a date that the ring saw, as the vendor tells them at that revision. */
  nights(date: string, known: (night: Night) => Revision | null): JudgedNight[] {
    return this.sleepsOn(date).flatMap((night) => {
      const revision = known(night);
      const judged = revision && this.judge(date, night, revision);
      return judged ? [judged] : [];
    });
  }

  private judge(date: string, night: Night, revision: Revision): JudgedNight | null {
    const key = `${date}/${night.start}/${revision}`;
    const judged = this.judged.get(key, () => {
      const told = asRevised(night, revision);
      const read = (kind: keyof RingReadings) => plausible(kind, this.readings(kind, told.start, told.end));
      const readings = { hr: read('hr'), hrv: read('hrv'), temp: read('temp'), spo2: read('spo2') };
      return judgeNight(this.life, told, readings, revision) ?? 'unseen';
    });
    return judged === 'unseen' ? null : judged;
  }

  private ofDay(kind: SensorKind, date: string): Reading[] {
    if (date < this.life.memberSince) return [];
    if (kind === 'glucose') {
      const { begins, glucoseEnds } = this.life;
      return this.glucose.get(date, () => wearGlucoseSensor(this.day(date), begins, glucoseEnds));
    }
    return this.rings.get(date, () => wearRing(this.day(date), this.minuteSteps(date)))[kind];
  }
}
