import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Expiry } from '../archival/expiry';
import type { Connection } from '../connections/connection.entity';
import { ConnectionsService } from '../connections/connections.service';
import { WAKE_CHANNEL } from '../database/wake-channel';
import type { LocalDate } from '../health-data/canonical';
import { HealthDataReplacement, type Change } from '../health-data/replacement';
import { ProviderRegistry } from '../providers/provider.registry';
import type { WearableProvider } from '../providers/provider';
import { Fenced, revokeLease } from './claim';
import { addDays } from './local-date';
import { ReplayCalendar } from './replay-calendar';
import { diffOf, type ReplayDiff } from './replay-diff';
import { ReplayFold, type Draft } from './replay-fold';
import { isInRange, replacedInstants, type ReplayRange } from './replay-span';
import {
  readArchivedSpans,
  readCalendar,
  replaceDays,
  type CalendarRow,
  type ReplayedDay,
} from './ledger-calendar';
import { wake } from './wake-times';

const DATES_BESIDE = 3;

/** What a replay of one connection comes to. */
export interface ConnectionReplayed {
  answers: number;
  /** Answers that the normalizer refuses today: as if they had not been kept. */
  invalid: number;
  /** Dates whose data was made anew. */
  dates: number;
  /** Dates with data of which no usable answer is kept: they stay as they are. */
  untouched: number;
  diff: ReplayDiff;
}

/** Makes the health data of one connection anew from its kept answers, without asking the vendor. */
@Injectable()
export class ConnectionReplay {
  constructor(
    private readonly database: DataSource,
    private readonly providers: ProviderRegistry,
    private readonly connections: ConnectionsService,
    private readonly folding: ReplayFold,
    private readonly healthData: HealthDataReplacement,
    private readonly expiry: Expiry,
  ) {}

