import { isRecord } from '../http/exchange';
import { Envelope } from '../options';
import { localDateOf } from './local-date-of';

export interface ReplayAnswer {
  date: string;
  envelope: Envelope;
  body: string;
}

/** The dates one stored vendor answer speaks for. Whole answers keep their bytes; a lone metric gets wrapped. */
export function readAnswers(text: string): ReplayAnswer[] {
  const content: unknown = JSON.parse(text);
  if (!isRecord(content)) return [];
  if (typeof content.type === 'string' && isRecord(content.object)) {
    return readAnswers(JSON.stringify({ data: { metric_data: [content] }, error: null, status: 200 }));
  }
  const { data } = content;
  if (!isRecord(data)) return [];
  if (isRecord(data.metrics)) {
    return Object.keys(data.metrics).map((date) => ({ date, envelope: 'e2', body: text }));
  }
  const date = Array.isArray(data.metric_data) ? dateOf(data.metric_data, data.latest_time_zone) : null;
  return date === null ? [] : [{ date, envelope: 'e1', body: text }];
}

function dateOf(entries: unknown[], zone: unknown): string | null {
  for (const entry of entries) {
    const dayStart = isRecord(entry) && isRecord(entry.object) ? entry.object.day_start_timestamp : null;
    if (typeof dayStart === 'number') return localDateOf(dayStart, typeof zone === 'string' ? zone : null);
  }
  return null;
}
