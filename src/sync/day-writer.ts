import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import { pipelinedTransaction } from '../database/pipelined-transaction';
import type { LocalDate, NormalizedDay } from '../health-data/canonical';
import { HealthDataWriter, type StoredHealthData } from '../health-data/health-data.writer';
import type { WriteTarget } from '../health-data/write';
import { ProviderError, ProviderPayloadInvalid, ProviderRateLimited } from '../providers/provider-errors';
import { fence } from './claim';
import { backOffMs, isSettled, MAX_ATTEMPTS } from './plan';
import { Random } from './random';
import { keepAnswer, keepReject } from './raw-answers';
import type { Received } from './received';
import { advanceRun } from './run-log';
import type { SyncJob } from './sync-job';
import * as ledger from './sync-ledger';
import type { LedgerDay } from './sync-ledger';
import { counted, daysDone, type DayOutcome } from './tally';

/** Writes what became of a day, each time in one fenced transaction with the ledger and the progress of the run. */
@Injectable()
export class DayWriter {
  private readonly logger = new Logger(DayWriter.name);

  constructor(
    private readonly database: DataSource,
    private readonly healthData: HealthDataWriter,
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
      (manager, day, stored) => this.take(manager, job, day, { received, stored }),
      (manager) => this.readStored(manager, job, received),
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
    return this.write(job, date, (manager, day) => this.tryLater(manager, job, day, reason));
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
      const until =
        (error instanceof ProviderRateLimited ? error.retryAt : null) ??
        new Date(now.getTime() + backOffMs(attempts + 1, this.random.next()));
      await ledger.postponeDays(manager, job.lease, { now, until, errorCode: error.code });
    });
  }

  private async write(
    job: SyncJob,
    date: LocalDate,
    work: (manager: EntityManager, day: LedgerDay, stored?: Promise<StoredHealthData>) => Promise<DayOutcome>,
    readStored?: (manager: EntityManager) => Promise<StoredHealthData> | undefined,
  ): Promise<DayOutcome> {
    const { outcome, run } = await pipelinedTransaction(this.database, async (manager) => {
      const fenced = fence(manager, job.lease);
      const ledgerDay = ledger.readDay(manager, job.lease, date);
      // Behind the fence on the same connection, and so under its lock.
      const stored = readStored?.(manager);
      const [, day] = await Promise.all([fenced, ledgerDay]);
      const outcome = await work(manager, day, stored);
      const { run, saved } = advanceRun(manager, job.run, outcome, this.clock.now());
      return { result: { outcome, run }, last: saved };
    });
    job.run = run;
    return outcome;
  }

  /** Of an answer that has been read ahead, what it may change can be asked for at once. */
  private readStored(
    manager: EntityManager,
    job: SyncJob,
    { known, date, fetchedAt }: Received,
  ): Promise<StoredHealthData> | undefined {
    if (known === null || known.outcome === 'empty') return undefined;
    const settled = isSettled(date, fetchedAt, known.timeZone ?? job.connection.timeZone);
    const stored = this.healthData.read(manager, targetOf(job), known, settled);
    // Should it fail, then so does the transaction, which says so.
    stored.catch(() => undefined);
    return stored;
  }

  private async take(
    manager: EntityManager,
    job: SyncJob,
    day: LedgerDay,
    { received, stored }: { received: Received; stored?: Promise<StoredHealthData> },
  ): Promise<DayOutcome> {
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
      return this.tryLater(manager, job, day, error.code);
    }
    // A 404 has no content worth keeping, and an empty body means something else under another status.
    const isAnswer = received.answer.status === 200;
    const read: ReadDay = {
      normalized,
      fetchedAt: received.fetchedAt,
      sha256: isAnswer ? received.sha256 : null,
      stored,
    };
    const [outcome] = await Promise.all([
      normalized.outcome === 'empty'
        ? this.closeEmpty(manager, job, day, read)
        : this.writeData(manager, job, day, read),
      isAnswer && keepAnswer(manager, job.lease, received).then(() => void setImmediate(readNext, job)),
    ]);
    return outcome;
  }

  /** Absence never deletes: a day with data stays stored, with the fingerprint of the answer that it holds. */
  private async closeEmpty(
    manager: EntityManager,
    job: SyncJob,
    day: LedgerDay,
    read: ReadDay,
  ): Promise<DayOutcome> {
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
    return { kind: 'empty', date: day.date, day: read.normalized, notFound: read.sha256 === null };
  }

  private async writeData(
    manager: EntityManager,
    job: SyncJob,
    day: LedgerDay,
    read: ReadDay,
  ): Promise<DayOutcome> {
    const { normalized, fetchedAt } = read;
    const settled = isSettled(day.date, fetchedAt, normalized.timeZone ?? job.connection.timeZone);
    const calendar = calendarOf(day, normalized, settled);
    const { startsAt, timeZone, rebucketed } = calendar;
    const closed = {
      date: day.date,
      status: 'stored' as const,
      answerSha256: read.sha256,
      normalizerVersion: job.provider.definition.normalizerVersion,
      startsAt,
      timeZone,
      fetchedAt,
    };
    const [counts] = await Promise.all([
      this.healthData.write(manager, targetOf(job), normalized, { ...calendar, settled }, read.stored),
      ledger.closeDay(manager, job.lease, closed, normalized.timeZone),
    ]);
    return counts.inserted + counts.updated === 0 && day.status === 'stored'
      ? { kind: 'unchanged', date: day.date }
      : { kind: 'stored', date: day.date, day: normalized, counts, rebucketed };
  }

  private async tryLater(
    manager: EntityManager,
    job: SyncJob,
    day: LedgerDay,
    errorCode: string,
  ): Promise<DayOutcome> {
    const attempts = day.attempts + 1;
    const parked = attempts >= MAX_ATTEMPTS && isDaysOwnFault(errorCode, job);
    const nextAttemptAt = parked
      ? null
      : new Date(this.clock.now().getTime() + backOffMs(attempts, this.random.next()));
    await ledger.failDay(manager, job.lease, day.date, { attempts, errorCode, nextAttemptAt });
    return { kind: 'failed', date: day.date, reason: errorCode };
  }
}

interface ReadDay {
  normalized: NormalizedDay;
  fetchedAt: Date;
  /** Null for an answer without content. */
  sha256: Buffer | null;
  stored?: Promise<StoredHealthData>;
}

const targetOf = ({ lease, sourceId }: SyncJob): WriteTarget => ({ userId: lease.userId, sourceId });

/** PostgreSQL is busy with the rest of this day: time to read the next answer, if it has come. */
function readNext({ unread }: SyncJob): void {
  for (const received of unread) {
    unread.delete(received);
    return received.readAhead();
  }
}

/** When the day began and in which zone. Of a settled day the first word stands: later answers tell of later travels. */
function calendarOf(day: LedgerDay, normalized: NormalizedDay, settled: boolean) {
  const startsAt = normalized.startsAt === null ? null : new Date(normalized.startsAt);
  const rebucketed =
    settled && day.startsAt !== null && startsAt !== null && day.startsAt.getTime() !== startsAt.getTime();
  return {
    startsAt: rebucketed ? day.startsAt : (startsAt ?? day.startsAt),
    timeZone: settled && day.timeZone !== null ? day.timeZone : (normalized.timeZone ?? day.timeZone),
    rebucketed,
  };
}

/** While the vendor is away no day is to blame; once it has answered about others, the day is. */
const isDaysOwnFault = (errorCode: string, { run }: SyncJob): boolean =>
  errorCode !== 'unavailable' || daysDone(run.details) > 0;
