import { mean, Reading, values, within } from '../sensors/reading';
import { NightTruth } from '../truth/day-truth';
import { NightReadings } from '../truth/night-truth';
import { Point } from './entry';
import { stageTypes } from './stage-types';

export function stageGraph(night: NightTruth): unknown {
  const data = night.stages.map(({ start, end, stage }) => {
    const tossed = night.movements.filter(({ at }) => at >= start && at < end).length;
    return { start, end, type: stageTypes[stage], ...(tossed > 0 ? { toss_turn: tossed } : {}) };
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

/** The night's curves are smoothed onto five-minute marks; halves of beats, quarters of milliseconds. */
export function pulseGraphs(night: NightTruth, readings: NightReadings): Record<string, unknown> {
  const graph = (title: string, unit: string, kind: keyof NightReadings, step: number) => {
    const data = smooth(night, readings[kind], step);
    return { title, data, unit, ...presentation(title, unit, data) };
  };
  return {
    hr_graph: {
      ...graph('HR', 'BPM', 'hr', 0.5),
      vertical_zone: { start: night.start, end: night.end, title: 'Sleep' },
      marks: [],
    },
    hrv_graph: { ...graph('HRV', 'ms', 'hrv', 0.25), zone: { title: 'Your range' } },
    temp_graph: graph('Skin Temperature', '°C', 'temp', 0.01),
  };
}

function smooth(night: NightTruth, readings: Reading[], step: number): Point[] {
  const points: Point[] = [];
  for (let timestamp = night.start; timestamp <= night.end; timestamp += 300) {
    const level = mean(values(within(readings, timestamp - 450, timestamp + 450)));
    if (level !== null)
      points.push({ timestamp, value: Number((Math.round(level / step) * step).toFixed(2)) });
  }
  return points;
}

function presentation(title: string, unit: string, data: Point[]): Record<string, unknown> {
  const levels = data.map(({ value }) => value);
  const gist = {
    title: `Average ${title}`,
    detail_text: String(Math.round(mean(levels) ?? 0)),
    detail_unit_text: unit,
    subtitle: 'During sleep',
    avg: Math.round(mean(levels) ?? 0),
    min: Math.min(...levels),
    max: Math.max(...levels),
  };
  const link = `ultrahuman://educationModal?id=${title.toLowerCase().replace(' ', '_')}_sleep`;
  return {
    gist_object: gist,
    info_button: { title: 'Learn more', deeplink: link },
    education_modal_deeplink: link,
  };
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
