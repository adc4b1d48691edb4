import type { NormalizedDay } from '../../../health-data/canonical';
import type { RawAnswer } from '../../provider';
import { ProviderPayloadInvalid } from '../../provider-errors';
import { isNothing, readAnswer } from '../ultrahuman.payload';
import { OTHER_FIGURES } from '../vendor-table/figure-fields';
import { askedDay } from './asked-day';
import { dailyValues } from './daily-values';
import { readFigures } from './figures';
import { Findings } from './findings';
import { scoresOf } from './scores';
import { sortSections } from './sections';
import { collectSeries } from './series';
import { normalizeSleep } from './sleep';
import { isTimeZone } from './time-zone';
import { sightUnknown, sightUnknownAround } from './unknown-fields';

/** @throws ProviderPayloadInvalid */
export function normalizeAnswer({ date, status, body }: RawAnswer): NormalizedDay {
  if (status === 404) return emptyDay(date);
  const answer = readAnswer(body, date);
  const day = askedDay(date);
  const findings = new Findings();
  const timeZone = isTimeZone(answer.timeZone) ? answer.timeZone : null;
  if (timeZone === null && !isNothing(answer.timeZone))
    findings.reject('latest_time_zone', 'malformed', answer.timeZone);
  sightUnknownAround(answer.envelope, findings);
  const { sections, startsAt, foreign } = sortSections(answer, day, findings);
  for (const [type, found] of sections.all())
    for (const section of found) sightUnknown(type, section, findings);

  const series = collectSeries(sections, day, findings);
  const beside = readFigures(OTHER_FIGURES, (type) => sections.of(type), findings);
  const night = normalizeSleep(sections, beside, day, { foreign, timeZone, startsAt }, findings);
  const { sleeps, figures } = night;
  const measured = {
    series,
    daily: dailyValues(figures, sections, { slept: sleeps.length > 0, series }, day, findings),
    sleeps,
    scores: scoresOf(figures, night.components, sections, day, findings),
  };
  const holdsNothing = Object.values(measured).every((found) => found.length === 0);
  const { unmapped, rejected } = findings;
  // Of the asked day such an answer does not even say that it is empty.
  if (holdsNothing && (foreign || answer.onlyOtherDays))
    throw new ProviderPayloadInvalid(`The answer is about another day than ${date}`, 'other_day', rejected);
  const outcome = holdsNothing && !holdsMore(findings) ? 'empty' : 'data';
  return { date, outcome, startsAt, timeZone, ...measured, unmapped, rejected };
}

/** Something was sent that is kept raw: not an answer without data, though nothing of it can be stored. */
const holdsMore = ({ unmapped, rejected }: Findings): boolean =>
  unmapped.length > 0 || rejected.some(({ reason }) => reason !== 'other_day' && reason !== 'stale');

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
