import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import { pipelinedTransaction } from '../database/pipelined-transaction';
import { Random } from '../database/random';
import type { LocalDate, NormalizedDay } from '../health-data/canonical';
import { dayContext, type LedgerCalendar } from '../health-data/local-day';
import { ConnectionsService } from '../connections/connections.service';
import {
  ProviderAccountChanged,
  ProviderError,
  ProviderPayloadInvalid,
  ProviderRateLimited,
} from '../providers/provider-errors';
import { AnswerFiler, type Filing, type StoredByDevice } from './answer-filer';
import { fence } from './claim';
import { forgetCovered } from './covered-answers';
import { backOffMs, isSettled, MAX_ATTEMPTS } from './plan';
import { keepAnswer, keepReject } from './raw-answers';
import type { Received } from './received';
import { advanceRun } from './run-log';
import type { SyncJob } from './sync-job';
import * as ledger from './sync-ledger';
import type { LedgerDay, LedgerDayInCalendar } from './sync-ledger';
import { counted, daysDone, type DayOutcome } from './tally';

/** Until the user signs in again, which ends the wait, one run a day says what is wrong, without asking the vendor. */
const ACCOUNT_CHANGED_WAIT_MS = 86_400_000;

/** Writes what became of a day, each time in one fenced transaction with the ledger and the progress of the run. */
@Injectable()
export class DayWriter {
  private readonly logger = new Logger(DayWriter.name);

