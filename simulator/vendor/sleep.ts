import { Stage } from '../life/sleep-stages';
import { NightTruth } from '../truth/day-truth';
import { VendorDay } from '../truth/vendor-day';
import { Entry } from './entry';
import { nestedScalars } from './nested-sleep';
import { sleepInertia } from './sleep-inertia';
import { contributorSummary } from './sleep-summary';
import { cyclesSection, movementGraph, pulseGraphs, stageGraph } from './sleep-graphs';
import { quickMetrics, quickMetricsTiled } from './sleep-tiles';
import { stageTypes } from './stage-types';
import { clockText, durationText } from './text';

/** One entry a sleep, filed under the date of the wake-up, stamped by its own begin and end instead of a day start. */
export function sleepEntries(day: VendorDay): Entry[] {
  const type = day.lower_case_sleep ? 'sleep' : 'Sleep';
  return day.sleeps.map((night) => ({ type, object: sleepObject(night, day) }));
}

function sleepObject(night: NightTruth, day: VendorDay): Record<string, unknown> {
  return {
    bedtime_start: night.start,
    bedtime_end: night.end,
    quick_metrics: quickMetrics(night, day.generation),
    quick_metrics_tiled: quickMetricsTiled(night),
    sleep_stages: stageRows(night),
    sleep_graph: stageGraph(night),
    movement_graph: movementGraph(night),
    ...pulseGraphs(night),
    respiratory_graph: null,
    summary: contributorSummary(night),
    ...sleepInertia(night, day.scalars.morning_alertness),
    ...scoreTrend(night.score),
    spo2: {
      title: 'Average Oxygen Saturation',
      value: night.spo2,
      is_beta: night.spo2_is_beta,
      education_modal_deeplink: 'ultrahuman://educationModal?id=spo2_sleep',
    },
    toss_turn: {
      title: 'Toss & Turn',
      subtitle: wholeNight(night, day.zone_now),
      value: night.toss_turns,
      is_beta: night.toss_turn_is_beta,
    },
    sleep_cycles: cyclesSection(night),
    tags_section: {},
    ...(day.generation === 'nested' ? nestedScalars(night, day.scalars) : {}),
  };
}

function stageRows(night: NightTruth): unknown[] {
  const titles: [Stage, string][] = [
    ['deep', 'Deep Sleep'],
    ['light', 'Light Sleep'],
    ['rem', 'REM Sleep'],
    ['awake', 'Awake'],
  ];
  return titles.map(([stage, title]) => {
    const seconds = night.stage_seconds[stage];
    const percentage = night.stage_percent[stage];
    const text = `${durationText(seconds)} • ${percentage}%`;
    return { title, type: stageTypes[stage], percentage, stage_time_text: text, stage_time: seconds };
  });
}

function wholeNight({ start, end }: NightTruth, zone: string | null): string {
  return `${clockText(start, zone ?? 'utc')} - ${clockText(end, zone ?? 'utc')}`;
}

function scoreTrend(score: number | null): Record<string, unknown> {
  if (score === null) return {};
  return {
    score_trend: { day_avg: score, week_avg: score - 1, month_avg: score - 2, year_avg: score - 3 },
    index_tracking_params: [{ key_name: 'sleep_index', value: String(score) }],
  };
}
