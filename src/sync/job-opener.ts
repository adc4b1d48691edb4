import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { durationMs, serverSettings } from '../config/env';
import { Connection } from '../connections/connection.entity';
import { ConnectionsService } from '../connections/connections.service';
import { UserDataKeys } from '../connections/user-data-keys';
import { Clock } from '../database/clock';
import type { ProviderDefinition } from '../providers/provider';
import { ProviderRegistry } from '../providers/provider.registry';
import { fence, type Lease } from './claim';
import { localDate } from './local-date';
import { initialDates, slotAfter, slotDates } from './plan';
import { runInProgress, startRun } from './run-log';
import type { SyncJob } from './sync-job';
import type { SyncSource } from './sync-run.entity';
import * as ledger from './sync-ledger';

/** Decides what a claimed connection has to do, and starts its run. */
@Injectable()
export class JobOpener {
  private readonly settings = serverSettings();

  constructor(
    private readonly database: DataSource,
    private readonly connections: ConnectionsService,
    private readonly dataKeys: UserDataKeys,
    private readonly providers: ProviderRegistry,
    private readonly clock: Clock,
  ) {}

  /** @returns null when there is nothing to do. @throws Fenced */
  async open(lease: Lease): Promise<SyncJob | null> {
    const cipher = await this.dataKeys.get(this.database.manager, lease.userId);
    return this.database.transaction(async (manager) => {
      await fence(manager, lease);
      const connection = await manager.findOneByOrFail(Connection, {
        userId: lease.userId,
        id: lease.connectionId,
      });
      const provider = this.providers.get(connection.provider);
      const now = this.clock.now();
      const source = await this.openDueDays(manager, lease, connection, provider.definition, now);
      const dates = (await ledger.dueDays(manager, lease, now)).map(({ date }) => date);
      if (dates.length === 0 && (await runInProgress(manager, lease)) === null) return null;
      const identity = {
        userId: lease.userId,
        connectionId: lease.connectionId,
        provider: connection.provider,
        source,
      };
      return {
        lease,
        connection,
        provider,
        cipher,
        timeZone: connection.timeZone,
        sources: await this.connections.sourcesOf(manager, connection),
        run: await startRun(manager, identity, dates, now),
        unread: new Set(),
      };
    });
  }

  /** Fills the ledger of a fresh connection, or opens the days of the slot that has come. */
  private async openDueDays(
    manager: EntityManager,
    lease: Lease,
    connection: Connection,
    { limits }: ProviderDefinition,
    now: Date,
  ): Promise<SyncSource> {
    const { id: connectionId, timeZone, nextSlotAt: slotAt } = connection;
    const { historyDays } = limits;
    const intervalMs = durationMs(this.settings.SYNC_INTERVAL);
    const isEmpty = await ledger.isEmpty(manager, lease);
    if (!isEmpty && slotAt > now) return 'pull';
    // A connection that was signed in again may see more than before, such as with another scope.
    const fresh = isEmpty || connection.lastSyncedAt === null;
    await manager.query(`UPDATE connection SET next_slot_at = $3 WHERE user_id = $1 AND id = $2`, [
      lease.userId,
      connectionId,
      slotAfter(now, connectionId, intervalMs),
    ]);
    if (fresh) {
      await ledger.openDays(manager, lease, initialDates(now, this.settings.BACKFILL_DAYS, historyDays), now);
      return 'backfill';
    }
    const newest = await ledger.newestDate(manager, lease, localDate(now, timeZone));
    const plan = { connectionId, slotAt, now, intervalMs, timeZone, newest, historyDays };
    await ledger.openDays(manager, lease, slotDates(plan), now);
    return 'pull';
  }
}
