import { Injectable } from '@nestjs/common';
import { Clock } from '../database/clock';
import type { AccountAccess } from '../providers/provider';
import { ProviderRateLimited, ProviderUnauthorized, ProviderUnavailable } from '../providers/provider-errors';
import { AccountCheck, accountChanged } from './account-check';
import type { Connection } from './connection.entity';
import type { Credential } from './credential.entity';
import { CredentialStore } from './credential.store';
import { connectAgain } from './refresh-outcomes';
import { isDue, isExpired, isWaiting } from './refresh-schedule';
import { stillWaiting, TokenRefresh, type Cause } from './token-refresh';

/** Access tokens that work, refreshed ahead of their end. */
@Injectable()
export class AccessTokens {
  private readonly refreshes = new Map<string, Promise<void>>();
  private readonly checks = new Map<string, Promise<AccountAccess>>();

  constructor(
    private readonly credentials: CredentialStore,
    private readonly refresh: TokenRefresh,
    private readonly accounts: AccountCheck,
    private readonly clock: Clock,
  ) {}

  /**
   * The token to call the vendor with; a new one where about three quarters of its life are over.
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
      await this.renew(connection, credential, 'due');
    } catch (error) {
      if (isTransient(error) && !isExpired(credential, now)) return this.checked(connection, credential);
      throw error;
    }
    return this.checkedAnew(connection);
  }

  /**
   * Another token than the one that the vendor answered 401 to: asked for once, or the one that came meanwhile.
   * @throws as `current`; ProviderUnauthorized also within half an hour of `refusedAgain`
   */
  async refreshed(connection: Connection, rejected: AccountAccess): Promise<AccountAccess> {
    const credential = await this.stored(connection);
    if (this.credentials.access(credential).accessToken !== rejected.accessToken) {
      return this.checked(connection, credential);
    }
    return this.replaced(connection, credential);
  }

  /** The vendor answers 401 to what `refreshed` gave, too: another token would hardly do better. */
  async refusedAgain(connection: Connection): Promise<void> {
    await this.credentials.markRejected(connection, this.clock.now());
  }

  /** Goes on with a refresh that brought nothing so far. @throws ProviderError why it brings nothing now either */
  async resume(connection: Connection): Promise<void> {
    await this.renew(connection, await this.stored(connection), 'resumed');
  }

  /** The token, where it is known whose it is; else that comes first, by way of another token if need be. */
  private async checked(connection: Connection, credential: Credential): Promise<AccountAccess> {
    if (credential.accountVerified) return this.credentials.access(credential);
    try {
      return await this.checkedAnew(connection);
    } catch (error) {
      if (!(error instanceof ProviderUnauthorized)) throw error;
      return this.replaced(connection, credential);
    }
  }

  private async replaced(connection: Connection, credential: Credential): Promise<AccountAccess> {
    await this.renew(connection, credential, 'rejected');
    try {
      return await this.checkedAnew(connection);
    } catch (error) {
      if (error instanceof ProviderUnauthorized) await this.refusedAgain(connection);
      throw error;
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

  /** One refresh of this version in this process; `TokenRefresh` sees to the other processes. */
  private async renew(connection: Connection, credential: Credential, cause: Cause): Promise<void> {
    if (isWaiting(credential, this.clock.now())) throw stillWaiting(connection, credential);
    const { tokenVersion } = credential;
    await once(this.refreshes, `${connection.id} ${tokenVersion}`, () =>
      this.refresh.run(connection, tokenVersion, cause),
    );
  }
}

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
