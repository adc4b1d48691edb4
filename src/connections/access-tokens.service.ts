import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import type { AccountAccess } from '../providers/provider';
import {
  ProviderGrantRefused,
  ProviderRateLimited,
  ProviderUnauthorized,
  ProviderUnavailable,
  type ProviderError,
} from '../providers/provider-errors';
import { ProviderRegistry } from '../providers/provider.registry';
import { TokenEndpoint, type TokenAnswer } from '../providers/token-endpoint';
import { AccountCheck, accountChanged } from './account-check';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { CredentialStore } from './credential.store';
import { RefreshDatabase } from './refresh-database';
import { isDue, isExpired, mustWait } from './refresh-schedule';

/** What a refresh that was not interrupted came to: a new pair is stored (null), or why not. */
type Refreshed = ProviderError | null;

/**
 * Access tokens that work, refreshed ahead of their end and one at a time for a connection over all processes: vendors
 * that rotate refresh tokens take a second use for theft and revoke the whole grant.
 */
@Injectable()
export class AccessTokens {
  private readonly refreshes = new Map<string, Promise<void>>();
  private readonly checks = new Map<string, Promise<AccountAccess>>();

  constructor(
    private readonly database: RefreshDatabase,
    private readonly credentials: CredentialStore,
    private readonly registry: ProviderRegistry,
    private readonly tokenEndpoint: TokenEndpoint,
    private readonly accounts: AccountCheck,
    private readonly clock: Clock,
  ) {}

  /**
   * The token to call the vendor with; a new one where three quarters of its life are over.
   * @throws ProviderUnauthorized where the user must connect again; ProviderUnavailable or ProviderRateLimited where
   * the token is over and the vendor gives no new one now, or does not say whose it is; ProviderAccountChanged until
   * the user has signed in again, without asking the vendor
   */
  async current(connection: Connection): Promise<AccountAccess> {
    if (connection.attention === 'account_changed') throw accountChanged(connection);
    const credential = await this.stored(connection);
    const now = this.clock.now();
    // Without a refresh token, a token serves to its last minute.
    const serves = credential.refreshToken === null && !isExpired(credential, now);
    if (serves || !isDue(credential, now)) return this.checked(connection, credential);
    try {
      await this.renew(connection, credential);
    } catch (error) {
      if (isTransient(error) && !isExpired(credential, now)) return this.checked(connection, credential);
      throw error;
    }
    return this.checkedAnew(connection);
  }

  /**
   * Another token than the one that the vendor answered 401 to: asked for once, or the one that came meanwhile.
   * @throws as `current`
   */
  async refreshed(connection: Connection, rejected: AccountAccess): Promise<AccountAccess> {
    const credential = await this.stored(connection);
    if (this.credentials.access(credential).accessToken !== rejected.accessToken) {
      return this.checked(connection, credential);
    }
    await this.renew(connection, credential);
    return this.checkedAnew(connection);
  }

  /** The token, where it is known whose it is; else that comes first, by way of another token if need be. */
  private async checked(connection: Connection, credential: Credential): Promise<AccountAccess> {
    if (credential.accountVerified) return this.credentials.access(credential);
    try {
      return await this.checkedAnew(connection);
    } catch (error) {
      if (!(error instanceof ProviderUnauthorized)) throw error;
      await this.renew(connection, credential);
      return this.checkedAnew(connection);
    }
  }

  private checkedAnew(connection: Connection): Promise<AccountAccess> {
    return once(
      this.checks,
      connection.id,
      async () => (await this.accounts.passed(connection)) ?? disconnected(connection),
    );
  }

  private async stored(connection: Connection): Promise<Credential> {
    return (await this.credentials.find(connection)) ?? disconnected(connection);
  }

  /** One refresh of this version in this process; the row lock sees to the other processes. */
  private renew(connection: Connection, credential: Credential): Promise<void> {
    const version = `${connection.id} ${credential.tokenVersion}`;
    return once(this.refreshes, version, () => this.refresh(connection, credential));
  }

