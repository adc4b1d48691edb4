import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../database/clock';
import { UsersService } from '../users/users.service';
import { InternalScoreStore } from './internal-score.store';
import { keysetPage } from './keyset-page';
import { rangeRequest, toPage, type RangeRequest } from './range-page.dto';
import { SLEEP_DETAILS_COLUMNS } from './sleep-details.dto';
import {
  toDetailedSleep,
  toSleep,
  type SleepPage,
  type SleepQuery,
  type SleepRead,
  type SleepRow,
} from './sleep.dto';
import { SOURCE_COLUMNS } from './source.dto';
import { lockSource } from './source-lock';
import { BEST_SOURCE_FIRST } from './source-priority';

/** The longest sleep of a wake date is the night (the first of equally long ones), each other one a nap. */
const IS_NAP = `EXISTS (
  SELECT 1 FROM sleep_session o
   WHERE o.user_id = s.user_id AND o.source_id = s.source_id AND o.date = s.date AND o.deleted_at IS NULL AND o.id <> s.id
     AND (o.end_at - o.start_at, s.start_at, s.id) > (s.end_at - s.start_at, o.start_at, o.id))`;

const IS_OF_BEST_SOURCE = `s.source_id = (
  SELECT o.source_id FROM sleep_session o JOIN data_source d ON d.user_id = o.user_id AND d.id = o.source_id
   WHERE o.user_id = s.user_id AND o.date = s.date AND o.deleted_at IS NULL
   ORDER BY ${BEST_SOURCE_FIRST}, o.end_at - o.start_at DESC, o.source_id LIMIT 1)`;

const COLUMNS = `s.id, s.start_at, s.end_at, s.zone_offset, s.asleep_seconds, s.stage_seconds, s.stages,
  s.efficiency_percent, ${IS_NAP} AS is_nap, ${SOURCE_COLUMNS}`;

const FROM = 'sleep_session s JOIN data_source d ON d.user_id = s.user_id AND d.id = s.source_id';

/** What the end of a session is compared with is the end of the range, as clients of Open Wearables expect. */
const IN_RANGE = `s.user_id = $1 AND s.deleted_at IS NULL AND s.start_at >= $2 AND s.end_at < $3`;

const NOT_FOUND = 'Sleep session not found';

@Injectable()
export class SleepReader {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
    private readonly clock: Clock,
    private readonly internalScores: InternalScoreStore,
  ) {}

  /** @throws NotFoundException, BadRequestException */
  async page(userId: string, query: SleepQuery): Promise<SleepPage> {
    const request = rangeRequest(query);
    await this.users.get(userId);
    const filter = query.filter_by_priority === true ? `${IN_RANGE} AND ${IS_OF_BEST_SOURCE}` : IN_RANGE;
    const detailed = query.include?.includes('details') === true;
    const { rows, pagination } = keysetPage(await this.walk(userId, { ...request, detailed }, filter), {
      ...request,
      positionOf: ({ start_at, id }) => ({ at: start_at.toISOString(), id }),
      total: await this.count(userId, request, filter),
    });
    return toPage(rows.map(detailed ? toDetailedSleep : toSleep), pagination, request);
  }

  /** @throws NotFoundException */
  async get(userId: string, sleepId: string): Promise<SleepRead> {
    await this.users.get(userId);
    const [row]: SleepRow[] = await this.database.query(
      `SELECT ${COLUMNS}, ${SLEEP_DETAILS_COLUMNS} FROM ${FROM}
        WHERE s.user_id = $1 AND s.id = $2 AND s.deleted_at IS NULL`,
      [userId, sleepId],
    );
    if (row === undefined) throw new NotFoundException(NOT_FOUND);
    return toDetailedSleep(row);
  }

  /**
   * A deleted sleep leaves its place and time only, so that the next sync does not bring it back.
   * @throws NotFoundException
   */
  async delete(userId: string, sleepId: string): Promise<void> {
    await this.users.get(userId);
    await this.database.transaction(async (manager) => {
      const [found]: { source_id: string }[] = await manager.query(
        `SELECT source_id FROM sleep_session WHERE user_id = $1 AND id = $2`,
        [userId, sleepId],
      );
      if (found === undefined) throw new NotFoundException(NOT_FOUND);
      const target = { userId, sourceId: found.source_id };
      await lockSource(manager, target);
      const [deleted]: [{ date: string }[], number] = await manager.query(
        `UPDATE sleep_session
            SET deleted_at = $4, asleep_seconds = NULL, stage_seconds = NULL, stages = '[]', awakenings_count = NULL, awake_seconds = NULL, long_awakenings_count = NULL,
                efficiency_percent = NULL,
                average_heart_rate = NULL, average_hrv_rmssd = NULL, average_spo2 = NULL, sampled_heart_rate = NULL,
                sampled_hrv_rmssd = NULL, sampled_spo2 = NULL, average_respiratory_rate = NULL,
                graphs = '{}', details = '{}', hash = ''
          WHERE user_id = $1 AND source_id = $2 AND id = $3 AND deleted_at IS NULL
          RETURNING date::text AS date`,
        [userId, target.sourceId, sleepId, this.clock.now()],
      );
      if (deleted.length === 0) throw new NotFoundException(NOT_FOUND);
      await this.internalScores.compute(
        manager,
        target,
        deleted.map(({ date }) => date),
      );
    });
  }

  private async walk(
    userId: string,
    { start, end, limit, cursor, detailed }: RangeRequest & { detailed: boolean },
    filter: string,
  ): Promise<SleepRow[]> {
    const [beyond, order] = cursor?.backwards ? ['>', 'ASC'] : ['<', 'DESC'];
    return this.database.query(
      `SELECT ${detailed ? `${COLUMNS}, ${SLEEP_DETAILS_COLUMNS}` : COLUMNS} FROM ${FROM}
        WHERE ${filter} AND ($4::timestamptz IS NULL OR (s.start_at, s.id::text) ${beyond} ($4, $5))
        ORDER BY s.start_at ${order}, s.id::text ${order} LIMIT $6`,
      [userId, start, end, cursor === null ? null : new Date(cursor.at), cursor?.id ?? null, limit + 1],
    );
  }

  private async count(userId: string, { start, end }: RangeRequest, filter: string): Promise<number> {
    const [{ total }]: { total: number }[] = await this.database.query(
      `SELECT count(*)::int AS total FROM sleep_session s WHERE ${filter}`,
      [userId, start, end],
    );
    return total;
  }
}
