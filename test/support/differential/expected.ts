import type { DayTruth } from '../../../simulator/truth/day-truth';
import type { SeenDay } from './calendar';
import { expectedActivitySummary } from './expected-activity';
import { expectedInternalScores } from './expected-internal-scores';
import { expectedScores } from './expected-scores';
import { addDailyValues, addSamples, allSamples } from './expected-series';
import { expectedSleep } from './expected-sleep';
import { expectedRecoverySummary, expectedSleepSummary } from './expected-summaries';
import { addFacts, iso, type Facts } from './facts';

/** All that the REST API is to tell of a person. @param calendar of the same dates */
export function expectedFacts(truth: DayTruth[], calendar: SeenDay[]): Facts {
  const facts: Facts = new Map();
  const samples = allSamples(truth);
  addSamples(facts, samples, calendar);
  for (const [index, day] of truth.entries()) {
    const { date } = day;
    const seen = calendar[index];
    addDailyValues(facts, day, seen, samples);
    for (const sleep of day.sleeps) addFacts(facts, iso(sleep.start), 'sleep', expectedSleep(sleep, seen));
    for (const { category, recordedAt, score } of expectedScores(day, seen))
      addFacts(facts, recordedAt, `score ${category}`, score);
    addFacts(facts, date, 'activity summary', expectedActivitySummary(day, seen, samples) ?? undefined);
    for (const { category, recordedAt, score } of expectedInternalScores(truth, calendar, index))
      addFacts(facts, recordedAt, `internal score ${category}`, score);
    addFacts(facts, date, 'sleep summary', expectedSleepSummary(day, seen) ?? undefined);
    addFacts(facts, date, 'recovery summary', expectedRecoverySummary(day) ?? undefined);
  }
  return facts;
}
