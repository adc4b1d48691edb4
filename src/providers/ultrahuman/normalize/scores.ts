import type { Score, ScoreCategory } from '../../../health-data/canonical';
import type { Section } from '../ultrahuman.payload';
import type { AskedDay } from './asked-day';
import type { Findings } from './findings';
import { lastScalar } from './scalars';
import { sightUnknownFields } from './presentation';

export const SCORE_RANGE = [0, 100] as const;
const LEGACY_RANGE = [0, 10] as const;

/** `{value}`, 0–100: `recovery_index`, `movement_index`, `metabolic_score` (null without a glucose sensor). */
export function indexScore(
  type: string,
  category: ScoreCategory,
  sections: Section[],
  { date }: AskedDay,
  findings: Findings,
): Score[] {
  for (const section of sections) sightUnknownFields('scalar', type, section, ['value'], findings);
  const value = lastScalar(sections, 'value', SCORE_RANGE, type, findings);
  return value === null ? [] : [{ category, date, value, qualifier: null, components: null }];
}

/** Answers of 2022 scored from 0 to 10, in a field of that name: `recovery {score}`, `sleep {score, details}`. */
export function legacyScore(sections: Section[], path: string, findings: Findings): number | null {
  const tenths = lastScalar(sections, 'score', LEGACY_RANGE, path, findings);
  return tenths === null ? null : Number((tenths * 10).toFixed(6));
}
