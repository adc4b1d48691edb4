import type { DaySamples, DayTruth } from '../../../simulator/truth/day-truth';
import { localNoon, offsetAt, type SeenDay } from './calendar';
import { addFacts, iso, type Facts } from './facts';
import { GLUCOSE_SENSOR, RING } from './sources';

const [RING_MODEL, SENSOR_MODEL] = [RING.device, GLUCOSE_SENSOR.device];

const SERIES: { [Kind in keyof DaySamples]: [code: string, unit: string, device: string] } = {
  hr: ['heart_rate', 'bpm', RING_MODEL],
  hrv: ['heart_rate_variability_rmssd', 'ms', RING_MODEL],
  temp: ['skin_temperature', 'celsius', RING_MODEL],
  steps: ['steps', 'count', RING_MODEL],
  spo2: ['oxygen_saturation', 'percent', RING_MODEL],
  night_rhr: ['sleeping_heart_rate', 'bpm', RING_MODEL],
  glucose: ['blood_glucose', 'mg_dl', SENSOR_MODEL],
};

const KINDS = Object.keys(SERIES) as (keyof DaySamples)[];

export function allSamples(truth: DayTruth[]): DaySamples {
  const lists = KINDS.map((kind) => [kind, truth.flatMap(({ samples }) => samples[kind])]);
  return Object.fromEntries(lists);
}

export function addSamples(facts: Facts, samples: DaySamples, calendar: SeenDay[]): void {
  for (const kind of KINDS) {
    const [code, unit, device] = SERIES[kind];
    for (const [at, value] of samples[kind]) {
      const day = calendar.findLast(({ start }) => start <= at);
      // The first night began on a date of which nobody has told when it started.
      const offset = day === undefined ? null : offsetAt(day, at);
      addFacts(facts, iso(at), code, value);
      addFacts(facts, iso(at), `${code} with`, `${unit} ${offset} ${device}`);
    }
  }
}

interface Daily {
  code: string;
  unit: string;
  value: number | null;
  device?: string;
  target_range?: object;
}

export function addDailyValues(facts: Facts, truth: DayTruth, day: SeenDay, samples: DaySamples): void {
  const sums = day.isReckoned ? reckoned(day, samples) : {};
  for (const { code, unit, value, device = RING_MODEL, ...rest } of dailyValues({ ...truth, ...sums })) {
    if (value === null) continue;
    const [what, noon] = [`daily ${code}`, localNoon(day)];
    addFacts(facts, day.date, what, value);
    addFacts(facts, day.date, `${what} with`, `${unit} ${offsetAt(day, noon)} ${device}`);
    addFacts(facts, day.date, what, { ...rest, at: iso(noon) });
  }
}

/** What the samples of a day come to as it was cut first, unrounded. @param samples of all days */
function reckoned({ start, end }: SeenDay, samples: DaySamples): Partial<DayTruth> {
  const valuesOf = (kind: keyof DaySamples) =>
    samples[kind].filter(([at]) => start <= at && at < end).map(([, value]) => value);
  const [hrv, spo2, steps] = [valuesOf('hrv'), valuesOf('spo2'), valuesOf('steps')];
  return {
    steps_total: sum(steps),
    steps_avg: mean(steps),
    hrv_avg: mean(hrv),
    spo2_avg: mean(spo2),
  };
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]) => (values.length === 0 ? null : sum(values) / values.length);

function dailyValues(day: DayTruth): Daily[] {
  // Before the morning's sync nobody knows of any steps, not even of none.
  const hasBeenSynced = day.known_until > day.day_start;
  return [
    { code: 'resting_heart_rate', unit: 'bpm', value: day.resting_hr },
    { code: 'vo2_max', unit: 'ml_kg_min', value: day.vo2max },
    { code: 'steps', unit: 'count', value: hasBeenSynced ? day.steps_total : null },
    { code: 'steps_per_interval', unit: 'count', value: day.steps_avg },
    { code: 'average_heart_rate_variability_rmssd', unit: 'ms', value: day.hrv_avg },
    { code: 'average_oxygen_saturation', unit: 'percent', value: day.spo2_avg },
    { code: 'active_time', unit: 'minutes', value: day.active_minutes },
    { code: 'inactive_time', unit: 'minutes', value: day.inactive_minutes },
    { code: 'weekly_active_time', unit: 'minutes', value: day.weekly_active_minutes },
    { code: 'skin_temperature_deviation', unit: 'celsius', value: day.temperature_deviation },
    { code: 'sleeping_skin_temperature', unit: 'celsius', value: day.average_body_temperature },
    { code: 'sleep_movements', unit: 'count', value: day.sleep_movements },
    { code: 'morning_alertness', unit: 'minutes', value: day.morning_alertness },
    ...glucoseValues(day),
  ];
}

function glucoseValues({ metabolic }: DayTruth): Daily[] {
  if (metabolic === null) return [];
  const target = { low: metabolic.target_low, high: metabolic.target_high, unit: 'mg_dl' };
  return [
    { code: 'average_glucose', unit: 'mg_dl', value: metabolic.average_glucose, device: SENSOR_MODEL },
    {
      code: 'glucose_variability',
      unit: 'percent',
      value: metabolic.variability_percent,
      device: SENSOR_MODEL,
    },
    { code: 'hba1c_estimate', unit: 'percent', value: metabolic.hba1c, device: SENSOR_MODEL },
    {
      code: 'glucose_time_in_target',
      unit: 'percent',
      value: metabolic.time_in_target_percent,
      device: SENSOR_MODEL,
      target_range: target,
    },
  ];
}
