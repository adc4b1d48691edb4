import { BadRequestException, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { curvePoints } from './curve';
import { DailyValueStore } from './daily-value.store';
import { DaySeries } from './day-series';
import { SeriesStore, type SeriesRange, type SeriesWalk } from './series-store';
import { localDayLanes } from './time-series.days';
import { dailyLanes, joinLanes, pick, sampleLanes, type ItemFilter, type Lane } from './time-series.items';
import { dayFilterOf, filterOf, type TimeSeriesRequest } from './time-series.request';
import { DAY_MS } from './zone-offset';

/** Which series of whom. */
export type AskedSeries = Omit<SeriesRange, 'from' | 'to'>;

/** Samples that one chart may be drawn from: a year of six series at five minutes. */
const MOST_DRAWN = 650_000;
/** Read at once for a chart. */
const DRAWN_DAYS = 64;
const DRAWN_SAMPLES = 200_000;

/** Samples that a well-worn device makes on a day, by a careful guess. */
const USUAL_SAMPLES = 100;

/** Finds the items that a page of a time series is made of, and those of a chart. */
@Injectable()
export class TimeSeriesLanes {
  constructor(
    private readonly series: SeriesStore,
    private readonly dailyValues: DailyValueStore,
    private readonly days: DaySeries,
  ) {}

  /**
   * The next `wanted` items from the cursor on, in the direction of travel, and perhaps some more; and of raw items, on the
   * first page, how many the whole range holds.
   */
  async next(
    manager: EntityManager,
    asked: AskedSeries,
    request: TimeSeriesRequest,
    wanted: number,
  ): Promise<{ lanes: Lane[]; total: number | null }> {
    const isRaw = request.resolution === 'raw';
    const isCounted = isRaw && request.cursor === null;
    const travel = { ...asked, wanted, isCounted, backwards: request.cursor?.backwards ?? false };
    if (request.resolution === '1day')
      return { lanes: await this.localDays(manager, travel, request), total: null };
    const filter = filterOf(request);
    const walk = { ...travel, ...filter };
    // Sent together, on one connection. Buckets leave out the values of whole days.
    const [samples, daily, beside] = await Promise.all([
      this.samples(manager, { ...walk, days: daysFor(walk) }, filter),
      isRaw ? this.dailyValues.walk(manager, walk) : { items: [], total: 0 },
      isCounted ? this.series.countBeside(manager, walk) : 0,
    ]);
    return {
      lanes: [...samples.lanes, ...dailyLanes(daily.items, filter)],
      total: isCounted ? samples.total - beside + daily.total : null,
    };
  }

  /**
   * Of each series at most `points` items of the whole range.
   * @throws BadRequestException if there are more samples than can be read for one answer
   */
  async curves(
    manager: EntityManager,
    asked: AskedSeries,
    request: TimeSeriesRequest,
    points: number,
  ): Promise<Lane[]> {
    const lanes = await this.wholeRange(manager, asked, request);
    return lanes.map((lane) => pick(lane, curvePoints(lane.at, lane.values, points)));
  }

  private async wholeRange(
    manager: EntityManager,
    asked: AskedSeries,
    request: TimeSeriesRequest,
  ): Promise<Lane[]> {
    const all = { ...asked, backwards: false, wanted: DRAWN_SAMPLES, isCounted: false };
    if (request.resolution === '1day') return this.localDays(manager, all, request);
    const filter = filterOf(request);
    const counts = [this.series, this.dailyValues].map((store) =>
      store.count(manager, { ...all, ...filter }),
    );
    const count = (await Promise.all(counts)).reduce((sum, it) => sum + it);
    if (count > MOST_DRAWN) throw tooMany(count);
    let lanes: Lane[] = [];
    let rest: SeriesWalk | null = { ...all, ...filter, days: DRAWN_DAYS };
    while (rest !== null) {
      const { chunks, more } = await this.series.walk(manager, rest);
      lanes = joinLanes(lanes, sampleLanes(chunks, filter));
      rest = more ? { ...rest, from: chunks.at(-1)!.day + DAY_MS } : null;
    }
    if (request.resolution !== 'raw') return lanes;
    const daily = await this.dailyValues.walk(manager, { ...all, ...filter, wanted: count });
    return [...lanes, ...dailyLanes(daily.items, filter)];
  }

  private async localDays(
    manager: EntityManager,
    travel: AskedSeries & Pick<SeriesWalk, 'backwards' | 'wanted'>,
    request: TimeSeriesRequest,
  ): Promise<Lane[]> {
    const filter = dayFilterOf(request);
    const walk = { ...travel, from: filter.from, to: filter.to, aggregates: filter.aggregates };
    const [samples, values] = await Promise.all([
      this.days.ofSamples(manager, walk),
      this.days.ofValues(manager, walk),
    ]);
    return localDayLanes(samples, values, filter);
  }

  /** Some days, and if they do not hold enough, twice as many after them. */
  private async samples(
    manager: EntityManager,
    walk: SeriesWalk,
    filter: ItemFilter,
  ): Promise<{ lanes: Lane[]; total: number }> {
    let lanes: Lane[] = [];
    let counted = 0;
    let rest: SeriesWalk | null = walk;
    while (rest !== null && rest.wanted > 0) {
      const { chunks, more, total } = await this.series.walk(manager, rest);
      if (rest.isCounted) counted = total;
      const found = sampleLanes(chunks, filter);
      lanes = walk.backwards ? joinLanes(found, lanes) : joinLanes(lanes, found);
      const wanted = walk.wanted - lanes.reduce((sum, { at }) => sum + at.length, 0);
      const days: number = 2 * rest.days;
      if (!more) rest = null;
      else if (walk.backwards) rest = { ...walk, isCounted: false, days, wanted, to: chunks[0].day };
      else rest = { ...walk, isCounted: false, days, wanted, from: chunks.at(-1)!.day + DAY_MS };
    }
    return { lanes, total: counted };
  }
}

/** Days that may hold the wanted items of one series. */
const daysFor = ({ wanted, itemMs }: Pick<SeriesWalk, 'wanted' | 'itemMs'>) =>
  2 + Math.ceil(wanted / Math.min(USUAL_SAMPLES, DAY_MS / itemMs));

const tooMany = (count: number) =>
  new BadRequestException(
    `max_points draws from at most ${MOST_DRAWN} samples, and the range holds ${count}: send resolution=1day, name fewer types or ask for a shorter range.`,
  );
