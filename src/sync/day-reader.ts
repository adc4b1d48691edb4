import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccessTokens } from '../connections/access-tokens.service';
import { Clock } from '../database/clock';
import { Failpoints } from '../database/failpoints';
import type { RawAnswer, Urgency } from '../providers/provider';
import {
  ProviderAccountChanged,
  ProviderAnswerTooLarge,
  ProviderForbidden,
  ProviderGrantRefused,
  ProviderRateLimited,
  ProviderUnauthorized,
  ProviderUnavailable,
  type ProviderError,
} from '../providers/provider-errors';
import { AccountSession } from './account-session';
import { Fenced } from './claim';
import { DayWriter } from './day-writer';
import { fetchAhead, type FetchedDay } from './fetch-ahead';
import { Postponement } from './postponement';
import { Received } from './received';
import type { SyncJob } from './sync-job';
import { dueDays, nextHistory, type LedgerDay } from './sync-ledger';

/** Days of history in one go: after these, whoever else waits for a worker has a turn. */
const HISTORY_AT_A_TIME = 10;
/** Of one who has just connected: tomorrow, which it may be in the east already, today and yesterday. */
const FIRST_DAYS = 3;
/** So many days in a row that the vendor does not answer about: it is not for those days that it is away. */
const AWAY_AFTER = 2;

/** How a reading ends before its days do. */
export interface Stop {
  /** After the days in hand. */
  soon: AbortSignal;
  /** At once: whatever comes is not to be written. */
  now: AbortSignal;
}

/** Reads the days of a job from the vendor and has them written. */
@Injectable()
export class DayReader {
  constructor(
    private readonly database: DataSource,
    private readonly tokens: AccessTokens,
    private readonly days: DayWriter,
    private readonly postponement: Postponement,
    private readonly clock: Clock,
    private readonly failpoints: Failpoints,
  ) {}

  /**
   * Looks again after the days that were due, so that one opened meanwhile is not forgotten. History is read in order and
   * one request at a time, each after the last day was committed: a process that dies loses one answer at most. It makes
   * way as soon as something waits that comes first.
   * @throws Fenced
   */
  async read(job: SyncJob, stop: Stop): Promise<void> {
    const isHistory = job.run.source === 'backfill';
    const reading: Reading = {
      session: new AccountSession(this.tokens, job.connection, urgencyOf(job)),
      stop,
      concurrent: isHistory ? 1 : job.provider.definition.limits.concurrentPerUser,
      unanswered: 0,
    };
    let left = !isHistory ? Infinity : job.connection.priority === 0 ? FIRST_DAYS : HISTORY_AT_A_TIME;
    while (!stop.soon.aborted && left > 0) {
      const days = await this.nextDays(job);
      if (days.length === 0) return;
      for (const { date } of days) job.tried.add(date);
      left -= days.length;
      if (!isHistory) job.run = { ...job.run, itemsTotal: Math.max(job.run.itemsTotal, job.tried.size) };
      if (!(await this.readDays(job, reading, days))) return;
    }
  }

  private nextDays({ lease, provider, run, tried }: SyncJob): Promise<LedgerDay[]> {
    const { manager } = this.database;
    if (run.source === 'pull') return dueDays(manager, lease, this.clock.now(), tried);
    const limit = provider.definition.limits.maxDaysPerFetch;
    return nextHistory(manager, lease, this.clock.now(), { tried, limit });
  }

  /** @returns false when the vendor wants no more of this connection for now */
  private async readDays(job: SyncJob, reading: Reading, days: LedgerDay[]): Promise<boolean> {
    const dates = days.map(({ date }) => date);
    const { session, stop, concurrent } = reading;
    const receive = (answer: RawAnswer) => this.receive(job, days, answer);
    let done = 0;
    for await (const fetched of fetchAhead(job.provider, session, dates, { receive, concurrent, stop })) {
      await this.failpoints.reach('day.fetched');
      // A server that stops sends away whoever waits for a vendor: no try of theirs.
      if ('error' in fetched && stop.soon.aborted && fetched.error instanceof ProviderUnavailable)
        return false;
      if ('error' in fetched && this.isAboutConnection(reading, fetched.error)) {
        await this.postponement.postpone(job, dates.slice(done), fetched.error);
        return false;
      }
      await this.write(job, reading, fetched);
      done++;
    }
    return true;
  }

  private async write(job: SyncJob, reading: Reading, fetched: FetchedDay): Promise<void> {
    if ('error' in fetched) {
      await this.days.fail(job, fetched.date, fetched.error);
      return;
    }
    const { received } = fetched;
    reading.unanswered = 0;
    await this.days.store(job, received).catch((error: unknown) => {
      if (error instanceof Fenced) throw error;
      return this.days.fail(job, received.date, error);
    });
  }

  private receive(job: SyncJob, days: LedgerDay[], answer: RawAnswer): Received {
    const received = new Received(job, answer, this.clock.now());
    const known = days.find(({ date }) => date === answer.date);
    if (known === undefined || !received.isUnchanged(known)) job.unread.add(received);
    return received;
  }

  private isAboutConnection(reading: Reading, error: unknown): error is ProviderError {
    // Too large, but an answer.
    if (error instanceof ProviderAnswerTooLarge) return false;
    if (!(error instanceof ProviderUnavailable)) return REFUSALS.some((refusal) => error instanceof refusal);
    return error.retryAt !== null || ++reading.unanswered >= AWAY_AFTER;
  }
}

interface Reading {
  session: AccountSession;
  stop: Stop;
  /** Requests at once. */
  concurrent: number;
  /** Days in a row without an answer. */
  unanswered: number;
}

const REFUSALS = [
  ProviderUnauthorized,
  ProviderForbidden,
  ProviderRateLimited,
  ProviderGrantRefused,
  ProviderAccountChanged,
];

function urgencyOf({ connection, run }: SyncJob): Urgency {
  if (connection.priority === 0) return 'user';
  return run.source === 'backfill' ? 'backfill' : 'live';
}
