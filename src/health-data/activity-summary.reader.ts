import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../database/prepared';
import { UsersService } from '../users/users.service';
import {
  toActivitySummary,
  type ActivityQuery,
  type ActivityRow,
  type ActivitySummaryPage,
} from './activity-summary.dto';
import { dateOf } from './day-calendar';
import { keysetPage } from './keyset-page';
import { rangeRequest, toPage, type RangeRequest } from './range-page.dto';
import { SOURCE_COLUMNS, type SourceRow } from './source.dto';
import { BEST_SOURCE_FIRST } from './source-priority';

/** Pages of one row a local date, from daily values and from what the day's samples come to. */
@Injectable()
export class ActivitySummaryReader {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
  ) {}

  /** @throws NotFoundException, BadRequestException */
  async page(userId: string, query: ActivityQuery): Promise<ActivitySummaryPage> {
    const request = rangeRequest(query);
    const found = await this.rows(userId, request, query.sort_order === 'desc');
    // Who has data exists.
    if (found.length === 0) await this.users.get(userId);
    const { rows, pagination } = keysetPage(found, {
      ...request,
      positionOf: ({ date, source_id }) => ({ at: `${date}T00:00:00Z`, id: source_id }),
    });
    return toPage(rows.map(toActivitySummary), pagination, request);
  }

  /** In the direction of travel. */
  private async rows(
    userId: string,
    { start, end, cursor, limit }: RangeRequest,
    latestFirst: boolean,
  ): Promise<ActivityRow[]> {
    const isDescending = latestFirst !== (cursor?.backwards ?? false);
    const runner = this.database.createQueryRunner();
    const [columns] = await prepared<ActivityColumns>(
      runner.manager,
      ACTIVITY[isDescending ? 'DESC' : 'ASC'],
      [userId, dateOf(start.getTime()), dateOf(end.getTime()), cursor?.at.slice(0, 10) ?? null, limit + 1],
    ).finally(() => runner.release());
    return toRows(columns);
  }
}

const COLUMNS = [
  'date',
  'source_id',
  'told_steps',
  'told_active_minutes',
  'told_inactive_minutes',
  'steps',
  'active_seconds',
  'sedentary_seconds',
  'light_seconds',
  'moderate_seconds',
  'vigorous_seconds',
  'average_heart_rate',
  'highest_heart_rate',
  'lowest_heart_rate',
] as const satisfies (keyof ActivityRow)[];

type Column = (typeof COLUMNS)[number];

/** Each column as one list, in JSON; null where there is no row. */
type ActivityColumns = Record<Column, unknown[] | null> & {
  sources: (SourceRow & { id: string })[] | null;
};

function toRows(columns: ActivityColumns): ActivityRow[] {
  const sources = new Map(columns.sources?.map((source) => [source.id, source]));
  return (columns.date ?? []).map((_, index) => {
    // Field by field: Object.fromEntries takes three times as long.
    const row: Record<string, unknown> = { ...sources.get(columns.source_id![index] as string) };
    for (const name of COLUMNS) row[name] = columns[name]![index];
    return row as unknown as ActivityRow;
  });
}

/**
 * A year by columns is read three times as fast as by rows, each of which would be a packet of many texts.
 * Of a source that has a local day and samples of that UTC date without one, the local day counts: the others will have
 * theirs.
 */
const activity = (order: 'ASC' | 'DESC') => {
  const inRange = `user_id = $1 AND source_id = ANY (ARRAY (SELECT id FROM data_source WHERE user_id = $1))
      AND date >= $2 AND date < $3 AND ($4::date IS NULL OR date ${order === 'ASC' ? '>' : '<'} $4)`;
  return `
  WITH told AS (
    SELECT source_id, date,
           max(value) FILTER (WHERE code = 'steps') AS told_steps,
           max(value) FILTER (WHERE code = 'active_time') AS told_active_minutes,
           max(value) FILTER (WHERE code = 'inactive_time') AS told_inactive_minutes
      FROM daily_value WHERE ${inRange} AND code = ANY ('{steps,active_time,inactive_time}')
     GROUP BY source_id, date
  ), measured AS (
    SELECT DISTINCT ON (source_id, date) source_id, date,
           max(sum) FILTER (WHERE code = 'steps') AS steps,
           max(active_seconds) AS active_seconds, max(sedentary_seconds) AS sedentary_seconds,
           max(light_seconds) AS light_seconds, max(moderate_seconds) AS moderate_seconds,
           max(vigorous_seconds) AS vigorous_seconds,
           max(sum / count) FILTER (WHERE code = 'heart_rate') AS average_heart_rate,
           max(max) FILTER (WHERE code = 'heart_rate') AS highest_heart_rate,
           max(min) FILTER (WHERE code = 'heart_rate') AS lowest_heart_rate
      FROM series_local_day WHERE ${inRange} AND code = ANY ('{steps,heart_rate}')
     GROUP BY source_id, date, is_local
     ORDER BY source_id, date, is_local DESC
  ), best AS (
    SELECT DISTINCT ON (a.date) a.*
      FROM (SELECT * FROM told FULL JOIN measured USING (source_id, date)) AS a
      JOIN data_source d ON d.user_id = $1 AND d.id = a.source_id
     ORDER BY a.date ${order}, ${BEST_SOURCE_FIRST}, a.source_id
     LIMIT $5
  )
  SELECT ${COLUMNS.map((name) => `json_agg(${name}) AS ${name}`).join(', ')},
         (SELECT json_agg(jsonb_build_object('id', d.id) || to_jsonb(x)) FROM data_source d, LATERAL (SELECT ${SOURCE_COLUMNS}) AS x
           WHERE d.user_id = $1) AS sources
    FROM (SELECT * FROM best ORDER BY date ${order}) AS b`;
};

const ACTIVITY = { ASC: activity('ASC'), DESC: activity('DESC') };
