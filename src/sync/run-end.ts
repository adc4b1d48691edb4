import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import { fence, releaseLease, type Lease } from './claim';
import { warnOfNewDrift } from './drift-store';
import { postponeDays } from './ledger-waiting';
import { CONNECTION_ENDED } from './orphaned-runs';
import { finishRun, runInProgress, runsInProgress, type RunEnding, type RunState } from './run-log';
import type { SyncJob } from './sync-job';
import type { Verdict } from './tally';
import { letSleep, wake } from './wake-times';

const BROKEN_OFF: Verdict = { status: 'failed', reason: 'internal' };
const AFTER_BREAK_MS = 5 * 60_000;

/** Closes the books of a run and hands its connection back. */
@Injectable()
export class RunEnd {
  private readonly logger = new Logger(RunEnd.name);

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Work that broke off, such as for a key that is missing: its runs are told as failed, and their days wait a little,
   * as does a slot or a backfill that could not even be opened.
   * @param job null if it had not begun, and then for all that the connection has in progress
   * @throws Fenced; and what the database throws, should that be what it broke off for
   */
  async breakOff(lease: Lease, job: SyncJob | null): Promise<void> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + AFTER_BREAK_MS);
    const onlyHistory = job?.run.source === 'backfill';
    const endings = await this.database.transaction(async (manager) => {
      await fence(manager, lease);
      const endings: RunEnding[] = [];
      for (const run of await runsInProgress(manager, lease)) {
        const isMeant = job === null || run.source === job.run.source;
        if (isMeant) endings.push(await finishRun(manager, run, now, BROKEN_OFF));
      }
      await postponeDays(manager, lease, { until, errorCode: 'internal', onlyHistory });
      await wake(manager, lease);
      if (!onlyHistory) await letSleep(manager, lease, until);
      await releaseLease(manager, lease);
      return endings;
    });
    for (const ending of endings) this.tell(ending, now);
  }

  /**
   * Ends the run if all of it is done; what a person has added in the last moment, and history that waits, keep it going.
   * A connection that somebody else has claimed is left alone: the run goes on there.
   * @returns whether there is more that cannot wait, and the connection is still held for it
   */
  async end(job: SyncJob): Promise<boolean> {
    const now = this.clock.now();
    const { ending, more } = await this.database.transaction((manager) => this.endIn(manager, job, now));
    if (ending !== null) this.tell(ending, now);
    return more;
  }

  private async endIn(manager: EntityManager, job: SyncJob, now: Date): Promise<Ended> {
    const { lease } = job;
    const [connection]: { sync_epoch: number; status: string }[] = await manager.query(
      `SELECT sync_epoch, status FROM connection WHERE user_id = $1 AND id = $2 FOR UPDATE`,
      [lease.userId, lease.connectionId],
    );
    const isActive = connection?.status === 'active';
    const isOurs = connection?.sync_epoch === lease.epoch;
    if (connection === undefined || (isActive && !isOurs)) return { ending: null, more: false };
    if (!isActive) {
      // Somebody else may have carried it on before the connection ended.
      const run = isOurs ? job.run : await runInProgress(manager, job.run);
      const ending = run && (await this.cutOff(manager, run, now));
      if (isOurs) await releaseLease(manager, lease);
      return { ending, more: false };
    }
    const isOver = job.run.recorded && (job.isRefused || !(await hasMore(manager, job, now)));
    const ending = isOver ? await finishRun(manager, job.run, now) : null;
    await wake(manager, lease);
    // What is left of the history has its next turn after those of all others.
    const [[{ more }]]: [{ more: boolean }[], number] = await manager.query(
      `UPDATE connection
          SET priority = CASE WHEN wake_at <= $3 THEN priority ELSE 1 END,
              lease_until = CASE WHEN wake_at <= $3 THEN lease_until END,
              history_wake_at = CASE WHEN history_wake_at < $3 THEN $3 ELSE history_wake_at END
        WHERE user_id = $1 AND id = $2 RETURNING wake_at <= $3 AS more`,
      [lease.userId, lease.connectionId, now],
    );
    return { ending, more };
  }

  private cutOff(manager: EntityManager, run: RunState, now: Date): Promise<RunEnding | null> {
    if (!run.recorded) return Promise.resolve(null);
    return finishRun(manager, run, now, run.details.failedDays.length === 0 ? CONNECTION_ENDED : undefined);
  }

  private tell(ending: RunEnding, now: Date): void {
    warnOfNewDrift(ending);
    const { run, verdict } = ending;
    const { daysStored, daysEmpty, daysUnchanged, failedDays } = run.details;
    const days = {
      stored: daysStored,
      empty: daysEmpty,
      unchanged: daysUnchanged,
      failed: failedDays.length,
    };
    const ms = run.startedAt === null ? null : now.getTime() - run.startedAt.getTime();
    this.logger.log({ msg: 'sync run ended', run: run.runId, provider: run.provider, ...verdict, days, ms });
  }
}

interface Ended {
  ending: RunEnding | null;
  more: boolean;
}

/** Looked at under the lock: a day that was opened meanwhile is not forgotten, and a backfill waits for each of its days. */
async function hasMore(manager: EntityManager, { lease, run, tried }: SyncJob, now: Date): Promise<boolean> {
  const isBackfill = run.source === 'backfill';
  const tries = isBackfill ? run.details.failedDays.map(({ date }) => date) : [...tried];
  const [{ more }]: { more: boolean }[] = await manager.query(
    `SELECT EXISTS (
       SELECT FROM sync_day
        WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at IS NOT NULL AND history = $3
          AND date <> ALL ($4::date[]) AND ($3 OR next_attempt_at <= $5)) AS more`,
    [lease.userId, lease.connectionId, isBackfill, tries, now],
  );
  return more;
}
