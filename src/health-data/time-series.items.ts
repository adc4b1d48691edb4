import type { DailyItem } from './daily-value.store';
import { SERIES_TYPES, type SeriesCode } from './canonical';
import type { StoredChunk } from './series-store';
import type { OffsetSegment } from './zone-offset';

/** The items of one series of one source, ascending: its samples (or buckets of them), or its daily values. */
export interface Lane {
  /** Orders items of one instant, and tells them apart in a cursor. */
  key: string;
  code: SeriesCode;
  sourceId: string;
  isDailyTotal: boolean | null;
  at: number[];
  values: number[];
  /** Where to look up the offset, if not `at`: the first sample of a bucket. */
  seenAt: number[] | null;
  /** The items' own offsets, where they are stored with them. */
  offsets: (string | null)[] | null;
  /** The range that the values are shares of. */
  target: DailyItem['target'];
  /** Of the samples of each item, where they are asked for. NaN stands for what there is none of. */
  aggregates: Aggregates | null;
}

export interface Aggregates {
  min: number[];
  max: number[];
  count: number[];
}

/** Items of several lanes in their order. */
export interface OrderedItems {
  lanes: Lane[];
  /** Of each item: its lane, and where it stands in it. */
  lane: number[];
  index: number[];
}

/** Which items of a lane are asked for. */
export interface ItemFilter {
  /** Samples in `[from, to)`, epoch ms. */
  from: number;
  to: number;
  /** Milliseconds that one item spans; 1 for raw samples. */
  itemMs: number;
  /** Whether the samples of each bucket are counted and compared. */
  aggregates: boolean;
  /** Whether an item lies beyond the cursor, in the direction of travel. */
  beyond: (at: number, key: string) => boolean;
}

/** @param chunks ascending by day */
export function sampleLanes(chunks: StoredChunk[], filter: ItemFilter): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const chunk of chunks) {
    const key = `${chunk.code}:${chunk.sourceId}`;
    const lane =
      lanes.get(key) ??
      newLane(key, chunk.code, chunk.sourceId, SERIES_TYPES[chunk.code].aggregation === 'sum' ? false : null);
    lanes.set(key, lane);
    if (filter.itemMs === 1) appendSamples(lane, chunk, filter);
    else appendBuckets(lane, chunk, filter);
  }
  return [...lanes.values()];
}

/** @param items ascending */
export function dailyLanes(items: DailyItem[], { beyond }: Pick<ItemFilter, 'beyond'>): Lane[] {
  const lanes = new Map<string, Lane>();
  const before = new Map<string, number>();
  for (const { code, sourceId, at, value, zoneOffset, target } of items) {
    // Sorts behind the samples of the same series at the same instant. A target that has changed makes another lane.
    const series = `${code}:${sourceId}:day${target === null ? '' : `:${target.low}-${target.high}`}`;
    // Over the date line two dates may have their noon at one instant, and every item has a place of its own.
    const key = at === before.get(series) ? `${series}:2` : series;
    before.set(series, at);
    if (!beyond(at, key)) continue;
    const lane = lanes.get(key) ?? { ...newLane(key, code, sourceId, true), offsets: [], target };
    lanes.set(key, lane);
    lane.at.push(at);
    lane.values.push(value);
    lane.offsets!.push(zoneOffset);
  }
  return [...lanes.values()];
}

/** Joins two stretches of the same lanes. @param later of the same or other lanes, all of it after `earlier` */
export function joinLanes(earlier: Lane[], later: Lane[]): Lane[] {
  const joined = new Map(earlier.map((lane) => [lane.key, lane]));
  for (const lane of later) {
    const before = joined.get(lane.key);
    joined.set(
      lane.key,
      before === undefined
        ? lane
        : {
            ...lane,
            at: before.at.concat(lane.at),
            values: before.values.concat(lane.values),
            seenAt: lane.seenAt === null ? null : before.seenAt!.concat(lane.seenAt),
            aggregates: joinAggregates(before.aggregates, lane.aggregates),
          },
    );
  }
  return [...joined.values()];
}

/** The first `wanted` items of all lanes by instant and key, in the direction of travel. */
export function mergeLanes(unsorted: Lane[], wanted: number, backwards: boolean): OrderedItems {
  const lanes = unsorted.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const items: OrderedItems = { lanes, lane: [], index: [] };
  const next = lanes.map(({ at }) => (backwards ? at.length - 1 : 0));
  while (items.lane.length < wanted) {
    let best = -1;
    let bestAt = 0;
    for (let lane = 0; lane < lanes.length; lane++) {
      const index = next[lane];
      if (index < 0 || index >= lanes[lane].at.length) continue;
      const at = lanes[lane].at[index];
      if (best !== -1 && (backwards ? at < bestAt : at >= bestAt)) continue;
      best = lane;
      bestAt = at;
    }
    if (best === -1) break;
    items.lane.push(best);
    items.index.push(next[best]);
    next[best] += backwards ? -1 : 1;
  }
  return items;
}

