import type { DayTruth, NightTruth } from '../../../simulator/truth/day-truth';
import { localTime, offsetAt, type SeenDay } from './calendar';
import { mainSleep } from './expected-sleep';
import { nightEndOn, type ExpectedScore } from './expected-scores';

/** As `docs/scores.md` tells the formulas, in other words than those of the server. */
export function expectedInternalScores(
  truth: DayTruth[],
  calendar: SeenDay[],
  index: number,
): ExpectedScore[] {
  const night = mainSleep(truth[index]);
  if (night === undefined) return [];
  const day = calendar[index];
  const at = nightEndOn(truth[index], day);
  const week = truth.slice(Math.max(0, index - 6), index + 1).flatMap((it, place) => {
    const main = mainSleep(it);
    return main === undefined ? [] : [{ night: main, day: calendar[Math.max(0, index - 6) + place] }];
  });
  const figures = [
    { category: 'sleep', scale_max: 100, figure: sleepFigure(night, truth[index], week) },
    { category: 'resilience', scale_max: 1, figure: resilienceFigure(night, week) },
  ];
  return figures.flatMap(({ category, scale_max, figure }) =>
    figure === null
      ? []
      : [
          {
            category,
            recordedAt: localTime(day, at),
            score: {
              provider: 'internal',
              value: figure.value,
              scale_max,
              qualifier: null,
              zone_offset: offsetAt(day, at),
              components: Object.fromEntries(
                Object.entries(figure.parts).map(([name, value]) => [
                  name,
                  { value: value === null ? null : Math.round(value), qualifier: null },
                ]),
              ),
              formula_version: 1,
              has_event: category === 'sleep',
            },
          },
        ],
  );
}

interface WornNight {
  night: NightTruth;
  day: SeenDay;
}

interface Figure {
  value: number;
  parts: Record<string, number | null>;
}

function sleepFigure(night: NightTruth, { sleeps }: DayTruth, week: WornNight[]): Figure {
  const hours = sleeps.reduce((sum, { asleep_seconds }) => sum + asleep_seconds, 0) / 3_600;
  const duration =
    hours < 8
      ? Math.min(rising(hours, 4, 6) / 2 + rising(hours, 6, 7) / 2, 100)
      : 100 - rising(hours, 9, 10) / 2 - rising(hours, 10, 12) / 2;
  const { light, deep, rem } = night.stage_seconds;
  const share = (seconds: number) => (100 * seconds) / (light + deep + rem);
  const deepPart = rising(share(deep), 5, 16);
  const remPart = share(rem) < 25 ? rising(share(rem), 5, 21) : 100 - rising(share(rem), 30, 41);
  const stages = light + deep + rem === 0 ? null : (deepPart + remPart) / 2;
  const onsets = week.map(({ night: { start, end }, day }) => {
    const local = Date.parse(`${localTime(day, end).slice(0, 19)}Z`) / 1_000 - (end - start);
    return (local - Date.parse(day.date) / 1_000) / 60;
  });
  const consistency = onsets.length < 5 ? null : 100 - rising(deviation(onsets), 30, 90);
  const parts = { duration, stages, consistency, interruptions: interruptions(night) };
  const weights = { duration: 40, stages: 20, consistency: 20, interruptions: 20 };
  let [sum, weight] = [0, 0];
  for (const [part, of] of Object.entries(weights)) {
    const value = parts[part as keyof typeof parts];
    if (value === null) continue;
    sum += of * value;
    weight += of;
  }
  return { value: Math.round(sum / weight), parts };
}

/** Between the first and the last time asleep. */
function interruptions({ stages, efficiency }: NightTruth): number {
  if (stages.length === 0) return rising(efficiency, 65, 85);
  const asleep = stages.filter(({ stage }) => stage !== 'awake');
  const awake = stages.filter(
    ({ stage, start, end }) => stage === 'awake' && start >= asleep[0].end && end <= asleep.at(-1)!.start,
  );
  const minutes = awake.map(({ start, end }) => (end - start) / 60);
  const long = minutes.filter((it) => it > 5).length;
  const total = minutes.reduce((sum, it) => sum + it, 0);
  return (100 - rising(total, 20, 60) + 100 - rising(long, 1, 4)) / 2;
}

function resilienceFigure({ avg_hrv }: NightTruth, week: WornNight[]): Figure | null {
  const values = week.flatMap(({ night }) => night.avg_hrv ?? []);
  if (avg_hrv === null || values.length < 5) return null;
  const variation = deviation(values) / (values.reduce((sum, it) => sum + it, 0) / values.length);
  return {
    value: Number(variation.toFixed(3)),
    parts: { resilience_score: 100 - rising(variation, 0.05, 0.35) },
  };
}

/** 0 up to one value, 100 from another on, in proportion between them. */
const rising = (value: number, from: number, to: number) =>
  Math.min(1, Math.max(0, (value - from) / (to - from))) * 100;

function deviation(values: number[]): number {
  const middle = values.reduce((sum, it) => sum + it, 0) / values.length;
  return Math.sqrt(values.reduce((sum, it) => sum + (it - middle) ** 2, 0) / (values.length - 1));
}
