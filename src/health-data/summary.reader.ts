import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { UsersService } from '../users/users.service';
import { keysetPage } from './keyset-page';
import { rangeRequest, toPage, type RangeQuery, type RangeRequest } from './range-page.dto';
import { SOURCE_COLUMNS } from './source.dto';
import { BEST_SOURCE_FIRST } from './source-priority';
import {
  toRecoverySummary,
  toSleepSummary,
  type RecoveryRow,
  type RecoverySummaryPage,
  type SleepSummaryPage,
  type SummarizedSleepRow,
} from './summary.dto';

/** Pages of one row a local date, of the best source that has something about it. */
@Injectable()
export class SummaryReader {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
  ) {}

  /** @throws NotFoundException, BadRequestException */
  async sleep(userId: string, query: RangeQuery): Promise<SleepSummaryPage> {
    const request = rangeRequest(query);
    await this.users.get(userId);
    const sleeps = await this.sleeps(userId, request);
    const dates = [...Map.groupBy(sleeps, ({ date }) => date).values()];
    const { rows, pagination } = keysetPage(dates, {
      ...request,
      positionOf: ([night]) => positionOf(night),
    });
    return toPage(rows.map(toSleepSummary), pagination, request);
  }

  /** @throws NotFoundException, BadRequestException */
  async recovery(userId: string, query: RangeQuery): Promise<RecoverySummaryPage> {
    const request = rangeRequest(query);
    await this.users.get(userId);
    const recoveries = await this.recoveries(userId, request);
    const { rows, pagination } = keysetPage(recoveries, { ...request, positionOf });
    return toPage(rows.map(toRecoverySummary), pagination, request);
  }

  /** In the direction of travel by date; within a date the night, which is the longest sleep, first. */
  private async sleeps(userId: string, request: RangeRequest): Promise<SummarizedSleepRow[]> {
    const { beyond, order } = direction(request);
    return this.database.query(
      `WITH night AS (
         SELECT DISTINCT ON (s.date) s.date, s.source_id
           FROM sleep_session s JOIN data_source d ON d.user_id = s.user_id AND d.id = s.source_id
          WHERE s.user_id = $1 AND s.deleted_at IS NULL AND s.date >= $2 AND s.date < $3
            AND ($4::date IS NULL OR s.date ${beyond} $4)
          ORDER BY s.date ${order}, ${BEST_SOURCE_FIRST}, s.end_at - s.start_at DESC, s.source_id
          LIMIT $5)
       SELECT s.date::text, s.source_id, s.start_at, s.end_at, s.zone_offset, s.asleep_seconds, s.stage_seconds, s.awakenings_count,
              s.efficiency_percent, coalesce(s.average_heart_rate, s.sampled_heart_rate) AS average_heart_rate,
              coalesce(s.average_hrv_rmssd, s.sampled_hrv_rmssd) AS average_hrv_rmssd,
              coalesce(s.average_spo2, s.sampled_spo2) AS average_spo2, s.average_respiratory_rate, ${SOURCE_COLUMNS}
         FROM night n
         JOIN sleep_session s ON s.user_id = $1 AND s.source_id = n.source_id AND s.date = n.date AND s.deleted_at IS NULL
         JOIN data_source d ON d.user_id = s.user_id AND d.id = s.source_id
        ORDER BY s.date ${order}, s.end_at - s.start_at DESC, s.start_at, s.id`,
      parameters(userId, request),
    );
  }

  private async recoveries(userId: string, request: RangeRequest): Promise<RecoveryRow[]> {
    const { beyond, order } = direction(request);
    const inRange = `user_id = $1 AND date >= $2 AND date < $3 AND ($4::date IS NULL OR date ${beyond} $4)`;
    return this.database.query(
      `WITH night AS (
         SELECT DISTINCT ON (source_id, date) source_id, date, asleep_seconds, efficiency_percent,
                coalesce(average_hrv_rmssd, sampled_hrv_rmssd) AS average_hrv_rmssd,
                coalesce(average_spo2, sampled_spo2) AS average_spo2
           FROM sleep_session WHERE ${inRange} AND deleted_at IS NULL
          ORDER BY source_id, date, end_at - start_at DESC, start_at, id
       ), resting AS (
         SELECT source_id, date, value AS resting_heart_rate FROM daily_value WHERE ${inRange} AND code = 'resting_heart_rate'
       ), recovery AS (
         SELECT source_id, date, value AS recovery_score FROM score WHERE ${inRange} AND category = 'recovery'
       )
       SELECT DISTINCT ON (r.date) r.date::text, r.source_id, r.asleep_seconds, r.efficiency_percent, r.average_hrv_rmssd,
              r.average_spo2, r.resting_heart_rate, r.recovery_score, ${SOURCE_COLUMNS}
         FROM (SELECT * FROM night FULL JOIN resting USING (source_id, date) FULL JOIN recovery USING (source_id, date)) AS r
         JOIN data_source d ON d.user_id = $1 AND d.id = r.source_id
        ORDER BY r.date ${order}, ${BEST_SOURCE_FIRST}, r.recovery_score IS NULL, r.source_id
        LIMIT $5`,
      parameters(userId, request),
    );
  }
}

const direction = ({ cursor }: RangeRequest) =>
  cursor?.backwards ? { beyond: '<', order: 'DESC' } : { beyond: '>', order: 'ASC' };

const parameters = (userId: string, { start, end, cursor, limit }: RangeRequest) => [
  userId,
  dateOf(start),
  dateOf(end),
  cursor?.at.slice(0, 10) ?? null,
  limit + 1,
];

const dateOf = (at: Date) => at.toISOString().slice(0, 10);

const positionOf = ({ date, source_id }: { date: string; source_id: string }) => ({
  at: `${date}T00:00:00Z`,
  id: source_id,
});
