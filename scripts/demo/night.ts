import type { SleepItem, StageInterval } from './api';

const COLUMNS = 64;
const ROWS = [
  ['awake', 'Awake'],
  ['rem', 'REM'],
  ['light', 'Light'],
  ['deep', 'Deep'],
] as const;

/** The night as text: times, totals and a hypnogram of one column for every seventh minute or so. */
export function nightText(night: SleepItem): string[] {
  const { start_time: start, end_time: end, zone_offset: offset } = night;
  const facts = [
    night.sleep_duration_seconds === null ? null : `${duration(night.sleep_duration_seconds / 60)} asleep`,
    `${duration(night.duration_seconds / 60)} in bed`,
    night.efficiency_percent === null ? null : `efficiency ${Math.round(night.efficiency_percent)} %`,
  ];
  const from = clockTime(start, offset);
  const to = clockTime(end, offset);
  return [
    facts.filter((fact) => fact !== null).join(' · '),
    ...(night.sleep_stage_intervals?.length
      ? [
          '',
          ...hypnogram(night.sleep_stage_intervals, start, end),
          `       ${from}${to.padStart(COLUMNS - from.length)}`,
        ]
      : []),
    ...(night.stages ? ['', stageTotals(night.stages)] : []),
  ];
}

/** One row a stage; a column belongs to the stage that lasts longest in it. */
export function hypnogram(intervals: StageInterval[], start: string, end: string): string[] {
  const startMs = Date.parse(start);
  const columnMs = (Date.parse(end) - startMs) / COLUMNS;
  const columns = Array.from({ length: COLUMNS }, (_, column) =>
    longestStage(intervals, startMs + column * columnMs, startMs + (column + 1) * columnMs),
  );
  return ROWS.map(([stage, label]) => {
    const cells = columns.map((winner) => (winner === stage ? '█' : ' ')).join('');
    return `${label.padEnd(7)}${cells}`.trimEnd();
  });
}

function longestStage(intervals: StageInterval[], fromMs: number, toMs: number): string | null {
  const overlaps = new Map<string, number>();
  for (const { stage, start_time, end_time } of intervals) {
    const overlapMs = Math.min(Date.parse(end_time), toMs) - Math.max(Date.parse(start_time), fromMs);
    if (overlapMs > 0) overlaps.set(stage, (overlaps.get(stage) ?? 0) + overlapMs);
  }
  const [longest] = [...overlaps].toSorted(([, a], [, b]) => b - a);
  return longest?.[0] ?? null;
}

const stageTotals = (stages: NonNullable<SleepItem['stages']>) =>
  ROWS.map(([stage, label]) => `${label} ${duration(stages[`${stage}_minutes`])}`).join(' · ');

export function duration(minutes: number): string {
  const whole = Math.round(minutes);
  return whole < 60
    ? `${whole} min`
    : `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')} min`;
}

/** In the wearer's own zone, such as 23:14. */
export const clockTime = (instant: string, offset: string | null) => localIso(instant, offset).slice(11, 16);

export const localDate = (instant: string, offset: string | null) => localIso(instant, offset).slice(0, 10);

function localIso(instant: string, offset: string | null): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset ?? '') ?? [];
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  return new Date(Date.parse(instant) + offsetMinutes * 60_000).toISOString();
}
