import { Day } from '../life/day';
import { Glucose } from '../life/glucose';
import { atHour, dayNumber } from '../life/local-day';
import { Random } from '../life/random';
import { Reading } from './reading';

const sensorLifeDays = 14;
const warmUpSeconds = 3600;

/** A patch on the arm: every five minutes, whole mg/dL, an hour's gap when a new one warms up. */
export function wearGlucoseSensor(day: Day, from: number, until: number): Reading[] {
  const kind = day.persona.glucose;
  if (!kind) return [];
  const glucose = new Glucose(day, kind);
  const random = new Random(`${day.seed}/${day.persona.id}/${day.date}/glucose-sensor`);
  const change = atHour(day.date, day.persona.timeZone, 10.25);
  const changesToday = dayNumber(day.date) % sensorLifeDays === 0;
  const readings: Reading[] = [];
  for (let at = day.start + random.int(10, 280); at < day.end; at += 300) {
    const warmingUp = changesToday && at >= change && at < change + warmUpSeconds;
    if (!warmingUp && at >= from && at < until) readings.push([at, Math.round(glucose.level(at))]);
  }
  return readings;
}
