import type { Api, Page, RecoveryItem, SampleItem, SleepItem } from './api';
import { localDate, nightText } from './night';

const DAY_MS = 86_400_000;

/** Last night and the day around it, read through the REST API. @returns lines of text */
export async function dayReport(api: Api, userId: string, now: Date): Promise<string[]> {
  const user = `/users/${userId}`;
  const week = { start: utcDate(now, -7), end: utcDate(now, 2) };
  const byDate = { start_date: week.start, end_date: week.end };
  const [sleeps, steps, recovery] = await Promise.all([
    api.get<Page<SleepItem>>(`${user}/events/sleep`, { ...byDate, limit: '20' }),
    api.get<Page<SampleItem>>(`${user}/timeseries`, {
      start_time: week.start,
      end_time: week.end,
      types: 'steps',
      limit: '10000',
    }),
    api.get<Page<RecoveryItem>>(`${user}/summaries/recovery`, { ...byDate, limit: '100' }),
  ]);
  const night = sleeps.data.find(({ is_nap }) => !is_nap);
  if (!night) return ['There is no night yet: the simulated phone has not synced one.'];
  const date = localDate(night.end_time, night.zone_offset);
  const zone = night.zone_offset === null ? '' : ` (local time ${night.zone_offset})`;
  const summary = recovery.data.findLast((row) => row.recovery_score !== null);
  return [
    `Last night, to ${longDate(date)}${zone}`,
    '',
    ...nightText(night).map((line) => (line === '' ? '' : `  ${line}`)),
    '',
    `  Steps              ${stepsText(steps.data)}`,
    `  Resting heart rate ${withUnit(summary?.resting_heart_rate_bpm, ' bpm')}`,
    `  Recovery           ${withUnit(summary?.recovery_score, ' of 100')}`,
  ];
}

/** The two latest days, since the present one has often just begun. */
function stepsText(samples: SampleItem[]): string {
  const totals = samples.filter(({ is_daily_total }) => is_daily_total === true).slice(-2);
  if (totals.length === 0) return '–';
  return totals
    .toReversed()
    .map(
      ({ value, timestamp, zone_offset }) =>
        `${wholeNumber(value)} on ${longDate(localDate(timestamp, zone_offset))}`,
    )
    .join(', ');
}

const withUnit = (value: number | null | undefined, unit: string) =>
  value === null || value === undefined ? '–' : `${wholeNumber(value)}${unit}`;

const wholeNumber = (value: number) => Math.round(value).toLocaleString('en-GB');

const longDate = (date: string) =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });

const utcDate = (now: Date, days: number) =>
  new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