  /** One transaction, which a dry run rolls back. */
  async run(
    connection: Connection,
    range: ReplayRange,
    { dryRun }: { dryRun: boolean },
  ): Promise<ConnectionReplayed> {
    const runner = this.database.createQueryRunner();
    try {
      await runner.startTransaction();
      try {
        const replayed = await this.work(runner.manager, connection, range);
        await (dryRun ? runner.rollbackTransaction() : runner.commitTransaction());
        return replayed;
      } catch (error) {
        // A connection that is lost has rolled back by itself; what went wrong is the first error.
        await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  private async work(
    manager: EntityManager,
    connection: Connection,
    range: ReplayRange,
  ): Promise<ConnectionReplayed> {
    const provider = this.providers.get(connection.provider);
    const key = { userId: connection.userId, connectionId: connection.id };
    const wasLeased = await takeAway(manager, connection);
    const keys = await this.folding.answersAbout(manager, connection, range);
    const ledger = await readCalendar(manager, key);
    // Their first cut is made anew. A date that was only refused until now keeps the one it has, if it has one.
    const answered = new Set(keys.filter(({ table }) => table === 'raw_answer').map(({ date }) => date));
    const archived = await readArchivedSpans(manager, key);
    const calendar = new ReplayCalendar(
      ledger.filter(({ date }) => !answered.has(date)),
      archived,
    );
    const sources = await this.connections.sourcesOf(manager, connection);
    const drafts = await this.beginDrafts(manager, connection, sources);
    const draft = this.folding.newDraft(connection, provider, drafts, calendar);
    await this.folding.fold(manager, draft, { connection, provider, keys });

    const spared = ledger.filter(
      ({ date, status }) => status === 'stored' && draft.dates.get(date) !== 'stored',
    );
    // They stay as they are, and so do the places where they begin.
    for (const day of spared) draft.calendar.set(day);
    const dates = datesMade(draft, spared, range);
    const untouched = spared.map(({ date }) => date).filter((date) => isInRange(date, range));
    const made: Made = { provider, range, dates, untouched, ledger, draft, sources };
    const changes = dates.length === 0 ? [] : await this.replaceAll(manager, connection, made);
    await this.healthData.end(manager, connection.userId, [...draft.filing.sources.values()]);
    await replaceDays(manager, key, daysOf(made), provider.definition.normalizerVersion);
    if (dates.length > 0) await this.sumUp(manager, connection, range, dates);
    const [oldest] = dates;
    if (oldest !== undefined) await this.expiry.again(manager, key, oldest);
    await wake(manager, key);
    // The interrupted sync goes on at once, for whoever claims it.
    if (wasLeased) await manager.query(`SELECT pg_notify($1, '')`, [WAKE_CHANNEL]);
    const { answers, invalid } = draft;
    return { answers, invalid, dates: dates.length, untouched: untouched.length, diff: diffOf(changes) };
  }

  /** A draft for each source that there is, so that what it holds can go, and what users have deleted stays deleted. */
  private async beginDrafts(
    manager: EntityManager,
    { userId }: Connection,
    sources: ReadonlyMap<string, string>,
  ): Promise<Map<string, string>> {
    const drafts = new Map<string, string>();
    for (const [model, source] of sources) {
      const draft = randomUUID();
      await this.healthData.begin(manager, userId, source, draft);
      drafts.set(model, draft);
    }
    return drafts;
  }

  /** Samples and starts of days may have changed on the dates beside them too. */
  private async sumUp(
    manager: EntityManager,
    connection: Connection,
    range: ReplayRange,
    dates: LocalDate[],
  ): Promise<void> {
    const sources = await this.connections.sourcesOf(manager, connection);
    await this.healthData.sumUp(manager, connection.userId, [...sources.values()], {
      from: range.from && addDays(dates[0], -DATES_BESIDE),
      to: range.to && addDays(dates.at(-1)!, DATES_BESIDE),
    });
  }

  private async replaceAll(
    manager: EntityManager,
    connection: Connection,
    { provider, range, dates, untouched, ledger, draft, sources }: Made,
  ): Promise<Change[]> {
    const stored = new ReplayCalendar(ledger);
    const isReplaced = replacedInstants(range, { dates, untouched }, { stored, made: draft.calendar });
    // To tell of changes: by the new calendar, and where it knows nothing, by the old one.
    const told = new ReplayCalendar(ledger);
    for (const date of draft.dates.keys()) told.set(draft.calendar.get(date));
    const changes: Change[] = [];
    for (const [model, from] of draft.filing.sources) {
      const device = provider.definition.devices.find((it) => it.model === model);
      const to = sources.get(model) ?? (await this.connections.sourceOf(manager, connection, device!));
      changes.push(
        ...(await this.healthData.replace(manager, {
          userId: connection.userId,
          from,
          to,
          dates,
          isReplaced,
          dateOf: (instant) => told.dateOf(instant),
        })),
      );
    }
    return changes;
  }
}

/** What the kept answers come to, before it takes the place of what is stored. */
interface Made {
  provider: WearableProvider;
  range: ReplayRange;
  dates: LocalDate[];
  untouched: LocalDate[];
  ledger: CalendarRow[];
  draft: Draft;
  sources: ReadonlyMap<string, string>;
}

/** From a sync that is running, which writes nothing more. @returns whether there is one */
async function takeAway(manager: EntityManager, { userId, id }: Connection): Promise<boolean> {
  const [held]: { leaseUntil: Date | null }[] = await manager.query(
    `SELECT lease_until AS "leaseUntil" FROM connection WHERE user_id = $1 AND id = $2 FOR UPDATE`,
    [userId, id],
  );
  if (held === undefined) throw new Fenced(`connection ${id} has been deleted`);
  await revokeLease(manager, { userId, connectionId: id });
  return held.leaseUntil !== null;
}

const daysOf = ({ dates, draft }: Made): ReplayedDay[] =>
  dates.map((date) => ({ ...draft.calendar.get(date), status: draft.dates.get(date)! }));

/** Absence never deletes: answers that say nothing leave a day alone that has data. */
function datesMade({ dates }: Draft, spared: CalendarRow[], range: ReplayRange): LocalDate[] {
  const withData = new Set(spared.map(({ date }) => date));
  return [...dates.keys()].filter((date) => isInRange(date, range) && !withData.has(date)).toSorted();
}
