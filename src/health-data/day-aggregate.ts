import type { LocalDate } from './canonical';
import { holds, zoneOffset, type DayCut } from './day-calendar';
import { sumMinMax, type Chunk } from './series-chunk';

/** Seconds of a day by what its samples say; null where they say nothing of the kind. docs/summaries.md */
interface TimeSpent {
  activeSeconds: number | null;
  sedentarySeconds: number | null;
  lightSeconds: number | null;
  moderateSeconds: number | null;
  vigorousSeconds: number | null;
}

/** What the samples of one day of one series come to. */
export interface DayAggregate extends TimeSpent {
  code: string;
  date: LocalDate;
  isLocal: boolean;
  startsAt: number | null;
  zoneOffset: string | null;
  count: number;
  min: number;
  max: number;
  sum: number;
  firstAt: number;
  lastAt: number;
}

/** A sample stands for the time to the next one, if that comes within ten minutes; else for five. */
const LONGEST_GAP_MS = 10 * 60_000;
const USUAL_GAP_MS = 5 * 60_000;

/** A minute with at least so many steps counts as active. */
const ACTIVE_STEPS_A_MINUTE = 30;

/**
 * Of the highest heart rate, which is 190 where no birth date is known to subtract from 220: light, moderate and
 * vigorous from 57, 64 and 77 % on (American College of Sports Medicine).
 */
const HIGHEST_HEART_RATE = 190;
const [LIGHT, MODERATE, VIGOROUS] = [57, 64, 77].map((percent) => (percent / 100) * HIGHEST_HEART_RATE);

const NOTHING_SPENT: TimeSpent = {
  activeSeconds: null,
  sedentarySeconds: null,
  lightSeconds: null,
  moderateSeconds: null,
  vigorousSeconds: null,
};

/** @param chunks ascending, and all that hold samples of the day @returns null for a day without samples */
export function aggregateDay(code: string, cut: DayCut, chunks: Chunk[]): DayAggregate | null {
  const { instants, values } = samplesOf(cut, chunks);
  if (instants.length === 0) return null;
  return {
    code,
    date: cut.date,
    isLocal: cut.isLocal,
    startsAt: cut.startsAt,
    zoneOffset: zoneOffset(cut),
    count: instants.length,
    ...sumMinMax(values),
    firstAt: instants[0],
    lastAt: instants[instants.length - 1],
    ...timeSpent(code, cut, { instants, values }),
  };
}

function samplesOf(cut: DayCut, chunks: Chunk[]): Samples {
  const samples: Samples = { instants: [], values: [] };
  for (const { day, offsets, values } of chunks) {
    for (let index = 0; index < offsets.length; index++) {
      const at = day + offsets[index];
      if (!holds(cut, at)) continue;
      samples.instants.push(at);
      samples.values.push(values[index]);
    }
  }
  return samples;
}

interface Samples {
  instants: number[];
  values: number[];
}

function timeSpent(code: string, cut: DayCut, { instants, values }: Samples): TimeSpent {
  if (code !== 'steps' && code !== 'heart_rate') return NOTHING_SPENT;
  // Milliseconds in each class of samples.
  const spent = [0, 0, 0, 0];
  const classOf = code === 'steps' ? paceClass : heartRateClass;
  for (let index = 0; index < instants.length; index++) {
    const stood = standsFor(instants[index], instants[index + 1], cut.to);
    spent[classOf(values[index], stood)] += stood;
  }
  const [rest, first, second, third] = spent.map((ms) => Math.round(ms / 1_000));
  return code === 'steps'
    ? { ...NOTHING_SPENT, sedentarySeconds: rest, activeSeconds: first }
    : { ...NOTHING_SPENT, lightSeconds: first, moderateSeconds: second, vigorousSeconds: third };
}

function standsFor(at: number, next: number | undefined, end: number): number {
  const gap = next === undefined ? Infinity : next - at;
  return gap <= LONGEST_GAP_MS ? gap : Math.min(USUAL_GAP_MS, end - at);
}

const paceClass = (steps: number, ms: number) => (steps >= (ACTIVE_STEPS_A_MINUTE * ms) / 60_000 ? 1 : 0);

const heartRateClass = (bpm: number) => {
  if (bpm >= VIGOROUS) return 3;
  if (bpm >= MODERATE) return 2;
  return bpm >= LIGHT ? 1 : 0;
};
