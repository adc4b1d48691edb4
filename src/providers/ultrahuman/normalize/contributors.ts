import type { ScoreComponent } from '../../../health-data/canonical';
import { isSection, type Section } from '../ultrahuman.payload';
import type { Findings } from './findings';
import { toNumber } from './numbers';
import { rowsOf } from './points';

export type Components = Record<string, ScoreComponent>;

const STATES: ReadonlySet<string> = new Set(['optimal', 'good', 'warning', 'poor']);

/**
 * What went into a score. `summary: [{title, state, score}]` → `{sleep_efficiency: {value: 65, qualifier: 'warning'}}`;
 * numbers that stand elsewhere in the sleep are added where the summary is silent.
 */
export function componentsOf(
  section: Section,
  elsewhere: ReadonlyMap<string, number>,
  path: string,
  findings: Findings,
): Components | null {
  const components = new Map<string, ScoreComponent>();
  for (const row of rowsOf(section.summary)) {
    if (row === null) continue;
    const key = isSection(row) && typeof row.title === 'string' ? snakeCase(row.title) : '';
    if (!isSection(row) || key === '') {
      findings.reject(path, 'malformed', row);
      continue;
    }
    const value = scoreOf(row.score, path, findings);
    const qualifier = qualifierOf(row.state, path, findings);
    if (value !== null || qualifier !== null) components.set(key, { value, qualifier });
  }
  for (const [key, value] of elsewhere) {
    const known = components.get(key);
    components.set(key, { value: known?.value ?? value, qualifier: known?.qualifier ?? null });
  }
  return components.size > 0 ? Object.fromEntries(components) : null;
}

function scoreOf(told: unknown, path: string, findings: Findings): number | null {
  const score = toNumber(told);
  if (score === null || (score >= 0 && score <= 100)) return score;
  findings.reject(path, Number.isNaN(score) ? 'malformed' : 'out_of_range', told);
  return null;
}

/** A state that is new is told all the same, as long as it is a word. */
function qualifierOf(state: unknown, path: string, findings: Findings): string | null {
  if (state === null || state === undefined || state === '') return null;
  const word = typeof state === 'string' ? state.toLowerCase() : '';
  if (!STATES.has(word)) findings.sightWord(`${path}.state`, state);
  return /^[\w -]{1,40}$/.test(word) ? word : null;
}

const snakeCase = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 64);
