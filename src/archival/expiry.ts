import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { WINDOW_DAYS } from '../health-data/internal-score';
import { ArchivalSettings, type KeptSince } from './archival-settings.service';

/** Whose data: all of a user's, or what came by one connection. */
export interface Holder {
  userId: string;
  connectionId?: string;
}

export interface Expired {
  /** Samples that are only kept as daily aggregates now, or not at all. */
  samples: number;
  /** Answers of providers. */
  answers: number;
  /** Aggregates, daily values, sleeps and scores. */
  records: number;
}

const IS_HELD = `
  user_id = $1
  AND ($2::uuid IS NULL OR source_id IN (SELECT id FROM data_source WHERE user_id = $1 AND connection_id = $2))`;

/** Sources on the list have days that nobody has summed up yet: their samples stay until somebody has. */
const OLD_SAMPLES = `
  DELETE FROM series_day s
   WHERE ${IS_HELD} AND day < $3
     AND NOT EXISTS (SELECT FROM series_local_day_backlog b WHERE b.user_id = s.user_id AND b.source_id = s.source_id)
  RETURNING s.source_id AS "sourceId", s.count`;

/** From now on these rows are all that there is (docs/adr/0018). */
const ARCHIVED = `
  UPDATE series_local_day SET archived = true
   WHERE user_id = $1 AND source_id = ANY ($2) AND first_at < $3::date::timestamp AT TIME ZONE 'UTC' AND NOT archived`;

const OLD_ANSWERS = ['raw_answer', 'raw_reject'].map(
  (table) =>
    `DELETE FROM ${table} WHERE user_id = $1 AND ($2::uuid IS NULL OR connection_id = $2) AND date < $3`,
);

/** Before the nights go: scores of later dates that were made of them too. */
const SCORES_OF_OLD_NIGHTS = `
  UPDATE internal_score i SET archived = true
   WHERE ${IS_HELD} AND date >= $3 AND date < $3::date + ${WINDOW_DAYS} AND NOT archived
     AND EXISTS (SELECT FROM sleep_session s
                  WHERE s.user_id = i.user_id AND s.source_id = i.source_id AND s.deleted_at IS NULL
                    AND s.date < $3 AND s.date > i.date - ${WINDOW_DAYS})`;

/** A sleep that a user has deleted leaves its time, by which it is known should its day be kept longer and read again. */
const OLD_RECORDS = [
  ...['series_local_day', 'daily_value', 'score', 'internal_score'].map(
    (table) => `DELETE FROM ${table} WHERE ${IS_HELD} AND date < $3`,
  ),
  `DELETE FROM sleep_session WHERE ${IS_HELD} AND date < $3 AND deleted_at IS NULL`,
];

/** All SQL that deletes health data for its age. */
@Injectable()
export class Expiry {
  constructor(private readonly settings: ArchivalSettings) {}

  /**
   * For whoever has just stored something about a date, in the same transaction: what was deleted for its age before does
   * not come back, and what it comes to by the day is nevertheless brought up to date.
   */
  async again(manager: EntityManager, holder: Holder, date: string): Promise<void> {
    const { samples } = await this.settings.lastKnownKeptSince(manager);
    if (samples === null || date > samples) return;
    await this.apply(manager, holder, await this.settings.keptSince(manager));
  }

  /** @param manager of a transaction that holds the connections in question, as everybody does who writes health data */
  async apply(
    manager: EntityManager,
    { userId, connectionId }: Holder,
    { samples, everything }: KeptSince,
  ): Promise<Expired> {
    const expired: Expired = { samples: 0, answers: 0, records: 0 };
    if (samples === null) return expired;
    const holder = [userId, connectionId ?? null];
    const [gone] = await manager.query<[{ sourceId: string; count: number }[], number]>(OLD_SAMPLES, [
      ...holder,
      samples,
    ]);
    expired.samples = gone.reduce((sum, { count }) => sum + count, 0);
    const sources = [...new Set(gone.map(({ sourceId }) => sourceId))];
    if (sources.length > 0) await manager.query(ARCHIVED, [userId, sources, samples]);
    expired.answers = await deleteAll(manager, OLD_ANSWERS, [...holder, samples]);
    if (everything === null) return expired;
    await manager.query(SCORES_OF_OLD_NIGHTS, [...holder, everything]);
    expired.records = await deleteAll(manager, OLD_RECORDS, [...holder, everything]);
    return expired;
  }
}

async function deleteAll(
  manager: EntityManager,
  statements: string[],
  parameters: unknown[],
): Promise<number> {
  let deleted = 0;
  for (const statement of statements) {
    const [, count] = await manager.query<[unknown, number]>(statement, parameters);
    deleted += count;
  }
  return deleted;
}
