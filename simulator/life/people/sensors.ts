import { Persona } from '../persona';
import { everyDay, plain, plainAccount, workdays } from './plain';

export const sensorExpired: Persona = {
  ...plain,
  id: 1007,
  firstName: 'Chloe',
  lastName: 'Tremblay',
  email: 'chloe.tremblay@example.com',
  timeZone: 'America/Toronto',
  summary: 'Glucose sensor ran out 24 days before the account was first looked at; the ring goes on',
  memberSince: '2025-01-10',
  bedtime: { hour: 22.6, spread: 0.4, weekendDelay: 0.6 },
  sleepHours: 7.6,
  heart: { resting: 59, max: 181, rmssd: 44 },
  skin: { awake: 33.2, asleep: 35.3 },
  vo2max: 39,
  restlessness: 1.05,
  routines: [
    { kind: 'walk', weekdays: everyDay, hour: 17.3, minutes: 32, intensity: 0.33, probability: 0.7 },
    { kind: 'run', weekdays: [6], hour: 9.6, minutes: 41, intensity: 0.64, probability: 0.75 },
  ],
  glucose: { fasting: 97, perGramOfCarbs: 1.1, endedDaysBeforeAnchor: 24 },
  account: { ...plainAccount, sendsSleepScore: false },
};

export const faultyRing: Persona = {
  ...plain,
  id: 1011,
  firstName: 'Omar',
  lastName: 'Al Nuaimi',
  email: 'omar.alnuaimi@example.com',
  timeZone: 'Asia/Dubai',
  summary:
    'A ring that reports what no body can do: pulses of 0 and 300, 90,000 steps, saturations of 0 to 2',
  memberSince: '2024-11-02',
  bedtime: { hour: 23.4, spread: 0.45, weekendDelay: 0.8 },
  sleepHours: 6.9,
  heart: { resting: 62, max: 177, rmssd: 35 },
  skin: { awake: 33.4, asleep: 35.4 },
  vo2max: 35,
  restlessness: 0.95,
  routines: [
    { kind: 'strength', weekdays: [1, 4], hour: 19.1, minutes: 48, intensity: 0.52, probability: 0.7 },
    { kind: 'walk', weekdays: workdays, hour: 7.9, minutes: 21, intensity: 0.31, probability: 0.6 },
  ],
  oxygen: { usual: 96.9, series: true },
  faultyRing: true,
};

export const keepsGlucosePrivate: Persona = {
  ...plain,
  id: 1012,
  firstName: 'Thandi',
  lastName: 'Nkosi',
  email: 'thandi.nkosi@example.com',
  timeZone: 'Africa/Johannesburg',
  summary: 'Wears a glucose sensor and never shares what it says',
  memberSince: '2024-08-08',
  deniedScopes: ['cgm_data'],
  bedtime: { hour: 22.3, spread: 0.35, weekendDelay: 0.7 },
  sleepHours: 7.7,
  heart: { resting: 58, max: 188, rmssd: 49 },
  skin: { awake: 33.3, asleep: 35.2 },
  vo2max: 41,
  restlessness: 1.1,
  routines: [
    { kind: 'run', weekdays: [2, 5], hour: 6.8, minutes: 37, intensity: 0.68, probability: 0.8 },
    { kind: 'walk', weekdays: [7], hour: 16.4, minutes: 65, intensity: 0.34, probability: 0.8 },
  ],
  glucose: { fasting: 88, perGramOfCarbs: 0.85, endedDaysBeforeAnchor: null },
  account: { ...plainAccount, lowerCaseSleep: true },
};
