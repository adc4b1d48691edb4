import { isRecord } from '../http/exchange';
import { objectOf, Shape, ShapeCall, typeOf, valuesOf } from './opened-answer';

type Json = Record<string, unknown>;

/** The generation of 2022: scores out of ten, the night inside `details`, and again under `motion`. */
export const legacy2022: Shape = (answer, call) =>
  answer.wrap(answer.entries.flatMap((entry) => legacyEntries(entry, answer.entries, call)));

function legacyEntries(entry: Json, all: Json[], { turn }: ShapeCall): Json[] {
  const object = objectOf(entry);
  switch (typeOf(entry)) {
    case 'steps':
      return [{ ...entry, object: without(object, 'total') }, motionEntry(entry, all)];
    case 'recovery_index':
      return [
        { type: 'recovery', object: { ...without(object, 'value'), score: Number(object.value) / 10 } },
      ];
    case 'sleep':
      return [{ type: 'Sleep', object: legacySleep(object, turn) }];
    default:
      return [entry];
  }
}

const nightParts = ['sleep_graph', 'hr_graph', 'hrv_graph', 'summary'];

function motionEntry(steps: Json, all: Json[]): Json {
  const night = objectOf(all.find((entry) => typeOf(entry) === 'sleep') ?? {});
  const values = valuesOf(steps).map((point) => ({ ...point, value: 12 + Number(point.value) * 0.8 }));
  const parts = Object.entries(night).filter(([key]) => nightParts.includes(key));
  const dayStart = objectOf(steps).day_start_timestamp;
  return { type: 'motion', object: { day_start_timestamp: dayStart, values, ...Object.fromEntries(parts) } };
}

const detailParts = ['quick_metrics', 'sleep_stages', 'summary', 'bedtime_start', 'bedtime_end'];

function legacySleep(sleep: Json, turn: number): Json {
  const isDetail = ([key]: [string, unknown]) => detailParts.includes(key) || key.endsWith('_graph');
  const details = Object.fromEntries(Object.entries(sleep).filter(isDetail));
  return { score: scoreOf(sleep) / 10, title: 'Sleep', is_processing_new_data: turn % 2 === 1, details };
}

function scoreOf({ quick_metrics: rows, sleep_score: nested }: Json): number {
  if (isRecord(nested)) return Number(nested.score);
  const index = Array.isArray(rows) ? rows.find((row) => isRecord(row) && row.type === 'sleep_index') : null;
  return isRecord(index) ? Number(index.value) : 72;
}

function without(object: Json, field: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== field));
}
