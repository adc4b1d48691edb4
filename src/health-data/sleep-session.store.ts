import { hash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate, SleepSession } from './canonical';
import { completedSleep } from './completed-sleep';
import { timeAwake } from './hypnogram';
import { isWithin } from './local-day';
import type { Span } from './series-store';
import { identifySleeps, type KnownSleep } from './sleep-identity';
import type { DayContext, RecordCounts, WriteTarget } from './write';
import { offsetAt } from './zone-offset';

export interface StoredSleep extends KnownSleep {
  date: LocalDate;
  zoneOffset: string | null;
  hash: string;
}

/** What the sleeps of an answer come to. */
export interface MergedSleeps extends RecordCounts {
  changed: SleepRow[];
  /** Stored sleeps that another one has taken in. */
  absorbed: string[];
  /** When the main sleep of the date ends; null if there is none. */
  nightEnd: number | null;
  /** Dates that have other sleeps than before. */
  dates: LocalDate[];
  /** Of the sleeps that have changed. */
  spans: Span[];
}

/** Writes `sleep_session`. */
@Injectable()
export class SleepSessionStore {
  /**
   * Writes nothing yet. A sleep that is already stored keeps its id, and all that the answer says nothing of; one that
   * a user has deleted stays deleted.
   */
  async merge(
    manager: EntityManager,
    target: WriteTarget,
    sleeps: SleepSession[],
    stored: StoredSleep[],
    context: DayContext,
  ): Promise<MergedSleeps> {
    const { known, absorbed } = identifySleeps(sleeps, stored);
    const alive = known
      .filter(({ stored }) => stored?.deleted !== true)
      .map(({ sleep, stored }) => ({ ...placed(sleep, stored, context), stored }));
    const rows = await this.completedRows(manager, target, alive, context.settled);
    const changed = alive.flatMap(({ sleep, stored }, index) =>
      rows[index].row.hash === stored?.hash ? [] : [{ sleep, stored, row: rows[index].row }],
    );
    const replaced = new Set([...absorbed, ...alive.map(({ stored }) => stored)]);
    const now = [
      ...stored.filter((it) => !it.deleted && !replaced.has(it)),
      ...alive.map(({ sleep }) => sleep),
    ];
    const inserted = changed.filter(({ stored }) => stored === null).length;
    return {
      inserted,
      updated: changed.length - inserted + absorbed.length,
      unchanged: sleeps.length - changed.length,
      changed: changed.map(({ row }) => row),
      absorbed: absorbed.map(({ id }) => id),
      nightEnd: nightEnd(now.filter(({ date }) => date === context.day.date)),
      dates: [...changed.flatMap(({ sleep, stored }) => [sleep, stored ?? sleep]), ...absorbed].map(
        ({ date }) => date,
      ),
      spans: changed.map(({ sleep: { start, end } }) => ({ from: start, to: end })),
    };
  }

  async write(
    manager: EntityManager,
    target: WriteTarget,
    { changed, absorbed }: MergedSleeps,
  ): Promise<void> {
    await Promise.all([
      ...changed.map((row) => this.upsert(manager, target, row)),
      absorbed.length > 0 && this.remove(manager, target, absorbed),
    ]);
  }

  /** Sleeps that may be those of the answer, and those of the date. */
  async near(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    sleeps: SleepSession[],
    date: LocalDate,
  ): Promise<StoredSleep[]> {
    return prepared<StoredSleep>(
      manager,
      `SELECT id, date::text, zone_offset AS "zoneOffset", (extract(epoch FROM start_at) * 1000)::double precision AS start,
              (extract(epoch FROM end_at) * 1000)::double precision AS "end",
              encode(hash, 'hex') AS hash, deleted_at IS NOT NULL AS deleted
         FROM sleep_session
        WHERE user_id = $1 AND source_id = $2
          AND (date = $3 OR start_at BETWEEN $4::timestamptz - interval '2 days' AND $5 AND end_at >= $4)
        ORDER BY start_at`,
      [
        userId,
        sourceId,
        date,
        sleeps.length > 0 ? new Date(Math.min(...sleeps.map(({ start }) => start))) : null,
        sleeps.length > 0 ? new Date(Math.max(...sleeps.map(({ end }) => end))) : null,
      ],
    );
  }

  /** The stored sleeps themselves are read only if the answer is not just what is stored. */
  private async completedRows(
    manager: EntityManager,
    target: WriteTarget,
    sleeps: PlacedSleep[],
    settled: boolean,
  ): Promise<{ stored: StoredSleep | null; row: SleepRow }[]> {
    const rows = sleeps.map(({ sleep, stored, zoneOffset }) => ({
      stored,
      row: { id: stored?.id ?? randomUUID(), ...rowOf(sleep, zoneOffset) },
    }));
    const differing = rows.filter(({ stored, row }) => stored !== null && stored.hash !== row.hash);
    if (differing.length === 0) return rows;
    const contents = await this.contents(
      manager,
      target,
      differing.map(({ row }) => row.id),
    );
    return rows.map(({ stored, row }, index) => {
      const content = contents.get(row.id);
      if (content === undefined) return { stored, row };
      const { sleep, zoneOffset } = sleeps[index];
      return { stored, row: { id: row.id, ...rowOf(completedSleep(sleep, content, settled), zoneOffset) } };
    });
  }

