import { Life } from '../life/life';
import { Night } from '../life/night';
import { Noise, Random } from '../life/random';
import { mean, Reading, values } from '../sensors/reading';
import { NightTruth } from './day-truth';
import { architectureOf } from './night-architecture';
import { curveStatistics, nightCurve } from './night-curves';
import { Revision } from './night-revision';
import { contributors, sleepScore } from './sleep-score';
import { bodyClock } from './sleep-timing';

/** Plausible readings between a sleep's begin and end. */
export interface NightReadings {
  hr: Reading[];
  hrv: Reading[];
  temp: Reading[];
  spo2: Reading[];
}

/** A sleep by itself; whether it is the main one of its date is seen only beside the others. */
export interface JudgedNight {
  truth: Omit<NightTruth, 'nap' | 'avg_resting_hr'>;
  /** Half-hour means of the pulse. */
  pulse: Reading[];
  avgPulse: number | null;
  restingPulse: number;
  avgHrv: number;
  temperature: number;
  /** 0 to 100, whether or not the vendor sends it. */
  quality: number;
  alertnessMinutes: number;
}

const fewestReadings = 4;

/** Null when the ring recorded too little of a sleep to tell anything about it. */
export function judgeNight(
  life: Life,
  night: Night,
  readings: NightReadings,
  revision: Revision,
): JudgedNight | null {
  const { hr, hrv, temp } = readings;
  if (hr.length < fewestReadings || hrv.length === 0 || temp.length === 0) return null;
  const { generation, sendsSleepScore } = life.persona.account;
  const key = `${life.seed}/${life.persona.id}/${night.start}`;
  const architecture = architectureOf(night);
  const found = {
    avgHrv: rounded(hrv),
    restingPulse: restingPulse(hr),
    temperature: Math.round(warmPart(temp) * 100) / 100,
    bedtime: bodyClock(night.start, life.itinerary.zoneAt(night.start)),
  };
  const parts = contributors(life.persona, { ...architecture, ...found });
  const quality = Math.max(1, sleepScore(parts) - heldBack(revision, key));
  const truth = {
    ...architecture,
    ...curves(night, readings),
    ...(generation === 'flat' ? untold : later(architecture, hr, key)),
    avg_hr: rounded(hr),
    avg_hrv: found.avgHrv,
    spo2: saturation(life, night, readings.spo2),
    spo2_is_beta: generation === 'flat',
    toss_turn_is_beta: generation !== 'top_level',
    score: sendsSleepScore ? quality : null,
    contributors: parts,
  };
  const alertnessMinutes = new Random(`${key}/alertness`).int(35, 205);
  const pulse = halfHourPulse(hr);
  return {
    ...found,
    truth,
    pulse,
    avgPulse: pulse.length > 0 ? rounded(pulse) : null,
    quality,
    alertnessMinutes,
  };
}

const untold = { restorative_percent: null, full_cycles: null, hr_drop: null };

/** What the vendor sends of a night since 2025. */
function later(night: ReturnType<typeof architectureOf>, hr: Reading[], key: string) {
  const { deep, rem } = night.stage_seconds;
  const [at, value] = hr.reduce((lowest, reading) => (reading[1] < lowest[1] ? reading : lowest));
  return {
    restorative_percent: Math.round((100 * (deep + rem)) / night.asleep_seconds),
    full_cycles: night.cycles.filter(({ full }) => full).length,
    hr_drop: new Random(`${key}/drop`).chance(0.5) ? { at, value } : null,
  };
}

function curves(
  { start, end }: Night,
  readings: NightReadings,
): Pick<NightTruth, 'graphs' | 'graph_statistics'> {
  const graphs = {
    hr: nightCurve('hr', start, end, readings.hr),
    hrv: nightCurve('hrv', start, end, readings.hrv),
    temp: nightCurve('temp', start, end, readings.temp),
  };
  const { hr, hrv, temp } = graphs;
  return {
    graphs,
    graph_statistics: { hr: curveStatistics(hr), hrv: curveStatistics(hrv), temp: curveStatistics(temp) },
  };
}

/** The same night scores a little less while its end is not settled. */
function heldBack(revision: Revision, key: string): number {
  const random = new Random(`${key}/revision`);
  const [first, second] = [random.int(4, 7), random.int(1, 3)];
  return { first, second, final: 0 }[revision];
}

/** A ring that lists its saturations gives their mean; one that does not gives a figure of its own, or none. */
function saturation({ persona, seed }: Life, night: Night, spo2: Reading[]): number | null {
  if (!persona.oxygen) return null;
  if (persona.oxygen.series) return spo2.length > 0 ? rounded(spo2) : null;
  return Math.round(persona.oxygen.usual + new Noise(`${seed}/${persona.id}/spo2`).at(night.start, 86_400));
}

/** The lowest half hour of the night; of a nap shorter than that, its mean. */
function restingPulse(hr: Reading[]): number {
  const windows = hr.slice(5).map((_, index) => mean(values(hr.slice(index, index + 6))) ?? 0);
  return windows.length === 0 ? rounded(hr) : Math.round(Math.min(...windows));
}

/** The first hour is the skin still warming up, and says nothing about the person's temperature. */
function warmPart(temp: Reading[]): number {
  const warm = values(temp.filter(([at]) => at > temp[0][0] + 3600));
  return mean(warm) ?? mean(values(temp)) ?? 0;
}

/** Half-hour means of the pulse of a night, stamped with the last reading of each. */
function halfHourPulse(hr: Reading[]): Reading[] {
  const means: Reading[] = [];
  for (let index = 0; index + 6 <= hr.length; index += 6) {
    const chunk = hr.slice(index, index + 6);
    means.push([chunk[5][0], rounded(chunk)]);
  }
  return means;
}

function rounded(readings: Reading[]): number {
  return Math.round(mean(values(readings)) ?? 0);
}
