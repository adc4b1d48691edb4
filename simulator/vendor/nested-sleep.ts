import { ContributorKey, NightTruth } from '../truth/day-truth';
import { VendorScalars } from '../truth/vendor-day';
import { stateTitles } from './sleep-summary';

/** What the generation of 2025 adds to the sleep object: durations in minutes, everything in an object of its own. */
export function nestedScalars(night: NightTruth, scalars: VendorScalars): Record<string, unknown> {
  return {
    ...given('sleep_score', 'score', night.score),
    total_sleep: {
      ...clockFace(night.asleep_seconds),
      seconds: night.asleep_seconds,
      badge: badge(night, 'total_sleep'),
    },
    time_in_bed: { ...clockFace(night.time_in_bed_seconds), badge: badge(night, 'total_sleep') },
    sleep_efficiency: { percentage: night.efficiency, contributor: contributor(night, 'sleep_efficiency') },
    deep_sleep: stage(night, 'deep'),
    rem_sleep: stage(night, 'rem'),
    light_sleep: stage(night, 'light'),
    ...given('restorative_sleep', 'percentage', night.restorative_percent, {
      badge: badge(night, 'restoration_time'),
    }),
    ...given('full_sleep_cycles', 'cycles', night.full_cycles),
    tosses_and_turns: { count: night.toss_turns },
    hr_drop: night.hr_drop === null ? null : { timestamp: night.hr_drop.at, value: night.hr_drop.value },
    ...(night.nap ? {} : mainSleepScalars(night, scalars)),
  };
}

function mainSleepScalars(night: NightTruth, scalars: VendorScalars): Record<string, unknown> {
  const warm = { contributor: contributor(night, 'temperature') };
  return {
    ...given('temperature_deviation', 'celsius', scalars.temperature_deviation, warm),
    ...given('average_body_temperature', 'celsius', scalars.average_body_temperature, warm),
    ...given('movements', 'count', scalars.sleep_movements),
    ...given('morning_alertness', 'minutes', scalars.morning_alertness),
  };
}

function given(
  name: string,
  field: string,
  value: number | null,
  extra: Record<string, unknown> = {},
): Record<string, unknown> {
  return value === null ? {} : { [name]: { [field]: value, ...extra } };
}

function stage(night: NightTruth, name: 'deep' | 'light' | 'rem'): Record<string, unknown> {
  const seconds = night.stage_seconds[name];
  return { ...clockFace(seconds), seconds, percentage: night.stage_percent[name] };
}

function clockFace(seconds: number): Record<string, number> {
  const minutes = Math.round(seconds / 60);
  return { minutes, hours: Math.floor(minutes / 60), remaining_minutes: minutes % 60 };
}

function contributor(night: NightTruth, key: ContributorKey): string | null {
  const found = night.contributors.find((part) => part.key === key);
  return found ? stateTitles[found.state] : null;
}

function badge(night: NightTruth, key: ContributorKey): { text: string; type: string } | null {
  const found = night.contributors.find((part) => part.key === key);
  return found ? { text: stateTitles[found.state], type: found.state } : null;
}
