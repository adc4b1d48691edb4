import { Journey } from '../itinerary';
import { Persona } from '../persona';
import { everyDay, plain, plainAccount } from './plain';

/**
 * The same two tours and one visit every year, on the same dates. Both tours cross the date line; the stays in Los
 * Angeles, Adelaide and New York hold the local change of the clocks, and so does March and October at home.
 */
const journeys: Journey[] = [
  flight('02-16', 21, 'Asia/Kolkata', 9.5),
  flight('02-24', 20.5, 'Asia/Tokyo', 8),
  // Leaves at 16:00 and lands before that day has begun in Honolulu: one date, 43 hours long.
  { ...flight('03-03', 4, 'Pacific/Honolulu', 7), sleepsAboard: { after: 1.5, minutes: 190 } },
  flight('03-07', 15.5, 'America/Los_Angeles', 5.5),
  flight('03-17', 17.5, 'America/New_York', 5.5),
  flight('03-20', 19.5, 'Europe/London', 7),
  flight('09-14', 13, 'America/Los_Angeles', 11),
  flight('09-22', 12, 'Pacific/Honolulu', 6),
  // Leaves at noon of the 28th, of which Tokyo has but five more hours: one date, five hours long.
  { ...flight('09-29', 15.5, 'Asia/Tokyo', 8.5), sleepsAboard: { after: 2.5, minutes: 205 } },
  flight('09-30', 19.5, 'Australia/Adelaide', 10),
  flight('10-12', 15, 'Asia/Singapore', 7.5),
  { ...flight('10-14', 15.5, 'Europe/London', 13.5), sleepsAboard: { after: 5, minutes: 145 } },
  flight('10-29', 15, 'America/New_York', 8),
  flight('11-09', 20.5, 'Europe/London', 7),
];

export const traveller: Persona = {
  ...plain,
  id: 1004,
  firstName: 'Noor',
  lastName: 'Haddad',
  email: 'noor.haddad@example.com',
  timeZone: 'Europe/London',
  journeys,
  summary: 'Traveller: crosses the date line both ways, half-hour zones and changes of the clocks',
  memberSince: '2023-06-12',
  bedtime: { hour: 22.7, spread: 0.4, weekendDelay: 0.4 },
  sleepHours: 7.2,
  heart: { resting: 55, max: 184, rmssd: 52 },
  skin: { awake: 32.9, asleep: 35.1 },
  vo2max: 43,
  restlessness: 1.2,
  routines: [
    { kind: 'walk', weekdays: everyDay, hour: 17.8, minutes: 45, intensity: 0.36, probability: 0.75 },
    { kind: 'run', weekdays: [3, 7], hour: 7.4, minutes: 34, intensity: 0.66, probability: 0.7 },
  ],
  oxygen: { usual: 96.4, series: true },
  account: { ...plainAccount, generation: 'nested', revisesNights: true },
};

function flight(lands: string, hour: number, zone: string, flightHours: number): Journey {
  return { lands, hour, zone, flightHours, sleepsAboard: null };
}
