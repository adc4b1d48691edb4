import { SERIES_TYPES, type SleepSession } from '../../../health-data/canonical';
import { isNothing, isSection, type Section } from '../ultrahuman.payload';
import type { AskedDay } from './asked-day';
import type { Findings } from './findings';
import { toInstant, toMeasured } from './numbers';
import { nightGraphs } from './sleep-graphs';
import { hypnogram, nestedSeconds, stageTotals } from './sleep-stages';

const PERCENT = [0, 100] as const;
const SPO2_RANGE = [50, 100] as const;
const DAY_SECONDS = [0, 86_400] as const;
const LONGEST_MS = 86_400_000;

/** What the types beside the sleep say of the night, where the sleep itself is silent. */
export interface NightScalars {
  averageHrvRmssd: number | null;
  totalSleepSeconds: number | null;
  efficiencyPercent: number | null;
}

export interface BedTimes {
  start: number;
  end: number;
}

/** `bedtime_start`, `bedtime_end`, seconds; null where they are missing or cannot be true. */
export function bedTimes(section: Section): BedTimes | null {
  const [start, end] = [toInstant(section.bedtime_start), toInstant(section.bedtime_end)];
  if (start === null || end === null) return null;
  return end > start && end - start <= LONGEST_MS ? { start, end } : null;
}

export function toSession(
  section: Section,
  { start, end }: BedTimes,
  beside: NightScalars,
  { date }: AskedDay,
  findings: Findings,
): SleepSession {
  const quick = quickMetrics(section);
  const read = (type: string, range: readonly [number, number]) =>
    toMeasured(quick.get(type), range, `sleep.${type}`, findings);
  const stages = hypnogram(section, start, end, findings);
  const stageSeconds = stageTotals(section, stages, (end - start) / 1_000, findings);
  return {
    date,
    start,
    end,
    asleepSeconds: stageSeconds
      ? stageSeconds.light + stageSeconds.deep + stageSeconds.rem
      : (read('total_sleep', DAY_SECONDS) ??
        nestedSeconds(section, 'total_sleep', findings) ??
        beside.totalSleepSeconds),
    stageSeconds,
    stages,
    efficiencyPercent:
      read('sleep_efic', PERCENT) ??
      nested(section, 'sleep_efficiency', 'percentage', PERCENT, findings) ??
      beside.efficiencyPercent,
    averageHeartRate: read('avg_hr', SERIES_TYPES.heart_rate.hardRange),
    averageHrvRmssd:
      read('avg_hrv', SERIES_TYPES.heart_rate_variability_rmssd.hardRange) ?? beside.averageHrvRmssd,
    averageSpo2: nested(section, 'spo2', 'value', SPO2_RANGE, findings),
    graphs: nightGraphs(section, start, end, findings),
  };
}

/** `quick_metrics: [{type, value, …}]`, by type. Titles vary between generations. */
export function quickMetrics(section: Section): Map<string, unknown> {
  const metrics = new Map<string, unknown>();
  const rows = Array.isArray(section.quick_metrics) ? section.quick_metrics.filter(isSection) : [];
  for (const { type, value } of rows)
    if (typeof type === 'string' && !isNothing(value)) metrics.set(type.toLowerCase(), value);
  return metrics;
}

export function nested(
  section: Section,
  field: string,
  key: string,
  range: readonly [number, number],
  findings: Findings,
): number | null {
  const value = section[field];
  return isSection(value) ? toMeasured(value[key], range, `sleep.${field}`, findings) : null;
}

/** Two readings of one sleep, the way the store tells: they share more than half of the shorter one. */
export function mergeSameSleeps(sessions: SleepSession[]): SleepSession[] {
  const merged: SleepSession[] = [];
  for (const session of sessions) {
    const same = merged.findIndex((known) => isSameSleep(known, session));
    if (same === -1) merged.push(session);
    else merged[same] = { ...merged[same], ...withoutNothings(session) };
  }
  return merged.toSorted((a, b) => a.start - b.start);
}

function isSameSleep(a: SleepSession, b: SleepSession): boolean {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return shared > Math.min(a.end - a.start, b.end - b.start) / 2;
}

const withoutNothings = (session: SleepSession): Partial<SleepSession> =>
  Object.fromEntries(Object.entries(session).filter(([, value]) => !isNothing(value)));