  private async contents(
    manager: EntityManager,
    { userId, sourceId }: WriteTarget,
    ids: string[],
  ): Promise<Map<string, SleepSession>> {
    const rows = await prepared<SleepSession & { id: string }>(
      manager,
      `SELECT id, date::text, (extract(epoch FROM start_at) * 1000)::double precision AS start,
              (extract(epoch FROM end_at) * 1000)::double precision AS "end", asleep_seconds AS "asleepSeconds",
              stage_seconds AS "stageSeconds", stages, efficiency_percent AS "efficiencyPercent",
              average_heart_rate AS "averageHeartRate", average_hrv_rmssd AS "averageHrvRmssd",
              average_spo2 AS "averageSpo2", graphs, details
         FROM sleep_session WHERE user_id = $1 AND source_id = $2 AND id = ANY ($3)`,
      [userId, sourceId, ids],
    );
    return new Map(rows.map(({ id, ...sleep }) => [id, sleep]));
  }

  private async upsert(manager: EntityManager, { userId, sourceId }: WriteTarget, row: SleepRow) {
    await prepared(
      manager,
      `INSERT INTO sleep_session (user_id, source_id, id, hash, date, start_at, end_at, zone_offset, asleep_seconds,
              stage_seconds, stages, efficiency_percent, average_heart_rate, average_hrv_rmssd, average_spo2, graphs, details,
              awakenings_count, awake_seconds, long_awakenings_count)
       VALUES ($1, $2, $3, decode($4, 'hex'), $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $5, $6, $7)
       ON CONFLICT (user_id, source_id, id) DO UPDATE
         SET date = excluded.date, start_at = excluded.start_at, end_at = excluded.end_at,
             zone_offset = excluded.zone_offset, asleep_seconds = excluded.asleep_seconds,
             stage_seconds = excluded.stage_seconds, stages = excluded.stages,
             efficiency_percent = excluded.efficiency_percent, average_heart_rate = excluded.average_heart_rate,
             average_hrv_rmssd = excluded.average_hrv_rmssd, average_spo2 = excluded.average_spo2,
             graphs = excluded.graphs, details = excluded.details, awakenings_count = excluded.awakenings_count,
             awake_seconds = excluded.awake_seconds, long_awakenings_count = excluded.long_awakenings_count,
             hash = excluded.hash`,
      [userId, sourceId, row.id, row.hash, ...row.awake, ...row.columns],
    );
  }

  private async remove(manager: EntityManager, { userId, sourceId }: WriteTarget, ids: string[]) {
    await prepared(
      manager,
      `DELETE FROM sleep_session WHERE user_id = $1 AND source_id = $2 AND id = ANY ($3)`,
      [userId, sourceId, ids],
    );
  }
}

interface PlacedSleep {
  sleep: SleepSession;
  zoneOffset: string | null;
  stored: StoredSleep | null;
}

interface SleepRow {
  id: string;
  hash: string;
  /** Awakenings, seconds awake, long awakenings: they follow from the stages. */
  awake: (number | null)[];
  /** From `date` on, as the statement names them. */
  columns: (string | number | null)[];
}

/**
 * On which date a sleep is filed: where it is stored already, unless it ended within the answered day. So a sleep that
 * a vendor lists under two dates, or under another one after a journey, does not go back and forth between them.
 */
function placed(sleep: SleepSession, stored: StoredSleep | null, context: DayContext) {
  const moves = stored === null || stored.date === sleep.date || isWithin(context, sleep.end);
  return moves
    ? { sleep, zoneOffset: offsetAt(context.day, sleep.end) }
    : { sleep: { ...sleep, date: stored.date }, zoneOffset: stored.zoneOffset };
}

/** The columns of a sleep, and a SHA-256 over them. */
function rowOf(sleep: SleepSession, zoneOffset: string | null): Omit<SleepRow, 'id'> {
  const columns = [
    sleep.date,
    new Date(sleep.start).toISOString(),
    new Date(sleep.end).toISOString(),
    zoneOffset,
    sleep.asleepSeconds === null ? null : Math.round(sleep.asleepSeconds),
    sleep.stageSeconds === null ? null : toJson(sleep.stageSeconds),
    toJson(sleep.stages),
    sleep.efficiencyPercent,
    sleep.averageHeartRate,
    sleep.averageHrvRmssd,
    sleep.averageSpo2,
    toJson(sleep.graphs),
    toJson(sleep.details ?? {}),
  ];
  const awake = timeAwake(sleep.stages);
  return {
    columns,
    awake: [awake?.awakenings ?? null, awake?.awakeSeconds ?? null, awake?.longAwakenings ?? null],
    hash: hash('sha256', JSON.stringify(columns), 'hex'),
  };
}

/** With keys in order: PostgreSQL gives them back in one of its own, which must not make another hash. */
const toJson = (value: object) =>
  JSON.stringify(value, (_key, it: unknown) =>
    typeof it === 'object' && it !== null && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  );

/** The longest sleep of a date is its night; the first of equally long ones. */
function nightEnd(sleeps: { start: number; end: number }[]): number | null {
  const [night] = sleeps.toSorted((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  return night?.end ?? null;
}
