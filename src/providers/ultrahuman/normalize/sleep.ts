import { DateTime } from 'luxon';
import { SERIES_TYPES, type Score, type SleepSession } from '../../../health-data/canonical';
import { isSection, type Section } from '../ultrahuman.payload';
import type { AskedDay } from './asked-day';
import { keyPath, type Findings } from './findings';
import { holdsData, sightUnknownFields } from './presentation';
import { lastScalar } from './scalars';
import type { Sections } from './sections';
import { isLegacySleep, sleepScore } from './sleep-score';
import {
  bedTimes,
  mergeSameSleeps,
  quickMetrics,
  toSession,
  type BedTimes,
  type NightScalars,
} from './sleep-session';

export interface Night {
  sleeps: SleepSession[];
  scores: Score[];
}

/** How far the answer can be trusted to be about the asked day. */
export interface Trust {
  foreign: boolean;
  timeZone: string | null;
}

const LEGACY_FIELDS = ['details', 'score'];
const QUICK_METRICS = ['total_sleep', 'time_in_bed', 'sleep_efic', 'avg_hr', 'avg_hrv', 'sleep_index'];
const READ_FIELDS = [
  'bedtime_start',
  'bedtime_end',
  'quick_metrics',
  'sleep_stages',
  'sleep_graph',
  'hr_graph',
  'hrv_graph',
  'temp_graph',
  'summary',
  'spo2',
  'sleep_score',
  'total_sleep',
  'sleep_efficiency',
  'deep_sleep',
  'light_sleep',
  'rem_sleep',
];

/**
 * `Sleep` (`sleep` in one of the APIs): the vendor files a night under its wake-up date in the user's zone, which is
 * therefore the asked date. It carries no `day_start_timestamp`.
 */
export function normalizeSleep(sections: Sections, day: AskedDay, trust: Trust, findings: Findings): Night {
  const own: Section[] = [];
  const sleeps: [section: Section, times: BedTimes][] = [];
  for (const section of sections.take('sleep').map(withDetails)) {
    const times = bedTimes(section);
    if (times ? !isOfDay(times, day, trust) : trust.foreign) {
      findings.reject('sleep', 'other_day');
      continue;
    }
    sightUnknown(section, findings);
    own.push(section);
    if (times) sleeps.push([section, times]);
    else if (holdsData(section)) findings.reject('sleep', 'malformed');
  }
  const beside = sleeps.length > 0 ? takeNightScalars(sections, findings) : NOT_TAKEN;
  return {
    sleeps: mergeSameSleeps(
      sleeps.map(([section, times]) => toSession(section, times, beside, day, findings)),
    ),
    scores: sleepScore(own, sections.take('sleep_score'), day, findings),
  };
}

/** Answers of 2022 hold the night in `details`, and only the score beside it. */
const withDetails = (section: Section): Section =>
  isSection(section.details) ? { ...section, ...section.details } : section;

function sightUnknown(section: Section, findings: Findings): void {
  const read = isLegacySleep(section) ? [...READ_FIELDS, ...LEGACY_FIELDS] : READ_FIELDS;
  sightUnknownFields('sleep', 'sleep', section, read, findings);
  for (const type of quickMetrics(section).keys())
    if (!QUICK_METRICS.includes(type)) findings.sight(`sleep.quick_metrics.${keyPath(type)}`);
}

function isOfDay({ end }: BedTimes, day: AskedDay, { foreign, timeZone }: Trust): boolean {
  if (!foreign) return end >= day.earliestStart && end <= day.latestEnd;
  return timeZone !== null && DateTime.fromMillis(end, { zone: timeZone }).toISODate() === day.date;
}

const NOT_TAKEN: NightScalars = { averageHrvRmssd: null, totalSleepSeconds: null, efficiencyPercent: null };

/** Types of their own in the vendor's documentation; taken only for a night, else they count as not mapped. */
function takeNightScalars(sections: Sections, findings: Findings): NightScalars {
  const take = (type: string, range: readonly [number, number]) =>
    lastScalar(sections.take(type), 'value', range, type, findings);
  return {
    averageHrvRmssd: take('avg_sleep_hrv', SERIES_TYPES.heart_rate_variability_rmssd.hardRange),
    totalSleepSeconds: take('total_sleep', [0, 86_400]),
    efficiencyPercent: take('sleep_efficiency', [0, 100]),
  };
}
