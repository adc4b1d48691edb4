import { Persona } from '../persona';
import { everyDay, plain, workdays } from './plain';

export const steady: Persona = {
  ...plain,
  id: 1001,
  firstName: 'Aditi',
  lastName: 'Rao',
  email: 'aditi.rao@example.com',
  timeZone: 'Asia/Kolkata',
  summary: 'Steady adult: office work, evening walks, regular nights',
  memberSince: '2023-03-01',
  bedtime: { hour: 22.9, spread: 0.35, weekendDelay: 0.5 },
  sleepHours: 7.5,
  heart: { resting: 57, max: 186, rmssd: 46 },
  skin: { awake: 33.1, asleep: 35.2 },
  vo2max: 40,
  restlessness: 1,
  routines: [
    { kind: 'walk', weekdays: everyDay, hour: 18.6, minutes: 38, intensity: 0.34, probability: 0.8 },
    { kind: 'strength', weekdays: [2, 4], hour: 7.6, minutes: 35, intensity: 0.5, probability: 0.7 },
  ],
};

export const athlete: Persona = {
  ...plain,
  id: 1002,
  firstName: 'Maya',
  lastName: 'Torres',
  email: 'maya.torres@example.com',
  timeZone: 'America/Los_Angeles',
  summary: 'Athlete: runs at dawn, rides at weekends, leaves the ring at home twice a month',
  memberSince: '2024-02-01',
  bedtime: { hour: 22.2, spread: 0.4, weekendDelay: 0.7 },
  sleepHours: 7.9,
  heart: { resting: 46, max: 191, rmssd: 82 },
  skin: { awake: 32.4, asleep: 34.9 },
  vo2max: 54,
  restlessness: 1.25,
  routines: [
    { kind: 'run', weekdays: [1, 2, 4, 5], hour: 6.9, minutes: 52, intensity: 0.72, probability: 0.9 },
    { kind: 'strength', weekdays: [3], hour: 17.5, minutes: 50, intensity: 0.55, probability: 0.85 },
    { kind: 'ride', weekdays: [6, 7], hour: 9.2, minutes: 130, intensity: 0.62, probability: 0.8 },
  ],
  unwornDaysPerMonth: 2,
};

export const sensorWearer: Persona = {
  ...plain,
  id: 1003,
  firstName: 'Jonas',
  lastName: 'Weber',
  email: 'jonas.weber@example.com',
  timeZone: 'Europe/Berlin',
  summary: 'Ring and glucose sensor: late to bed, desk work, cycles to the office',
  memberSince: '2024-09-01',
  bedtime: { hour: 23.7, spread: 0.5, weekendDelay: 0.9 },
  sleepHours: 7.1,
  heart: { resting: 61, max: 179, rmssd: 37 },
  skin: { awake: 32.8, asleep: 35.0 },
  vo2max: 37,
  restlessness: 1.15,
  routines: [
    { kind: 'ride', weekdays: workdays, hour: 8.9, minutes: 22, intensity: 0.46, probability: 0.75 },
    { kind: 'walk', weekdays: [6, 7], hour: 15.0, minutes: 70, intensity: 0.33, probability: 0.85 },
  ],
  glucose: { fasting: 91, perGramOfCarbs: 0.95, endedDaysBeforeAnchor: null },
};
