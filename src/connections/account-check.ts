import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import type { AccountAccess } from '../providers/provider';
import {
  ProviderAccountChanged,
  ProviderPayloadInvalid,
  ProviderUnavailable,
} from '../providers/provider-errors';
import { ProviderRegistry } from '../providers/provider.registry';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { CredentialStore, lockCredential } from './credential.store';
import { RefreshDatabase } from './refresh-database';

/**
 * Whether the tokens that a refresh brought still belong to the account that was signed in. Asked once for each pair,
 * after the pair is committed and before it is used for anything else.
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
   * The stored token, checked. One check at a time for a connection over all processes; whoever waited finds it done.
   * @returns null for a connection without tokens
   * @throws ProviderAccountChanged; and what `fetchAccount` throws, with nothing decided: the check is still to come
   */
  async passed(connection: Connection): Promise<AccountAccess | null> {
    const outcome = await this.database.manager.transaction(async (manager) => {
      const credential = await lockCredential(manager, connection);
      if (credential === null) return null;
      const access = this.credentials.access(credential);
      if (credential.accountVerified) return access;
      const { userId, connectionId } = credential;
      const { attention } = await manager.findOneByOrFail(Connection, { userId, id: connectionId });
      if (attention === 'account_changed') return accountChanged(connection);
      if ((await this.accountOf(connection, access)) !== connection.providerUserId) {
        return this.stop(manager, connection);
      }
      await manager.update(Credential, { userId, connectionId }, { accountVerified: true });
      return access;
    });
    if (outcome instanceof Error) throw outcome;
    return outcome;
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

export const accountChanged = ({ provider }: Connection) =>
  new ProviderAccountChanged(
    `'${provider}' answers for another account than the one signed in with: the user must connect again`,
  );
