import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { durationMs, serverSettings } from '../config/env';
import { AccessTokens } from '../connections/access-tokens.service';
import { Clock } from '../database/clock';
import type { LocalDate } from '../health-data/canonical';
import {
  ProviderForbidden,
  ProviderGrantRefused,
  ProviderRateLimited,
  ProviderUnauthorized,
  type ProviderError,
} from '../providers/provider-errors';
import { AccountSession } from './account-session';
import { Fenced, releaseLease, renewLease, type Lease } from './claim';
import { DayWriter } from './day-writer';
import { fetchAhead } from './fetch-ahead';
import { JobOpener } from './job-opener';
import { RunEnd } from './run-end';
import type { SyncJob } from './sync-job';
import * as ledger from './sync-ledger';

/** Syncs one claimed connection from beginning to end. */
@Injectable()
export class Runner {
  private readonly logger = new Logger(Runner.name);
  private readonly leaseMs = durationMs(serverSettings().SYNC_LEASE);

  constructor(
    private readonly database: DataSource,
    private readonly opener: JobOpener,
    private readonly days: DayWriter,
    private readonly tokens: AccessTokens,
    private readonly ending: RunEnd,
    private readonly clock: Clock,
  ) {}

  /**
   * Never throws. What a broken run leaves undone is due again once its lease has run out.
   * @param shutdown gives the connection back after the day in hand; its run goes on elsewhere or after the restart
   */
  async run(lease: Lease, shutdown: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const keeper = setInterval(() => void this.keep(lease, lost), this.leaseMs / 3);
    try {
      const job = await this.opener.open(lease);
      if (job === null) return await releaseLease(this.database.manager, lease);
      await this.work(job, lost.signal, AbortSignal.any([shutdown, lost.signal]));
      if (shutdown.aborted && !lost.signal.aborted) await releaseLease(this.database.manager, lease);
      else await this.ending.end(job);
    } catch (error) {
      if (!(error instanceof Fenced)) {
        this.logger.error({ msg: 'a sync run broke off', connection: lease.connectionId, err: error });
      }
    } finally {
      clearInterval(keeper);
    }
  }

  /** Looks again before it ends: a day that was opened meanwhile is not forgotten. */
  private async work(job: SyncJob, lost: AbortSignal, stop: AbortSignal): Promise<void> {
    const session = new AccountSession(this.tokens, job.connection);
    const tried = new Set<LocalDate>();
    try {
      while (!stop.aborted) {
        const due = await ledger.dueDates(this.database.manager, job.lease, this.clock.now());
        const dates = due.filter((date) => !tried.has(date));
        if (dates.length === 0) return;
        for (const date of dates) tried.add(date);
        job.run = { ...job.run, itemsTotal: Math.max(job.run.itemsTotal, tried.size) };
        if (!(await this.readDays(job, session, dates, stop))) return;
      }
    } catch (error) {
      if (!(error instanceof Fenced)) throw error;
      this.logger.log({ msg: 'a sync run lost its connection', connection: job.lease.connectionId });
    }
  }

  /** @returns false when the vendor refuses the whole connection */
  private async readDays(
    job: SyncJob,
    session: AccountSession,
    dates: LocalDate[],
    stop: AbortSignal,
  ): Promise<boolean> {
    const clock = { now: () => this.clock.now(), stop };
    let done = 0;
    for await (const fetched of fetchAhead(job.provider, session, dates, clock)) {
      if ('answer' in fetched) {
        await this.days.store(job, fetched.answer, fetched.fetchedAt).catch((error: unknown) => {
          if (error instanceof Fenced) throw error;
          return this.days.fail(job, fetched.date, error);
        });
      } else if (isAboutConnection(fetched.error)) {
        await this.days.postpone(job, dates.slice(done), fetched.error);
        return false;
      } else {
        await this.days.fail(job, fetched.date, fetched.error);
      }
      done++;
    }
    return true;
  }

  private async keep(lease: Lease, lost: AbortController): Promise<void> {
    try {
      const renewal = { now: this.clock.now(), leaseMs: this.leaseMs };
      if (!(await renewLease(this.database.manager, lease, renewal))) lost.abort();
    } catch (error) {
      this.logger.warn({ msg: 'a lease could not be renewed', connection: lease.connectionId, err: error });
    }
  }
}

function isAboutConnection(error: unknown): error is ProviderError {
  return (
    error instanceof ProviderUnauthorized ||
    error instanceof ProviderForbidden ||
    error instanceof ProviderRateLimited ||
    error instanceof ProviderGrantRefused
  );
}
