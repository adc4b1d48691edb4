import { DateTime } from 'luxon';
import { Persona } from '../life/persona';

/** The wall clock at bedtime, counted on past midnight so that late nights compare with early ones. */
export function bodyClock(persona: Persona, at: number): number {
  const local = DateTime.fromSeconds(at, { zone: persona.timeZone });
  const hour = local.hour + local.minute / 60;
  return hour < 12 ? hour + 24 : hour;
}
