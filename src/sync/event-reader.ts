import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toSyncStatusEvent, type SyncStatusEvent } from './sync-event.dto';
import type { SyncEvent } from './sync-event.entity';
import type { SyncRun } from './sync-run.entity';

/** An event with its place among those of its user. */
export interface PlacedEvent {
  id: number;
  event: SyncStatusEvent;
}

/** At most so many of one user, and of all together, are read at once. */
export const PAGE = 200;
const ALL_USERS = 5_000;

/** Reads `sync_event`. */
@Injectable()
export class EventReader {
  constructor(private readonly database: DataSource) {}

  /** The newest ones of a user, oldest first. */
  async last(userId: string, limit: number): Promise<PlacedEvent[]> {
    const rows: EventRow[] = await this.database.query(
      `SELECT ${COLUMNS} FROM sync_event e JOIN sync_run r ON r.user_id = e.user_id AND r.run_id = e.run_id
        WHERE e.user_id = $1 ORDER BY e.id DESC LIMIT $2`,
      [userId, limit],
    );
    return rows.map(placed).toReversed();
  }

  /** The id of a user's newest event; 0 without any. */
  async newestId(userId: string): Promise<number> {
    const [{ id }]: { id: string }[] = await this.database.query(
      `SELECT coalesce(max(id), 0) AS id FROM sync_event WHERE user_id = $1`,
      [userId],
    );
    return Number(id);
  }

  /**
   * What comes after the ids that are given, each of its own user: in the order of the ids, and so without a gap as far
   * as it goes. One statement, however many users.
   */
  async after(ids: ReadonlyMap<string, number>): Promise<PlacedEvent[]> {
    const rows: EventRow[] = await this.database.query(
      `SELECT ${COLUMNS}
         FROM unnest($1::uuid[], $2::bigint[]) AS seen (user_id, id)
        CROSS JOIN LATERAL (SELECT * FROM sync_event e
                             WHERE e.user_id = seen.user_id AND e.id > seen.id ORDER BY e.id LIMIT ${PAGE}) e
         JOIN sync_run r ON r.user_id = e.user_id AND r.run_id = e.run_id
        ORDER BY e.id LIMIT ${ALL_USERS}`,
      [[...ids.keys()], [...ids.values()]],
    );
    return rows.map(placed);
  }
}

type EventRow = SyncEvent & Pick<SyncRun, 'provider' | 'source' | 'startedAt' | 'endedAt'>;

const COLUMNS = `
  e.user_id AS "userId", e.id, e.event_id AS "eventId", e.run_id AS "runId", e.stage, e.status, e.message, e.progress,
  e.items_processed AS "itemsProcessed", e.items_total AS "itemsTotal", e.error, e.metadata, e.timestamp,
  r.provider, r.source, r.started_at AS "startedAt", r.ended_at AS "endedAt"`;

const placed = (row: EventRow): PlacedEvent => ({ id: Number(row.id), event: toSyncStatusEvent(row, row) });
