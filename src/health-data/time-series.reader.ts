import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { UsersService } from '../users/users.service';
import { offsetsOfSources, sourcesOf } from './calendar';
import { DailyValueStore, type DailyItem } from './daily-value.store';
import { paginationOf } from './keyset-page';
import { SeriesStore, type SeriesWalk } from './series-store';
import { RESOLUTIONS, type TimeSeriesQuery } from './time-series.dto';
import {
  dailyLanes,
  joinLanes,
  mergeLanes,
  offsetsOf,
  pageOf,
  sampleLanes,
  type ItemFilter,
  type Lane,
  type OrderedItems,
} from './time-series.items';
import { filterOf, timeSeriesRequest, type TimeSeriesRequest } from './time-series.request';
import type { TimeSeriesReply } from './time-series.serializer';
import { wireTime } from './wire-time';
import { DAY_MS } from './zone-offset';

@Injectable()
export class TimeSeriesReader {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
    private readonly series: SeriesStore,
    private readonly dailyValues: DailyValueStore,
  ) {}

  /**
   * One page of `GET /users/{user_id}/timeseries`, for `serializeTimeSeries`.
   * @throws NotFoundException, BadRequestException
   */
  async page(userId: string, query: TimeSeriesQuery): Promise<TimeSeriesReply> {
    const request = timeSeriesRequest(query);
    // One connection for all of a page, so that its statements are prepared there and go out in a row.
    const runner = this.database.createQueryRunner();
    const page = await this.read(runner.manager, userId, request).finally(() => runner.release());
    // Who has a source exists. Asked only now: with a connection in hand, waiting for another may never end.
    if (page.sources.size === 0) await this.users.get(userId);
    return page;
  }

  private async read(
    manager: EntityManager,
    userId: string,
    request: TimeSeriesRequest,
  ): Promise<TimeSeriesReply> {
    const sources = await sourcesOf(manager, userId);
    const { walked, total } = await this.walk(manager, userId, [...sources.keys()], request);
    const { limit, cursor, resolution } = request;
    const items = pageOf(walked, limit, cursor?.backwards ?? false);
    const count = items.lane.length;
    return {
      items,
      offsets: await offsets(manager, userId, items),
      sources,
      pagination: paginationOf({
        cursor,
        ends: count === 0 ? null : { first: positionOf(items, 0), last: positionOf(items, count - 1) },
        beyond: walked.lane.length > limit,
        total,
      }),
      metadata: {
        resolution: resolution === 'raw' ? null : resolution,
        sample_count: count,
        start_time: wireTime(request.start),
        end_time: wireTime(request.end),
      },
    };
  }

  /** One item more than the page holds, if there are, in the direction of travel. */
  private async walk(
    manager: EntityManager,
    userId: string,
    sourceIds: string[],
    request: TimeSeriesRequest,
  ): Promise<{ walked: OrderedItems; total: number | null }> {
    const filter = filterOf(request);
    const backwards = request.cursor?.backwards ?? false;
    const wanted = request.limit + 1;
    const walk = { userId, sourceIds, codes: request.codes, backwards, wanted, ...filter };
    const [samples, daily] = await Promise.all([
      this.samples(manager, walk, filter),
      this.daily(manager, walk),
    ]);
    const counted = request.resolution === 'raw' && request.cursor === null;
    return {
      walked: mergeLanes([...samples.lanes, ...dailyLanes(daily.items, filter)], wanted, backwards),
      total: counted ? (await this.countSamples(manager, walk, samples.total)) + daily.total : null,
    };
  }

  /** Buckets leave out the values of whole days. */
  private async daily(
    manager: EntityManager,
    walk: SeriesWalk,
  ): Promise<{ items: DailyItem[]; total: number }> {
    if (walk.itemMs !== RESOLUTIONS.raw) return { items: [], total: 0 };
    // As many may stand at the cursor's instant but not beyond it.
    const atCursor = walk.codes.length * walk.sourceIds.length;
    return this.dailyValues.walk(manager, { ...walk, wanted: walk.wanted + atCursor });
  }

  /** @param onItsDays samples on all the UTC days that the range touches */
  private async countSamples(manager: EntityManager, walk: SeriesWalk, onItsDays: number): Promise<number> {
    const wholeDays = walk.from % DAY_MS === 0 && walk.to % DAY_MS === 0;
    return wholeDays ? onItsDays : onItsDays - (await this.series.countBeside(manager, walk));
  }

  /**
   * Day by day until there are enough. One step does for raw samples; how many buckets a day makes is only known
   * once it is read.
   */
  private async samples(
    manager: EntityManager,
    walk: SeriesWalk,
    filter: ItemFilter,
  ): Promise<{ lanes: Lane[]; total: number }> {
    let lanes: Lane[] = [];
    let total: number | null = null;
    let rest: SeriesWalk | null = walk;
    while (rest !== null && rest.wanted > 0) {
      const { chunks, more, total: ahead } = await this.series.walk(manager, rest);
      const found = sampleLanes(chunks, filter);
      lanes = walk.backwards ? joinLanes(found, lanes) : joinLanes(lanes, found);
      total ??= ahead;
      const wanted = walk.wanted - lanes.reduce((sum, { at }) => sum + at.length, 0);
      if (!more) rest = null;
      else if (walk.backwards) rest = { ...walk, wanted, to: chunks[0].day };
      else rest = { ...walk, wanted, from: chunks.at(-1)!.day + DAY_MS };
    }
    return { lanes, total: total ?? 0 };
  }
}

/** Of each item. */
async function offsets(
  manager: EntityManager,
  userId: string,
  items: OrderedItems,
): Promise<(string | null)[]> {
  if (items.lane.length === 0) return [];
  const instantOf = (item: number) => {
    const { at, seenAt } = items.lanes[items.lane[item]];
    return (seenAt ?? at)[items.index[item]];
  };
  const known = await offsetsOfSources(manager, {
    userId,
    sourceIds: [...new Set(items.lanes.map(({ sourceId }) => sourceId))],
    from: instantOf(0),
    to: instantOf(items.lane.length - 1),
  });
  return offsetsOf(items, known);
}

/** For a cursor. */
function positionOf({ lanes, lane, index }: OrderedItems, item: number): { at: string; id: string } {
  const { at, key } = lanes[lane[item]];
  return { at: new Date(at[index[item]]).toISOString(), id: key };
}
