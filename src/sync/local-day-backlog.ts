import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { LocalDayAggregates } from '../health-data/local-day-aggregates';
import type { WriteTarget } from '../health-data/write';

const TICK_MS = 15_000;

/**
 * Sums up, source by source, what was stored before local days were summed up at all. Each source is one transaction
 * that holds its connection, and takes its entry off the list: it may be interrupted at any time, and any number of
 * processes may work on the list.
 */
@Injectable()
export class LocalDayBacklog implements BeforeApplicationShutdown {
  private readonly logger = new Logger(LocalDayBacklog.name);
  private working?: Promise<void>;
  private isEnding = false;

  constructor(
    private readonly database: DataSource,
    private readonly localDays: LocalDayAggregates,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    await this.working;
  }

  /** Never throws. */
  @Interval('local-day-backlog', TICK_MS)
  async tick(): Promise<void> {
    this.working ??= this.work()
      .catch((error: unknown) => this.logger.error({ msg: 'summing up local days failed', err: error }))
      .then(() => (this.working = undefined));
    await this.working;
  }

  private async work(): Promise<void> {
    const failed: string[] = [];
    let done = 0;
    while (!this.isEnding) {
      const next = await this.sumUpNext(failed);
      if (next === null) break;
      if (next.error === undefined) done++;
      else {
        failed.push(next.sourceId);
        this.logger.error({ msg: 'a source cannot be summed up', source: next.sourceId, err: next.error });
      }
    }
    if (done > 0) this.logger.log({ msg: 'local days are summed up', sources: done });
  }

  /** @param failed not to be tried again now @returns null where there is none */
  private async sumUpNext(failed: string[]): Promise<{ sourceId: string; error?: unknown } | null> {
    let sourceId: string | null = null;
    try {
      await this.database.transaction(async (manager) => {
        // The connection first, as everybody does who writes or deletes what hangs on it; one that is busy has its turn later.
        const [next]: WriteTarget[] = await manager.query(
          `SELECT b.user_id AS "userId", b.source_id AS "sourceId"
             FROM series_local_day_backlog b
             JOIN data_source d ON d.user_id = b.user_id AND d.id = b.source_id
             JOIN connection c ON c.user_id = d.user_id AND c.id = d.connection_id
            WHERE b.source_id <> ALL ($1::uuid[]) LIMIT 1 FOR UPDATE OF c SKIP LOCKED`,
          [failed],
        );
        if (next === undefined) return;
        sourceId = next.sourceId;
        await this.localDays.rebuild(manager, next);
        await manager.query(`DELETE FROM series_local_day_backlog WHERE user_id = $1 AND source_id = $2`, [
          next.userId,
          sourceId,
        ]);
      });
      return sourceId === null ? null : { sourceId };
    } catch (error) {
      if (sourceId === null) throw error;
      return { sourceId, error };
    }
  }
}
