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

/** Each persona has as many accounts as one likes: 11001, 21001 and so on live the life of 1001. */
export const ACCOUNT_STEP = 10_000;

/** Whose life an account is about. */
export function findPersona(account: number): Persona | undefined {
  return PERSONAS.find(({ id }) => id === account % ACCOUNT_STEP);
}
