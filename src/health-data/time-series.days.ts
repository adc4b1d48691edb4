import { SERIES_TYPES } from './canonical';
import type { DayOfSamples, SeriesDays, ValueOfDay } from './day-series';
import { newLane, pick, type ItemFilter, type Lane } from './time-series.items';

/** Which local days are asked for. */
export interface DayFilter extends Pick<ItemFilter, 'beyond' | 'aggregates'> {
  /** The first and the last date that may be among them, both as UTC midnights. */
  from: number;
  to: number;
  /** Of a date and the start of its day. */
  holds: (date: number, at: number) => boolean;
}

/** One item a local day: its own value where it has one, otherwise what its samples come to. */
export function localDayLanes(
  samples: SeriesDays<DayOfSamples>[],
  values: SeriesDays<ValueOfDay>[],
  filter: DayFilter,
): Lane[] {
  const ownValues = new Map(values.map((it) => [seriesKey(it), it]));
  const alone = values.filter((it) => !samples.some((other) => seriesKey(other) === seriesKey(it)));
  return [
    ...samples.map((series) => ({ series, items: merged(series, ownValues.get(seriesKey(series))) })),
    ...alone.map((series) => ({ series, items: series.days.map(itemOfValue) })),
  ].flatMap(({ series, items }) => lanesOf(series, items, filter));
}

interface DayItem extends Pick<DayOfSamples, 'date' | 'at' | 'zoneOffset'> {
  value: number;
  min: number;
  max: number;
  count: number;
  isLocal: boolean;
  target: ValueOfDay['target'];
}

const seriesKey = ({ code, sourceId }: Pick<SeriesDays<unknown>, 'code' | 'sourceId'>) =>
  `${code}:${sourceId}`;

function merged({ days }: SeriesDays<DayOfSamples>, own: SeriesDays<ValueOfDay> | undefined): DayItem[] {
  const items = days.map((day) => ({ ...day, target: null }));
  if (own === undefined) return items;
  const byDate = new Map(items.map((item) => [item.date, item]));
  const alone = own.days.filter((day) => {
    const item = byDate.get(day.date);
    if (item !== undefined) item.value = day.value;
    return item === undefined;
  });
  return [...items, ...alone.map(itemOfValue)];
}

/** NaN stands for what there is none of. */
const itemOfValue = (day: ValueOfDay): DayItem => ({
  ...day,
  min: NaN,
  max: NaN,
  count: 0,
  isLocal: true,
});

function lanesOf(
  { code, sourceId }: Pick<SeriesDays<unknown>, 'code' | 'sourceId'>,
  items: DayItem[],
  { holds, beyond, aggregates }: DayFilter,
): Lane[] {
  const lanes = new Map<string, Lane>();
  const isDailyTotal = SERIES_TYPES[code].aggregation === 'sum' ? true : null;
  for (const item of items.toSorted((a, b) => a.at - b.at || a.date - b.date)) {
    const { at, target } = item;
    if (!holds(item.date, at)) continue;
    const series = `${code}:${sourceId}${item.isLocal ? '' : ':utc'}${target === null ? '' : `:${target.low}-${target.high}`}`;
    // A date that a journey over the date line has skipped starts where the next one does.
    const key = lanes.get(series)?.at.at(-1) === at ? `${series}:2` : series;
    const lane = lanes.get(key) ?? {
      ...newLane(key, code, sourceId, isDailyTotal),
      offsets: [],
      target,
      aggregates: aggregates ? { min: [], max: [], count: [] } : null,
    };
    lanes.set(key, lane);
    lane.at.push(at);
    lane.values.push(item.value);
    lane.offsets!.push(item.zoneOffset);
    lane.aggregates?.min.push(item.min);
    lane.aggregates?.max.push(item.max);
    lane.aggregates?.count.push(item.count);
  }
  return [...lanes.values()].map((lane) => itemsBeyond(lane, beyond));
}

function itemsBeyond(lane: Lane, beyond: ItemFilter['beyond']): Lane {
  const kept = [...lane.at.keys()].filter((index) => beyond(lane.at[index], lane.key));
  return kept.length === lane.at.length ? lane : pick(lane, kept);
}
