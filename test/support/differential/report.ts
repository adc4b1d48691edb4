import type { Comparison } from './comparison';
import type { Difference } from './difference';

const MOST_LINES = 60;

/** The figure, and every difference under it: these are simulated people. @param days that were lived */
export function report(comparisons: Comparison[], days: number): string {
  const all = comparisons.flatMap(({ persona, differences }) =>
    differences.map((difference) => `  ${line(persona, difference)}`),
  );
  const values = comparisons.reduce((sum, { values }) => sum + values, 0);
  const more = all.length > MOST_LINES ? [`  … and ${all.length - MOST_LINES} more`] : [];
  return [
    `differences between API and truth: ${all.length} over ${comparisons.length} personas × ${days} days (${values.toLocaleString('en')} values compared)`,
    ...all.slice(0, MOST_LINES),
    ...more,
  ].join('\n');
}

const line = (persona: number, { date, what, at, expected, got }: Difference) =>
  `${persona} ${date ?? 'outside'} ${what} at ${at}: expected ${text(expected)}, got ${text(got)}`;

const text = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
