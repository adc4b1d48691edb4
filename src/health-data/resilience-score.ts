import { component, WINDOW_NIGHTS, type InternalFigure, type Night } from './internal-score';
import { mean, onCurve, standardDeviation, type Curve } from './score-arithmetic';

/** `docs/scores.md` says where these numbers come from. */
const VARIATION: Curve = [
  [0.05, 100],
  [0.35, 0],
];

/**
 * The resilience of a date: how much the heart rate variability varies from night to night, as a coefficient of variation
 * such as 0.123, and on a scale of 0 to 100 in its component. Null where too few nights tell, or the date's own does not.
 * @param week the nights of the seven dates that end with this one, this one among them
 */
export function resilienceScore(night: Night, week: Night[]): InternalFigure | null {
  const values = week.flatMap(({ hrv }) => (hrv === null ? [] : [hrv]));
  if (night.hrv === null || values.length < WINDOW_NIGHTS) return null;
  const variation = standardDeviation(values) / mean(values);
  return {
    value: Math.round(variation * 1_000) / 1_000,
    components: { resilience_score: component(onCurve(variation, VARIATION)) },
  };
}
