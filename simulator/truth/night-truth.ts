import { Night } from '../life/night';
import { Persona } from '../life/persona';
import { Noise, Random } from '../life/random';
import { Stage, StageInterval } from '../life/sleep-stages';
import { mean, Reading, values } from '../sensors/reading';
import { NightTruth } from './day-truth';
import { contributors, sleepScore } from './sleep-score';

export interface NightReadings {
  hr: Reading[];
  hrv: Reading[];
  temp: Reading[];
}

/** Null when the ring recorded too little of the night to tell anything about it. */
export function nightTruth(
  persona: Persona,
  key: string,
  night: Night,
  readings: NightReadings,
): NightTruth | null {
  const [avgHr, avgHrv, avgTemp] = [
    mean(values(readings.hr)),
    mean(values(readings.hrv)),
    warmPart(readings.temp),
  ];
  if (avgHr === null || avgHrv === null || avgTemp === null || readings.hr.length < 12) return null;
  const stageSeconds = sumStages(night.stages);
  const timeInBed = night.end - night.start;
  const asleep = timeInBed - stageSeconds.awake;
  const lowest = restingPulse(readings.hr);
  const facts = {
    start: night.start,
    end: night.end,
    time_in_bed_seconds: timeInBed,
    asleep_seconds: asleep,
    stage_seconds: stageSeconds,
    stages: night.stages,
    efficiency: Math.round((100 * asleep) / timeInBed),
    avg_hr: Math.round(avgHr),
    avg_hrv: Math.round(avgHrv),
    avg_temp: Math.round(avgTemp * 100) / 100,
    lowest_hr: lowest,
    hr_drop_percent: Math.round((1 - lowest / (persona.heart.resting + 16)) * 100),
    spo2: Math.round(97 + new Noise(`${key}/spo2`).at(night.start, 86_400)),
    cycles: findCycles(night.stages),
    movements: night.movements,
    alertness_minutes: new Random(`${key}/${night.end}/alertness`).int(35, 205),
  };
  const parts = contributors(persona, facts);
  return { ...facts, contributors: parts, score: sleepScore(parts) };
}

/** The lowest half hour of the night. */
function restingPulse(hr: Reading[]): number {
  const windows = hr.slice(5).map((_, index) => mean(values(hr.slice(index, index + 6))) ?? 0);
  return Math.round(Math.min(...windows));
}

/** The first hour is the skin still warming up, and says nothing about the person's temperature. */
function warmPart(temp: Reading[]): number | null {
  return mean(values(temp.filter(([at]) => at > temp[0][0] + 3600)));
}

function sumStages(stages: StageInterval[]): Record<Stage, number> {
  const seconds: Record<Stage, number> = { deep: 0, light: 0, rem: 0, awake: 0 };
  for (const { start, end, stage } of stages) seconds[stage] += end - start;
  return seconds;
}

/** A cycle ends with its dream; one without enough of it, or cut short by the morning, counts as partial. */
function findCycles(stages: StageInterval[]): NightTruth['cycles'] {
  const cycles: NightTruth['cycles'] = [];
  let start = stages.find(({ stage }) => stage !== 'awake')?.start ?? stages[0].start;
  for (const { end, stage } of stages) {
    if (stage !== 'rem') continue;
    cycles.push({ start, end, full: end - start >= 65 * 60 });
    start = end;
  }
  const asleepUntil = stages.findLast(({ stage }) => stage !== 'awake')?.end ?? start;
  if (asleepUntil - start >= 20 * 60) cycles.push({ start, end: asleepUntil, full: false });
  return cycles;
}

/** Half-hour means of the pulse of a night, stamped with the last reading of each. */
export function halfHourPulse(hr: Reading[]): Reading[] {
  const means: Reading[] = [];
  for (let index = 0; index + 6 <= hr.length; index += 6) {
    const chunk = hr.slice(index, index + 6);
    means.push([chunk[5][0], Math.round(mean(values(chunk)) ?? 0)]);
  }
  return means;
}
