import type { PageMetadata, Pagination } from '../http/page.dto';
import { SERIES_TYPES } from './canonical';
import type { SourceRead } from './source.dto';
import type { Aggregates, Lane, OrderedItems } from './time-series.items';
import { utcDay } from './series-chunk';
import { toTargetRange } from './target-range.dto';
import { wireTime } from './wire-time';
import { DAY_MS } from './zone-offset';

/** A page before it is written. */
export interface TimeSeriesReply {
  items: OrderedItems;
  /** Of each item. */
  offsets: (string | null)[];
  /** By id, for every lane. */
  sources: Map<string, SourceRead>;
  pagination: Pagination;
  metadata: PageMetadata;
}

/** The bytes that the items of a lane share as long as the offset does not change. The date in them changes with `day`. */
interface Template {
  day: number;
  offset: string | null;
  /** `{"timestamp":"2026-08-07T00:00:00Z", …,"value":` */
  head: Buffer;
  /** `,"unit": … },` */
  tail: Buffer;
}

/** Such as -1.2345678901234567e-300. */
const LONGEST_NUMBER = 25;
const OPENING = Buffer.from('{"data":[');
const DATE_AT = '{"timestamp":"'.length;
const TIME_AT = '{"timestamp":"2026-08-07T'.length;
const AGGREGATES = (['min', 'max', 'count'] as const).map(
  (name) => [name, Buffer.from(`,"${name}":`)] as const,
);
const AGGREGATES_LENGTH = 3 * (LONGEST_NUMBER + ',"count":'.length);
const LONGEST_OFFSET = '+00:00';
/** The digits of 0 to 99 in ASCII. */
const TENS = Uint8Array.from({ length: 100 }, (_, number) => 0x30 + Math.floor(number / 10));
const UNITS = Uint8Array.from({ length: 100 }, (_, number) => 0x30 + (number % 10));

/**
 * The same bytes as `JSON.stringify` of the page, straight into a Buffer: each item is a copy of its lane's template
 * with six digits and a number written into it. Objects with Dates and `JSON.stringify` take ten times as long.
 */
export function serializeTimeSeries(
  page: TimeSeriesReply,
  allocate = (size: number): Buffer => Buffer.allocUnsafe(size),
): Buffer {
  const { lanes, lane, index } = page.items;
  const closing = Buffer.from(
    `],"pagination":${JSON.stringify(page.pagination)},"metadata":${JSON.stringify(page.metadata)}}`,
  );
  const tails = lanes.map((it) => Buffer.from(tailOf(it, page.sources.get(it.sourceId)!)));
  const templates = lanes.map((it, number) => templateOf(it, tails[number], 0, LONGEST_OFFSET));
  const longest = Math.max(0, ...templates.map(({ head, tail }) => head.length + tail.length));
  const numbers =
    LONGEST_NUMBER + (lanes.some(({ aggregates }) => aggregates !== null) ? AGGREGATES_LENGTH : 0);
  const size = OPENING.length + lane.length * (longest + '.000'.length + numbers) + closing.length;
  const target = allocate(size);
  target.set(OPENING);
  let length = OPENING.length;
  for (let item = 0; item < lane.length; item++) {
    const { at, values, aggregates } = lanes[lane[item]];
    const instant = at[index[item]];
    let template = templates[lane[item]];
    if (template.offset !== page.offsets[item]) {
      template = templateOf(lanes[lane[item]], template.tail, utcDay(instant), page.offsets[item]);
      templates[lane[item]] = template;
    } else if (instant < template.day || instant >= template.day + DAY_MS) {
      template.day = utcDay(instant);
      template.head.set(dateBytes(template.day), DATE_AT);
    }
    length = writeHead(target, length, template, instant - template.day);
    length = writeNumber(target, length, values[index[item]]);
    if (aggregates !== null) length = writeAggregates(target, length, aggregates, index[item]);
    target.set(template.tail, length);
    length += template.tail.length;
  }
  // The last item needs no comma.
  if (lane.length > 0) length--;
  target.set(closing, length);
  return target.subarray(0, length + closing.length);
}

/** Asking for a date takes longer than the rest of an item, and the days of many answers are the same. */
const knownDates = new Map<number, Buffer>();
const KNOWN_DATES = 5_000;

function dateBytes(day: number): Buffer {
  const bytes = knownDates.get(day) ?? Buffer.from(wireTime(day).slice(0, 'YYYY-MM-DD'.length));
  if (knownDates.size >= KNOWN_DATES) knownDates.clear();
  knownDates.set(day, bytes);
  return bytes;
}

function templateOf(lane: Lane, tail: Buffer, day: number, offset: string | null): Template {
  const head = `{"timestamp":"${wireTime(day)}","zone_offset":${JSON.stringify(offset)},"type":"${lane.code}","value":`;
  return { day, offset, head: Buffer.from(head), tail };
}

const tailOf = ({ code, isDailyTotal, target }: Lane, source: SourceRead) =>
  `,"unit":${JSON.stringify(SERIES_TYPES[code].unit)},"source":${JSON.stringify(source)},"is_daily_total":${isDailyTotal}${
    target === null ? '' : `,"target_range":${JSON.stringify(toTargetRange(code, target))}`
  }},`;

/** @param ofDay milliseconds since UTC midnight @returns where the next byte goes, as do the others */
function writeHead(target: Buffer, start: number, { head }: Template, ofDay: number): number {
  // Whole numbers of 32 bits: a remainder of two floating point numbers takes longer than the rest of the item.
  const seconds = (ofDay / 1_000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  const milliseconds = ofDay - seconds * 1_000;
  target.set(head, start);
  const time = start + TIME_AT;
  writeTwoDigits(target, time, hours);
  writeTwoDigits(target, time + 3, minutes - hours * 60);
  writeTwoDigits(target, time + 6, seconds - minutes * 60);
  if (milliseconds === 0) return start + head.length;
  const rest = head.subarray(TIME_AT + 'HH:MM:SS'.length);
  const fraction = target.write(`.${String(milliseconds).padStart(3, '0')}`, time + 'HH:MM:SS'.length);
  target.set(rest, time + 'HH:MM:SS'.length + fraction);
  return start + head.length + fraction;
}

function writeTwoDigits(target: Buffer, at: number, number: number) {
  target[at] = TENS[number];
  target[at + 1] = UNITS[number];
}

function writeAggregates(target: Buffer, start: number, aggregates: Aggregates, index: number): number {
  let length = start;
  for (const [name, label] of AGGREGATES) {
    target.set(label, length);
    length = writeNumber(target, length + label.length, aggregates[name][index]);
  }
  return length;
}

function writeNumber(target: Buffer, start: number, value: number): number {
  if (value >= 10 && value < 100 && Number.isInteger(value)) {
    writeTwoDigits(target, start, value);
    return start + 2;
  }
  const text = Number.isNaN(value) ? 'null' : String(value);
  for (let index = 0; index < text.length; index++) target[start + index] = text.charCodeAt(index);
  return start + text.length;
}
