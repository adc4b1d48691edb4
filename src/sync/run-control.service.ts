import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ConnectionsService } from '../connections/connections.service';
import { Clock } from '../database/clock';
import { WAKE_CHANNEL } from '../database/wake-channel';
import { revokeLease } from './claim';
import { warnOfNewDrift } from './drift-store';
import { tell } from './event-log';
import { finishRun, runInProgress, type RunEnding, type RunState } from './run-log';
import { toSyncRunRead, type SyncRunRead } from './sync-run.dto';
import { SyncRun } from './sync-run.entity';
import { closeUnread } from './sync-ledger';
import type { Verdict } from './tally';
import { wake } from './wake-times';

const BY_REQUEST: Verdict = { status: 'cancelled', reason: 'by_request' };

/** What a person may do to a run. Its worker notices before the next day. */
@Injectable()
export class RunControl {
  constructor(
    private readonly database: DataSource,
    private readonly connections: ConnectionsService,
    private readonly clock: Clock,
  ) {}

  /**
   * History is read no further; whatever cannot wait goes on.
   * @throws NotFoundException; ConflictException unless it is a backfill in progress
   */
  pause(userId: string, runId: string): Promise<SyncRunRead> {
    return this.take(userId, runId, async (manager, run) => {
      mustBeBackfill(run, 'paused');
      if (run.pausedAt === null) await this.setPaused(manager, run, this.clock.now());
    });
  }

  /** @throws NotFoundException; ConflictException unless it is a backfill in progress */
  resume(userId: string, runId: string): Promise<SyncRunRead> {
    return this.take(userId, runId, async (manager, run) => {
      mustBeBackfill(run, 'resumed');
      if (run.pausedAt !== null) await this.setPaused(manager, run, null);
    });
  }

  /**
   * The days that it has not read yet are forgotten, unless they were read before; what is stored stays stored. The
   * connection is taken from whoever works on it, so that the day in hand is not written any more.
   * @throws NotFoundException; ConflictException for a run that has ended by itself
   */
  async cancel(userId: string, runId: string): Promise<SyncRunRead> {
    let ending: RunEnding | undefined;
    const cancelled = await this.take(userId, runId, async (manager, run) => {
      if (run.status === 'cancelled') return;
      mustBeInProgress(run, 'cancelled');
      await revokeLease(manager, run);
      await closeUnread(manager, run, run.source === 'backfill');
      const state = { ...(await stateOf(manager, run)), announced: true };
      ending = await finishRun(manager, state, this.clock.now(), BY_REQUEST);
    });
    if (ending !== undefined) warnOfNewDrift(ending);
    return cancelled;
  }

  /** Under the lock of its connection, where no worker ends it at the same moment. */
  private async take(
    userId: string,
    runId: string,
    work: (manager: EntityManager, run: SyncRun) => Promise<void>,
  ): Promise<SyncRunRead> {
    await this.connections.requireUser(userId);
    return this.database.transaction(async (manager) => {
      const known = await manager.findOneBy(SyncRun, { userId, runId });
      if (known === null) throw new NotFoundException(`Sync run with ID: ${runId} not found.`);
      const { connectionId } = known;
      await manager.query(`SELECT FROM connection WHERE user_id = $1 AND id = $2 FOR UPDATE`, [
        userId,
        connectionId,
      ]);
      const run = await manager.findOneBy(SyncRun, { userId, runId });
      // Its user may have been deleted while this waited for the lock.
      if (run === null) throw new NotFoundException(`Sync run with ID: ${runId} not found.`);
      await work(manager, run);
      await wake(manager, { userId, connectionId });
      await manager.query(`SELECT pg_notify($1, '')`, [WAKE_CHANNEL]);
      return toSyncRunRead(await manager.findOneByOrFail(SyncRun, { userId, runId }));
    });
  }

  private async setPaused(manager: EntityManager, run: SyncRun, pausedAt: Date | null): Promise<void> {
    const { userId, runId, stage, status } = run;
    await manager.update(SyncRun, { userId, runId }, { pausedAt });
    const message = `Sync from ${run.provider} ${pausedAt === null ? 'resumed' : 'paused'}`;
    await tell(manager, await stateOf(manager, run), { stage, status, message }, this.clock.now());
  }
}

async function stateOf(manager: EntityManager, run: SyncRun): Promise<RunState> {
  const state = await runInProgress(manager, run);
  if (state === null) throw new Error(`run ${run.runId} is no longer in progress`);
  return state;
}

function mustBeInProgress({ runId, status }: SyncRun, action: string): void {
  if (status === 'in_progress') return;
  throw new ConflictException(
    `Run ${runId} has ended (${status}): only a run in progress can be ${action}. Start a new one with POST …/sync or …/sync/historical.`,
  );
}

function mustBeBackfill(run: SyncRun, action: string): void {
  mustBeInProgress(run, action);
  if (run.source === 'backfill') return;
  throw new ConflictException(
    `Run ${run.runId} is a pull of a few days: only a backfill can be ${action}. Let it end, or cancel it.`,
  );
}
