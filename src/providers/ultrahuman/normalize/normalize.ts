import type {
  DailyValue,
  NormalizedDay,
  Score,
  ScoreCategory,
  SeriesCode,
  SeriesSamples,
} from '../../../health-data/canonical';
import type { RawAnswer } from '../../provider';
import { ProviderPayloadInvalid } from '../../provider-errors';
import { readAnswer } from '../ultrahuman.payload';
import { askedDay, type AskedDay } from './asked-day';
import { Findings } from './findings';
import { toNumber } from './numbers';
import { dailyScalar } from './scalars';
import { indexScore, legacyScore } from './scores';
import { sortSections, type Sections } from './sections';
import { collectSeries } from './series';
import { normalizeSleep, type Night } from './sleep';
import { stepsOfDay } from './steps';
import { isTimeZone } from './time-zone';

/** Which vendor type becomes what. `sleep` has its own normalizer; every type not named counts as not mapped. */
const SERIES: [type: string, code: SeriesCode][] = [
  ['hr', 'heart_rate'],
  ['hrv', 'heart_rate_variability_rmssd'],
  ['temp', 'skin_temperature'],
];
const INDEX_SCORES: [type: string, category: ScoreCategory][] = [
  ['recovery_index', 'recovery'],
  ['movement_index', 'activity'],
  ['metabolic_score', 'metabolic'],
];

/** @throws ProviderPayloadInvalid */
export function normalizeAnswer({ date, status, body }: RawAnswer): NormalizedDay {
  if (status === 404) return emptyDay(date);
  const answer = readAnswer(body, date);
  const day = askedDay(date);
  const findings = new Findings();
  const { sections, startsAt, foreign } = sortSections(answer, day, findings);
  const timeZone = isTimeZone(answer.timeZone) ? answer.timeZone : null;

  const night = normalizeSleep(sections, day, { foreign, timeZone }, findings);
  const steps = sections.take('steps');
  const intervals = collectSeries('steps', 'steps', steps, day, findings);
  const series = SERIES.map(([type, code]) => collectSeries(type, code, sections.take(type), day, findings));
  const [heartRate] = series;
  const daily = [
    ...stepsOfDay(steps, intervals, day, findings),
    ...carriedForward(sections, night, heartRate, day, findings),
  ];
  const scores = [...night.scores, ...indexScores(sections, day, findings)];
  sections.sightLeftOvers(findings);

  const measured = {
    series: [...series, intervals].filter((it) => it !== null),
    daily,
    sleeps: night.sleeps,
    scores,
  };
  const nothing = Object.values(measured).every((found) => found.length === 0);
  if (foreign && nothing)
    throw new ProviderPayloadInvalid(`The answer is about another day than ${date}`, 'other_day');
  const { unmapped, rejected } = findings;
  const outcome = nothing && !holdsMore(findings) ? 'empty' : 'data';
  return { date, outcome, startsAt, timeZone, ...measured, unmapped, rejected };
}

/** Repeated by the vendor until there are new ones: only what the same answer backs was measured on this day. */
function carriedForward(
  sections: Sections,
  { sleeps }: Night,
  heartRate: SeriesSamples | null,
  day: AskedDay,
  findings: Findings,
): DailyValue[] {
  const slept = sleeps.length > 0;
  const sleptWithRing = slept || sections.peek('avg_sleep_hrv').some(({ value }) => toNumber(value)! > 0);
  const rhr = sections.take('sleep_rhr');
  const vo2Max = sections.take('vo2_max');
  return [
    ...dailyScalar('sleep_rhr', 'resting_heart_rate', rhr, sleptWithRing, day, findings),
    ...dailyScalar('vo2_max', 'vo2_max', vo2Max, slept || heartRate !== null, day, findings),
  ];
}

function indexScores(sections: Sections, day: AskedDay, findings: Findings): Score[] {
  const scores = INDEX_SCORES.flatMap(([type, category]) =>
    indexScore(type, category, sections.take(type), day, findings),
  );
  if (scores.some(({ category }) => category === 'recovery')) return scores;
  return [...legacyRecovery(sections, day, findings), ...scores];
}

/** Older names of the recovery index: `recovery_score` of 100, and in 2022 `recovery` of 10. */
function legacyRecovery(sections: Sections, day: AskedDay, findings: Findings): Score[] {
  const named = indexScore('recovery_score', 'recovery', sections.take('recovery_score'), day, findings);
  if (named.length > 0 || sections.peek('recovery').length === 0) return named;
  const value = legacyScore(sections.take('recovery'), 'recovery', findings);
  if (value === null) return [];
  return [{ category: 'recovery', date: day.date, value, qualifier: null, components: null }];
}

/** Something was sent that is kept raw: not an answer without data, though nothing of it can be stored. */
const holdsMore = ({ unmapped, rejected }: Findings): boolean =>
  unmapped.length > 0 || rejected.some(({ reason }) => reason === 'out_of_range' || reason === 'malformed');

const emptyDay = (date: string): NormalizedDay => ({
  date,
  outcome: 'empty',
  startsAt: null,
  timeZone: null,
  series: [],
  daily: [],
  sleeps: [],
  scores: [],
  unmapped: [],
  rejected: [],
});
