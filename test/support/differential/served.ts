import type { ScoreRead } from '../../../src/health-data/score.dto';
import type { SleepRead } from '../../../src/health-data/sleep.dto';
import type { TimeSeriesItem } from '../../../src/health-data/time-series.dto';
import type { Asked } from '../send';
import { addFacts, type Facts } from './facts';

interface Span {
  /** Dates; two days more on both sides are read, lest something lies where it should not. */
  from: string;
  to: string;
}

/** All that the REST API tells of one user, and nothing else: no table is looked at. */
export async function servedFacts(server: Asked, user: string, { from, to }: Span): Promise<Facts> {
  const facts: Facts = new Map();
  const read = <Item>(path: string) => readAll<Item>(server, `/api/v1/users/${user}/${path}`);
  const [start, end] = [dayBeside(from, -2), dayBeside(to, 2)];
  const range = `start_date=${start}&end_date=${end}&limit=1000`;
  const items = await read<TimeSeriesItem>(`timeseries?start_time=${start}&end_time=${end}&limit=10000`);
  for (const item of items) addItem(facts, item);
  for (const { id: _, start_time, ...sleep } of await read<SleepRead>(
    `events/sleep?include=details&${range}`,
  ))
    addFacts(facts, start_time, 'sleep', sleep);
  for (const score of await read<ScoreRead>(`health-scores?${range}`)) addScore(facts, score);
  for (const kind of ['activity', 'sleep', 'recovery'])
    for (const { date, ...summary } of await read<{ date: string }>(`summaries/${kind}?${range}`))
      addFacts(facts, date, `${kind} summary`, summary);
  return facts;
}

function addScore(facts: Facts, served: ScoreRead): void {
  const { id: _, data_source_id: __, category, recorded_at, event_record_id, ...score } = served;
  const whose = score.provider === 'internal' ? 'internal score' : 'score';
  addFacts(facts, recorded_at, `${whose} ${category}`, { ...score, has_event: event_record_id !== null });
}

function addItem(facts: Facts, item: TimeSeriesItem): void {
  const { timestamp, type, value, unit, zone_offset, is_daily_total, source, ...rest } = item;
  const isDaily = is_daily_total === true;
  const at = isDaily ? localDate(timestamp, zone_offset) : timestamp;
  const what = isDaily ? `daily ${type}` : type;
  addFacts(facts, at, what, value);
  addFacts(facts, at, `${what} with`, `${unit} ${zone_offset} ${source?.device}`);
  addFacts(facts, at, what, isDaily ? { ...rest, at: timestamp } : rest);
}

async function readAll<Item>(server: Asked, path: string): Promise<Item[]> {
  const items: Item[] = [];
  let [position, more] = ['', true];
  while (more) {
    const { status, body } = await server.request('GET', `${path}${position}`);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);
    items.push(...body.data);
    const { next_cursor, has_more } = body.pagination;
    more = has_more;
    position =
      next_cursor === null ? `&offset=${items.length}` : `&cursor=${encodeURIComponent(next_cursor)}`;
  }
  return items;
}

/** The calendar date that an item's own offset gives. */
function localDate(timestamp: string, zoneOffset: string | null): string {
  const parts = /^([+-])(\d\d):(\d\d)$/.exec(zoneOffset ?? '');
  if (parts === null) return `${timestamp}?`;
  const [, sign, hours, minutes] = parts;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(Date.parse(timestamp) + offset).toISOString().slice(0, 10);
}

const dayBeside = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
