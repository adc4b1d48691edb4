import { Stage } from '../life/sleep-stages';
import { DayTruth, NightTruth } from '../truth/day-truth';
import { NightReadings } from '../truth/night-truth';
import { Entry } from './entry';
import { contributorSummary } from './sleep-summary';
import { cyclesSection, movementGraph, pulseGraphs, stageGraph } from './sleep-graphs';
import { quickMetrics, quickMetricsTiled } from './sleep-tiles';
import { stageTypes } from './stage-types';
import { clockText, durationText } from './text';

/** Capital S, filed under the date of the wake-up, stamped by its own begin and end instead of a day start. */
export function sleepEntry(truth: DayTruth, readings: NightReadings): Entry[] {
  const night = truth.sleep;
  if (!night) return [];
  return [{ type: 'Sleep', object: sleepObject(night, readings, truth.time_zone) }];
}

function sleepObject(night: NightTruth, readings: NightReadings, zone: string): Record<string, unknown> {
  return {
    bedtime_start: night.start,
    bedtime_end: night.end,
    quick_metrics: quickMetrics(night),
    quick_metrics_tiled: quickMetricsTiled(night),
    sleep_stages: stageRows(night),
    sleep_graph: stageGraph(night),
    movement_graph: movementGraph(night),
    ...pulseGraphs(night, readings),
    respiratory_graph: null,
    summary: contributorSummary(night),
    score_trend: scoreTrend(night.score),
    index_tracking_params: [{ key_name: 'sleep_index', value: String(night.score) }],
    spo2: {
      title: 'Average Oxygen Saturation',
      value: night.spo2,
      is_beta: true,
      education_modal_deeplink: 'ultrahuman://educationModal?id=spo2_sleep',
    },
    toss_turn: {
      title: 'Toss & Turn',
      subtitle: `${clockText(night.start, zone)} - ${clockText(night.end, zone)}`,
      value: night.movements.length,
      is_beta: true,
    },
    sleep_cycles: cyclesSection(night),
    tags_section: {},
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
    const percentage = Math.round((100 * seconds) / night.time_in_bed_seconds);
    const text = `${durationText(seconds)} • ${percentage}%`;
    return { title, type: stageTypes[stage], percentage, stage_time_text: text, stage_time: seconds };
  });
}

function scoreTrend(score: number): Record<string, number> {
  return { day_avg: score, week_avg: score - 1, month_avg: score - 2, year_avg: score - 3 };
}
