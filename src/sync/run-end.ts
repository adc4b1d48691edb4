import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../database/clock';
import { fence, releaseLease, type Lease } from './claim';
import { warnOfNewDrift } from './drift-store';
import { finishRun, runInProgress } from './run-log';
import type { SyncJob } from './sync-job';
import { postponeDays, wake } from './sync-ledger';
import type { Verdict } from './tally';

const CONNECTION_ENDED: Verdict = { status: 'cancelled', reason: 'connection_ended' };
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
   * A run that broke off, such as for a key that is missing: it is told as failed, and its days wait a little.
   * @throws Fenced; and what the database throws, should that be what it broke off for
   */
  async breakOff(lease: Lease): Promise<void> {
    const now = this.clock.now();
    const ending = await this.database.transaction(async (manager) => {
      await fence(manager, lease);
      const run = await runInProgress(manager, lease);
      const ending = run && (await finishRun(manager, run, now, BROKEN_OFF));
      const until = new Date(now.getTime() + AFTER_BREAK_MS);
      await postponeDays(manager, lease, { now, until, errorCode: 'internal' });
      await releaseLease(manager, lease);
      return ending;
    });
    if (ending !== null) warnOfNewDrift(ending);
  }

  /** A connection that somebody else has claimed is left alone: the run goes on there. */
  async end({ lease, run: known }: SyncJob): Promise<void> {
    const now = this.clock.now();
    const ending = await this.database.transaction(async (manager) => {
      const [connection]: { sync_epoch: number; status: string }[] = await manager.query(
        `SELECT sync_epoch, status FROM connection WHERE user_id = $1 AND id = $2 FOR UPDATE`,
        [lease.userId, lease.connectionId],
      );
      const isActive = connection?.status === 'active';
      const isOurs = connection?.sync_epoch === lease.epoch;
      if (connection === undefined || (isActive && !isOurs)) return null;
      // Somebody else may have carried it on before the connection ended.
      const run = isOurs ? known : await runInProgress(manager, lease);
      if (run === null) return null;
      const isCutOff = !isActive && run.details.failedDays.length === 0;
      const ending = await finishRun(manager, run, now, isCutOff ? CONNECTION_ENDED : undefined);
      if (isOurs) {
        await manager.query(
          `UPDATE connection SET lease_until = NULL, priority = 1 WHERE user_id = $1 AND id = $2`,
          [lease.userId, lease.connectionId],
        );
        await wake(manager, lease);
      }
      return ending;
    });
    if (ending === null) return;
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
