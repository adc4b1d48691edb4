import { DateTime } from 'luxon';
import { Persona } from '../life/persona';
import { Reading } from '../sensors/reading';
import { DayTruth, NightTruth } from '../truth/day-truth';
import { LifeBook } from '../truth/life-book';

interface When {
  /** The clocks to read the day by; home when left out. */
  zone?: string;
  /** When the account was first looked at. */
  anchor?: string;
  /** When the day is asked for; at the anchor when left out. */
  now?: string;
}

const usualAnchor = '2026-11-22T18:00:00Z';
const books = new Map<string, LifeBook>();

export function truthOn(
  persona: Persona,
  date: string,
  { anchor = usualAnchor, now = anchor }: When = {},
): DayTruth {
  const book = books.get(anchor) ?? new LifeBook('vitalbase', Date.parse(anchor) / 1000);
  books.set(anchor, book);
  return book.truth(persona, date, Date.parse(now) / 1000);
}

/** A day of the truth in a few lines that a person can check with a pencil. */
export function pinnedDay(
  persona: Persona,
  date: string,
  when: When = {},
): Record<string, string | number | string[]> {
  const day = truthOn(persona, date, when);
  const { zone = persona.timeZone } = when;
  const { hr, hrv, temp, steps, spo2, night_rhr: pulse, glucose } = day.samples;
  const counts = { hr, hrv, temp, steps, spo2, night_rhr: pulse, glucose };
  const present = Object.entries(counts).filter(([, readings]) => readings.length > 0);
  const scores = { recovery: day.recovery, movement: day.movement, metabolic: day.metabolic?.score ?? null };
  const minutes = [day.active_minutes, day.inactive_minutes, day.weekly_active_minutes];
  return {
    day: `${utc(day.day_start)} → ${utc(day.day_end)}${unlessWhole(day)}`,
    samples: present.map(([kind, readings]) => `${kind} ${readings.length}`).join(', '),
    pulse: firstAndLast(hr, zone),
    steps: day.steps_total,
    minutes: `active, inactive, week ${minutes.map(orNone).join(', ')}`,
    sleeps: day.sleeps.map((sleep) => pinnedSleep(sleep, zone)),
    body: `resting ${orNone(day.resting_hr)}, vo2max ${orNone(day.vo2max)}`,
    scores: Object.entries(scores)
      .map(([name, value]) => `${name} ${orNone(value)}`)
      .join(', '),
  };
}

function unlessWhole({ known_until: known, day_end: end }: DayTruth): string {
  return known < end ? `, known until ${utc(known)}` : '';
}

function pinnedSleep(sleep: NightTruth, zone: string): string {
  const { deep, light, rem, awake } = sleep.stage_seconds;
  const stages = `${deep / 60} deep, ${light / 60} light, ${rem / 60} rem, ${awake / 60} awake`;
  const span = `${clock(sleep.start, zone)} → ${clock(sleep.end, zone)}`;
  const heart = `hr ${sleep.avg_hr}, hrv ${sleep.avg_hrv}, spo2 ${orNone(sleep.spo2)}`;
  const facts = `${sleep.time_in_bed_seconds / 60} min: ${stages}; ${sleep.efficiency} %, ${heart}`;
  return `${sleep.nap ? 'nap ' : ''}${span}, ${facts}, score ${orNone(sleep.score)}`;
}

function firstAndLast(readings: Reading[], zone: string): string {
  const [first, last] = [readings.at(0), readings.at(-1)];
  if (!first || !last) return 'none';
  return `${clock(first[0], zone, 'HH:mm:ss')} ${first[1]} → ${clock(last[0], zone, 'HH:mm:ss')} ${last[1]}`;
}

function utc(at: number): string {
  return DateTime.fromSeconds(at, { zone: 'utc' }).toFormat("LL-dd HH:mm'Z'");
}

function clock(at: number, zone: string, format = 'dd. HH:mm'): string {
  return DateTime.fromSeconds(at, { zone }).toFormat(format);
}

function orNone(value: number | null): string {
  return value === null ? '–' : String(value);
}
