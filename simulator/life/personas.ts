import { newcomer, veteran, weekendOff, zoneUnknown } from './people/accounts';
import { nightNurse, poorSleeper } from './people/bad-nights';
import { faultyRing, keepsGlucosePrivate, sensorExpired } from './people/sensors';
import { athlete, sensorWearer, steady } from './people/settled';
import { traveller } from './people/traveller';
import { Persona } from './persona';

export const PERSONAS: readonly Persona[] = [
  steady,
  athlete,
  sensorWearer,
  traveller,
  nightNurse,
  poorSleeper,
  sensorExpired,
  weekendOff,
  newcomer,
  veteran,
  faultyRing,
  keepsGlucosePrivate,
  zoneUnknown,
];

export function findPersona(id: number): Persona | undefined {
  return PERSONAS.find((persona) => persona.id === id);
}