const joinAggregates = (earlier: Aggregates | null, later: Aggregates | null): Aggregates | null =>
  earlier === null || later === null
    ? null
    : {
        min: earlier.min.concat(later.min),
        max: earlier.max.concat(later.max),
        count: earlier.count.concat(later.count),
      };

export function newLane(key: string, code: SeriesCode, sourceId: string, isDailyTotal: boolean | null): Lane {
  return {
    key,
    code,
    sourceId,
    isDailyTotal,
    at: [],
    values: [],
    seenAt: null,
    offsets: null,
    target: null,
    aggregates: null,
  };
}

/** Some items of a lane. @param indices ascending */
export function pick(lane: Lane, indices: number[]): Lane {
  const picked = <Column>(column: Column[]) => indices.map((index) => column[index]);
  const { at, values, seenAt, offsets, aggregates } = lane;
  return {
    ...lane,
    at: picked(at),
    values: picked(values),
    seenAt: seenAt && picked(seenAt),
    offsets: offsets && picked(offsets),
    aggregates: aggregates && {
      min: picked(aggregates.min),
      max: picked(aggregates.max),
      count: picked(aggregates.count),
    },
  };
}

function appendSamples(lane: Lane, { day, offsets, values }: StoredChunk, { from, to, beyond }: ItemFilter) {
  for (let index = 0; index < offsets.length; index++) {
    const at = day + offsets[index];
    if (at < from || at >= to || !beyond(at, lane.key)) continue;
    lane.at.push(at);
    lane.values.push(values[index]);
  }
}

/** Buckets begin at multiples of their length since the Unix epoch, so none spans two chunks. */
function appendBuckets(lane: Lane, { day, offsets, values }: StoredChunk, filter: ItemFilter) {
  const { from, to, itemMs, aggregates, beyond } = filter;
  lane.seenAt ??= [];
  if (aggregates) lane.aggregates ??= { min: [], max: [], count: [] };
  let [bucket, count] = [-Infinity, 0];
  for (let index = 0; index < offsets.length; index++) {
    const at = day + offsets[index];
    const start = Math.floor(at / itemMs) * itemMs;
    if (at < from || at >= to || !beyond(start, lane.key)) continue;
    const value = values[index];
    if (start !== bucket) {
      [bucket, count] = [start, 0];
      lane.at.push(start);
      lane.seenAt.push(at);
      lane.values.push(0);
      if (lane.aggregates !== null) beginAggregates(lane.aggregates);
    }
    const last = lane.values.length - 1;
    count++;
    if (SERIES_TYPES[lane.code].aggregation === 'sum') lane.values[last] += value;
    else lane.values[last] += (value - lane.values[last]) / count;
    if (lane.aggregates !== null) aggregate(lane.aggregates, value);
  }
}

function beginAggregates({ min, max, count }: Aggregates) {
  min.push(Infinity);
  max.push(-Infinity);
  count.push(0);
}

function aggregate({ min, max, count }: Aggregates, value: number) {
  const last = count.length - 1;
  min[last] = Math.min(min[last], value);
  max[last] = Math.max(max[last], value);
  count[last]++;
}

/** The page out of merged items, ascending: all but those that only tell that there are more. */
export function pageOf(
  { lanes, lane, index }: OrderedItems,
  limit: number,
  backwards: boolean,
): OrderedItems {
  const page = { lanes, lane: lane.slice(0, limit), index: index.slice(0, limit) };
  if (backwards) {
    page.lane.reverse();
    page.index.reverse();
  }
  return page;
}

/** The offset of each item. @param known by source id, ascending */
export function offsetsOf(
  { lanes, lane, index }: OrderedItems,
  known: Map<string, OffsetSegment[]>,
): (string | null)[] {
  const offsets: (string | null)[] = [];
  const ways = lanes.map(({ at, seenAt, sourceId, offsets }) => ({
    instants: seenAt ?? at,
    own: offsets,
    segments: known.get(sourceId) ?? [],
    reached: 0,
  }));
  for (let item = 0; item < lane.length; item++) {
    const way = ways[lane[item]];
    const { instants, own, segments } = way;
    const instant = instants[index[item]];
    while (way.reached < segments.length && segments[way.reached].to <= instant) way.reached++;
    const segment = segments[way.reached];
    const found = segment !== undefined && segment.from <= instant ? segment.offset : null;
    offsets.push(own === null ? found : own[index[item]]);
  }
  return offsets;
}
