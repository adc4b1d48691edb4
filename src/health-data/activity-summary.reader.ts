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
import { arrayColumn, hasLocalDay, orNan } from './day-series';
import { keysetPage } from './keyset-page';
import { rangeRequest, toPage, type RangeRequest } from './range-page.dto';
import { readDates, readDoubles } from './series-chunk';
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
    const wanted = limit + 1;
    const runner = this.database.createQueryRunner();
    const sources = await prepared<SourceLists>(runner.manager, ACTIVITY[isDescending ? 'DESC' : 'ASC'], [
      userId,
      dateOf(start.getTime()),
      dateOf(end.getTime()),
      cursor?.at.slice(0, 10) ?? null,
      wanted,
    ]).finally(() => runner.release());
    const days = daysOf(sources);
    const dates = [...days.keys()].toSorted((a, b) => (isDescending ? b - a : a - b));
    return dates.slice(0, wanted).map((date) => Object.assign(days.get(date)!, { date: dateOf(date) }));
  }
}

type Figures = Omit<ActivityRow, 'date' | 'source_id' | keyof SourceRow>;

const UNKNOWN: Figures = {
  told_steps: null,
  told_active_minutes: null,
  told_inactive_minutes: null,
  steps: null,
  active_seconds: null,
  sedentary_seconds: null,
  light_seconds: null,
  moderate_seconds: null,
  vigorous_seconds: null,
  average_heart_rate: null,
  highest_heart_rate: null,
  lowest_heart_rate: null,
};

/** A local day of either series counts for both. */
const MEASURED = `series_local_day AS l
   WHERE (l.is_local OR NOT ${hasLocalDay('d.id', `ANY ('{steps,heart_rate}')`)})`;
const TOLD = 'daily_value AS l WHERE true';

/** The lists that a source's figures are in, and for each figure its SQL. */
const LISTS: { from: string; code: string; figures: Partial<Record<keyof Figures, string>> }[] = [
  { from: TOLD, code: 'steps', figures: { told_steps: 'value' } },
  { from: TOLD, code: 'active_time', figures: { told_active_minutes: 'value' } },
  { from: TOLD, code: 'inactive_time', figures: { told_inactive_minutes: 'value' } },
  {
    from: MEASURED,
    code: 'steps',
    figures: { steps: 'sum', active_seconds: 'active_seconds', sedentary_seconds: 'sedentary_seconds' },
  },
  {
    from: MEASURED,
    code: 'heart_rate',
    figures: {
      light_seconds: 'light_seconds',
      moderate_seconds: 'moderate_seconds',
      vigorous_seconds: 'vigorous_seconds',
      average_heart_rate: 'sum / count',
      highest_heart_rate: 'max',
      lowest_heart_rate: 'min',
    },
  },
];

type ActivityDay = Omit<ActivityRow, 'date'>;

/** Every figure of a source, and the dates of every list, as `array_send` writes them, in base64; null for an empty list. */
type SourceLists = SourceRow & { source_id: string } & Record<string, string | null>;

/** Of each date what the best source has that tells of it, by UTC midnights. @param sources the best one first */
function daysOf(sources: SourceLists[]): Map<number, ActivityDay> {
  const days = new Map<number, ActivityDay>();
  for (const { source_id, provider, device_model, device_type, device_name, ...columns } of sources) {
    const empty = { ...UNKNOWN, source_id, provider, device_model, device_type, device_name };
    LISTS.forEach(({ figures }, list) => {
      const dates = columns[`dates_${list}`];
      if (dates === null) return;
      const names = Object.keys(figures) as (keyof Figures)[];
      const values = names.map((name) => readDoubles(columns[name]!));
      readDates(dates).forEach((date, index) => {
        const day = days.get(date) ?? { ...empty };
        days.set(date, day);
        // Another source, which stands higher, tells of this date.
        if (day.source_id !== source_id) return;
        for (let figure = 0; figure < names.length; figure++)
          if (!Number.isNaN(values[figure][index])) day[names[figure]] = values[figure][index];
      });
    });
  }
  return days;
}

/**
 * One row a source, with a list a figure: a row a date, each of them many texts, takes several times as long. Of every
 * list no more is read than the page may show.
 */
const activity = (order: 'ASC' | 'DESC') => {
  const lists = LISTS.map(({ from, code, figures }, list) => {
    const columns = Object.entries(figures).map(([name, sql]) => ({ name, sql }));
    return `LATERAL (
      SELECT ${arrayColumn('date')} AS dates_${list},
             ${columns.map(({ name }) => `${arrayColumn(orNan(name))} AS ${name}`).join(', ')}
        FROM (SELECT l.date, ${columns.map(({ name, sql }) => `(${sql})::double precision AS ${name}`).join(', ')}
                FROM ${from} AND l.user_id = $1 AND l.source_id = d.id AND l.code = '${code}'
                 AND l.date >= $2 AND l.date < $3 AND ($4::date IS NULL OR l.date ${order === 'ASC' ? '>' : '<'} $4)
               ORDER BY l.date ${order} LIMIT $5) AS days) AS list_${list}`;
  });
  return `
    SELECT d.id AS source_id, ${SOURCE_COLUMNS}, ${LISTS.map((_, list) => `list_${list}.*`).join(', ')}
      FROM data_source AS d, ${lists.join(', ')}
     WHERE d.user_id = $1
     ORDER BY ${BEST_SOURCE_FIRST}, d.id`;
};

const ACTIVITY = { ASC: activity('ASC'), DESC: activity('DESC') };
