import type { SleepDetails } from '../../../health-data/canonical';
import { isNothing, isSection, type Section } from '../ultrahuman.payload';
import { isMapped } from '../vendor-table/vendor-field';
import { VENDOR_TABLE } from '../vendor-table/vendor-table';
import type { BedTimes } from './bed-times';
import type { Findings } from './findings';
import { toInstant } from './numbers';
import { rowsOf } from './points';
import { EDGE_MS } from './sleep-stages';

type Movement = NonNullable<SleepDetails['movements']>[number];
type Cycle = NonNullable<SleepDetails['cycles']>[number];

const INTENSITIES: ReadonlySet<unknown> = new Set<Movement['intensity']>(['light', 'medium', 'vigorous']);

/** `sleep_cycles.cycles`: `{startTime, endTime, cycleType: full|partial}`, the one corner in camel case. */
export function cyclesOf(section: Section, times: BedTimes, findings: Findings): Cycle[] {
  const path = 'sleep.sleep_cycles';
  const holder = section.sleep_cycles;
  const cycles: Cycle[] = [];
  for (const row of rowsOf(isSection(holder) ? holder.cycles : [])) {
    if (row === null) continue;
    const { startTime, endTime, cycleType } = isSection(row) ? row : {};
    const [start, end] = [toInstant(startTime), toInstant(endTime)];
    const isTrue = isWithin(start, times) && isWithin(end, times) && start < end;
    const kind = lowerCase(cycleType);
    if (!isTrue) findings.reject(path, 'malformed', row);
    else if (kind !== 'full' && kind !== 'partial') findings.sightWord(`${path}.cycles.cycletype`, cycleType);
    else cycles.push({ start, end, full: kind === 'full' });
  }
  return cycles.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** `movement_graph.data`: `{timestamp, type: light|medium|vigorous}` */
export function movementsOf(section: Section, times: BedTimes, findings: Findings): Movement[] {
  const path = 'sleep.movement_graph';
  const movements: Movement[] = [];
  for (const row of rowsOf(section.movement_graph)) {
    if (row === null) continue;
    const at = isSection(row) ? toInstant(row.timestamp) : null;
    const intensity = isSection(row) ? lowerCase(row.type) : null;
    if (!isWithin(at, times)) findings.reject(path, 'malformed', row);
    else if (!INTENSITIES.has(intensity))
      findings.sightWord(`${path}.data.type`, isSection(row) ? row.type : null);
    else movements.push({ at, intensity: intensity as Movement['intensity'] });
  }
  return movements.toSorted((a, b) => a.at - b.at);
}

const BETA = VENDOR_TABLE.filter(isMapped).flatMap(({ path, canonical, place }) =>
  place.in === 'sleep' && place.part === 'beta' ? [{ holder: path.split('.')[1], canonical }] : [],
);

/** What the vendor itself calls experimental, by canonical name. */
export function betaFieldsOf(section: Section): string[] {
  return BETA.flatMap(({ holder, canonical }) => {
    const field = section[holder];
    return isSection(field) && !isNothing(field.value) && field.is_beta === true ? [canonical] : [];
  });
}

/** When the heart rate of the night was lowest, where the vendor says. */
export function heartRateDropAt(section: Section, times: BedTimes, findings: Findings): number | null {
  const drop = section.hr_drop;
  const at = isSection(drop) ? toInstant(drop.timestamp) : null;
  if (at === null || isWithin(at, times)) return at;
  findings.reject('sleep.hr_drop.timestamp', 'malformed', isSection(drop) ? drop.timestamp : drop);
  return null;
}

function isWithin(at: number | null, { start, end }: BedTimes): at is number {
  return at !== null && at >= start - EDGE_MS && at <= end + EDGE_MS;
}

const lowerCase = (word: unknown): string | null => (typeof word === 'string' ? word.toLowerCase() : null);
