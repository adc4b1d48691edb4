import { DayTruth } from '../truth/day-truth';
import { Entry } from './entry';

export function scoreEntries(truth: DayTruth): Entry[] {
  const { sleep } = truth;
  const restless = sleep?.movements.filter(({ intensity }) => intensity !== 'light').length;
  return [
    ...scalar(truth, 'recovery_index', truth.recovery, { title: 'Recovery Index' }),
    ...scalar(truth, 'movement_index', truth.movement, { title: 'Movement Index' }),
    ...scalar(truth, 'active_minutes', truth.active_minutes, { title: 'Active Minutes' }),
    ...scalar(truth, 'inactive_time', truth.inactive_minutes, { title: 'Inactive Time' }),
    ...scalar(truth, 'weekly_active_minutes', truth.weekly_active_minutes, {
      title: 'Weekly Active Minutes',
    }),
    ...scalar(truth, 'movements', restless ?? null, { title: 'Movements' }),
    ...scalar(truth, 'morning_alertness', sleep?.alertness_minutes ?? null, {
      title: 'Morning Alertness',
      unit: 'minutes',
      status: 'calculated',
    }),
    ...scalar(truth, 'avg_sleep_hrv', truth.avg_sleep_hrv),
  ];
}

/** There every day, measured or not: the vendor repeats the last ones it has. */
export function carriedEntries(truth: DayTruth): Entry[] {
  const { resting_hr, vo2max } = truth.carried_forward;
  return [
    ...scalar(truth, 'sleep_rhr', resting_hr),
    ...scalar(truth, 'vo2_max', vo2max, { title: 'VO2 Max' }),
  ];
}

/** Accounts without a glucose sensor get these too, with nothing in them. */
export function metabolicEntries(truth: DayTruth): Entry[] {
  const found = truth.metabolic;
  const rows: [type: string, title: string, value: number | undefined][] = [
    ['metabolic_score', 'Metabolic Score', found?.score],
    ['glucose_variability', 'Glucose Variability', found?.variability_percent],
    ['average_glucose', 'Average Glucose', found?.average_glucose],
    ['hba1c', 'HbA1c', found?.hba1c],
    ['time_in_target', 'Time In Target', found?.time_in_target_percent],
  ];
  return rows.map(([type, title, value]) => ({
    type,
    object: { day_start_timestamp: truth.day_start, title, value: value ?? null },
  }));
}

function scalar(
  truth: DayTruth,
  type: string,
  value: number | null,
  extra: Record<string, unknown> = {},
): Entry[] {
  return value === null ? [] : [{ type, object: { value, ...extra, day_start_timestamp: truth.day_start } }];
}
