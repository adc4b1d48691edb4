import { BadRequestException, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { parseTime } from '../http/time';
import { UsersService } from '../users/users.service';
import { toScore, type ScorePage, type ScoreQuery, type ScoreRow } from './score.dto';
import { wireTime } from './wire-time';

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
    const filter = `s.user_id = $1 AND ($2::timestamptz IS NULL OR s.recorded_at >= $2)
        AND ($3::timestamptz IS NULL OR s.recorded_at < $3)
        AND ($4::text IS NULL OR s.category = $4) AND ($5::text IS NULL OR d.provider = $5)`;
    const from = `score s JOIN data_source d ON d.user_id = s.user_id AND d.id = s.source_id`;
    const parameters = [userId, start, end, category, provider];
    const rows: ScoreRow[] = await this.database.query(
      `SELECT s.id, s.source_id, d.provider, s.category, s.value, s.scale_max, s.qualifier, s.recorded_at, s.zone_offset, s.components
         FROM ${from} WHERE ${filter} ORDER BY s.recorded_at DESC, s.id DESC LIMIT $6 OFFSET $7`,
      [...parameters, limit, offset],
    );
    const [{ total }]: { total: number }[] = await this.database.query(
      `SELECT count(*)::int AS total FROM ${from} WHERE ${filter}`,
      parameters,
    );
    return {
      data: rows.map(toScore),
      pagination: {
        next_cursor: null,
        previous_cursor: null,
        has_more: offset + rows.length < total,
        total_count: total,
      },
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
