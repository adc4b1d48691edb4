import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DashboardStats } from './dashboard.dto';

/** Larger tables are counted from so many pages of 8 KiB, chosen by chance but always the same. */
const PAGES = 2_000;
const PAGE_BYTES = 8_192;
const TOP_PROVIDERS = 6;

/** How much there is of everything, in a time that does not grow with the tables of health data. */
@Injectable()
export class DashboardService {
  constructor(private readonly database: DataSource) {}

  async stats(): Promise<DashboardStats> {
    const [users, samples, daily, sleeps, connections] = await Promise.all([
      this.count('app_user', { users: 'count(*)' }),
      this.count('series_local_day', {
        live: 'sum(count) FILTER (WHERE NOT archived)',
        archived: 'sum(count) FILTER (WHERE archived)',
      }),
      this.count('daily_value', { values: 'count(*)' }),
      this.count('sleep_session', { sleeps: 'count(*) FILTER (WHERE deleted_at IS NULL)' }),
      this.connections(),
    ]);
    return {
      total_users: { count: users.users },
      active_conn: { count: connections.active },
      data_points: { count: samples.live + daily.values, archived: samples.archived },
      event_records: { count: sleeps.sleeps, workouts: 0, sleep: sleeps.sleeps, menstrual_cycles: 0 },
      connections_coverage: {
        users_with_active: connections.users,
        users_with_multi_active: connections.usersWithSeveral,
        top_providers: connections.providers,
      },
    };
  }

  /** Exact in a small table; in a large one what a sample of its pages comes to, times what it is a share of. */
  private async count<Name extends string>(
    table: string,
    counts: Record<Name, string>,
  ): Promise<Record<Name, number>> {
    const [{ bytes }]: { bytes: string }[] = await this.database.query(
      `SELECT pg_relation_size($1::regclass) AS bytes`,
      [table],
    );
    const share = Math.min(1, (PAGES * PAGE_BYTES) / Math.max(1, Number(bytes)));
    const names = Object.keys(counts) as Name[];
    const columns = names.map((name) => `coalesce(${counts[name]}, 0)::double precision AS "${name}"`);
    const sampled = share < 1 ? `TABLESAMPLE SYSTEM (${share * 100}) REPEATABLE (0)` : '';
    const [row]: Record<Name, number>[] = await this.database.query(
      `SELECT ${columns.join(', ')} FROM ${table} ${sampled}`,
    );
    for (const name of names) row[name] = Math.round(row[name] / share);
    return row;
  }

  private async connections(): Promise<Connections> {
    const [row]: Connections[] = await this.database.query(
      `WITH active AS (SELECT user_id, provider FROM connection WHERE status = 'active'),
            by_user AS (SELECT count(*) AS connections FROM active GROUP BY user_id),
            by_provider AS (SELECT provider, count(*)::int AS count FROM active GROUP BY provider
                             ORDER BY count(*) DESC, provider LIMIT ${TOP_PROVIDERS})
       SELECT (SELECT count(*) FROM active)::int AS active, (SELECT count(*) FROM by_user)::int AS users,
              (SELECT count(*) FROM by_user WHERE connections > 1)::int AS "usersWithSeveral",
              (SELECT coalesce(jsonb_agg(by_provider), '[]') FROM by_provider) AS providers`,
    );
    return row;
  }
}

interface Connections {
  active: number;
  users: number;
  usersWithSeveral: number;
  providers: { provider: string; count: number }[];
}
