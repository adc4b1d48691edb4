import type { Score, ScoreCategory } from '../../../health-data/canonical';
import { isMapped } from '../vendor-table/vendor-field';
import { VENDOR_TABLE } from '../vendor-table/vendor-table';
import type { AskedDay } from './asked-day';
import { componentsOf, type Components } from './contributors';
import type { Figures } from './figures';
import type { Findings } from './findings';
import type { Sections } from './sections';

/** The vendor's types that are a score, by category. */
const TYPES = new Map<ScoreCategory, Set<string>>();
for (const { path, place } of VENDOR_TABLE.filter(isMapped)) {
  if (place.in !== 'score' || path.startsWith('sleep.')) continue;
  TYPES.set(place.category, (TYPES.get(place.category) ?? new Set()).add(path.split('.')[0]));
}

/**
 * 0–100; those of 2022 went to ten. Never made up: what went into a score that nobody names is kept without it.
 * @param ofSleep what went into the sleep's score
 */
export function scoresOf(
  figures: Figures,
  ofSleep: Components | null,
  sections: Sections,
  { date }: AskedDay,
  findings: Findings,
): Score[] {
  return [...TYPES].flatMap(([category, types]) => {
    const found = figures.scores.get(category);
    const beside = [...types]
      .map((type) => lastComponents(type, sections, findings))
      .find((it) => it !== null);
    const components = (category === 'sleep' ? ofSleep : null) ?? beside ?? null;
    if (!found && !components) return [];
    const { value = null, ...scale } = found ?? {};
    return [{ category, date, value, ...scale, qualifier: null, components }];
  });
}

function lastComponents(type: string, sections: Sections, findings: Findings): Components | null {
  let last: Components | null = null;
  for (const section of sections.of(type))
    last = componentsOf(section, new Map(), `${type}.summary`, findings) ?? last;
  return last;
}
