import type { DayTruth } from '../../../simulator/truth/day-truth';
import { localNoon, localTime, offsetAt, type SeenDay } from './calendar';
import { contributors, mainSleep } from './expected-sleep';

export interface ExpectedScore {
  category: string;
  /** By the local clock. */
  recordedAt: string;
  /** What `health-scores` is to say of it, beside its ids and its time. */
  score: object;
}

/** A night that the day's clock sees end on another date does not tell when a score is of: noon does. */
export function nightEndOn(truth: DayTruth, day: SeenDay): number {
  const night = mainSleep(truth);
  return night !== undefined && localTime(day, night.end).startsWith(day.date) ? night.end : localNoon(day);
}

export function expectedScores(truth: DayTruth, day: SeenDay): ExpectedScore[] {
  const night = mainSleep(truth);
  const noon = localNoon(day);
  const nightEnd = nightEndOn(truth, day);
  const scores = [
    { category: 'sleep', value: night?.score ?? null, at: nightEnd, parts: night && contributors(night) },
    { category: 'recovery', value: truth.recovery, at: nightEnd },
    { category: 'activity', value: truth.movement, at: noon },
    { category: 'metabolic', value: truth.metabolic?.score ?? null, at: noon },
  ];
  return scores.flatMap(({ category, value, at, parts }) =>
    value === null && parts === undefined
      ? []
      : [
          {
            category,
            recordedAt: localTime(day, at),
            score: {
              provider: 'ultrahuman',
              value,
              scale_max: 100,
              qualifier: null,
              zone_offset: offsetAt(day, at),
              components: parts ?? null,
              formula_version: null,
              has_event: category === 'sleep' && night !== undefined,
            },
          },
        ],
  );
}
