import { addDays, datesBetween, localDate } from '../life/local-day';
import { makeLife } from '../life/life';
import { Persona } from '../life/persona';
import { mean, values } from '../sensors/reading';
import { carriedForward, fitnessOn, scalarsOf, sleepsIn } from './day-facts';
import { cutDay, meansOf, Span, stepsOf } from './day-cut';
import { DayTruth, NightTruth } from './day-truth';
import { metabolicTruth } from './metabolic';
import { RecordedLife } from './recorded-life';
import { isRolledBack, omittedType, rolledBackTo } from './server-habits';
import { VendorDay } from './vendor-day';
import { isSynced, viewAt } from './visibility';

const always: Span = { start: -Infinity, end: Infinity };

/** The lives of all personas, written day by day as they are asked for. */
export class LifeBook {
  private readonly records = new Map<number, RecordedLife>();

  /** `anchor` is the first real or frozen now this state has seen; see `life/life.ts`. */
  constructor(
    private readonly seed: string,
    private readonly anchor: number,
  ) {}

  memberSince(persona: Persona): string {
    return this.record(persona).life.memberSince;
  }

  /** What a backend that asked often enough would hold by now; the vendor itself may tell less again. */
  truth(persona: Persona, date: string, now: number): DayTruth {
    const record = this.record(persona);
    const { itinerary } = record.life;
    const view = viewAt(record, now);
    const synced = isSynced(record, date, view);
    const night = sleepsIn(record, date, view);
    const [start, end] = [date, addDays(date, 1)].map((day) => itinerary.dayStart(day, now));
    const shared = !persona.deniedScopes.includes('cgm_data');
    const cut = cutDay(record, { start, end, until: synced ? view.fetched : start - 1 }, night.pulse);
    const samples = { ...cut.plausible, glucose: shared ? cut.plausible.glucose : [] };
    return {
      user: persona.id,
      date,
      time_zone: persona.account.tellsZone ? itinerary.firstZone(date, now) : null,
      day_start: start,
      day_end: end,
      known_until: synced ? Math.min(view.fetched, end) : start,
      sleeps: night.sleeps,
      samples,
      steps_total: stepsOf(samples),
      ...meansOf(samples),
      ...scalarsOf(record, date, view, night.main),
      resting_hr: night.main?.restingPulse ?? null,
      vo2max: fitnessOn(record, date, view),
      metabolic: persona.glucose && metabolicTruth(samples.glucose, persona.glucose.fasting),
    };
  }

  /** The dates that the vendor knows of in a span of time, as it cuts them now. */
  datesIn(persona: Persona, { start, end }: Span, now: number): string[] {
    const { life } = this.record(persona);
    const zone = life.itinerary.zoneAt(now);
    const dates = datesBetween(localDate(start, zone), localDate(end - 1, zone));
    return dates.filter((date) => date >= life.memberSince && life.itinerary.midnight(date, zone) <= now);
  }

  /** `within` clips readings and sleeps, and what is summed up from readings; other scalars stay the date's. */
  vendorDay(persona: Persona, date: string, now: number, within: Span = always): VendorDay {
    const record = this.record(persona);
    const { life } = record;
    const zone = life.itinerary.zoneAt(now);
    const [start, end] = [date, addDays(date, 1)].map((day) => life.itinerary.midnight(day, zone));
    const view = viewAt(record, isRolledBack(life, date, now) ? rolledBackTo(date, zone) : now);
    const synced = isSynced(record, date, view);
    const night = sleepsIn(record, date, view);
    const span = { start: Math.max(start, within.start), end: Math.min(end, within.end) };
    const pulse = night.pulse.filter(([at]) => isWithin(at, within));
    const cut = cutDay(record, { ...span, until: synced ? view.fetched : start - 1 }, pulse);
    const scalars = scalarsOf(record, date, view, night.main);
    const omitted = omittedType(life, date, now);
    const { hrv_avg: hrv, spo2_avg: spo2, steps_avg: steps } = meansOf(cut.plausible);
    return {
      user: persona.id,
      date,
      zone_now: persona.account.tellsZone ? zone : null,
      day_start: start,
      generation: persona.account.generation,
      lower_case_sleep: persona.account.lowerCaseSleep,
      synced,
      samples: { ...cut.raw, ...(omitted && omitted in cut.raw ? { [omitted]: null } : {}) },
      averages: {
        hrv,
        spo2: spo2 ?? meansOf(cut.raw).spo2_avg,
        steps,
        night_rhr: night.main?.avgPulse ?? null,
      },
      steps_total: synced && omitted !== 'steps' ? stepsOf(cut.plausible) : null,
      sleeps: night.sleeps
        .filter((sleep) => isWithin(sleep.end, within))
        .map((sleep) => ({ ...sleep, spo2: sleep.spo2 ?? statedSaturation(record, sleep) })),
      scalars: {
        ...scalars,
        active_minutes: omitted === 'active_minutes' ? null : scalars.active_minutes,
        avg_sleep_hrv: night.main?.avgHrv ?? null,
      },
      metabolic: persona.glucose && metabolicTruth(cut.plausible.glucose, persona.glucose.fasting),
      has_cgm_account: persona.glucose !== null,
      carried_forward: carriedForward(record, date, view),
    };
  }

  private record(persona: Persona): RecordedLife {
    const known = this.records.get(persona.id);
    if (known) return known;
    const record = new RecordedLife(makeLife(persona, this.seed, this.anchor));
    this.records.set(persona.id, record);
    return record;
  }
}

const isWithin = (at: number, { start, end }: Span) => start <= at && at < end;

/** The truth has no saturation of a night that was all nonsense; the vendor states the mean of the nonsense. */
function statedSaturation(record: RecordedLife, { start, end }: NightTruth): number | null {
  const stated = mean(values(record.readings('spo2', start, end)));
  return stated === null ? null : Math.round(stated);
}
