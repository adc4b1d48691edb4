import type { DayTruth, NightCurve, NightTruth } from '../../../simulator/truth/day-truth';
import { offsetAt, type SeenDay } from './calendar';
import { iso } from './facts';
import { RING } from './sources';

/** The longest of the sleeps that end on the date, the first of equally long ones. */
export const mainSleep = ({ sleeps }: DayTruth): NightTruth | undefined =>
  sleeps.toSorted((a, b) => b.end - b.start - (a.end - a.start))[0];

/** What `events/sleep?include=details` is to say of a sleep, beside its id and its start. */
export function expectedSleep(night: NightTruth, day: SeenDay): object {
  return {
    end_time: iso(night.end),
    zone_offset: offsetAt(day, night.end),
    source: RING,
    duration_seconds: night.end - night.start,
    sleep_duration_seconds: night.asleep_seconds,
    efficiency_percent: night.efficiency,
    stages: stageMinutes(night),
    sleep_stage_intervals: night.stages.map(({ stage, start, end, toss_turns }) => ({
      stage,
      start_time: iso(start),
      end_time: iso(end),
      toss_turns,
    })),
    is_nap: night.nap,
    details: details(night),
  };
}

export const stageMinutes = ({ stage_seconds: { awake, light, deep, rem } }: NightTruth) => ({
  awake_minutes: Math.round(awake / 60),
  light_minutes: Math.round(light / 60),
  deep_minutes: Math.round(deep / 60),
  rem_minutes: Math.round(rem / 60),
});

/** Times awake that sleep came before and after. */
export function awakenings({ stages }: NightTruth): number {
  const asleep = stages.map(({ stage }) => stage !== 'awake');
  return asleep.slice(asleep.indexOf(true), asleep.lastIndexOf(true)).filter((isAsleep) => !isAsleep).length;
}

function details(night: NightTruth): object {
  const fellAsleep = night.stages.find(({ stage }) => stage !== 'awake');
  return {
    latency_seconds: fellAsleep === undefined ? null : fellAsleep.start - night.start,
    awakenings_count: awakenings(night),
    time_in_bed_seconds: night.time_in_bed_seconds,
    stage_percent: night.stage_percent,
    restorative_percent: night.restorative_percent,
    full_cycles_count: night.full_cycles,
    cycles: night.cycles.map(({ start, end, full }) => ({
      start_time: iso(start),
      end_time: iso(end),
      full,
    })),
    toss_turn_count: night.toss_turns,
    movements:
      night.movements.length === 0
        ? null
        : night.movements.map(({ at, intensity }) => ({ timestamp: iso(at), intensity })),
    avg_heart_rate_bpm: night.avg_hr,
    avg_hrv_rmssd_ms: night.avg_hrv,
    avg_resting_heart_rate_bpm: night.avg_resting_hr,
    avg_spo2_percent: night.spo2,
    heart_rate_drop: night.hr_drop && { timestamp: iso(night.hr_drop.at), value_bpm: night.hr_drop.value },
    beta: [
      ...(night.spo2_is_beta ? ['avg_spo2_percent'] : []),
      ...(night.toss_turn_is_beta ? ['toss_turn_count'] : []),
    ],
    provisional: false,
    aside: night.nap ? { score: night.score, components: contributors(night), daily: [] } : null,
    graphs: {
      heart_rate: { ...curve(night, 'hr', 'bpm'), ...shading(night) },
      heart_rate_variability_rmssd: curve(night, 'hrv', 'ms'),
      skin_temperature: curve(night, 'temp', 'celsius'),
    },
  };
}

/** What the sleep's score is made of. */
export const contributors = (night: NightTruth): object =>
  Object.fromEntries(night.contributors.map(({ key, value, state }) => [key, { value, qualifier: state }]));

/** Behind the heart rate the vendor shades the sleep and marks its lowest point. */
const shading = ({ start, end, hr_drop }: NightTruth): object => ({
  span: { start_time: iso(start), end_time: iso(end) },
  marks: hr_drop && [{ kind: 'lowest', timestamp: iso(hr_drop.at) }],
});

function curve({ graphs, graph_statistics }: NightTruth, kind: NightCurve, unit: string): object {
  const { avg, min, max } = graph_statistics[kind];
  return {
    unit,
    statistics: { average: avg, min, max },
    band: null,
    span: null,
    marks: null,
    timestamps: graphs[kind].map(([at]) => iso(at)),
    values: graphs[kind].map(([, value]) => value),
  };
}
