import { isRecord } from '../http/exchange';
import { objectOf, Shape, typeOf } from './opened-answer';

type Json = Record<string, unknown>;

const scores = ['recovery_index', 'movement_index', 'sleep_score', 'metabolic_score'];
const minuteTypes = ['active_minutes', 'inactive_time', 'weekly_active_minutes', 'morning_alertness'];
const secondTypes = ['total_sleep', 'time_in_bed', 'deep_sleep', 'light_sleep', 'rem_sleep'];

/** Out of ten, as in the first years. */
export const scoresOutOfTen: Shape = ({ entries, wrap }) =>
  wrap(
    entries.map((entry) => {
      if (scores.includes(typeOf(entry))) return scaled(entry, 0.1);
      return typeOf(entry) === 'sleep' ? mapRows(entry, tenthOfScore) : entry;
    }),
  );

function tenthOfScore(row: Json): Json {
  if (typeof row.score === 'number') return { ...row, score: row.score / 10 };
  return row.type === 'sleep_index' && typeof row.value === 'number'
    ? { ...row, value: row.value / 10 }
    : row;
}

/** Durations in the other unit than their place in the answer promises. */
export const secondsVersusMinutes: Shape = ({ entries, wrap }) =>
  wrap(
    entries.map((entry) => {
      if (minuteTypes.includes(typeOf(entry))) return scaled(entry, 60);
      if (secondTypes.includes(typeOf(entry))) return scaled(entry, 1 / 60);
      return typeOf(entry) === 'sleep' ? mapRows(entry, otherUnit) : entry;
    }),
  );

function otherUnit(row: Json): Json {
  const changed = { ...row };
  const isDuration = row.type === 'total_sleep' || row.type === 'time_in_bed';
  if (isDuration && typeof row.value === 'number') changed.value = row.value / 60;
  if (typeof row.minutes === 'number') changed.minutes = row.minutes * 60;
  if (typeof row.stage_time === 'number') changed.stage_time = row.stage_time / 60;
  return changed;
}

function scaled(entry: Json, factor: number): Json {
  const object = objectOf(entry);
  if (typeof object.value !== 'number') return entry;
  return { ...entry, object: { ...object, value: object.value * factor } };
}

/** The parts of a sleep that are objects, or rows of a list. */
function mapRows(entry: Json, change: (row: Json) => Json): Json {
  const parts = Object.entries(objectOf(entry)).map(([key, part]) => {
    if (Array.isArray(part)) return [key, part.map((row) => (isRecord(row) ? change(row) : row))];
    return [key, isRecord(part) ? change(part) : part];
  });
  return { ...entry, object: Object.fromEntries(parts) as Json };
}
