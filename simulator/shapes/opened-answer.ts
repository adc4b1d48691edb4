import { isRecord } from '../http/exchange';

type Json = Record<string, unknown>;

/** A day's answer taken out of its envelope. A copy: shapes may change it in place. */
export interface OpenedAnswer {
  /** Null in E1, which names none. */
  date: string | null;
  zone: unknown;
  entries: Json[];
  /** The same envelope around other entries. */
  wrap: (entries: unknown[]) => Json;
}

export interface ShapeCall {
  turn: number;
  offsetMs: number;
  field: string | undefined;
}

/** The body to send instead. */
export type Shape = (answer: OpenedAnswer, call: ShapeCall) => unknown;

/** Null when the answer holds no list of metrics to spoil, or several. */
export function openAnswer(text: string): OpenedAnswer | null {
  const body: unknown = JSON.parse(text);
  if (!isRecord(body) || !isRecord(body.data)) return null;
  const { data } = body;
  if (Array.isArray(data.metric_data)) {
    const wrap = (entries: unknown[]) => ({ ...body, data: { ...data, metric_data: entries } });
    return { date: null, zone: data.latest_time_zone, entries: data.metric_data.filter(isRecord), wrap };
  }
  if (!isRecord(data.metrics)) return null;
  const [[date, entries] = [null, null], ...others] = Object.entries(data.metrics);
  if (date === null || !Array.isArray(entries) || others.length > 0) return null;
  const wrap = (changed: unknown[]) => ({ ...body, data: { ...data, metrics: { [date]: changed } } });
  return { date, zone: data.latest_time_zone, entries: entries.filter(isRecord), wrap };
}

export function objectOf(entry: Json): Json {
  return isRecord(entry.object) ? entry.object : {};
}

export function valuesOf(entry: Json): Json[] {
  const { values } = objectOf(entry);
  return Array.isArray(values) ? values.filter(isRecord) : [];
}

export function typeOf(entry: Json): string {
  return typeof entry.type === 'string' ? entry.type.toLowerCase() : '';
}

/** A copy of any JSON in which every field is what `change` makes of it. */
export function mapFields(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapFields(item, change));
  if (!isRecord(value)) return value;
  const pairs = Object.entries(value).map(
    ([key, old]) => [key, change(key, mapFields(old, change))] as const,
  );
  return Object.fromEntries(pairs.filter(([, changed]) => changed !== undefined));
}
