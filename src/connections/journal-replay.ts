import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Connection } from './connection.entity';
import { lockCredential } from './credential.store';
import { RefreshDatabase } from './refresh-database';
import { RefreshOutcomes } from './refresh-outcomes';
import { Revocations } from './revocations';
import { replaces, TokenJournal, type ReceivedPair } from './token-journal';

const RETRY_MS = 1_000;

/** Takes pairs that arrived into the database, as soon as it takes them. */
@Injectable()
export class JournalReplay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(JournalReplay.name);
  private readonly waiting = new Set<ReceivedPair>();
  private retry?: NodeJS.Timeout;

  constructor(
    private readonly journal: TokenJournal,
    private readonly database: RefreshDatabase,
    private readonly outcomes: RefreshOutcomes,
    private readonly revocations: Revocations,
  ) {}

  /** Before any refresh: a pair that a killed process left behind is stored, and not asked for again. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.database.isOpen) await this.takeOver();
  }

  onApplicationShutdown(): void {
    clearInterval(this.retry);
  }

  /** What other processes left behind. Never throws. */
  async takeOver(): Promise<void> {
    for (const pair of await this.journal.leftBehind()) await this.settle(pair);
  }

  /**
   * Stores a pair; where the database does not take it, again every second until it does.
   * @returns whether that is settled
   */
  async settle(pair: ReceivedPair): Promise<boolean> {
    try {
      const isKnown = await this.database.manager.transaction((manager) => this.store(manager, pair));
      // Of another database that shares the folder.
      if (isKnown) await this.journal.forget(pair);
      this.waiting.delete(pair);
      return true;
    } catch (error) {
      if (!this.waiting.has(pair)) {
        this.logger.warn({
          msg: 'a pair of tokens waits for the database',
          connection: pair.connectionId,
          err: error,
        });
      }
      this.waiting.add(pair);
      this.retry ??= setInterval(() => void this.settleWaiting(), RETRY_MS).unref();
      return false;
    }
  }

  private async settleWaiting(): Promise<void> {
    for (const pair of [...this.waiting]) if (!(await this.settle(pair))) return;
    clearInterval(this.retry);
    this.retry = undefined;
  }

  /** @returns whether the connection is of here */
  private async store(manager: EntityManager, pair: ReceivedPair): Promise<boolean> {
    const { userId, connectionId } = pair;
    const credential = await lockCredential(manager, { userId, id: connectionId });
    const connection = await manager.findOneBy(Connection, { userId, id: connectionId });
    if (connection === null) return false;
    if (credential === null) {
      await this.revocations.add(manager, connection, pair.tokens);
    } else if (replaces(pair, credential)) {
      // Given up for lost meanwhile, by a process that could not see this journal.
      await manager.update(
        Connection,
        { userId, id: connectionId, status: 'expired', statusReason: 'refresh_response_lost' },
        { status: 'active', statusReason: null },
      );
      const reason = await this.outcomes.pair(manager, connection, credential, pair);
      if (reason !== null) return true;
      this.logger.log({ msg: 'a pair of tokens from the journal is stored', connection: connectionId });
    }
    return true;
  }
}
