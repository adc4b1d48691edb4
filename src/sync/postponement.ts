import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../database/clock';
import { Random } from '../database/random';
import type { LocalDate } from '../health-data/canonical';
import {
  ProviderAccountChanged,
  ProviderRateLimited,
  ProviderUnavailable,
  type ProviderError,
} from '../providers/provider-errors';
import { fence } from './claim';
import { countTries, mostTries, postponeDays, postponeSlot } from './ledger-waiting';
import { backOffMs } from './plan';
import { saveProgress, type RunState } from './run-log';
import { recordRun } from './run-start';
import type { SyncJob } from './sync-job';
import { readDay } from './sync-ledger';
import { counted } from './tally';

/** Until the user signs in again, which ends the wait, one run a day says what is wrong, without asking the vendor. */
const ACCOUNT_CHANGED_WAIT_MS = 86_400_000;

/** The vendor refuses a whole connection for now: everything that is open waits. */
@Injectable()
export class Postponement {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * A backfill whose vendor is busy or away goes on when it can, as the same run; in any other case the run names the days.
   * @param dates of the job, the one that was refused and those behind it
   * @throws Fenced
   */
  async postpone(job: SyncJob, dates: LocalDate[], error: ProviderError): Promise<void> {
    const now = this.clock.now();
    const onlyHistory = isPassing(error) && job.run.source === 'backfill';
    // Told even of a connection that has ended meanwhile, and for that reason.
    if (!onlyHistory) Object.assign(job, { isRefused: true, run: withFailures(job.run, dates, error) });
    await this.database.transaction(async (manager) => {
      await fence(manager, job.lease);
      const day = await readDay(manager, job.lease, dates[0]);
      const tries = (await mostTries(manager, job.lease, job.run.source === 'backfill')) + 1;
      const until = this.until(error, tries, now);
      const { code: errorCode } = error;
      await postponeDays(manager, job.lease, { until, errorCode, onlyHistory });
      await countTries(manager, job.lease, dates[0], tries);
      if (onlyHistory) return;
      // A slot that finds its vendor away says so; it does not wait with the rest.
      if (!(error instanceof ProviderUnavailable)) {
        await postponeSlot(manager, job.lease, { until, errorCode }, now);
      }
      if (!job.run.recorded && day.errorCode === errorCode) return;
      if (!job.run.recorded) job.run = withFailures(await recordRun(manager, job.run, now), dates, error);
      // Should this process die before it ends the run, whoever does tells of the same days.
      await saveProgress(manager, job.run, 'saving', now);
    });
  }

  private until(error: ProviderError, tries: number, now: Date): Date {
    if (isTold(error)) return error.retryAt;
    const waitMs =
      error instanceof ProviderAccountChanged
        ? ACCOUNT_CHANGED_WAIT_MS
        : backOffMs(tries, this.random.next(), error.code);
    return new Date(now.getTime() + waitMs);
  }
}

function withFailures(run: RunState, dates: LocalDate[], { code: reason }: ProviderError): RunState {
  let { details } = run;
  for (const date of dates) details = counted(details, { kind: 'failed', date, reason });
  return { ...run, details, announced: true };
}

/** While a vendor is away, the time of the next probe is for one connection of all, not for each. */
const isTold = (error: ProviderError): error is ProviderError & { retryAt: Date } =>
  error.retryAt !== null && !(error instanceof ProviderUnavailable);

/** It has nothing to do with this connection. */
const isPassing = (error: ProviderError): boolean =>
  error instanceof ProviderRateLimited || error instanceof ProviderUnavailable;
