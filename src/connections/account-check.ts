import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import type { AccountAccess } from '../providers/provider';
import {
  ProviderAccountChanged,
  ProviderPayloadInvalid,
  ProviderUnavailable,
  type ProviderError,
} from '../providers/provider-errors';
import { ProviderRegistry } from '../providers/provider.registry';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { CredentialStore, lockCredential } from './credential.store';
import { RefreshDatabase } from './refresh-database';
import { connectAgain } from './refresh-outcomes';

/**
 * Whether the tokens that a refresh brought still belong to the account that was signed in. Asked once for each pair,
 * after the pair is committed and before it is used for anything else; by each process that wants to use it just then.
 */
@Injectable()
export class AccountCheck {
  private readonly logger = new Logger(AccountCheck.name);

  constructor(
    private readonly database: RefreshDatabase,
    private readonly credentials: CredentialStore,
    private readonly registry: ProviderRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * The stored token, checked. The vendor is asked with nothing locked, since a data call may have to wait for its
   * budget; what it says counts for the pair that it was asked about alone.
   * @returns null for a connection without tokens
   * @throws ProviderAccountChanged; ProviderUnauthorized where the connection has ended; and what `fetchAccount` throws,
   * with nothing decided: the check is still to come
   */
  async passed(connection: Connection): Promise<AccountAccess | null> {
    const credential = await this.credentials.find(connection);
    if (credential === null) return null;
    const access = this.credentials.access(credential);
    if (credential.accountVerified) return access;
    const objection = await objectionTo(this.database.manager, connection);
    if (objection !== null) throw objection;
    const account = await this.accountOf(connection, access);
    const verdict = await this.database.manager.transaction((manager) =>
      this.settle(manager, connection, credential, account),
    );
    if (verdict === 'outdated') return this.passed(connection);
    if (verdict !== null) throw verdict;
    return access;
  }

  /** Compare-and-set: another pair may have come while the vendor answered, or another process may have been faster. */
  private async settle(
    manager: EntityManager,
    connection: Connection,
    { userId, connectionId, tokenVersion }: Credential,
    account: string,
  ): Promise<'outdated' | ProviderError | null> {
    const stored = await lockCredential(manager, connection);
    if (stored?.tokenVersion !== tokenVersion) return 'outdated';
    const objection = await objectionTo(manager, connection);
    if (objection !== null) return objection;
    if (account !== connection.providerUserId) return this.stop(manager, connection);
    await manager.update(Credential, { userId, connectionId }, { accountVerified: true });
    return null;
  }

  private async accountOf({ provider }: Connection, access: AccountAccess): Promise<string> {
    try {
      return (await this.registry.get(provider).fetchAccount(access)).id;
    } catch (error) {
      if (!(error instanceof ProviderPayloadInvalid)) throw error;
      throw new ProviderUnavailable(`'${provider}' does not say whose account it is: ${error.message}`);
    }
  }

  /** Returns its error, since the mark must be committed. */
  private async stop(manager: EntityManager, connection: Connection): Promise<ProviderAccountChanged> {
    const { userId, id } = connection;
    await manager.update(
      Connection,
      { userId, id },
      { attention: 'account_changed', updatedAt: this.clock.now() },
    );
    this.logger.warn({ msg: 'the account behind a connection has changed', connection: id });
    return accountChanged(connection);
  }
}

/** What forbids the use of its tokens, whoever they belong to. */
async function objectionTo(manager: EntityManager, connection: Connection): Promise<ProviderError | null> {
  const { userId, id } = connection;
  const { status, attention } = await manager.findOneByOrFail(Connection, { userId, id });
  if (status !== 'active') return connectAgain(connection);
  return attention === 'account_changed' ? accountChanged(connection) : null;
}

export const accountChanged = ({ provider }: Connection) =>
  new ProviderAccountChanged(
    `'${provider}' answers for another account than the one signed in with: the user must connect again`,
  );
