import { Injectable } from '@nestjs/common';
import { DataSource, MoreThanOrEqual } from 'typeorm';
import { offsetPagination } from '../http/page.dto';
import { parseTime } from '../http/time';
import { DriftSighting } from '../sync/drift-sighting.entity';
import { OTHER } from '../sync/drift-tally';
import { toDriftSighting, type DriftPage, type DriftQuery } from './drift.dto';

export interface DriftTotal {
  provider: string;
  kind: string;
  name: string;
  count: number;
}

/** What providers send that is not understood, or not taken. */
@Injectable()
export class DriftService {
  constructor(private readonly database: DataSource) {}

  /** @throws BadRequestException for a `since` that is no time */
  async page({ provider, kind, since, limit = 50, offset = 0 }: DriftQuery): Promise<DriftPage> {
    const from = since === undefined ? undefined : MoreThanOrEqual(parseTime(since, 'since'));
    const filters = Object.entries({ provider, kind, lastSeenAt: from });
    const [rows, total] = await this.database.manager.findAndCount(DriftSighting, {
      where: Object.fromEntries(filters.filter(([, value]) => value !== undefined)),
      order: { lastSeenAt: 'DESC', provider: 'ASC', kind: 'ASC', name: 'ASC' },
      take: limit,
      skip: offset,
    });
    return {
      data: rows.map(toDriftSighting),
      pagination: offsetPagination(offset, rows.length, total),
    };
  }

  /**
   * Every sighting, at most `named` of them under their own names: those seen first, so that a name once given stays
   * and its count only grows. The rest is summed up as `other`.
   */
  async totals(named: number): Promise<DriftTotal[]> {
    const rows: (Omit<DriftTotal, 'count'> & { count: string })[] = await this.database.query(
      `SELECT provider, kind, label AS name, sum(count)::text AS count
         FROM (SELECT provider, kind, count,
                      CASE WHEN row_number() OVER (ORDER BY name = $2, first_seen_at, provider, kind, name) <= $1
                           THEN name ELSE $2 END AS label
                 FROM drift_sighting) labelled
        GROUP BY provider, kind, label ORDER BY provider, kind, label`,
      [named, OTHER],
    );
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }
}