  private async refresh(connection: Connection, { tokenVersion }: Credential): Promise<void> {
    const { userId, id: connectionId } = connection;
    // In a transaction of its own: if this process dies while the vendor answers, the trace must be there.
    await this.database.manager.update(
      Credential,
      { userId, connectionId, tokenVersion },
      { refreshAttemptedAt: this.clock.now() },
    );
    let received: TokenAnswer | undefined;
    const outcome = await this.database.manager
      .transaction(async (manager) => {
        const credential =
          (await this.credentials.findLocked(manager, connection)) ?? disconnected(connection);
        if (credential.tokenVersion !== tokenVersion) return null;
        return this.exchange(manager, connection, credential, (tokens) => (received = tokens));
      })
      .catch((error: unknown) => {
        // The old pair is dead at the vendor: the new one must outlive the transaction that asked for it.
        if (received) return this.keep(connection, tokenVersion, received);
        throw error;
      });
    if (outcome !== null) throw outcome;
  }

  /** Returns its errors where what they left in the rows must be committed. */
  private async exchange(
    manager: EntityManager,
    connection: Connection,
    credential: Credential,
    onReceived: (tokens: TokenAnswer) => void,
  ): Promise<Refreshed> {
    const now = this.clock.now();
    if (mustWait(credential, now)) return refusedOnce();
    const refreshToken = this.credentials.refreshToken(credential);
    if (refreshToken === null) {
      return isExpired(credential, now) ? this.end(manager, connection) : connectAgain(connection);
    }
    const { definition } = this.registry.get(connection.provider);
    try {
      const tokens = await this.tokenEndpoint.refresh(definition, refreshToken, connection.id);
      onReceived(tokens);
      await this.credentials.renew(manager, credential, tokens, this.clock.now());
      await this.setAttention(manager, connection, null);
      return null;
    } catch (error) {
      if (error instanceof ProviderGrantRefused) return this.refuse(manager, connection, credential);
      throw error;
    }
  }

  private async keep(connection: Connection, tokenVersion: number, tokens: TokenAnswer): Promise<null> {
    return this.database.manager.transaction(async (manager) => {
      const credential = (await this.credentials.findLocked(manager, connection)) ?? disconnected(connection);
      if (credential.tokenVersion === tokenVersion) {
        await this.credentials.renew(manager, credential, tokens, this.clock.now());
      }
      return null;
    });
  }

  /** The first `invalid_grant` may be a vendor's mistake; the second, a minute later at least, is believed. */
  private async refuse(
    manager: EntityManager,
    connection: Connection,
    { userId, connectionId, refreshRefusedAt }: Credential,
  ): Promise<ProviderError> {
    if (refreshRefusedAt) return this.end(manager, connection);
    await manager.update(Credential, { userId, connectionId }, { refreshRefusedAt: this.clock.now() });
    await this.setAttention(manager, connection, 'refresh_failing');
    return refusedOnce();
  }

  private async end(manager: EntityManager, connection: Connection): Promise<ProviderError> {
    const { userId, id } = connection;
    await manager.update(
      Connection,
      { userId, id, status: 'active' },
      { status: 'expired', attention: null, updatedAt: this.clock.now() },
    );
    return connectAgain(connection);
  }

  private async setAttention(
    manager: EntityManager,
    { userId, id }: Connection,
    attention: 'refresh_failing' | null,
  ): Promise<void> {
    await manager.query(
      `UPDATE connection SET attention = $3, updated_at = $4
        WHERE user_id = $1 AND id = $2 AND coalesce(attention, 'refresh_failing') = 'refresh_failing'
          AND attention IS DISTINCT FROM $3`,
      [userId, id, attention, this.clock.now()],
    );
  }
}

const connectAgain = ({ provider }: Connection) =>
  new ProviderUnauthorized(`'${provider}' no longer accepts what the user granted: connect again`);

const refusedOnce = () =>
  new ProviderUnavailable('The vendor refused the refresh token; a second try is to confirm it');

function disconnected(connection: Connection): never {
  throw connectAgain(connection);
}

const isTransient = (error: unknown): boolean =>
  error instanceof ProviderUnavailable || error instanceof ProviderRateLimited;

/** Joins what is under way under this key, or begins it. */
function once<T>(underWay: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const running = underWay.get(key) ?? work().finally(() => underWay.delete(key));
  underWay.set(key, running);
  return running;
}