  constructor(
    private readonly database: DataSource,
    private readonly filer: AnswerFiler,
    private readonly connections: ConnectionsService,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * Stores one answer: raw, normalized and in the ledger, or nothing at all. An answer that cannot be used is kept
   * apart, and its day is to be tried again.
   * @throws Fenced; and whatever a bug throws, with nothing of the day written
   */
  store(job: SyncJob, received: Received): Promise<DayOutcome> {
    job.unread.delete(received);
    return this.write(
      job,
      received.date,
      (writing, day) => this.take(writing, job, day, received),
      (writing) => this.readStored(writing, job, received),
    );
  }

  /** A day that could not be read: nothing that is stored is touched. @throws Fenced */
  fail(job: SyncJob, date: LocalDate, error: unknown): Promise<DayOutcome> {
    const reason = error instanceof ProviderError ? error.code : 'internal';
    if (reason === 'internal') {
      this.logger.error({
        msg: 'a day could not be synced',
        connection: job.lease.connectionId,
        date,
        err: error,
      });
    }
    return this.write(job, date, ({ manager }, day) => this.tryLater(manager, job, day, reason));
  }

  /** The vendor refuses the whole connection for now: everything that is open waits. @throws Fenced */
  async postpone(job: SyncJob, dates: LocalDate[], error: ProviderError): Promise<void> {
    const now = this.clock.now();
    for (const date of dates) {
      const details = counted(job.run.details, { kind: 'failed', date, reason: error.code });
      job.run = { ...job.run, details, announced: true };
    }
    await this.database.transaction(async (manager) => {
      await fence(manager, job.lease);
      const { attempts } = await ledger.readDay(manager, job.lease, dates[0]);
      const waitMs =
        error instanceof ProviderAccountChanged
          ? ACCOUNT_CHANGED_WAIT_MS
          : backOffMs(attempts + 1, this.random.next());
      const until =
        (error instanceof ProviderRateLimited ? error.retryAt : null) ?? new Date(now.getTime() + waitMs);
      await ledger.postponeDays(manager, job.lease, { now, until, errorCode: error.code });
    });
  }

  private async write(
    job: SyncJob,
    date: LocalDate,
    work: (writing: Writing, day: LedgerDayInCalendar) => Promise<DayOutcome>,
    readStored?: (writing: Writing) => StoredByDevice,
  ): Promise<DayOutcome> {
    const filing = this.filingOf(job);
    const { outcome, run, timeZone } = await pipelinedTransaction(this.database, async (manager) => {
      const fenced = fence(manager, job.lease);
      const ledgerDay = ledger.readDay(manager, job.lease, date);
      const writing: Writing = { manager, filing };
      // Behind the fence on the same connection, and so under its lock.
      writing.stored = readStored?.(writing);
      const [, day] = await Promise.all([fenced, ledgerDay]);
      const outcome = await work(writing, day);
      const { run, saved } = advanceRun(manager, job.run, outcome, this.clock.now());
      return { result: { outcome, run, timeZone: writing.timeZone }, last: saved };
    });
    job.run = run;
    job.sources = filing.sources;
    job.timeZone = timeZone ?? job.timeZone;
    return outcome;
  }

  private filingOf({ lease, connection, provider, sources }: SyncJob): Filing {
    return {
      userId: lease.userId,
      devices: provider.definition.devices,
      sources: new Map(sources),
      makeSource: (manager, device) => this.connections.sourceOf(manager, connection, device),
    };
  }

  /** Of an answer that has been read ahead, what it may change can be asked for at once. */
  private readStored(
    { manager, filing }: Writing,
    job: SyncJob,
    { known, date, fetchedAt }: Received,
  ): StoredByDevice {
    if (known === null || known.outcome === 'empty') return new Map();
    const settled = isSettled(date, fetchedAt, known.timeZone ?? job.timeZone);
    return this.filer.read(manager, filing, known, settled);
  }

  private async take(
    writing: Writing,
    job: SyncJob,
    day: LedgerDayInCalendar,
    received: Received,
  ): Promise<DayOutcome> {
    const { manager } = writing;
    if (received.isUnchanged(day)) {
      await ledger.closeDay(manager, job.lease, { ...day, fetchedAt: received.fetchedAt }, null);
      return { kind: 'unchanged', date: day.date };
    }
    let normalized: NormalizedDay;
    try {
      normalized = received.normalized();
    } catch (error) {
      if (!(error instanceof ProviderPayloadInvalid)) throw error;
      await keepReject(manager, job.lease, job.cipher, received, error.reason);
      const outcome = await this.tryLater(manager, job, day, error.code);
      return { ...outcome, rejected: error.rejected };
    }
    writing.timeZone = normalized.timeZone;
    // A 404 has no content worth keeping, and an empty body means something else under another status.
    const isAnswer = received.answer.status === 200;
    const read: ReadDay = {
      normalized,
      fetchedAt: received.fetchedAt,
      sha256: isAnswer ? received.sha256 : null,
    };
    const [{ outcome, whole }, isKept] = await Promise.all([
      normalized.outcome === 'empty'
        ? this.closeEmpty(manager, job, day, read)
        : this.writeData(writing, job, day, read),
      isAnswer && this.keep(manager, job, received),
    ]);
    // Of a day that has never been read there is nothing to look for: a first backfill waits for no answer here.
    if (isKept && whole && day.fetchedAt !== null) await forgetCovered(manager, job, received);
    return outcome;
  }

  private async keep(manager: EntityManager, job: SyncJob, received: Received): Promise<boolean> {
    const isKept = await keepAnswer(manager, job.lease, received);
    setImmediate(readNext, job);
    return isKept;
  }

  /** Absence never deletes: a day with data stays stored, with the fingerprint of the answer that it holds. */
  private async closeEmpty(
    manager: EntityManager,
    job: SyncJob,
    day: LedgerDay,
    read: ReadDay,
  ): Promise<Taken> {
    const { normalizerVersion } = job.provider.definition;
    const closed: LedgerDay =
      day.status === 'stored'
        ? day
        : { ...day, status: 'empty', answerSha256: read.sha256, normalizerVersion };
    await ledger.closeDay(
      manager,
      job.lease,
      { ...closed, fetchedAt: read.fetchedAt },
      read.normalized.timeZone,
    );
    return {
      outcome: { kind: 'empty', date: day.date, day: read.normalized, notFound: read.sha256 === null },
      whole: true,
    };
  }

  private async writeData(
    { manager, filing, stored }: Writing,
    job: SyncJob,
    day: LedgerDayInCalendar,
    read: ReadDay,
  ): Promise<Taken> {
    const { normalized, fetchedAt } = read;
    const settled = isSettled(day.date, fetchedAt, normalized.timeZone ?? job.timeZone);
    const context = dayContext(calendarOf(day), normalized, settled);
    const { startsAt, timeZone } = context.day;
    const closed = {
      date: day.date,
      status: 'stored' as const,
      answerSha256: read.sha256,
      normalizerVersion: job.provider.definition.normalizerVersion,
      startsAt: startsAt === null ? null : new Date(startsAt),
      timeZone,
      fetchedAt,
    };
    const [counts] = await Promise.all([
      this.filer.file(manager, filing, normalized, context, stored),
      ledger.closeDay(manager, job.lease, closed, normalized.timeZone),
    ]);
    const isOld = counts.inserted + counts.updated === 0 && day.status === 'stored';
    return {
      outcome: isOld
        ? { kind: 'unchanged', date: day.date, day: normalized, counts }
        : { kind: 'stored', date: day.date, day: normalized, counts, rebucketed: context.recut },
      whole: !context.recut && counts.rolledBack.length === 0,
    };
  }

  private async tryLater(
    manager: EntityManager,
    job: SyncJob,
    day: LedgerDay,
    errorCode: string,
  ): Promise<Extract<DayOutcome, { kind: 'failed' }>> {
    const attempts = day.attempts + 1;
    const parked = attempts >= MAX_ATTEMPTS && isDaysOwnFault(errorCode, job);
    const nextAttemptAt = parked
      ? null
      : new Date(this.clock.now().getTime() + backOffMs(attempts, this.random.next()));
    await ledger.failDay(manager, job.lease, day.date, { attempts, errorCode, nextAttemptAt });
    return { kind: 'failed', date: day.date, reason: errorCode };
  }
}

/** The transaction of one day. */
interface Writing {
  manager: EntityManager;
  filing: Filing;
  /** What of it has been asked for already. */
  stored?: StoredByDevice;
  /** That its answer tells. */
  timeZone?: string | null;
}

/** What became of an answer. */
interface Taken {
  outcome: DayOutcome;
  /** All of it counts, none of it was left aside for what is stored. */
  whole: boolean;
}

interface ReadDay {
  normalized: NormalizedDay;
  fetchedAt: Date;
  /** Null for an answer without content. */
  sha256: Buffer | null;
}

/** PostgreSQL is busy with the rest of this day: time to read the next answer, if it has come. */
function readNext({ unread }: SyncJob): void {
  for (const received of unread) {
    unread.delete(received);
    return received.readAhead();
  }
}

const calendarOf = ({ date, startsAt, timeZone, neighbours }: LedgerDayInCalendar): LedgerCalendar => ({
  date,
  startsAt: startsAt?.getTime() ?? null,
  timeZone,
  neighbours,
});

/** While the vendor is away no day is to blame; once it has answered about others, the day is. */
const isDaysOwnFault = (errorCode: string, { run }: SyncJob): boolean =>
  errorCode !== 'unavailable' || daysDone(run.details) > 0;
