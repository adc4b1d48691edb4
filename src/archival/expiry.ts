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

/** A UTC day of a series. */
interface GoneSamples {
  sourceId: string;
  code: string;
  day: string;
  count: number;
}

const IS_HELD = `
  user_id = $1
  AND ($2::uuid IS NULL OR source_id IN (SELECT id FROM data_source WHERE user_id = $1 AND connection_id = $2))`;

/**
 * Sources on the list have days that nobody has summed up yet: their samples stay until somebody has. So do those of days
 * beside which another is still to be read: a night has samples of both. What is past the second line goes all the same.
 */
const OLD_SAMPLES = `
  DELETE FROM series_day s
   WHERE ${IS_HELD} AND day < $3
     AND NOT EXISTS (SELECT FROM series_local_day_backlog b WHERE b.user_id = s.user_id AND b.source_id = s.source_id)
     AND (day < $4 OR NOT EXISTS (
           SELECT FROM data_source d
             JOIN connection c ON c.user_id = d.user_id AND c.id = d.connection_id AND c.status = 'active'
             JOIN sync_day y ON y.user_id = c.user_id AND y.connection_id = c.id
            WHERE d.user_id = s.user_id AND d.id = s.source_id
              AND y.date BETWEEN s.day - 1 AND s.day + 1 AND y.next_attempt_at IS NOT NULL))
  RETURNING s.source_id AS "sourceId", s.code, s.day::text AS day, s.count`;

const startOf = (day: string) => `(${day})::timestamp AT TIME ZONE 'UTC'`;

/** From now on these rows are all that there is (docs/adr/0018). */
const ARCHIVED_DAYS = `
  UPDATE series_local_day l SET archived = true
    FROM unnest($2::uuid[], $3::text[], $4::date[]) AS gone (source_id, code, day)
   WHERE l.user_id = $1 AND l.source_id = gone.source_id AND l.code = gone.code AND NOT l.archived
     AND l.date BETWEEN gone.day - 2 AND gone.day + 1
     AND l.first_at < ${startOf('gone.day + 1')} AND l.last_at >= ${startOf('gone.day')}`;

/** What these nights averaged to can no longer be computed. */
const ARCHIVED_NIGHTS = `
  UPDATE sleep_session s SET archived = true
    FROM (SELECT DISTINCT source_id, day FROM unnest($2::uuid[], $3::date[]) AS gone (source_id, day)) AS gone
   WHERE s.user_id = $1 AND s.source_id = gone.source_id AND NOT s.archived
     AND s.start_at < ${startOf('gone.day + 1')} AND s.end_at > ${startOf('gone.day')}`;

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
    const [gone] = await manager.query<[GoneSamples[], number]>(OLD_SAMPLES, [
      ...holder,
      samples,
      everything,
    ]);
    expired.samples = gone.reduce((sum, { count }) => sum + count, 0);
    await this.mark(manager, userId, gone);
    expired.answers = await deleteAll(manager, OLD_ANSWERS, [...holder, samples]);
    if (everything === null) return expired;
    await manager.query(SCORES_OF_OLD_NIGHTS, [...holder, everything]);
    expired.records = await deleteAll(manager, OLD_RECORDS, [...holder, everything]);
    return expired;
  }

  private async mark(manager: EntityManager, userId: string, gone: GoneSamples[]): Promise<void> {
    if (gone.length === 0) return;
    const [sources, days] = [gone.map(({ sourceId }) => sourceId), gone.map(({ day }) => day)];
    await manager.query(ARCHIVED_DAYS, [userId, sources, gone.map(({ code }) => code), days]);
    await manager.query(ARCHIVED_NIGHTS, [userId, sources, days]);
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
