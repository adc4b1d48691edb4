import { IsArray, IsNotEmpty, IsObject, IsOptional, IsString, validateSync } from 'class-validator';
import type { LocalDate } from '../../health-data/canonical';
import { ProviderPayloadInvalid } from '../provider-errors';

/**
 * What `GET /user_data/metrics?date=` sends. The vendor's page (https://vision.ultrahuman.com/developer-docs?type=oauth)
 * and live answers disagree about the envelope, so it is told by its content:
 *
 * - E1 `{data: {metric_data: [entry, …], latest_time_zone?}, error, status}`
 * - E2 `{data: {metrics: {"2026-05-01": [entry, …]}, latest_time_zone?}, error, status}`
 * - E3 to E5, without data: `{data: []}`, `{data: {}}` or `{data: null}`, `{status: 404, error}`
 */
export interface Answer {
  /** Entries about the asked date, as far as the envelope tells; unchecked. */
  entries: unknown[];
  /** E2 says whose day it is by its key; in E1 each entry must be looked at. */
  keyedByDate: boolean;
  /** Entries under other dates than the asked one. */
  otherDays: number;
  /** Nothing is said about the asked date, not even that there is nothing. */
  onlyOtherDays: boolean;
  /** The user's zone now, not that day's; unchecked. */
  timeZone: unknown;
  /** The whole of it, for what else lies around the metrics. */
  envelope: Section;
}

/** The content of one metric: a series, a scalar, a sleep or something new. */
export type Section = Record<string, unknown>;

class MetricList {
  @IsArray()
  metric_data: unknown[];
}

class MetricsByDate {
  @IsObject()
  metrics: Record<string, unknown>;
}

/** The head of an entry; what `object` holds is for the normalizers. */
export class MetricEntry {
  @IsString()
  @IsNotEmpty()
  type: string;

  @IsOptional()
  @IsObject()
  object?: Section | null;
}

/**
 * Finds the entries of `date` in an answer.
 * @throws ProviderPayloadInvalid for an empty body, HTML, a truncated body and an unknown envelope
 */
export function readAnswer(body: Buffer, date: LocalDate): Answer {
  const text = body.toString();
  if (text.trim() === '') throw new ProviderPayloadInvalid('The answer has no body', 'empty_body');
  const envelope = parse(text);
  if (!isSection(envelope)) throw unknownEnvelope();
  const { data } = envelope;
  const around = { timeZone: zoneOf(data), envelope };
  if (holdsNothing(data)) {
    if (meansNoData(envelope)) return { ...NOTHING, ...around };
  } else if (isShaped(MetricList, data)) {
    return { ...NOTHING, ...around, entries: data.metric_data };
  } else if (isShaped(MetricsByDate, data)) {
    return { ...byDate(data.metrics, date), ...around };
  }
  throw unknownEnvelope();
}

export function isShaped<T extends object>(shape: new () => T, value: unknown): value is T {
  if (!isSection(value)) return false;
  // What every object has, class-validator relies on: a vendor's field named `constructor` must not stand for it.
  const fields = Object.entries(value).filter(([key]) => !(key in Object.prototype));
  return validateSync(Object.assign(new shape(), Object.fromEntries(fields))).length === 0;
}

export const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The vendor writes "nothing" as null, an empty text, list or object. */
export function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

type Entries = Pick<Answer, 'entries' | 'keyedByDate' | 'otherDays' | 'onlyOtherDays'>;

const NOTHING: Entries = { entries: [], keyedByDate: false, otherDays: 0, onlyOtherDays: false };

/** Only the asked date counts: what stands under another is counted and kept raw. */
function byDate(metrics: Record<string, unknown>, date: LocalDate): Entries {
  const counts = Object.entries(metrics).map(([key, entries]) => (key === date ? 0 : listOf(entries).length));
  const otherDays = counts.reduce((sum, count) => sum + count, 0);
  return {
    entries: Object.hasOwn(metrics, date) ? listOf(metrics[date]) : [],
    keyedByDate: true,
    otherDays,
    onlyOtherDays: otherDays > 0 && !Object.hasOwn(metrics, date),
  };
}

const listOf = (entries: unknown): unknown[] =>
  isNothing(entries) ? [] : Array.isArray(entries) ? entries : [entries];

const holdsNothing = (data: unknown): boolean =>
  isNothing(data) || (isSection(data) && Object.entries(data).every(isEmptyMetrics));

/** E3 to E5. An error that is not "404" says that the server failed, not that there is no data. */
function meansNoData(envelope: Section): boolean {
  const status = Number(envelope.status);
  return status === 404 || ('data' in envelope && isNothing(envelope.error) && !(status >= 400));
}

const isEmptyMetrics = ([key, value]: [string, unknown]): boolean =>
  key === 'latest_time_zone' || (['metric_data', 'metrics'].includes(key) && isNothing(value));

const zoneOf = (data: unknown): unknown => (isSection(data) ? data.latest_time_zone : null);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderPayloadInvalid('The answer is not JSON: HTML, or cut short', 'not_json');
  }
}

const unknownEnvelope = () =>
  new ProviderPayloadInvalid('The answer has none of the known envelopes', 'unknown_envelope');
