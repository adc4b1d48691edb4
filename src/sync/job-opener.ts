import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { durationMs, serverSettings } from '../config/env';
import { Connection } from '../connections/connection.entity';
import { ConnectionsService } from '../connections/connections.service';
import { UserDataKeys } from '../connections/user-data-keys';
import { Clock } from '../database/clock';
import type { ProviderDefinition } from '../providers/provider';
import { ProviderRegistry } from '../providers/provider.registry';
import { fence, releaseLease, type Lease } from './claim';
import { openDays } from './ledger-opening';
import { localDate } from './local-date';
import { initialDates, slotAfter, slotDates } from './plan';
import { endPause, runsInProgress } from './run-log';
import { startRun, type RunPlan } from './run-start';
import type { SyncJob } from './sync-job';
import type { SyncSource } from './sync-run.entity';
import * as ledger from './sync-ledger';
import { wake } from './wake-times';

/** Decides what a claimed connection has to do next, and starts its run. */
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

  /** @returns null when there is nothing to do; the connection has been handed back then. @throws Fenced */
  async open(lease: Lease): Promise<SyncJob | null> {
    return this.database.transaction(async (manager) => {
      await fence(manager, lease);
      // Behind the fence, so that no key is made for a user who has been deleted.
      const cipher = await this.dataKeys.get(manager, lease.userId);
      const { userId, connectionId } = lease;
      const connection = await manager.findOneByOrFail(Connection, { userId, id: connectionId });
      const { provider: slug, timeZone } = connection;
      const provider = this.providers.get(slug);
      const now = this.clock.now();
      const called = await this.openDueDays(manager, connection, provider.definition, now);
      await wake(manager, lease);
      const next = await this.nextWork(manager, lease, connection, called);
      if (next === null) {
        await releaseLease(manager, lease);
        return null;
      }
      const identity = { userId, connectionId, provider: slug, source: next.source };
      return {
        lease,
        connection,
        provider,
        cipher,
        timeZone,
        sources: await this.connections.sourcesOf(manager, connection),
        run: await startRun(manager, identity, next, now),
        tried: new Set(),
        isRefused: false,
        unread: new Set(),
      };
    });
  }

  /** Opens the backfill of a connection that was signed in, or the days of the slot that has come. */
  private async openDueDays(
    manager: EntityManager,
    connection: Connection,
    { limits: { historyDays } }: ProviderDefinition,
    now: Date,
  ): Promise<Called> {
    const { userId, id: connectionId, timeZone, nextSlotAt: slotAt, backfillDue } = connection;
    if (!backfillDue && slotAt > now) return { slotAt: null, backfill: false };
    const key = { userId, connectionId };
    const intervalMs = durationMs(this.settings.SYNC_INTERVAL);
    await manager.query(
      `UPDATE connection SET next_slot_at = $3, backfill_due = false WHERE user_id = $1 AND id = $2`,
      [userId, connectionId, slotAfter(now, connectionId, intervalMs)],
    );
    if (backfillDue) {
      const dates = initialDates(now, this.settings.BACKFILL_DAYS, historyDays);
      await openDays(manager, key, dates, { at: now, history: true });
      await endPause(manager, key);
      return { slotAt: null, backfill: true };
    }
    const newest = await ledger.newestDate(manager, key, localDate(now, timeZone));
    const lookBack = {
      slotDays: this.settings.SYNC_LOOKBACK_HOURLY_DAYS,
      dailyDays: this.settings.SYNC_LOOKBACK_DAILY_DAYS,
      weeklyDays: this.settings.SYNC_LOOKBACK_WEEKLY_DAYS,
    };
    const plan = { connectionId, slotAt, now, intervalMs, timeZone, newest, historyDays, lookBack };
    await openDays(manager, key, slotDates(plan), { at: now, history: false });
    return { slotAt, backfill: false };
  }

  /**
   * What cannot wait comes first. History comes to those who hold the connection for its sake, and to a user who has just
   * connected. A run in progress whose days are all done is work too: it needs its end.
   */
  private async nextWork(
    manager: EntityManager,
    lease: Lease,
    { priority }: Connection,
    { slotAt, backfill }: Called,
  ): Promise<Work | null> {
    const at = this.clock.now();
    const runs = await runsInProgress(manager, lease);
    for (const source of lease.work === 'history' || priority === 0 ? BOTH : ['pull' as const]) {
      const history = source === 'backfill';
      const { open, due, from, to } = await ledger.countOpen(manager, lease, { at, history });
      const run = runs.find((each) => each.source === source);
      // A pull has its end once its days have had their try: what is open for later is for retries and later slots.
      const lacksItsEnd = run !== undefined && (open === 0 || (!history && run.startedAt !== null));
      if (run?.isPaused || (due === 0 && !lacksItsEnd)) continue;
      // A backfill is over when each of its days has been tried, also those that cannot be asked for yet.
      const days = history ? open : due;
      const isRetry = !(history ? backfill : slotAt !== null);
      return { source, days, from, to, slotAt: history ? null : slotAt, isRetry };
    }
    return null;
  }
}

const BOTH = ['pull', 'backfill'] as const;

/** What has called for days just now. */
interface Called {
  slotAt: Date | null;
  backfill: boolean;
}

interface Work extends RunPlan {
  source: SyncSource;
}
