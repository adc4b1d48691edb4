import type { DaySamples, DayTruth } from '../../../simulator/truth/day-truth';
import type { Reading } from '../../../simulator/sensors/reading';
import type { SeenDay } from './calendar';
import { RING } from './sources';

/** Bands of heart rate from these shares of 190 on, as docs/summaries.md has them. */
const BANDS = { light: 0.57 * 190, moderate: 0.64 * 190, vigorous: 0.77 * 190 };

/** What `summaries/activity` is to say of the date; null: it has no row. @param samples of all days */
export function expectedActivitySummary(truth: DayTruth, day: SeenDay, samples: DaySamples): object | null {
  const within = (readings: Reading[]) => readings.filter(([at]) => day.start <= at && at < day.end);
  const [steps, hr] = [within(samples.steps), within(samples.hr)];
  const { active_minutes, inactive_minutes } = truth;
  const total = toldSteps(truth, day, steps);
  if (
    [...steps, ...hr].length === 0 &&
    total === null &&
    active_minutes === null &&
    inactive_minutes === null
  )
    return null;
  const lasting = withDurations(steps, day.end);
  const isActive = ([, value, seconds]: Lasting) => value / seconds >= 30 / 60;
  const minutesOf = (isMeant: (it: Lasting) => boolean) =>
    steps.length === 0 ? null : minutes(lasting.filter(isMeant));
  return {
    source: RING,
    steps: total,
    distance_meters: null,
    floors_climbed: null,
    elevation_meters: null,
    active_calories_kcal: null,
    total_calories_kcal: null,
    active_minutes: active_minutes ?? minutesOf(isActive),
    sedentary_minutes: inactive_minutes ?? minutesOf((it) => !isActive(it)),
    intensity_minutes: hr.length === 0 ? null : intensity(withDurations(hr, day.end)),
    heart_rate: hr.length === 0 ? null : heartRate(hr.map(([, bpm]) => bpm)),
  };
}

/** Before the morning's sync nobody knows of any steps; of a day that was cut anew they are the samples' own sum. */
function toldSteps(truth: DayTruth, { isReckoned }: SeenDay, steps: Reading[]): number | null {
  const sum = steps.reduce((total, [, count]) => total + count, 0);
  if (truth.known_until <= truth.day_start) return steps.length === 0 ? null : sum;
  return isReckoned ? sum : truth.steps_total;
}

type Lasting = [at: number, value: number, seconds: number];

/** Each reading with the time that it stands for. */
const withDurations = (readings: Reading[], end: number): Lasting[] =>
  readings.map(([at, value], index) => {
    const gap = (readings[index + 1]?.[0] ?? Infinity) - at;
    return [at, value, gap <= 600 ? gap : Math.min(300, end - at)];
  });

const minutes = (lasting: Lasting[]) =>
  Math.round(lasting.reduce((total, [, , seconds]) => total + seconds, 0) / 60);

const intensity = (lasting: Lasting[]) => ({
  light: minutes(lasting.filter(([, bpm]) => bpm >= BANDS.light && bpm < BANDS.moderate)),
  moderate: minutes(lasting.filter(([, bpm]) => bpm >= BANDS.moderate && bpm < BANDS.vigorous)),
  vigorous: minutes(lasting.filter(([, bpm]) => bpm >= BANDS.vigorous)),
});

const heartRate = (bpm: number[]) => ({
  avg_bpm: Math.round(bpm.reduce((total, it) => total + it, 0) / bpm.length),
  max_bpm: Math.round(Math.max(...bpm)),
  min_bpm: Math.round(Math.min(...bpm)),
});
