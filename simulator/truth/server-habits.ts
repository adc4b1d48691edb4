import { Life } from '../life/life';
import { addDays, atHour, weekday } from '../life/local-day';
import { Random } from '../life/random';

const rollBackAfterDays = 21;
const sundaysRolledBack = 0.4;

/** For some Sundays the vendor's servers lose, three weeks on, all that came after the first evening. */
export function isRolledBack({ persona, seed, itinerary }: Life, date: string, now: number): boolean {
  if (!persona.account.rollsBack || weekday(date) !== 7) return false;
  if (now < itinerary.dayStart(addDays(date, rollBackAfterDays))) return false;
  return new Random(`${seed}/${persona.id}/${date}/roll-back`).chance(sundaysRolledBack);
}

export function rolledBackTo(date: string, zone: string): number {
  return atHour(date, zone, 20.5);
}

export type OmittedType = 'hr' | 'hrv' | 'steps' | 'spo2' | 'active_minutes';

const omittable: OmittedType[] = ['hr', 'hrv', 'steps', 'spo2', 'active_minutes'];
const oldAfterDays = 3;
const periodSeconds = 6 * 3600;
const omissions = 1 / 25;

/** Answers about an old date lack one type for some hours, and have it again in the next ones. */
export function omittedType(
  { persona, seed, itinerary }: Life,
  date: string,
  now: number,
): OmittedType | null {
  if (!persona.account.omitsTypes || now < itinerary.dayStart(addDays(date, oldAfterDays))) return null;
  const period = Math.floor(now / periodSeconds);
  const random = (of: number) => new Random(`${seed}/${persona.id}/${date}/${of}/omission`);
  const [chosen, before] = [random(period), random(period - 1)];
  if (!chosen.chance(omissions) || before.chance(omissions)) return null;
  return omittable[chosen.int(0, omittable.length - 1)];
}
