import type { Unit } from '../vendor-table/vendor-field';

export type Convert = (value: number) => number;

const same: Convert = (value) => value;
const times =
  (factor: number): Convert =>
  (value) =>
    value * factor;

const MG_DL_PER_MMOL_L = 18.0156;
const SECONDS = ['s', 'sec', 'secs', 'second', 'seconds'];
const MINUTES = ['m', 'min', 'mins', 'minute', 'minutes'];
const HOURS = ['h', 'hr', 'hrs', 'hour', 'hours'];
const FAHRENHEIT = ['°f', 'f', 'fahrenheit', '℉', 'degf'];
const CELSIUS = named(['°c', 'c', 'celsius', '℃', 'degc']);

/** What the vendor may call each unit, in lower case and without spaces, and how a value in it is converted. */
const SPELLINGS: Record<Unit, ReadonlyMap<string, Convert>> = {
  bpm: named(['bpm', '/min', 'beats/min', 'brpm', 'breaths/min']),
  ms: named(['ms', 'msec', 'milliseconds']),
  celsius: new Map([...CELSIUS, ...named(FAHRENHEIT, (value) => ((value - 32) * 5) / 9)]),
  celsius_difference: new Map([...CELSIUS, ...named(FAHRENHEIT, times(5 / 9))]),
  percent: named(['%', 'percent', 'pct']),
  count: named(['count', 'counts', 'steps', 'step', 'times', 'movements', 'cycles', 'turns']),
  seconds: new Map([...named(SECONDS), ...named(MINUTES, times(60)), ...named(HOURS, times(3_600))]),
  minutes: new Map([...named(MINUTES), ...named(SECONDS, times(1 / 60)), ...named(HOURS, times(60))]),
  hours: new Map([...named(HOURS), ...named(MINUTES, times(1 / 60)), ...named(SECONDS, times(1 / 3_600))]),
  mg_dl: new Map([...named(['mg/dl']), ...named(['mmol/l'], times(MG_DL_PER_MMOL_L))]),
  ml_kg_min: named(['ml/kg/min', 'ml/min/kg', 'ml/(kg·min)', 'ml/(kg*min)']),
  score: named(['score', 'points', '/100', '%']),
  score_of_10: named(['score', 'points', '/10']),
  epoch_seconds: new Map(),
};

/**
 * How to read a value beside which the vendor writes `told`; without it, the documented unit counts.
 * @returns null for a unit that is not known here: nobody can say what such a value means
 */
export function conversion(documented: Unit | null, told: unknown): Convert | null {
  if (told === null || told === undefined || told === '') return same;
  if (documented === null || documented === 'epoch_seconds') return same;
  if (typeof told !== 'string') return null;
  return SPELLINGS[documented].get(told.toLowerCase().replaceAll(/\s/g, '')) ?? null;
}

function named(spellings: string[], convert: Convert = same): Map<string, Convert> {
  return new Map(spellings.map((spelling) => [spelling, convert]));
}
