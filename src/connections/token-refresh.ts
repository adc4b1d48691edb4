import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import {
  ProviderAnswerLost,
  ProviderError,
  ProviderUnauthorized,
  ProviderUnavailable,
} from '../providers/provider-errors';
import { Connection } from './connection.entity';
import type { Credential } from './credential.entity';
import { lockCredential } from './credential.store';
import { JournalReplay } from './journal-replay';
import { RefreshAttempt } from './refresh-attempt.entity';
import { RefreshDatabase } from './refresh-database';
import { connectAgain, RefreshOutcomes } from './refresh-outcomes';
import { abandonedRetryAt, isExpired, isWaiting, mayReplace } from './refresh-schedule';
import type { ReceivedPair } from './token-journal';
import { TokenRequest } from './token-request';

/** Why another pair is wanted: the token's life, the vendor's 401, or an earlier refresh that brought nothing. */
export type Cause = 'due' | 'rejected' | 'resumed';

/**
 * One refresh at a time for a connection over all processes: vendors that rotate refresh tokens take a second use for
 * theft and revoke the whole grant. The credential's row is locked while the vendor answers; `RefreshAttempt` says
 * what a holder that died had begun, `TokenJournal` what it had received.
 */
@Injectable()
export class TokenRefresh {
  constructor(
    private readonly database: RefreshDatabase,
    private readonly request: TokenRequest,
    private readonly outcomes: RefreshOutcomes,
    private readonly replay: JournalReplay,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns once another pair than this version is stored.
   * @throws ProviderError why there is none
   */
  async run(connection: Connection, tokenVersion: number, cause: Cause): Promise<void> {
    const received: ReceivedPair[] = [];
    const outcome = await this.database.manager
      .transaction(async (manager) => {
        const credential = await lockCredential(manager, connection);
        if (credential === null) return connectAgain(connection);
        if (credential.tokenVersion !== tokenVersion) return null;
        const { userId, id } = connection;
        // Whoever waited for the lock may come too late.
        if (!(await manager.existsBy(Connection, { userId, id, status: 'active' }))) {
          return connectAgain(connection);
        }
        return this.renew(manager, connection, credential, { cause, received });
      })
      .catch(async (error: unknown) => {
        const [pair] = received;
        if (pair === undefined) throw isPoolExhausted(error) ? tooMany(connection) : error;
        // The old pair is dead at the vendor: the new one must outlive the transaction that asked for it.
        if (await this.replay.settle(pair)) return null;
        throw new ProviderUnavailable(`The new token of '${connection.provider}' waits for the database`);
      });
    for (const pair of received) await this.request.done(pair);
    if (outcome !== null) throw outcome;
  }

  private async renew(
    manager: EntityManager,
    connection: Connection,
    credential: Credential,
    { cause, received }: { cause: Cause; received: ReceivedPair[] },
  ): Promise<ProviderError | null> {
    const kept = await this.request.answered(credential);
    if (kept === null) {
      const reason = await this.reasonNotToAsk(manager, connection, credential, cause);
      if (reason !== undefined) return reason;
    }
    try {
      const pair = kept ?? (await this.request.send(connection, credential, this.clock.now()));
      received.push(pair);
      return await this.outcomes.pair(manager, connection, credential, pair);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return this.outcomes.failure(manager, connection, credential, error);
    }
  }

  /** @returns undefined to ask the vendor; null where it needs no asking */
  private async reasonNotToAsk(
    manager: EntityManager,
    connection: Connection,
    credential: Credential,
    cause: Cause,
  ): Promise<ProviderError | null | undefined> {
    const now = this.clock.now();
    const { userId, connectionId, tokenVersion } = credential;
    if (await manager.existsBy(RefreshAttempt, { userId, connectionId, tokenVersion })) {
      const message = 'The process that asked for a token ended before the answer came';
      const error = new ProviderAnswerLost(message, abandonedRetryAt(now));
      return this.outcomes.failure(manager, connection, credential, error);
    }
    if (isWaiting(credential, now)) return stillWaiting(connection, credential);
    if (cause === 'resumed' && credential.refreshRetryAt === null) return null;
    if (credential.refreshToken === null) {
      return isExpired(credential, now)
        ? this.outcomes.end(manager, connection, 'no_refresh_token')
        : connectAgain(connection);
    }
    return cause === 'rejected' && !mayReplace(credential, now) ? rejectedAgain(connection) : undefined;
  }
}

export const stillWaiting = ({ provider }: Connection, { refreshError, refreshRetryAt }: Credential) =>
  new ProviderUnavailable(
    `'${provider}' gave no new token (${refreshError}); it is asked again from ${refreshRetryAt?.toISOString()} on`,
  );

const rejectedAgain = ({ provider }: Connection) =>
  new ProviderUnauthorized(`'${provider}' does not accept the token that it has just given`);

const tooMany = ({ provider }: Connection) =>
  new ProviderUnavailable(`'${provider}' keeps so many refreshes waiting that this one had no place`);

/** In the words of pg-pool. */
const isPoolExhausted = (error: unknown): boolean =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect';
