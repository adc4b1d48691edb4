import type { Score, ScoreComponent } from '../../../health-data/canonical';
import { isNothing, isSection, type Section } from '../ultrahuman.payload';
import type { AskedDay } from './asked-day';
import type { Findings } from './findings';
import { toMeasured } from './numbers';
import { lastScalar } from './scalars';
import { legacyScore, SCORE_RANGE } from './scores';
import { nested, quickMetrics } from './sleep-session';
import { graphRows } from './sleep-graphs';

/**
 * The vendor's score of the night, with its contributors from `summary`. Where it stands has changed: newest first
 * `sleep_score {score}`, the quick metric `sleep_index`, the type `sleep_score`, and in 2022 `score` of 10.
 */
export function sleepScore(
  sections: Section[],
  topLevel: Section[],
  { date }: AskedDay,
  findings: Findings,
): Score[] {
  const value =
    lastOf(sections, (section) => nested(section, 'sleep_score', 'score', SCORE_RANGE, findings)) ??
    lastOf(sections, (section) =>
      toMeasured(quickMetrics(section).get('sleep_index'), SCORE_RANGE, 'sleep.sleep_index', findings),
    ) ??
    lastScalar(topLevel, 'value', SCORE_RANGE, 'sleep_score', findings) ??
    legacyScore(sections.filter(isLegacySleep), 'sleep.score', findings);
  const components = lastOf(sections, (section) => contributors(section.summary, findings));
  if (value !== null) return [{ category: 'sleep', date, value, qualifier: null, components }];
  // Contributors of a score that nobody names: not invented, and not lost either.
  if (components) findings.sight('sleep.summary');
  return [];
}

export const isLegacySleep = (section: Section): boolean => isSection(section.details);

/** `summary: [{title, state, score}]` → `{sleep_efficiency: {value: 65, qualifier: 'warning'}}` */
function contributors(summary: unknown, findings: Findings): Record<string, ScoreComponent> | null {
  const components = new Map<string, ScoreComponent>();
  for (const row of graphRows(summary, 'sleep.summary', findings)) {
    if (row === null) continue;
    const key = isSection(row) && typeof row.title === 'string' ? snakeCase(row.title) : '';
    if (!isSection(row) || key === '') {
      findings.reject('sleep.summary', 'malformed');
      continue;
    }
    const value = toMeasured(row.score, SCORE_RANGE, 'sleep.summary', findings);
    const qualifier = toQualifier(row.state);
    if (value !== null || qualifier !== null) components.set(key, { value, qualifier });
  }
  return components.size > 0 ? Object.fromEntries(components) : null;
}

const snakeCase = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 64);

const toQualifier = (state: unknown): string | null =>
  typeof state === 'string' && /^[\w -]{1,40}$/.test(state) ? state.toLowerCase() : null;

/** Of a type that came more than once, the last that has something. */
function lastOf<T>(sections: Section[], read: (section: Section) => T | null): T | null {
  let last: T | null = null;
  for (const section of sections) {
    const found = read(section);
    if (!isNothing(found)) last = found;
  }
  return last;
}
