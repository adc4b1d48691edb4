import { addDays } from './local-day';
import { Persona } from './persona';
import { Random } from './random';

/** The newest days are always worn: whoever tries the demo wants to see last night, not an empty page. */
const alwaysWornDays = 5;

/**
 * Whether the ring lay in a drawer all that day. `anchor` is the date the simulated account was looked at
 * first; days after it stay worn, so an answer never changes while the simulator keeps its state.
 */
export function isUnworn(persona: Persona, seed: string, date: string, anchor: string): boolean {
  if (persona.unwornDaysPerMonth === 0 || date > addDays(anchor, -alwaysWornDays)) return false;
  return unwornDays(persona, seed, date.slice(0, 7)).has(Number(date.slice(8)));
}

function unwornDays(persona: Persona, seed: string, month: string): Set<number> {
  const random = new Random(`${seed}/${persona.id}/${month}/unworn`);
  const days = new Set<number>();
  while (days.size < persona.unwornDaysPerMonth) days.add(random.int(2, 28));
  return days;
}
