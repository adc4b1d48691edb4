import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { UsersService } from '../users/users.service';
import { offsetsOfSources, sourcesOf } from './calendar';
import { paginationOf } from './keyset-page';
import type { TimeSeriesQuery } from './time-series.dto';
import { mergeLanes, offsetsOf, pageOf, type OrderedItems } from './time-series.items';
import { TimeSeriesLanes, type AskedSeries } from './time-series.lanes';
import type { SourceRead } from './source.dto';
import { timeSeriesRequest, type TimeSeriesRequest } from './time-series.request';
import type { TimeSeriesReply } from './time-series.serializer';
import { Turns } from './turns';
import { wireTime } from './wire-time';

/** What an answer shows. */
interface Answer extends Pick<TimeSeriesReply, 'items' | 'pagination'> {}

/**
 * More would not be faster, but leave this process less of the machine's time, and the sync no connection: under load the
 * slowest pages would become slower still.
 */
const READ_AT_ONCE = 4;

@Injectable()
export class TimeSeriesReader {
  private readonly turns = new Turns(READ_AT_ONCE);

  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
    private readonly lanes: TimeSeriesLanes,
  ) {}

  /**
   * One page of `GET /users/{user_id}/timeseries`, for `serializeTimeSeries`.
   * @throws NotFoundException, BadRequestException
   */
  async page(userId: string, query: TimeSeriesQuery): Promise<TimeSeriesReply> {
    const request = timeSeriesRequest(query);
    const page = await this.turns.run(() => this.readOnce(userId, request));
    // Who has a source exists. Asked only now: with a connection in hand, waiting for another may never end.
    if (page.sources.size === 0) await this.users.get(userId);
    return page;
  }

  /** On one connection for all of a page, so that its statements are prepared there and go out in a row. */
  private readOnce(userId: string, request: TimeSeriesRequest): Promise<TimeSeriesReply> {
    const runner = this.database.createQueryRunner();
    return this.read(runner.manager, userId, request).finally(() => runner.release());
  }

  private async read(
    manager: EntityManager,
    userId: string,
    request: TimeSeriesRequest,
  ): Promise<TimeSeriesReply> {
    const reading = sourcesOf(manager, userId);
    const { isOfSource, maxPoints } = request;
    // Where all sources are asked for, they are read on the way and not waited for.
    const sourceIds = isOfSource === null ? null : idsOf(await reading, isOfSource);
    const asked = { userId, sourceIds, codes: request.codes };
    const [sources, { items, pagination }] = await Promise.all([
      reading,
      maxPoints === null
        ? this.walk(manager, asked, request)
        : this.chart(manager, asked, request, maxPoints),
    ]);
    // A source that has come meanwhile is left out, and not half read.
    if (sourceIds === null && !items.lanes.every(({ sourceId }) => sources.has(sourceId)))
      return this.read(manager, userId, { ...request, isOfSource: () => true });
    return {
      items,
      offsets: await offsets(manager, userId, items),
      sources,
      pagination,
      metadata: {
        resolution: request.resolution === 'raw' ? null : request.resolution,
        sample_count: items.lane.length,
        start_time: wireTime(request.start),
        end_time: wireTime(request.end),
      },
    };
  }

  private async walk(
    manager: EntityManager,
    asked: AskedSeries,
    request: TimeSeriesRequest,
  ): Promise<Answer> {
    const { limit, cursor } = request;
    // One more than the page holds, which tells whether there are more.
    const wanted = limit + 1;
    const { lanes, total } = await this.lanes.next(manager, asked, request, wanted);
    const backwards = cursor?.backwards ?? false;
    const walked = mergeLanes(lanes, wanted, backwards);
    const items = pageOf(walked, limit, backwards);
    const count = items.lane.length;
    return {
      items,
      pagination: paginationOf({
        cursor,
        ends: count === 0 ? null : { first: positionOf(items, 0), last: positionOf(items, count - 1) },
        beyond: walked.lane.length > limit,
        total,
      }),
    };
  }

  private async chart(
    manager: EntityManager,
    asked: AskedSeries,
    request: TimeSeriesRequest,
    points: number,
  ): Promise<Answer> {
    const lanes = await this.lanes.curves(manager, asked, request, points);
    return {
      items: mergeLanes(lanes, Infinity, false),
      pagination: paginationOf({ cursor: null, ends: null, beyond: false, total: null }),
    };
  }
}

const idsOf = (
  sources: Map<string, SourceRead>,
  isAsked: (id: string, source: SourceRead) => boolean,
): string[] => [...sources].filter(([id, source]) => isAsked(id, source)).map(([id]) => id);

/** Of each item. */
async function offsets(
  manager: EntityManager,
  userId: string,
  items: OrderedItems,
): Promise<(string | null)[]> {
  const lanes = items.lanes.filter((lane) => lane.offsets === null);
  if (lanes.length === 0 || items.lane.length === 0) return offsetsOf(items, new Map());
  const instantOf = (item: number) => {
    const { at, seenAt } = items.lanes[items.lane[item]];
    return (seenAt ?? at)[items.index[item]];
  };
  const known = await offsetsOfSources(manager, {
    userId,
    sourceIds: [...new Set(lanes.map(({ sourceId }) => sourceId))],
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
