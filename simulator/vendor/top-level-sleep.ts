import { VendorDay } from '../truth/vendor-day';
import { Entry } from './entry';
import { scalar } from './scalars';
import { durationText } from './text';

const celsius = { unit: '°C' };

/** The main sleep's figures as types of their own, the way the documentation tells them: durations in seconds. */
export function topLevelSleepEntries(day: VendorDay): Entry[] {
  const night = day.sleeps.find(({ nap }) => !nap);
  if (day.generation !== 'top_level' || !night) return [];
  const duration = (type: string, seconds: number) =>
    scalar(day, type, seconds, { display_text: durationText(seconds), unit: 'seconds' });
  const { temperature_deviation: deviation, average_body_temperature: warmth } = day.scalars;
  return [
    ...scalar(day, 'sleep_score', night.score, { unit: 'score' }),
    ...duration('total_sleep', night.asleep_seconds),
    ...duration('time_in_bed', night.time_in_bed_seconds),
    ...duration('deep_sleep', night.stage_seconds.deep),
    ...duration('light_sleep', night.stage_seconds.light),
    ...duration('rem_sleep', night.stage_seconds.rem),
    ...scalar(day, 'sleep_efficiency', night.efficiency, { unit: '%' }),
    ...scalar(day, 'temperature_deviation', deviation, celsius),
    ...scalar(day, 'average_body_temperature', warmth, celsius),
    ...scalar(day, 'restorative_sleep', night.restorative_percent, { unit: '%' }),
    ...scalar(day, 'full_sleep_cycles', night.full_cycles),
    ...scalar(day, 'tosses_and_turns', night.toss_turns),
    ...lowestPulse(day, night.hr_drop),
  ];
}

function lowestPulse(day: VendorDay, drop: { at: number; value: number } | null): Entry[] {
  return drop === null ? [] : scalar(day, 'hr_drop', drop.value, { timestamp: drop.at });
}
