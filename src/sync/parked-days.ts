import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../database/clock';
import { WAKE_CHANNEL } from '../database/wake-channel';
import type { LocalDate } from '../health-data/canonical';
import type { SyncDayStatus } from './sync-day.entity';
import type { LedgerKey } from './sync-ledger';
import { wake } from './wake-times';

/** Which parked days are meant; without anything all of them. */
export interface ParkedFilter {
  userId?: string;
  connectionId?: string;
  provider?: string;
  date?: LocalDate;
}

export interface ParkedDay {
  userId: string;
  connectionId: string;
  provider: string;
  date: LocalDate;
  /** `stored` where an earlier answer could be used. */
  status: SyncDayStatus;
  errorCode: string;
  attempts: number;
  /** The first of the failed tries. */
  since: Date;
}

/** Days of active connections that were given up after too many tries. */
@Injectable()
export class ParkedDays {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Those that have failed longest first. */
  async page(
    filter: ParkedFilter,
    { limit, offset }: { limit: number; offset: number },
  ): Promise<{ days: ParkedDay[]; total: number }> {
    const parameters = parametersOf(filter);
    const [days, [{ total }]]: [ParkedDay[], { total: number }[]] = await Promise.all([
      this.database.query(
        `SELECT d.user_id AS "userId", d.connection_id AS "connectionId", c.provider, d.date::text AS date, d.status,
                d.error_code AS "errorCode", d.attempts, d.failed_since AS since
           FROM sync_day d, connection c WHERE ${PARKED}
          ORDER BY d.failed_since, d.user_id, d.connection_id, d.date LIMIT $5 OFFSET $6`,
        [...parameters, limit, offset],
      ),
      this.database.query(
        `SELECT count(*)::int AS total FROM sync_day d, connection c WHERE ${PARKED}`,
        parameters,
      ),
    ]);
    return { days, total };
  }

  /** They are due at once, with all their tries before them. @returns how many */
  release(filter: ParkedFilter): Promise<number> {
    const parameters = parametersOf(filter);
    return this.database.transaction(async (manager) => {
      const held: LedgerKey[] = await manager.query(
        `SELECT c.user_id AS "userId", c.id AS "connectionId" FROM connection c
          WHERE EXISTS (SELECT FROM sync_day d WHERE ${PARKED}) ORDER BY c.user_id, c.id FOR UPDATE`,
        parameters,
      );
      if (held.length === 0) return 0;
      const [, released]: [unknown, number] = await manager.query(
        `UPDATE sync_day d
            SET attempts = 0, next_attempt_at = $5, status = CASE d.status WHEN 'parked' THEN 'pending' ELSE d.status END
           FROM connection c
          WHERE ${PARKED} AND (c.user_id, c.id) IN (SELECT * FROM unnest($6::uuid[], $7::uuid[]))`,
        [
          ...parameters,
          this.clock.now(),
          held.map(({ userId }) => userId),
          held.map(({ connectionId }) => connectionId),
        ],
      );
      await wake(manager, ...held);
      await manager.query(`SELECT pg_notify($1, '')`, [WAKE_CHANNEL]);
      return released;
    });
  }
}

const PARKED = `
  d.user_id = c.user_id AND d.connection_id = c.id AND d.failed_since IS NOT NULL AND d.next_attempt_at IS NULL
  AND c.status = 'active' AND d.user_id = coalesce($1, d.user_id) AND d.connection_id = coalesce($2, d.connection_id)
  AND c.provider = coalesce($3, c.provider) AND d.date = coalesce($4, d.date)`;

const parametersOf = ({ userId, connectionId, provider, date }: ParkedFilter) =>
  [userId, connectionId, provider, date].map((value) => value ?? null);
