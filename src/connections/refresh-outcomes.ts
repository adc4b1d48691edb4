import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import { Failpoints } from '../database/failpoints';
import {
  ProviderAnswerLost,
  ProviderClientRefused,
  ProviderGrantRefused,
  ProviderUnauthorized,
  ProviderUnavailable,
  type ProviderError,
} from '../providers/provider-errors';
import type { TokenAnswer } from '../providers/token-endpoint';
import { Connection, type StatusReason } from './connection.entity';
import { Credential } from './credential.entity';
import { CredentialStore } from './credential.store';
import { RefreshAttempt } from './refresh-attempt.entity';
import { chanceOf, confirmAt, isExpired, lostRetryAt, retryAt } from './refresh-schedule';
import { Revocations } from './revocations';
import { TokenEndpoints } from './token-endpoints';

/**
 * What a refresh came to, in the rows. All of it in the transaction that holds the credential's lock; errors are
 * returned and not thrown, since what they leave behind must be committed.
 */
@Injectable()
export class RefreshOutcomes {
  constructor(
    private readonly credentials: CredentialStore,
    private readonly endpoints: TokenEndpoints,
    private readonly revocations: Revocations,
    private readonly failpoints: Failpoints,
    private readonly clock: Clock,
  ) {}

  /**
   * Of a connection that ended meanwhile the pair serves for nothing but being revoked.
   * @param receivedAt when the vendor's answer came, from which its life counts
   */
  async pair(
    manager: EntityManager,
    connection: Connection,
    credential: Credential,
    { tokens, receivedAt }: { tokens: TokenAnswer; receivedAt: Date },
  ): Promise<ProviderError | null> {
    await this.credentials.renew(manager, credential, tokens, receivedAt);
    await closeAttempt(manager, credential);
    if (!(await isActive(manager, connection))) {
      await this.revocations.takeTokens(manager, [connection]);
      return connectAgain(connection);
    }
    await this.setAttention(manager, connection, null);
    await this.setScope(manager, connection, tokens.scope);
    await this.endpoints.gavePair(manager, connection.provider);
    await this.failpoints.reach('refresh.before-commit');
    return null;
  }

  async failure(
    manager: EntityManager,
    connection: Connection,
    credential: Credential,
    error: ProviderError,
  ): Promise<ProviderError> {
    await closeAttempt(manager, credential);
    if (error instanceof ProviderClientRefused) {
      await this.endpoints.refusedClient(manager, connection.provider);
      return error;
    }
    if (error instanceof ProviderGrantRefused) {
      await this.endpoints.tookClient(manager, connection.provider);
      return this.refusal(manager, connection, credential);
    }
    await this.waitFor(manager, connection, credential, error);
    return error;
  }

  /** The vendor will not renew this: the user must connect again. */
  async end(manager: EntityManager, connection: Connection, reason: StatusReason): Promise<ProviderError> {
    const { userId, id } = connection;
    await manager.update(
      Connection,
      { userId, id, status: 'active' },
      { status: 'expired', statusReason: reason, attention: null, updatedAt: this.clock.now() },
    );
    await manager.update(Credential, { userId, connectionId: id }, { refreshRetryAt: null });
    return connectAgain(connection);
  }

  private async waitFor(
    manager: EntityManager,
    connection: Connection,
    credential: Credential,
    error: ProviderError,
  ): Promise<void> {
    const now = this.clock.now();
    const { userId, connectionId, answerLostAt, lostAnswers } = credential;
    // Not sent, and the outage is over already: what held it back has only not heard of that yet.
    const isLost = error instanceof ProviderAnswerLost;
    const isLate =
      !isLost && error.retryAt !== null && (await this.endpoints.isGiving(manager, connection.provider));
    if (isLate && error instanceof ProviderUnavailable) {
      await manager.update(Credential, { userId, connectionId }, { refreshRetryAt: error.retryAt });
      return;
    }
    const failures = credential.refreshFailures + 1;
    const lost = lostAnswers + 1;
    await manager.update(
      Credential,
      { userId, connectionId },
      {
        refreshFailures: failures,
        refreshFailedAt: now,
        refreshRetryAt: isLost
          ? (error.retryAt ?? lostRetryAt(chanceOf(credential), { lost, failures }, now))
          : retryAt(chanceOf(credential), failures, now, error.retryAt),
        refreshError: isLost ? 'answer_lost' : error.code,
        ...(isLost && { answerLostAt: answerLostAt ?? now, lostAnswers: lost }),
      },
    );
    if (isExpired(credential, now)) await this.setAttention(manager, connection, 'refresh_failing');
  }

  /** The first `invalid_grant` may be a vendor's mistake; the second, a minute later at least, is believed. */
  private async refusal(
    manager: EntityManager,
    connection: Connection,
    { userId, connectionId, refreshRefusedAt, refreshFailures, answerLostAt }: Credential,
  ): Promise<ProviderError> {
    if (refreshRefusedAt) {
      return this.end(manager, connection, answerLostAt ? 'refresh_response_lost' : 'invalid_grant');
    }
    const now = this.clock.now();
    await manager.update(
      Credential,
      { userId, connectionId },
      {
        refreshRefusedAt: now,
        refreshFailures: refreshFailures + 1,
        refreshFailedAt: now,
        refreshRetryAt: confirmAt(now),
        refreshError: 'invalid_grant',
      },
    );
    await this.setAttention(manager, connection, 'refresh_failing');
    return new ProviderUnavailable('The vendor refused the refresh token; a second try is to confirm it');
  }

  /** The user may have been granted less since; a vendor that says nothing has changed nothing (RFC 6749 section 5.1). */
  private async setScope(
    manager: EntityManager,
    { userId, id }: Connection,
    scope: string | null,
  ): Promise<void> {
    await manager.query(
      `UPDATE connection SET scope = $3 WHERE user_id = $1 AND id = $2 AND scope IS DISTINCT FROM $3 AND $3 IS NOT NULL`,
      [userId, id, scope],
    );
  }

  private async setAttention(
    manager: EntityManager,
    { userId, id }: Connection,
    attention: 'refresh_failing' | null,
  ): Promise<void> {
    await manager.query(
      `UPDATE connection SET attention = $3, updated_at = $4
        WHERE user_id = $1 AND id = $2 AND status = 'active' AND attention IS DISTINCT FROM $3
          AND coalesce(attention, 'refresh_failing') = 'refresh_failing'`,
      [userId, id, attention, this.clock.now()],
    );
  }
}

async function closeAttempt(manager: EntityManager, { userId, connectionId }: Credential): Promise<void> {
  await manager.delete(RefreshAttempt, { userId, connectionId });
}

/** A disconnection that is under way is waited for, and a later one finds what this transaction leaves. */
async function isActive(manager: EntityManager, { userId, id }: Connection): Promise<boolean> {
  const lock = { mode: 'pessimistic_write' } as const;
  const { status } = await manager.findOneOrFail(Connection, { where: { userId, id }, lock });
  return status === 'active';
}

export const connectAgain = ({ provider }: Connection) =>
  new ProviderUnauthorized(`'${provider}' no longer accepts what the user granted: connect again`);
