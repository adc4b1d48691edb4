import { Account, Persona, Phone } from '../persona';

export const everyDay = [1, 2, 3, 4, 5, 6, 7];
export const workdays = [1, 2, 3, 4, 5];

export const phoneAtHand: Phone = { fetchesAt: null, leftBehindFrom: null };

export const plainAccount: Account = {
  generation: 'flat',
  lowerCaseSleep: false,
  sendsSleepScore: true,
  revisesNights: false,
  omitsTypes: false,
  rollsBack: false,
  tellsZone: true,
};

/** What is not said of a person. */
export const plain = {
  journeys: [],
  deniedScopes: [],
  sleepHabit: 'nights',
  unwornDaysPerMonth: 0,
  unwornWeekends: false,
  glucose: null,
  oxygen: { usual: 97, series: false },
  faultyRing: false,
  phone: phoneAtHand,
  account: plainAccount,
} satisfies Partial<Persona>;
