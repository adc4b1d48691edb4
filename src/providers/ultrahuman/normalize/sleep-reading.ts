import type { SleepDetails, SleepSession, StageInterval } from '../../../health-data/canonical';
import { isNothing, type Section } from '../ultrahuman.payload';
import { SLEEP_FIGURES } from '../vendor-table/figure-fields';
import type { BedTimes } from './bed-times';
import { componentsOf, type Components } from './contributors';
import { readFigures, type Figures } from './figures';
import type { Findings } from './findings';
import { nightCurves } from './night-curves';
import { betaFieldsOf, cyclesOf, heartRateDropAt, movementsOf } from './sleep-details';
import { hypnogram } from './sleep-stages';

/** What one sleep of an answer says, before what stands beside it is added. */
export interface SleepReading extends BedTimes {
  figures: Figures;
  components: Components | null;
  stages: StageInterval[];
  graphs: SleepSession['graphs'];
  cycles: NonNullable<SleepDetails['cycles']>;
  movements: NonNullable<SleepDetails['movements']>;
  beta: string[];
  heartRateDropAt: number | null;
  provisional: boolean;
}

/** Numbers and components of a sleep, which need not know when it was. */
export function readSleepFigures(
  section: Section,
  findings: Findings,
): Pick<SleepReading, 'figures' | 'components'> {
  const figures = readFigures(SLEEP_FIGURES, () => [section], findings);
  return { figures, components: componentsOf(section, figures.components, 'sleep.summary', findings) };
}

export function readSleep(section: Section, times: BedTimes, findings: Findings): SleepReading {
  return {
    ...times,
    ...readSleepFigures(section, findings),
    stages: hypnogram(section, times, findings),
    graphs: nightCurves(section, times, findings),
    cycles: cyclesOf(section, times, findings),
    movements: movementsOf(section, times, findings),
    beta: betaFieldsOf(section),
    heartRateDropAt: heartRateDropAt(section, times, findings),
    provisional: section.is_processing_new_data === true,
  };
}

/** Two readings of one sleep, the way the store tells: they share more than half of the shorter one. The later wins. */
export function mergeSameSleeps(readings: SleepReading[]): SleepReading[] {
  const merged: SleepReading[] = [];
  for (const reading of readings) {
    const same = merged.findIndex((known) => isSameSleep(known, reading));
    if (same === -1) merged.push(reading);
    else merged[same] = mergeReadings(merged[same], reading);
  }
  return merged.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function mergeReadings(earlier: SleepReading, later: SleepReading): SleepReading {
  later.figures.addMissing(earlier.figures);
  const told = Object.entries(later).filter(([, value]) => !isNothing(value));
  return {
    ...earlier,
    ...(Object.fromEntries(told) as Partial<SleepReading>),
    graphs: { ...earlier.graphs, ...later.graphs },
  };
}

function isSameSleep(a: SleepReading, b: SleepReading): boolean {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return shared > Math.min(a.end - a.start, b.end - b.start) / 2;
}
