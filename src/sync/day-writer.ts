import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Expiry } from '../archival/expiry';
import { Clock } from '../database/clock';
import { Failpoints } from '../database/failpoints';
import { pipelinedTransaction } from '../database/pipelined-transaction';
import { Random } from '../database/random';
import type { LocalDate, NormalizedDay } from '../health-data/canonical';
import { dayContext } from '../health-data/local-day';
import { ConnectionsService } from '../connections/connections.service';
import { ProviderError, ProviderPayloadInvalid } from '../providers/provider-errors';
import { AnswerFiler, type Filing, type StoredByDevice } from './answer-filer';
import { fence } from './claim';
import { calendarOf, closedEmpty, closedWithData, type ReadDay } from './closed-day';
import { forgetCovered } from './covered-answers';
import { failedTry } from './failed-try';
import { localDate } from './local-date';
import { isSettled } from './plan';
import { keepAnswer, keepReject } from './raw-answers';
import type { Received } from './received';
import { advanceRun } from './run-log';
import { recordRun } from './run-start';
import type { SyncJob } from './sync-job';
import * as ledger from './sync-ledger';
import type { LedgerDay, LedgerDayInCalendar } from './sync-ledger';
import type { DayOutcome } from './tally';

/** Writes what became of a day, each time in one fenced transaction with the ledger and the progress of the run. */
@Injectable()
export class DayWriter {
  private readonly logger = new Logger(DayWriter.name);

  constructor(
    private readonly database: DataSource,
    private readonly filer: AnswerFiler,
    private readonly connections: ConnectionsService,
    private readonly expiry: Expiry,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly failpoints: Failpoints,
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
      (writing) => this.readStored(writing, received),
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
    return this.write(job, date, (writing, day) => this.tryLater(writing, job, day, reason));
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
      if (outcome.kind === 'stored') await this.expiry.again(manager, job.lease, date);
      const { timeZone } = writing;
      await this.failpoints.reach('day.before-commit');
      if (!job.run.recorded && writing.isNoNews) {
        return { result: { outcome, run: job.run, timeZone }, last: Promise.resolve() };
      }
      const now = this.clock.now();
      const begun = job.run.recorded ? job.run : await recordRun(manager, job.run, now);
      const { run, saved } = advanceRun(manager, begun, outcome, now);
      return { result: { outcome, run, timeZone }, last: saved };
    });
    await this.failpoints.reach('day.after-commit');
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
  private readStored({ manager, filing }: Writing, { known }: Received): StoredByDevice {
    return known === null || known.outcome === 'empty' ? new Map() : this.filer.read(manager, filing, known);
  }

  private async take(
    writing: Writing,
    job: SyncJob,
    day: LedgerDayInCalendar,
    received: Received,
  ): Promise<DayOutcome> {
    const { manager } = writing;
    if (received.isUnchanged(day)) {
      const closed = { ...day, fetchedAt: received.fetchedAt, emptySince: null };
      await ledger.closeDay(manager, job.lease, closed, null);
      return { kind: 'unchanged', date: day.date };
    }
    let normalized: NormalizedDay;
    try {
      normalized = received.normalized();
    } catch (error) {
      if (!(error instanceof ProviderPayloadInvalid)) throw error;
      await keepReject(manager, job.lease, job.cipher, received, error.reason);
      const outcome = await this.tryLater(writing, job, day, error.code);
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

  private async closeEmpty(
    manager: EntityManager,
    job: SyncJob,
    day: LedgerDay,
    read: ReadDay,
  ): Promise<Taken> {
    const closed = closedEmpty(day, read, job.provider.definition.normalizerVersion);
    await ledger.closeDay(manager, job.lease, closed, read.normalized.timeZone);
    const { normalized, fetchedAt, sha256 } = read;
    const begun = day.date <= localDate(fetchedAt, normalized.timeZone ?? job.timeZone);
    return {
      outcome: { kind: 'empty', date: day.date, day: normalized, notFound: sha256 === null, begun },
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
    const closed = closedWithData(context.day, read, job.provider.definition.normalizerVersion);
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
    writing: Writing,
    job: SyncJob,
    day: LedgerDay,
    errorCode: string,
  ): Promise<Extract<DayOutcome, { kind: 'failed' }>> {
    const failure = failedTry(day, job, { errorCode, now: this.clock.now(), random: this.random.next() });
    await ledger.failDay(writing.manager, job.lease, day.date, failure);
    writing.isNoNews = failure.nextAttemptAt !== null && day.errorCode === errorCode;
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
  /** Failed once more, and for the same reason. */
  isNoNews?: boolean;
}

/** What became of an answer. */
interface Taken {
  outcome: DayOutcome;
  /** All of it counts, none of it was left aside for what is stored. */
  whole: boolean;
}

/** PostgreSQL is busy with the rest of this day: time to read the next answer, if it has come. */
function readNext({ unread }: SyncJob): void {
  for (const received of unread) {
    unread.delete(received);
    return received.readAhead();
  }
}
