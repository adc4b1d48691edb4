import { VendorDay } from '../truth/vendor-day';
import { Entry } from './entry';

export function scoreEntries(day: VendorDay): Entry[] {
  const { scalars } = day;
  return [
    ...scalar(day, 'recovery_index', scalars.recovery, { title: 'Recovery Index' }),
    ...scalar(day, 'movement_index', scalars.movement, { title: 'Movement Index' }),
    ...scalar(day, 'active_minutes', scalars.active_minutes, { title: 'Active Minutes' }),
    ...scalar(day, 'inactive_time', scalars.inactive_minutes, { title: 'Inactive Time' }),
    ...scalar(day, 'weekly_active_minutes', scalars.weekly_active_minutes, {
      title: 'Weekly Active Minutes',
    }),
    ...scalar(day, 'avg_sleep_hrv', scalars.avg_sleep_hrv),
  ];
}

/** Before the generation of 2025, which tells them inside the sleep. */
export function nightScalarEntries(day: VendorDay): Entry[] {
  if (day.generation === 'nested') return [];
  return [
    ...scalar(day, 'movements', day.scalars.sleep_movements, { title: 'Movements' }),
    ...scalar(day, 'morning_alertness', day.scalars.morning_alertness, {
      title: 'Morning Alertness',
      unit: 'minutes',
      status: 'calculated',
    }),
  ];
}

/** There every day, measured or not: the vendor repeats the last ones it has. */
export function carriedEntries(day: VendorDay): Entry[] {
  const { resting_hr, vo2max } = day.carried_forward;
  return [...scalar(day, 'sleep_rhr', resting_hr), ...scalar(day, 'vo2_max', vo2max, { title: 'VO2 Max' })];
}

/** Accounts without a glucose sensor get these too, with nothing in them. */
export function metabolicEntries(day: VendorDay): Entry[] {
  const found = day.metabolic;
  const rows: [type: string, title: string, value: number | undefined][] = [
    ['metabolic_score', 'Metabolic Score', found?.score],
    ['glucose_variability', 'Glucose Variability', found?.variability_percent],
    ['average_glucose', 'Average Glucose', found?.average_glucose],
    ['hba1c', 'HbA1c', found?.hba1c],
    ['time_in_target', 'Time In Target', found?.time_in_target_percent],
  ];
  return rows.map(([type, title, value]) => ({
    type,
    object: { day_start_timestamp: day.day_start, title, value: value ?? null },
  }));
}

export function scalar(
  day: VendorDay,
  type: string,
  value: number | null,
  extra: Record<string, unknown> = {},
): Entry[] {
  return value === null ? [] : [{ type, object: { value, ...extra, day_start_timestamp: day.day_start } }];
}
