import { BadRequestException, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { offsetPagination } from '../http/page.dto';
import { parseTime } from '../http/time';
import { UsersService } from '../users/users.service';
import { BEST_SOURCE_FIRST } from './source-priority';
import { INTERNAL } from './canonical';
import { toScore, type ScorePage, type ScoreQuery, type ScoreRow } from './score.dto';
import { wireTime } from './wire-time';

/**
 * The scores of the providers, and our own. Of those there is one a category and date, from the nights of the best source
 * that has one: a night that two devices tell of was slept once.
 */
const SCORES = `
  SELECT s.* FROM (
    SELECT v.id, v.source_id, d.provider, v.category, v.date, v.value, v.scale_max, v.qualifier, v.recorded_at, v.zone_offset,
           v.components, NULL::uuid AS sleep_id, NULL::int AS formula_version
      FROM score v JOIN data_source d ON d.user_id = v.user_id AND d.id = v.source_id
     WHERE v.user_id = $1
    UNION ALL
    SELECT own.* FROM (
      SELECT DISTINCT ON (i.date, i.category) i.id, i.source_id, '${INTERNAL}' AS provider, i.category, i.date, i.value,
             CASE i.category WHEN 'resilience' THEN 1 ELSE 100 END AS scale_max, NULL AS qualifier, i.recorded_at,
             i.zone_offset, i.components, i.sleep_id, i.formula_version
        FROM internal_score i JOIN data_source d ON d.user_id = i.user_id AND d.id = i.source_id
       WHERE i.user_id = $1
         AND ($2::timestamptz IS NULL OR i.date >= $2::timestamptz::date - 2)
         AND ($3::timestamptz IS NULL OR i.date <= $3::timestamptz::date + 2)
       ORDER BY i.date, i.category, ${BEST_SOURCE_FIRST}, i.source_id
    ) AS own
  ) AS s
  WHERE ($2::timestamptz IS NULL OR s.recorded_at >= $2) AND ($3::timestamptz IS NULL OR s.recorded_at < $3)
    AND ($4::text IS NULL OR s.category = $4) AND ($5::text IS NULL OR s.provider = $5)`;

const NIGHT_OF_THE_SCORE = `
  SELECT n.id FROM sleep_session n
   WHERE n.user_id = $1 AND n.source_id = page.source_id AND n.date = page.date AND n.deleted_at IS NULL
   ORDER BY n.end_at - n.start_at DESC, n.start_at, n.id LIMIT 1`;

@Injectable()
export class ScoreReader {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
  ) {}

  /** @throws NotFoundException, BadRequestException */
  async page(userId: string, query: ScoreQuery): Promise<ScorePage> {
    const { category = null, provider = null, limit = 50, offset = 0 } = query;
    const { start, end } = rangeOf(query);
    await this.users.get(userId);
    const parameters = [userId, start, end, category, provider];
    const rows: ScoreRow[] = await this.database.query(
      `WITH page AS (${SCORES} ORDER BY recorded_at DESC, id DESC LIMIT $6 OFFSET $7)
       SELECT page.*, CASE WHEN category = 'sleep' THEN coalesce(sleep_id, (${NIGHT_OF_THE_SCORE})) END AS event_record_id
         FROM page ORDER BY recorded_at DESC, id DESC`,
      [...parameters, limit, offset],
    );
    const [{ total }]: { total: number }[] = await this.database.query(
      `SELECT count(*)::int AS total FROM (${SCORES}) AS found`,
      parameters,
    );
    return {
      data: rows.map(toScore),
      pagination: offsetPagination(offset, rows.length, total),
      metadata: {
        resolution: null,
        sample_count: rows.length,
        start_time: start === null ? null : wireTime(start),
        end_time: end === null ? null : wireTime(end),
      },
    };
  }
}

/** Either end may be left open. @throws BadRequestException */
function rangeOf({ start_date, end_date }: ScoreQuery): { start: Date | null; end: Date | null } {
  const start = start_date === undefined ? null : parseTime(start_date, 'start_date');
  const end = end_date === undefined ? null : parseTime(end_date, 'end_date');
  if (start === null || end === null || end > start) return { start, end };
  throw new BadRequestException(`end_date '${end_date}' must be later than start_date '${start_date}'.`);
}
