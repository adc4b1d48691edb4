import { Day, makeDay } from '../life/day';
import { addDays, dayNumber, localDate } from '../life/local-day';
import { Persona } from '../life/persona';
import { Noise } from '../life/random';
import { minuteSteps } from '../life/steps';
import { wearGlucoseSensor } from '../sensors/glucose-sensor';
import { Reading, values, within } from '../sensors/reading';
import { RingReadings, wearRing } from '../sensors/ring';
import { activityOf, movementScore } from './activity';
import { DayTruth, NightTruth } from './day-truth';
import { metabolicTruth } from './metabolic';
import { halfHourPulse, NightReadings, nightTruth } from './night-truth';
import { recoveryScore } from './sleep-score';
import { knownUntil } from './visibility';

interface RecordedDay {
  day: Day;
  minutes: number[];
  ring: RingReadings;
  glucose: Reading[];
}

const cachedDays = 500;

/** The lives of all personas, written day by day as they are asked for. */
export class LifeBook {
  private readonly pages = new Map<string, RecordedDay>();

  /** `anchor` is the first real or frozen now this state has seen; see `unworn-days.ts`. */
  constructor(
    private readonly seed: string,
    private readonly anchor: number,
  ) {}

  truth(persona: Persona, date: string, now: number): DayTruth {
    const { day, minutes, ring, glucose } = this.record(persona, date);
    const until = knownUntil(day, now);
    const awake = until > day.start;
    const known = (readings: Reading[]) => readings.filter(([at]) => at <= until && awake);
    const night = awake ? this.night(persona, date) : null;
    const samples = {
      hr: known(ring.hr),
      hrv: known(ring.hrv),
      temp: known(ring.temp),
      steps: known(ring.steps),
      night_rhr: night ? halfHourPulse(this.nightReadings(persona, date).hr) : [],
      glucose: known(glucose),
    };
    const worn = samples.hr.length > 0;
    const { active, inactive } = worn ? activityOf(day, minutes, until) : { active: 0, inactive: 0 };
    const steps = values(samples.steps).reduce((sum, value) => sum + value, 0);
    const place = { user: persona.id, date, time_zone: persona.timeZone };
    return {
      ...place,
      day_start: day.start,
      day_end: day.end,
      known_until: until,
      sleep: night,
      samples,
      steps_total: steps,
      active_minutes: active,
      inactive_minutes: inactive,
      weekly_active_minutes: active + this.activeBefore(persona, date, 6),
      movement: awake ? movementScore(steps, active, day.form(day.start)) : null,
      resting_hr: night?.lowest_hr ?? null,
      avg_sleep_hrv: night?.avg_hrv ?? null,
      recovery: night ? recoveryScore(persona, night) : null,
      vo2max: worn ? this.fitness(persona, date) : null,
      metabolic: persona.glucose ? metabolicTruth(samples.glucose, persona.glucose.fasting) : null,
      carried_forward: {
        resting_hr: night?.lowest_hr ?? this.lastRestingPulse(persona, date),
        vo2max: this.fitness(persona, worn ? date : addDays(date, -1)),
      },
    };
  }

  /** A night's readings lie on two dates. */
  nightReadings(persona: Persona, date: string): NightReadings {
    const today = this.record(persona, date);
    const yesterday = this.record(persona, addDays(date, -1));
    const [{ start, end }] = today.day.nights;
    const pick = (kind: keyof NightReadings) => [
      ...within(yesterday.ring[kind], start, end),
      ...within(today.ring[kind], start, end),
    ];
    return { hr: pick('hr'), hrv: pick('hrv'), temp: pick('temp') };
  }

  private fitness(persona: Persona, date: string): number {
    const months = new Noise(`${this.seed}/${persona.id}/vo2max`).at(dayNumber(date), 30);
    return Math.round(persona.vo2max + 1.6 * months);
  }

  private night(persona: Persona, date: string): NightTruth | null {
    const { day } = this.record(persona, date);
    if (day.nightMissed) return null;
    return nightTruth(
      persona,
      `${this.seed}/${persona.id}`,
      day.nights[0],
      this.nightReadings(persona, date),
    );
  }

  private lastRestingPulse(persona: Persona, date: string): number | null {
    for (let back = 1; back <= 7; back++) {
      const night = this.night(persona, addDays(date, -back));
      if (night) return night.lowest_hr;
    }
    return null;
  }

  private activeBefore(persona: Persona, date: string, days: number): number {
    let total = 0;
    for (let back = 1; back <= days; back++) {
      const { day, minutes, ring } = this.record(persona, addDays(date, -back));
      if (ring.hr.length > 0) total += activityOf(day, minutes, day.end).active;
    }
    return total;
  }

  private record(persona: Persona, date: string): RecordedDay {
    const key = `${persona.id}/${date}`;
    const cached = this.pages.get(key);
    if (cached) return cached;
    const day = makeDay(persona, this.seed, date, localDate(this.anchor, persona.timeZone));
    const minutes = minuteSteps(day);
    const recorded = { day, minutes, ring: wearRing(day, minutes), glucose: wearGlucoseSensor(day) };
    if (this.pages.size >= cachedDays) this.pages.delete(this.pages.keys().next().value ?? key);
    this.pages.set(key, recorded);
    return recorded;
  }
}
