import { Itinerary } from './itinerary';
import { addDays, atHour, localDate } from './local-day';
import { Persona } from './persona';

/** A persona of one seed, with everything that is counted back from the first look at the account settled. */
export interface Life {
  persona: Persona;
  seed: string;
  itinerary: Itinerary;
  /** The date of the first look. */
  anchor: string;
  memberSince: string;
  /** The ring goes onto the finger for the first time. */
  begins: number;
  /** Nothing is measured by a glucose sensor from here on. */
  glucoseEnds: number;
}

/** `anchor` is the first real or frozen now that this state has seen. */
export function makeLife(persona: Persona, seed: string, anchor: number): Life {
  const { memberSince: since, timeZone, glucose } = persona;
  const itinerary = new Itinerary(timeZone, persona.journeys);
  const today = localDate(anchor, itinerary.zoneAt(anchor));
  const memberSince = typeof since === 'string' ? since : addDays(today, -since.daysBeforeAnchor);
  const ended = glucose?.endedDaysBeforeAnchor ?? null;
  return {
    persona,
    seed,
    itinerary,
    anchor: today,
    memberSince,
    begins: atHour(memberSince, timeZone, 11),
    glucoseEnds: ended === null ? Infinity : atHour(addDays(today, -ended), timeZone, 10.25),
  };
}
