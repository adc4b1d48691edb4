import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { durationMs, serverSettings } from '../config/env';
import { AccessTokens } from '../connections/access-tokens.service';
import { Clock } from '../database/clock';
import type { LocalDate } from '../health-data/canonical';
import type { RawAnswer } from '../providers/provider';
import {
  ProviderAccountChanged,
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
import { Received } from './received';
import type { SyncJob } from './sync-job';
import * as ledger from './sync-ledger';
import type { LedgerDay } from './sync-ledger';

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
   * Never throws. What a broken run leaves undone is due again after a while, at the latest when its lease runs out.
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
        await this.ending.breakOff(lease).catch((failure: unknown) => {
          this.logger.warn({
            msg: 'its end could not be told',
            connection: lease.connectionId,
            err: failure,
          });
        });
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
        const due = await ledger.dueDays(this.database.manager, job.lease, this.clock.now());
        const days = due.filter(({ date }) => !tried.has(date));
        if (days.length === 0) return;
        for (const { date } of days) tried.add(date);
        job.run = { ...job.run, itemsTotal: Math.max(job.run.itemsTotal, tried.size) };
        if (!(await this.readDays(job, session, days, stop))) return;
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
    days: LedgerDay[],
    stop: AbortSignal,
  ): Promise<boolean> {
    const dates = days.map(({ date }) => date);
    const receive = (answer: RawAnswer) => this.receive(job, days, answer);
    let done = 0;
    for await (const fetched of fetchAhead(job.provider, session, dates, { receive, stop })) {
      if ('received' in fetched) {
        const { received } = fetched;
        await this.days.store(job, received).catch((error: unknown) => {
          if (error instanceof Fenced) throw error;
          return this.days.fail(job, received.date, error);
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

  private receive(job: SyncJob, days: LedgerDay[], answer: RawAnswer): Received {
    const received = new Received(job, answer, this.clock.now());
    const known = days.find(({ date }) => date === answer.date);
    if (known === undefined || !received.isUnchanged(known)) job.unread.add(received);
    return received;
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
    error instanceof ProviderGrantRefused ||
    error instanceof ProviderAccountChanged
  );
}
