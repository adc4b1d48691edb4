import { setTimeout as sleep } from 'node:timers/promises';
import {
  Injectable,
  NotFoundException,
  NotImplementedException,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Connection } from '../connections/connection.entity';
import { ConnectionsService } from '../connections/connections.service';
import { durationMs, serverSettings } from '../config/env';
import { Clock } from '../database/clock';
import { WAKE_CHANNEL } from '../database/wake-channel';
import type { LocalDate } from '../health-data/canonical';
import { ProviderRegistry } from '../providers/provider.registry';
import { askForDays } from './ledger-opening';
import { runInProgress, type RunState } from './run-log';
import { queueRun } from './run-start';
import { SyncRun, type SyncSource } from './sync-run.entity';
import { askedDates, historicalDates } from './sync-window';
import {
  refuseParametersOfOthers,
  toHistoricalSyncStarted,
  toSyncEnded,
  toSyncStarted,
  type HistoricalSyncStarted,
  type StartSync,
  type SyncStarted,
} from './sync.dto';
import { wake } from './wake-times';

const LOOK_EVERY_MS = 250;
/** A worker takes up within a tick what a person asks for; if none does, there may be none. */
const UNTAKEN_AT_MOST_MS = 30_000;

/** Syncs that a person asks for. */
@Injectable()
export class SyncService implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(
    private readonly database: DataSource,
    private readonly providers: ProviderRegistry,
    private readonly connections: ConnectionsService,
    private readonly clock: Clock,
  ) {}

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  /**
   * Opens the asked days for the next free worker. While a run is in progress they join it, and its id is answered.
   * @throws BadRequestException, NotFoundException, NotImplementedException
   */
  async start(userId: string, slug: string, query: StartSync): Promise<SyncStarted> {
    const { definition } = this.providers.get(slug);
    refuseParametersOfOthers(query);
    const connection = await this.connections.getActive(userId, slug);
    if (query.data_type === 'workouts' && !definition.offers.workouts) {
      throw new NotImplementedException(`Provider '${slug}' does not support workouts`);
    }
    const { historyDays } = definition.limits;
    const { timeZone } = connection;
    const dates = askedDates(query, { now: this.clock.now(), timeZone, historyDays });
    const { run, joined } = await this.database.transaction((manager) =>
      this.queue(manager, connection, dates, 'pull'),
    );
    const message = joined
      ? `A sync of ${slug} is in progress already; this is its run.`
      : `Sync task queued for ${slug}. ${follow(run)}`;
    return query.async === false ? this.ended(run) : toSyncStarted(run, message);
  }

  /**
   * Opens the days as history, behind everything that cannot wait. While a backfill is in progress they join it.
   * @throws BadRequestException, NotFoundException
   */
  async startHistorical(userId: string, slug: string, days: number): Promise<HistoricalSyncStarted> {
    const { historyDays } = this.providers.get(slug).definition.limits;
    const connection = await this.connections.getActive(userId, slug);
    const { timeZone } = connection;
    const dates = historicalDates(days, { now: this.clock.now(), timeZone, historyDays });
    const { run, joined } = await this.database.transaction((manager) =>
      this.queue(manager, connection, dates, 'backfill'),
    );
    const message = !joined
      ? `Historical sync of ${slug} queued. ${follow(run)}`
      : run.isPaused
        ? `A historical sync of ${slug} is paused; the days wait with it. Resume it: POST ${pathOf(run)}/resume`
        : `A historical sync of ${slug} is in progress already; the days have joined its run.`;
    return toHistoricalSyncStarted(run, message, { days, from: dates.at(-1)!, to: dates[0] });
  }

  private async queue(
    manager: EntityManager,
    { userId, id: connectionId, provider }: Connection,
    dates: LocalDate[],
    source: SyncSource,
  ): Promise<{ run: RunState; joined: boolean }> {
    const key = { userId, connectionId };
    const now = this.clock.now();
    const active: unknown[] = await manager.query(
      `SELECT 1 FROM connection WHERE user_id = $1 AND id = $2 AND status = 'active' FOR UPDATE`,
      [userId, connectionId],
    );
    // It may have ended since it was found; nobody would ever take up its run.
    if (active.length === 0) throw new NotFoundException(`Connection with ID: ${connectionId} not found.`);
    const current = await runInProgress(manager, { ...key, source });
    const runStartedAt = current?.startedAt ?? null;
    await askForDays(manager, key, dates, { at: now, history: source === 'backfill', runStartedAt });
    if (source === 'pull') {
      await manager.query(`UPDATE connection SET priority = 0 WHERE user_id = $1 AND id = $2`, [
        userId,
        connectionId,
      ]);
    }
    await manager.query(`SELECT pg_notify($1, '')`, [WAKE_CHANNEL]);
    const run = current ?? (await queueRun(manager, { ...key, provider, source }, now));
    await wake(manager, key);
    return { run, joined: current !== null };
  }

  /** The run may be another process's work, so its row is what there is to watch. */
  private async ended(queued: RunState): Promise<SyncStarted> {
    const { userId, runId } = queued;
    const waitAtMost = durationMs(serverSettings().SYNC_WAIT);
    for (let waited = 0; !this.isStopping; waited += LOOK_EVERY_MS) {
      const run = await this.database.manager.findOneBy(SyncRun, { userId, runId });
      // It goes with its user.
      if (run === null) throw new NotFoundException(`Sync run with ID: ${runId} not found.`);
      if (run.status !== 'in_progress') return toSyncEnded(run);
      if (run.startedAt === null && waited >= Math.min(UNTAKEN_AT_MOST_MS, waitAtMost)) {
        return toSyncStarted(
          queued,
          `No worker has taken the sync up yet: is a process with ROLE=all or ROLE=worker running? ${follow(queued)}`,
        );
      }
      if (waited >= waitAtMost) break;
      await sleep(LOOK_EVERY_MS);
    }
    return toSyncStarted(queued, `The sync is still in progress. ${follow(queued)}`);
  }
}

const pathOf = ({ userId, runId }: RunState): string => `/api/v1/users/${userId}/sync/runs/${runId}`;
const follow = (run: RunState): string => `Follow its run: GET ${pathOf(run)}`;
