import { component, WINDOW_NIGHTS, type InternalFigure, type Night } from './internal-score';
import { mean, onCurve, standardDeviation, type Curve } from './score-arithmetic';
import { offsetMs } from './zone-offset';

const HOUR = 3_600;
const MINUTE_MS = 60_000;

/** `docs/scores.md` says where each of these numbers comes from. */
const WEIGHTS = { duration: 40, stages: 20, consistency: 20, interruptions: 20 };
const HOURS_ASLEEP: Curve = [
  [4, 0],
  [6, 50],
  [7, 100],
  [9, 100],
  [10, 50],
  [12, 0],
];
const DEEP_PERCENT: Curve = [
  [5, 0],
  [16, 100],
];
const REM_PERCENT: Curve = [
  [5, 0],
  [21, 100],
  [30, 100],
  [41, 0],
];
const ONSET_DEVIATION_MINUTES: Curve = [
  [30, 100],
  [90, 0],
];
const MINUTES_AWAKE: Curve = [
  [20, 100],
  [60, 0],
];
const LONG_AWAKENINGS: Curve = [
  [1, 100],
  [4, 0],
];
const EFFICIENCY_PERCENT: Curve = [
  [65, 0],
  [85, 100],
];

type Part = keyof typeof WEIGHTS;

/**
 * The sleep score of a date, 0 to 100. A part that the night does not tell is null, and the others share its weight; null
 * where the duration is not known, or nothing else is.
 * @param week the nights of the seven dates that end with this one, this one among them
 */
export function sleepScore(night: Night, week: Night[]): InternalFigure | null {
  const parts: Record<Part, number | null> = {
    duration: duration(night),
    stages: stages(night),
    consistency: consistency(week),
    interruptions: interruptions(night),
  };
  const known = (Object.keys(WEIGHTS) as Part[]).filter((part) => parts[part] !== null);
  if (parts.duration === null || known.length < 2) return null;
  const weight = known.reduce((sum, part) => sum + WEIGHTS[part], 0);
  const weighted = known.reduce((sum, part) => sum + WEIGHTS[part] * parts[part]!, 0);
  return {
    value: Math.round(weighted / weight),
    components: {
      duration: component(parts.duration),
      stages: component(parts.stages),
      consistency: component(parts.consistency),
      interruptions: component(parts.interruptions),
    },
  };
}

function duration({ asleepSeconds, totalAsleepSeconds }: Night): number | null {
  if (asleepSeconds === null || totalAsleepSeconds === null) return null;
  return onCurve(totalAsleepSeconds / HOUR, HOURS_ASLEEP);
}

function stages({ stageSeconds }: Night): number | null {
  if (stageSeconds === null) return null;
  const { light, deep, rem } = stageSeconds;
  const asleep = light + deep + rem;
  if (asleep === 0) return null;
  return mean([onCurve((100 * deep) / asleep, DEEP_PERCENT), onCurve((100 * rem) / asleep, REM_PERCENT)]);
}

function consistency(week: Night[]): number | null {
  const onsets = week.flatMap((night) => (night.zoneOffset === null ? [] : [onsetMinutes(night)]));
  return onsets.length < WINDOW_NIGHTS ? null : onCurve(standardDeviation(onsets), ONSET_DEVIATION_MINUTES);
}

/** From the midnight that begins the date, by the clock at waking up: before it negative, so that no night wraps round. */
const onsetMinutes = ({ date, start, zoneOffset }: Night) =>
  (start + offsetMs(zoneOffset!) - Date.parse(date)) / MINUTE_MS;

function interruptions({ awakeSeconds, longAwakenings, efficiencyPercent }: Night): number | null {
  if (awakeSeconds !== null && longAwakenings !== null)
    return mean([onCurve(awakeSeconds / 60, MINUTES_AWAKE), onCurve(longAwakenings, LONG_AWAKENINGS)]);
  return efficiencyPercent === null ? null : onCurve(efficiencyPercent, EFFICIENCY_PERCENT);
}
