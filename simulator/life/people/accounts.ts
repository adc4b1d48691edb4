import { Persona } from '../persona';
import { everyDay, plain, plainAccount, workdays } from './plain';

export const weekendOff: Persona = {
  ...plain,
  id: 1008,
  firstName: 'Kirra',
  lastName: 'Dawson',
  email: 'kirra.dawson@example.com',
  timeZone: 'Australia/Lord_Howe',
  summary:
    'Takes the ring off every fourth weekend; summer time is half an hour; the phone fetches twice a day',
  memberSince: '2024-03-03',
  bedtime: { hour: 21.9, spread: 0.4, weekendDelay: 0.9 },
  sleepHours: 7.8,
  heart: { resting: 54, max: 185, rmssd: 57 },
  skin: { awake: 33.0, asleep: 35.1 },
  vo2max: 44,
  restlessness: 1.3,
  routines: [
    { kind: 'walk', weekdays: everyDay, hour: 6.9, minutes: 36, intensity: 0.35, probability: 0.7 },
    { kind: 'ride', weekdays: [3, 6], hour: 16.1, minutes: 55, intensity: 0.55, probability: 0.7 },
  ],
  unwornWeekends: true,
  phone: { fetchesAt: [9.4, 20.2], leftBehindFrom: null },
  account: { ...plainAccount, generation: 'top_level', lowerCaseSleep: true },
};

export const newcomer: Persona = {
  ...plain,
  id: 1009,
  firstName: 'Mere',
  lastName: 'Parata',
  email: 'mere.parata@example.com',
  timeZone: 'Pacific/Auckland',
  summary: 'Put the ring on two days before the account was first looked at',
  memberSince: { daysBeforeAnchor: 2 },
  bedtime: { hour: 22.5, spread: 0.4, weekendDelay: 0.5 },
  sleepHours: 7.4,
  heart: { resting: 60, max: 183, rmssd: 42 },
  skin: { awake: 32.7, asleep: 34.9 },
  vo2max: 38,
  restlessness: 1.1,
  routines: [
    { kind: 'walk', weekdays: everyDay, hour: 17.1, minutes: 33, intensity: 0.33, probability: 0.8 },
  ],
  account: { ...plainAccount, generation: 'nested', revisesNights: true },
};

export const veteran: Persona = {
  ...plain,
  id: 1010,
  firstName: 'Walter',
  lastName: 'Brandt',
  email: 'walter.brandt@example.com',
  timeZone: 'America/New_York',
  summary:
    'Two years of history; the phone is left behind for three days a month; old answers lack a type at times',
  memberSince: { daysBeforeAnchor: 730 },
  bedtime: { hour: 22.8, spread: 0.45, weekendDelay: 0.6 },
  sleepHours: 7.3,
  heart: { resting: 56, max: 169, rmssd: 33 },
  skin: { awake: 32.5, asleep: 34.7 },
  vo2max: 37,
  restlessness: 1,
  routines: [
    { kind: 'walk', weekdays: everyDay, hour: 18.2, minutes: 40, intensity: 0.33, probability: 0.75 },
    { kind: 'strength', weekdays: [1, 5], hour: 8.1, minutes: 30, intensity: 0.48, probability: 0.6 },
  ],
  unwornDaysPerMonth: 1,
  oxygen: { usual: 95.7, series: true },
  phone: { fetchesAt: [8.3, 13.6, 21.4], leftBehindFrom: 11 },
  account: { ...plainAccount, revisesNights: true, omitsTypes: true },
};

export const zoneUnknown: Persona = {
  ...plain,
  id: 1013,
  firstName: 'Pema',
  lastName: 'Gurung',
  email: 'pema.gurung@example.com',
  timeZone: 'Asia/Kathmandu',
  summary: 'No answer ever names a time zone; days begin a quarter past the hour in Greenwich',
  memberSince: '2024-10-05',
  bedtime: { hour: 22.1, spread: 0.35, weekendDelay: 0.4 },
  sleepHours: 7.5,
  heart: { resting: 53, max: 187, rmssd: 58 },
  skin: { awake: 32.2, asleep: 34.8 },
  vo2max: 46,
  restlessness: 1.35,
  routines: [{ kind: 'walk', weekdays: workdays, hour: 6.6, minutes: 50, intensity: 0.38, probability: 0.8 }],
  account: { ...plainAccount, tellsZone: false },
};
