import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Connection } from '../connections/connection.entity';
import { UserDataKeys, type DataCipher } from '../connections/user-data-keys';
import type { LocalDate, NormalizedDay } from '../health-data/canonical';
import { dayContext } from '../health-data/local-day';
import { ProviderPayloadInvalid } from '../providers/provider-errors';
import type { WearableProvider } from '../providers/provider';
import { AnswerFiler, type Filing } from './answer-filer';
import { addDays } from './local-date';
import { isSettled } from './plan';
import {
  keepRecovered,
  readAnswers,
  type AnswerPlace,
  type AnswerTable,
  type PlacedAnswer,
} from './raw-answers';
import type { ReplayCalendar } from './replay-calendar';
import type { ReplayRange } from './replay-span';
import type { LedgerKey } from './sync-ledger';

/** Bodies held in memory at once. */
const BATCH = 16;
/** Answers about so many dates before and behind may hold samples of a date: a journey moves its ends. */
const DATES_BESIDE = 2;

/** What is folded into drafts of a connection's sources. */
export interface Draft {
  readonly filing: Filing;
  /** As the answers that have been folded tell it. */
  readonly calendar: ReplayCalendar;
  /** The zone last told by an answer. */
  zone: string | null;
  /** What each date comes to. */
  readonly dates: Map<LocalDate, 'stored' | 'empty'>;
  answers: number;
  /** Answers that the normalizer refuses today. */
  invalid: number;
}

/** Folds kept answers as the sync once did, each at the time when it was fetched. */
@Injectable()
export class ReplayFold {
  constructor(
    private readonly filer: AnswerFiler,
    private readonly dataKeys: UserDataKeys,
  ) {}

  /** @param drafts by device model, as far as the connection has sources; more are made as they are needed */
  newDraft(
    connection: Connection,
    provider: WearableProvider,
    drafts: ReadonlyMap<string, string>,
    calendar: ReplayCalendar,
  ): Draft {
    const filing: Filing = {
      userId: connection.userId,
      devices: provider.definition.devices,
      sources: new Map(drafts),
      makeSource: async () => randomUUID(),
    };
    return { filing, calendar, zone: connection.timeZone, dates: new Map(), answers: 0, invalid: 0 };
  }

  /**
   * The answers that tell of a range, those that were refused among them, in the order in which they were fetched. They
   * stay until the commit.
   */
  async answersAbout(
    manager: EntityManager,
    { userId, id }: Connection,
    { from, to }: ReplayRange,
  ): Promise<AnswerPlace[]> {
    return manager.query(
      `SELECT kept_in AS table, told.date::text AS date, fetched_at AS "fetchedAt"
         FROM (SELECT * FROM (${lockedIn('raw_answer')}) a UNION ALL SELECT * FROM (${lockedIn('raw_reject')}) r) AS told
        ORDER BY fetched_at, told.date DESC`,
      [userId, id, from && addDays(from, -DATES_BESIDE), to && addDays(to, DATES_BESIDE)],
    );
  }

  /** @throws whatever a bug in the normalizer throws */
  async fold(
    manager: EntityManager,
    draft: Draft,
    {
      connection,
      provider,
      keys,
    }: { connection: Connection; provider: WearableProvider; keys: AnswerPlace[] },
  ): Promise<void> {
    const owner = { userId: connection.userId, connectionId: connection.id };
    const cipher = await this.dataKeys.get(manager, connection.userId);
    for (let from = 0; from < keys.length; from += BATCH) {
      const answers = await readAnswers(manager, owner, cipher, keys.slice(from, from + BATCH));
      for (const answer of answers) await this.foldOne(manager, draft, { answer, provider, owner, cipher });
    }
  }

  private async foldOne(
    manager: EntityManager,
    draft: Draft,
    { answer, provider, owner, cipher }: Folding,
  ): Promise<void> {
    const { date, fetchedAt } = answer;
    draft.answers++;
    const day = normalized(provider, answer);
    if (day === null) {
      draft.invalid++;
      return;
    }
    if (answer.table === 'raw_reject') await keepRecovered(manager, owner, cipher, answer);
    const zone = day.timeZone ?? draft.zone;
    draft.zone = zone;
    if (day.outcome === 'empty') {
      if (!draft.dates.has(date)) draft.dates.set(date, 'empty');
      return;
    }
    const context = dayContext(draft.calendar.inContext(date), day, isSettled(date, fetchedAt, zone));
    await this.filer.file(manager, draft.filing, day, context);
    draft.calendar.set(context.day);
    draft.dates.set(date, 'stored');
  }
}

interface Folding {
  answer: PlacedAnswer;
  provider: WearableProvider;
  owner: LedgerKey;
  cipher: DataCipher;
}

const lockedIn = (table: AnswerTable): string => `
  SELECT '${table}' AS kept_in, ${table}.date, fetched_at FROM ${table}
   WHERE user_id = $1 AND connection_id = $2
     AND ($3::date IS NULL OR ${table}.date >= $3) AND ($4::date IS NULL OR ${table}.date <= $4)
   ORDER BY fetched_at FOR KEY SHARE`;

/** Null for an answer that the normalizer refuses. */
function normalized(provider: WearableProvider, { date, body }: PlacedAnswer): NormalizedDay | null {
  try {
    return provider.normalize({ date, status: 200, body });
  } catch (error) {
    if (error instanceof ProviderPayloadInvalid) return null;
    throw error;
  }
}
