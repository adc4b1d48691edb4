import { isNothing, isShaped, MetricEntry, type Answer, type Section } from '../ultrahuman.payload';
import type { AskedDay } from './asked-day';
import { keyPath, type Findings } from './findings';
import { toInstant } from './numbers';

/** The metrics of one answer that are about the asked day, by type in lower case. */
export class Sections {
  private readonly byType = new Map<string, Section[]>();

  add(type: string, section: Section): void {
    const known = this.byType.get(type);
    if (known) known.push(section);
    else this.byType.set(type, [section]);
  }

  /** A type may come more than once; in the order of the answer. */
  of(type: string): readonly Section[] {
    return this.byType.get(type) ?? NONE;
  }

  all(): Iterable<[type: string, sections: readonly Section[]]> {
    return this.byType;
  }
}

const NONE: readonly Section[] = [];

export interface SortedAnswer {
  sections: Sections;
  /** Local midnight that starts the asked day: the one that most entries name. */
  startsAt: number | null;
  /** Entries carried stamps, and every one was of another day: what has no stamp is then not trusted either. */
  foreign: boolean;
}

/** Splits an answer by type and leaves out what is about another day. */
export function sortSections(answer: Answer, day: AskedDay, findings: Findings): SortedAnswer {
  const sections = new Sections();
  const starts = new Map<number, number>();
  const undated: [type: string, section: Section][] = [];
  let otherDays = 0;
  for (const entry of answer.entries) {
    const metric = readEntry(entry, findings);
    if (!metric) continue;
    const start = toInstant(metric.section.day_start_timestamp);
    const own = start !== null && start >= day.earliestStart && start <= day.latestStart;
    if (own) starts.set(start, (starts.get(start) ?? 0) + 1);
    if (start !== null && Number.isNaN(start))
      findings.reject(`${metric.type}.day_start_timestamp`, 'malformed', metric.section.day_start_timestamp);
    if (own || answer.keyedByDate) sections.add(metric.type, metric.section);
    else if (start === null || Number.isNaN(start)) undated.push([metric.type, metric.section]);
    else {
      findings.reject(metric.type, 'other_day', metric.section);
      otherDays += 1;
    }
  }
  const foreign = otherDays > 0 && starts.size === 0;
  for (const [type, section] of undated) {
    if (foreign && type !== 'sleep') findings.reject(type, 'other_day', section);
    else sections.add(type, section);
  }
  if (answer.otherDays > 0) findings.reject('metrics', 'other_day', [], answer.otherDays);
  return { sections, startsAt: mostNamed(starts), foreign };
}

function readEntry(entry: unknown, findings: Findings): { type: string; section: Section } | null {
  if (entry === null || entry === undefined) return null;
  if (!isShaped(MetricEntry, entry)) {
    findings.reject('entry', 'malformed', entry);
    return null;
  }
  for (const [key, value] of Object.entries(entry))
    if (key !== 'type' && key !== 'object' && !isNothing(value))
      findings.sight('field', `entry.${keyPath(key)}`, value);
  return { type: keyPath(entry.type), section: entry.object ?? {} };
}

/** The first of those named most often. */
function mostNamed(starts: Map<number, number>): number | null {
  let found: number | null = null;
  for (const [start, count] of starts) if (found === null || count > starts.get(found)!) found = start;
  return found;
}
