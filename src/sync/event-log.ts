import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { RunState } from './run-log';
import { toSyncStatusEvent } from './sync-event.dto';
import type { SyncEvent } from './sync-event.entity';
import type { SyncStage, SyncStatus } from './sync-run.entity';
import { daysDone } from './tally';

/** Writes `sync_event`. Whoever reads the events of a user by their ids misses none. */

/** `pg_notify` on this channel carries an event, at the moment that it is committed: see `eventNotice`. */
export const EVENT_CHANNEL = 'vitalbase_sync_event';

/** PostgreSQL takes less than 8,000 bytes; ids and numbers come on top. */
const LONGEST_NOTICE = 7_800;

export interface News {
  stage: SyncStage;
  status: SyncStatus;
  message: string;
  error?: string | null;
  metadata?: Record<string, unknown>;
}

/**
 * Tells one step of a run. To be called late in a transaction, with nothing behind it but short writes to rows that are
 * locked already: from here to its end no other one tells of this user, so that the ids, which PostgreSQL gives out
 * before the commit, come in the order of the commits.
 */
export async function tell(manager: EntityManager, run: RunState, news: News, at: Date): Promise<void> {
  const event = eventOf(run, news, at);
  const endedAt = news.status === 'in_progress' ? null : at;
  const json = JSON.stringify(toSyncStatusEvent(event, { ...run, endedAt }));
  await Promise.all([
    prepared(manager, `SELECT pg_advisory_xact_lock(hashtextextended('events ' || $1, 0))`, [run.userId]),
    prepared(manager, TELL, [
      event.userId,
      event.eventId,
      event.runId,
      event.stage,
      event.status,
      event.message,
      event.progress,
      event.itemsProcessed,
      event.itemsTotal,
      event.error,
      event.metadata,
      event.timestamp,
      Buffer.byteLength(json) > LONGEST_NOTICE ? '' : json,
    ]),
  ]);
}

/** In a statement after the lock's, which therefore sees all that was told before. */
const TELL = `
  WITH before AS (
    SELECT coalesce(max(id), 0) AS id FROM sync_event WHERE user_id = $1
  ), told AS (
    INSERT INTO sync_event (user_id, event_id, run_id, stage, status, message, progress, items_processed, items_total,
                            error, metadata, timestamp)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    RETURNING id
  )
  SELECT pg_notify('${EVENT_CHANNEL}', concat_ws(' ', $1::uuid, told.id, before.id, $13::text)) FROM told, before`;

function eventOf(run: RunState, news: News, at: Date): Omit<SyncEvent, 'id'> {
  const days = daysDone(run.details);
  const inProgress = news.status === 'in_progress' && run.itemsTotal > 0;
  return {
    userId: run.userId,
    eventId: randomUUID(),
    runId: run.runId,
    stage: news.stage,
    status: news.status,
    message: news.message,
    progress: inProgress ? days / run.itemsTotal : null,
    itemsProcessed: days,
    itemsTotal: run.itemsTotal,
    error: news.error ?? null,
    metadata: { is_historical: run.source === 'backfill', ...news.metadata },
    timestamp: at,
  };
}

/** What a notice carries. */
export interface EventNotice {
  userId: string;
  id: number;
  /** The id of the user's event before it, 0 for the first: who has not seen that one has missed something. */
  after: number;
  /** `SyncStatusEvent`; empty if it is too long for a notice. */
  json: string;
}

/** @returns null for what is no notice of ours */
export function eventNotice(payload: string): EventNotice | null {
  const [, userId, id, after, json] = /^(\S+) (\d+) (\d+) (.*)$/s.exec(payload) ?? [];
  return userId === undefined ? null : { userId, id: Number(id), after: Number(after), json };
}
