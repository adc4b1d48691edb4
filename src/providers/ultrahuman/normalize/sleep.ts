import { DateTime } from 'luxon';
import type { SleepSession } from '../../../health-data/canonical';
import { isNothing, isSection, type Section } from '../ultrahuman.payload';
import { VENDOR_TABLE } from '../vendor-table/vendor-table';
import type { AskedDay } from './asked-day';
import { bedTimes, type BedTimes } from './bed-times';
import type { Components } from './contributors';
import { Figures } from './figures';
import type { Findings } from './findings';
import type { Sections } from './sections';
import { heartRateDropAt } from './sleep-details';
import { mergeSameSleeps, readSleep, readSleepFigures, type SleepReading } from './sleep-reading';
import { toSession } from './sleep-session';
import { holdsData } from './unknown-fields';

export interface Night {
  sleeps: SleepSession[];
  /** Of the main sleep, and of what is told of the night beside it. */
  figures: Figures;
  components: Components | null;
}

/** How far the answer can be trusted to be about the asked day. */
export interface Trust {
  foreign: boolean;
  timeZone: string | null;
  /** Local midnight that starts the day, if the answer names it. */
  startsAt: number | null;
}

/**
 * `Sleep`, an entry each: the vendor files a sleep under its wake-up date in the user's zone, which is therefore the
 * asked date. It carries no `day_start_timestamp`. The longest is the main one; what the types beside it say of the
 * night is said of that.
 * @param beside what the types beside the sleep say; without any sleep it is handed back as it is
 */
export function normalizeSleep(
  sections: Sections,
  beside: Figures,
  day: AskedDay,
  trust: Trust,
  findings: Findings,
): Night {
  const readings: SleepReading[] = [];
  const timeless = { figures: new Figures(), components: null as Components | null };
  for (const section of sleepSections(sections)) {
    const times = bedTimes(section, findings);
    if (times ? !isOfDay(times, day, trust) : trust.foreign) {
      findings.reject('sleep', 'other_day', section);
      continue;
    }
    if (times) readings.push(readSleep(section, times, findings));
    else if (holdsData(section)) {
      findings.reject('sleep', 'malformed', section);
      const { figures, components } = readSleepFigures(section, findings);
      figures.addMissing(timeless.figures);
      Object.assign(timeless, { figures, components: components ?? timeless.components });
    }
  }
  const merged = mergeSameSleeps(readings);
  const main = merged.reduce((longest, it) => (lengthOf(it) > lengthOf(longest) ? it : longest), merged[0]);
  for (const section of main ? sections.of('hr_drop') : [])
    main.heartRateDropAt ??= heartRateDropAt({ hr_drop: section }, main, findings);
  const figures = main?.figures ?? new Figures();
  figures.addMissing(timeless.figures);
  figures.addMissing(beside);
  return {
    sleeps: merged.map((reading) => toSession(reading, day.date, reading === main)),
    figures,
    components: main?.components ?? timeless.components,
  };
}

const NIGHT_PARTS = VENDOR_TABLE.flatMap(({ path }) =>
  /^motion\.\w+_graph$|^motion\.summary$/.test(path) ? [path.slice('motion.'.length)] : [],
);

/** In 2022 the night hung on the movements, without its bed times, and lay one level deeper in the sleep. */
function sleepSections(sections: Sections): Section[] {
  const nights = sections
    .of('motion')
    .filter((section) => NIGHT_PARTS.some((part) => !isNothing(section[part])));
  return [
    ...nights,
    ...sections
      .of('sleep')
      .map(({ details, ...section }) => (isSection(details) ? { ...section, ...details } : section)),
  ];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How far from the day a sleep may end that was slept in another zone. */
const JOURNEY_MS = 14 * HOUR_MS;

/**
 * A sleep stays with its wake-up date in the zone of that morning, while the date itself is cut anew in today's: after
 * a journey it ends some hours outside. So the told zone is no argument against it, though start and zone agree: what
 * ended at 07:00 in Kolkata ended, seen from New York, at 20:30 on the date before.
 */
function isOfDay({ end }: BedTimes, day: AskedDay, { foreign, timeZone, startsAt }: Trust): boolean {
  if (foreign)
    return timeZone !== null && DateTime.fromMillis(end, { zone: timeZone }).toISODate() === day.date;
  if (end < day.earliestStart || end > day.latestEnd) return false;
  return startsAt === null || (end >= startsAt - JOURNEY_MS && end <= startsAt + DAY_MS + JOURNEY_MS);
}

const lengthOf = ({ start, end }: BedTimes): number => end - start;
