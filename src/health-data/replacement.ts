import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared';
import type { LocalDate } from './canonical';
import type { ChangeKind } from './chunk-replacement';
import { LocalDayAggregates } from './local-day-aggregates';
import { replaceRecords } from './replaced-records';
import { InternalScoreStore } from './internal-score.store';
import { ReplacedSeries } from './replaced-series';
import { copyDeletedSleeps, replaceSleeps } from './replaced-sleeps';
import { averageSleeps } from './sleep-averages';

/** Which part of a source's data is replaced by that of another source of the same user. */
export interface Replacement {
  userId: string;
  /** Holds the data as it shall be. */
  from: string;
  to: string;
  /** Whose daily values, sleeps and scores are replaced. */
  dates: LocalDate[];
  /** Whether the sample at an instant is. */
  isReplaced: (instant: number) => boolean;
  /** The local date of an instant, to tell of its change. */
  dateOf: (instant: number) => LocalDate;
}

/** Samples or records of one kind and date that are not what they were. */
export interface Change {
  /** A series' code, `daily:` or `score:` and a code, or `sleep`. */
  name: string;
  date: LocalDate;
  kind: ChangeKind;
  count: number;
}

const TABLES = ['series_day', 'series_local_day', 'daily_value', 'sleep_session', 'score', 'internal_score'];

/**
 * Puts data that was made anew, under a source that nobody sees, in the place of the old. Rows that are as they were
 * are not touched. All of it within one transaction that holds the lock of the source's connection.
 */
@Injectable()
export class HealthDataReplacement {
  constructor(
    private readonly series: ReplacedSeries,
    private readonly internalScores: InternalScoreStore,
    private readonly localDays: LocalDayAggregates,
  ) {}

  /** Makes `draft` a source to fold into, in place of `source`. */
  async begin(manager: EntityManager, userId: string, source: string, draft: string): Promise<void> {
    await copyDeletedSleeps(manager, { userId, from: source, to: draft });
  }

  async replace(manager: EntityManager, replacement: Replacement): Promise<Change[]> {
    const changes = [
      ...(await this.series.replace(manager, replacement)),
      ...(await replaceRecords(manager, replacement)),
      ...(await replaceSleeps(manager, replacement)),
    ];
    if (changes.length > 0) await this.computeScores(manager, replacement);
    return changes;
  }

  /** What is made of all that is stored: a sleep that stays may have other samples in it. */
  private async computeScores(manager: EntityManager, { userId, to }: Replacement): Promise<void> {
    const target = { userId, sourceId: to };
    await averageSleeps(manager, target, null);
    await this.internalScores.compute(manager, target, null);
  }

  /**
   * Sums up what was replaced, and what the new calendar of the ledger has moved.
   * @param dates an end that is null is open
   */
  async sumUp(
    manager: EntityManager,
    userId: string,
    sources: string[],
    dates: { from: LocalDate | null; to: LocalDate | null },
  ): Promise<void> {
    for (const sourceId of sources) await this.localDays.rebuild(manager, { userId, sourceId }, dates);
  }

  /** Leaves nothing of the drafts behind. */
  async end(manager: EntityManager, userId: string, drafts: string[]): Promise<void> {
    for (const table of TABLES) {
      await prepared(manager, `DELETE FROM ${table} WHERE user_id = $1 AND source_id = ANY ($2)`, [
        userId,
        drafts,
      ]);
    }
  }
}
