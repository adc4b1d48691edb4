import { Persona } from '../persona';
import { plain, plainAccount, workdays } from './plain';

export const nightNurse: Persona = {
  ...plain,
  id: 1005,
  firstName: 'Grace',
  lastName: 'Okafor',
  email: 'grace.okafor@example.com',
  timeZone: 'America/Chicago',
  summary:
    'Night-shift nurse: four shifts, four free nights; two sleeps a day; her phone stays in the locker',
  memberSince: '2024-04-15',
  sleepHabit: 'shifts',
  bedtime: { hour: 23.1, spread: 0.4, weekendDelay: 0 },
  sleepHours: 7.3,
  heart: { resting: 63, max: 182, rmssd: 39 },
  skin: { awake: 33.0, asleep: 34.8 },
  vo2max: 36,
  restlessness: 1.6,
  routines: [
    { kind: 'walk', weekdays: [1, 3, 6], hour: 16.2, minutes: 42, intensity: 0.35, probability: 0.7 },
  ],
  oxygen: null,
  phone: { fetchesAt: [7.9, 15.2, 21.1], leftBehindFrom: null },
  account: { ...plainAccount, generation: 'nested' },
};

export const poorSleeper: Persona = {
  ...plain,
  id: 1006,
  firstName: 'Luc',
  lastName: 'Moreau',
  email: 'luc.moreau@example.com',
  timeZone: 'Europe/Paris',
  summary: 'Poor sleeper: nights in two pieces, naps after lunch',
  memberSince: '2024-01-20',
  sleepHabit: 'pieces',
  bedtime: { hour: 23.2, spread: 0.6, weekendDelay: 0.3 },
  sleepHours: 6.3,
  heart: { resting: 66, max: 172, rmssd: 29 },
  skin: { awake: 32.6, asleep: 34.6 },
  vo2max: 33,
  restlessness: 0.9,
  routines: [
    { kind: 'walk', weekdays: workdays, hour: 12.2, minutes: 25, intensity: 0.32, probability: 0.65 },
    { kind: 'ride', weekdays: [6], hour: 10.4, minutes: 75, intensity: 0.5, probability: 0.6 },
  ],
  oxygen: { usual: 94.8, series: true },
  account: { ...plainAccount, generation: 'nested', revisesNights: true, rollsBack: true },
};
