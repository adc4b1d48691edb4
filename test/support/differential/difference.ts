import type { SeenDay } from './calendar';
import { partsOf, type Facts, type Scalar } from './facts';
import { toleranceOf } from './tolerances';

export interface Difference {
  /** The local date; null beyond the dates that were compared. */
  date: string | null;
  what: string;
  at: string;
  /** Undefined: nothing of that name. */
  expected: Scalar | undefined;
  got: Scalar | undefined;
}

/** Both ways: what is missing, what is too much, and what has another value. */
export function differencesBetween(expected: Facts, got: Facts, calendar: SeenDay[]): Difference[] {
  const names = new Set([...expected.keys(), ...got.keys()]);
  const differences: Difference[] = [];
  for (const name of names) {
    const [wanted, found] = [expected.get(name), got.get(name)];
    const [at, what] = partsOf(name);
    if (wanted === found) continue;
    const day = dayOf(at, calendar);
    if (isClose(wanted, found, toleranceOf(what, day))) continue;
    differences.push({ date: day?.date ?? null, what, at, expected: wanted, got: found });
  }
  return differences.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

function isClose(wanted: Scalar | undefined, found: Scalar | undefined, tolerance: number): boolean {
  return typeof wanted === 'number' && typeof found === 'number' && Math.abs(wanted - found) <= tolerance;
}

function dayOf(at: string, calendar: SeenDay[]): SeenDay | undefined {
  if (!at.includes('T')) return calendar.find(({ date }) => date === at);
  const seconds = Date.parse(at) / 1_000;
  return calendar.find(({ start, end }) => start <= seconds && seconds < end);
}
