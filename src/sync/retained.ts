import type { ServerSettings } from '../config/env';

/** What is kept for so many days only. */
export interface Retained {
  /** In logs, and the name of its queue: what is deleted. */
  name: string;
  days: (settings: ServerSettings) => number;
  /**
   * Each deletes a batch of what is older than $1, and passes over what another process has in hand; again until a batch
   * is not full.
   */
  deletions: readonly string[];
}

/** Rows of one small transaction. */
export const BATCH = 1_000;

/** A date stands for its oldest answer, which a replay locks first. */
const OLD_ANSWERS = `
  WITH old AS (
    SELECT user_id, connection_id, date FROM raw_answer oldest
     WHERE fetched_at < $1 AND NOT EXISTS (
       SELECT FROM raw_answer other
        WHERE other.user_id = oldest.user_id AND other.connection_id = oldest.connection_id AND other.date = oldest.date
          AND (other.fetched_at < oldest.fetched_at OR other.fetched_at >= $1))
     ORDER BY fetched_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  DELETE FROM raw_answer r USING old
   WHERE r.user_id = old.user_id AND r.connection_id = old.connection_id AND r.date = old.date`;

const OLD_REJECTS = `
  WITH old AS (
    SELECT user_id, connection_id, date, fetched_at FROM raw_reject
     WHERE fetched_at < $1 ORDER BY fetched_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  DELETE FROM raw_reject r USING old
   WHERE r.user_id = old.user_id AND r.connection_id = old.connection_id AND r.date = old.date
     AND r.fetched_at = old.fetched_at`;

const OLD_RUNS = `
  WITH old AS (
    SELECT user_id, run_id FROM sync_run
     WHERE last_update < $1 AND status <> 'in_progress' ORDER BY last_update LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
  ), events AS (
    DELETE FROM sync_event e USING old o WHERE e.user_id = o.user_id AND e.run_id = o.run_id
  )
  DELETE FROM sync_run r USING old o WHERE r.user_id = o.user_id AND r.run_id = o.run_id`;

const OLD_TASKS = `
  DELETE FROM background_task WHERE id IN (
    SELECT id FROM background_task WHERE ended_at < $1 ORDER BY ended_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;

/**
 * Vendors' answers. Those of one date go together, when the newest of them does: what is left of them would come to
 * something else in a replay. A refused answer goes alone.
 */
export const RAW_ANSWERS: Retained = {
  name: 'raw-retention',
  days: ({ RAW_RETENTION_DAYS }) => RAW_RETENTION_DAYS,
  deletions: [OLD_ANSWERS, OLD_REJECTS],
};

/** Runs that have ended, each with its events, and other tasks that have. */
export const RUN_LOG: Retained = {
  name: 'run-log-retention',
  days: ({ RUN_LOG_RETENTION_DAYS }) => RUN_LOG_RETENTION_DAYS,
  deletions: [OLD_RUNS, OLD_TASKS],
};
