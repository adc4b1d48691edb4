import { BadRequestException, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { parseTime } from '../http/time';
import { UsersService } from '../users/users.service';
import type { DataSummaryQuery, DataSummaryRead, DataTimelineRead, TimelineQuery } from './data-summary.dto';
import { dateOf } from './day-calendar';

interface CountRow {
  provider: string;
  /** Null: sleeps. */
  code: string | null;
  count: number;
}

/** How much is stored of a user, counted from what local days come to. */
@Injectable()
export class DataSummaryReader {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
  ) {}

  /** @throws NotFoundException, BadRequestException */
  async summary(userId: string, query: DataSummaryQuery): Promise<DataSummaryRead> {
    const dates = datesOf(query);
    await this.users.get(userId);
    const rows: CountRow[] = await this.database.query(COUNTS, [userId, ...dates]);
    const byProvider = [...Map.groupBy(rows, ({ provider }) => provider)].map(([provider, ofProvider]) => {
      const counts = seriesCounts(ofProvider);
      return {
        provider,
        data_points: sum(Object.values(counts)),
        series_counts: counts,
        workout_count: 0,
        sleep_count: ofProvider.find(({ code }) => code === null)?.count ?? 0,
      };
    });
    return {
      user_id: userId,
      total_data_points: sum(byProvider.map((it) => it.data_points)),
      total_workouts: 0,
      total_sleep_events: sum(byProvider.map((it) => it.sleep_count)),
      series_type_counts: seriesCounts(rows),
      workout_type_counts: {},
      by_provider: byProvider,
      has_womens_health_data: false,
    };
  }

  /** @throws NotFoundException, BadRequestException */
  async timeline(userId: string, query: TimelineQuery): Promise<DataTimelineRead> {
    const { bucket = 'day', group_by = 'series_type', provider } = query;
    const dates = datesOf(query);
    await this.users.get(userId);
    const rows: { code: string; date: string; count: number }[] =
      group_by === 'workout_type'
        ? []
        : await this.database.query(TIMELINE, [userId, ...dates, bucket, provider ?? null]);
    const series = [...Map.groupBy(rows, ({ code }) => code)].map(([key, buckets]) => ({
      key,
      metric: 'data_points' as const,
      buckets: buckets.map(({ date, count }): [string, number] => [date, count]),
    }));
    return { bucket, group_by, series };
  }
}

/** @throws BadRequestException */
function datesOf({ start_date, end_date }: DataSummaryQuery): [from: string | null, before: string | null] {
  const start = start_date === undefined ? null : parseTime(start_date, 'start_date');
  const end = end_date === undefined ? null : parseTime(end_date, 'end_date');
  if (start !== null && end !== null && end <= start) {
    throw new BadRequestException(`end_date '${end_date}' must be later than start_date '${start_date}'.`);
  }
  return [start && dateOf(start.getTime()), end && dateOf(end.getTime())];
}

/** By code, ascending. */
function seriesCounts(rows: CountRow[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { code, count } of rows) if (code !== null) counts.set(code, (counts.get(code) ?? 0) + count);
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

const IN_DATES = 'user_id = $1 AND ($2::date IS NULL OR date >= $2) AND ($3::date IS NULL OR date < $3)';

const COUNTS = `
  WITH counted AS (
    SELECT source_id, code, sum(count) AS count FROM series_local_day WHERE ${IN_DATES} GROUP BY source_id, code
     UNION ALL
    SELECT source_id, code, count(*) FROM daily_value WHERE ${IN_DATES} GROUP BY source_id, code
     UNION ALL
    SELECT source_id, NULL, count(*) FROM sleep_session WHERE ${IN_DATES} AND deleted_at IS NULL GROUP BY source_id
  )
  SELECT d.provider, c.code, sum(c.count)::double precision AS count
    FROM counted c JOIN data_source d ON d.user_id = $1 AND d.id = c.source_id
   GROUP BY d.provider, c.code ORDER BY d.provider, c.code`;

const TIMELINE = `
  WITH counted AS (
    SELECT source_id, code, date, count FROM series_local_day WHERE ${IN_DATES}
     UNION ALL
    SELECT source_id, code, date, 1 FROM daily_value WHERE ${IN_DATES}
  )
  SELECT c.code, date_trunc($4, c.date::timestamp)::date::text AS date, sum(c.count)::double precision AS count
    FROM counted c JOIN data_source d ON d.user_id = $1 AND d.id = c.source_id
   WHERE $5::text IS NULL OR d.provider = $5
   GROUP BY 1, 2 ORDER BY 1, 2`;
