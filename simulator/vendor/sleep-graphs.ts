import { Reading } from '../sensors/reading';
import { CurveStatistics, NightTruth } from '../truth/day-truth';
import { toPoints } from './series';
import { stageTypes } from './stage-types';

export function stageGraph(night: NightTruth): unknown {
  const data = night.stages.map(({ start, end, stage, toss_turns: tossed }) => {
    const tosses = tossed === null ? {} : { toss_turn: tossed };
    return { start, end, type: stageTypes[stage], ...tosses };
  });
  return {
    title: 'Sleep Stages',
    data,
    education_modal_deeplink: 'ultrahuman://educationModal?id=sleep_stages',
  };
}

export function movementGraph(night: NightTruth): unknown {
  return {
    title: 'Movement',
    data: night.movements.map(({ at, intensity }) => ({ timestamp: at, type: intensity })),
  };
}

export function pulseGraphs(night: NightTruth): Record<string, unknown> {
  const { graphs, graph_statistics: statistics } = night;
  const { hr, hrv, temp } = graphs;
  return {
    hr_graph: graph('HR', 'BPM', hr, statistics.hr, {
      vertical_zone: { start: night.start, end: night.end, title: 'Sleep' },
      marks: lowestMark(night),
    }),
    hrv_graph: graph('HRV', 'ms', hrv, statistics.hrv, { zone: { title: 'Your range' } }),
    temp_graph: graph('Skin Temperature', '°C', temp, statistics.temp, {}),
  };
}

/** A curve without a point is an empty object. */
function graph(
  title: string,
  unit: string,
  readings: Reading[],
  statistics: CurveStatistics,
  extra: Record<string, unknown>,
): Record<string, unknown> {
  if (readings.length === 0) return {};
  const link = `ultrahuman://educationModal?id=${title.toLowerCase().replace(' ', '_')}_sleep`;
  return {
    title,
    data: toPoints(readings),
    unit,
    gist_object: {
      title: `Average ${title}`,
      detail_text: String(Math.round(statistics.avg)),
      detail_unit_text: unit,
      subtitle: 'During sleep',
      ...statistics,
    },
    info_button: { title: 'Learn more', deeplink: link },
    education_modal_deeplink: link,
    ...extra,
  };
}

function lowestMark({ hr_drop: drop }: NightTruth): unknown[] {
  return drop === null ? [] : [{ mark_type: 'lowest', mark_color: '#F5A623', mark_point: drop.at }];
}

/** The one corner of the answer that speaks camelCase. */
export function cyclesSection(night: NightTruth): unknown {
  const full = night.cycles.filter((cycle) => cycle.full).length;
  const partial = night.cycles.length - full;
  return {
    title: `Sleep Cycles • ${night.cycles.length}`,
    infoDeeplink: 'ultrahuman://educationModal?id=sleep_cycles',
    cycles: night.cycles.map((cycle) => ({
      startTime: cycle.start,
      endTime: cycle.end,
      cycleType: cycle.full ? 'full' : 'partial',
      color: cycle.full ? '#008A46' : '#004223',
      icon_url: `https://cdn.example.com/sleep-cycle-${cycle.full ? 'full' : 'partial'}.png`,
    })),
    legend: [
      { title: `${full} Full`, color: '#008A46' },
      { title: `${partial} Partial`, color: '#004223' },
    ],
  };
}
