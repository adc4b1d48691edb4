import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, QueryFailedError, type EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import { WAKE_CHANNEL } from '../database/wake-channel';
import type { ProviderAccount } from '../providers/provider';
import type { TokenAnswer } from '../providers/token-endpoint';
import { Connection } from './connection.entity';
import { CredentialStore, lockCredential } from './credential.store';
import { Revocations } from './revocations';

/** What an authorization that went through brought. */
export interface Authorized {
  userId: string;
  provider: string;
  account: ProviderAccount;
  tokens: TokenAnswer;
}

/** The vendor's account belongs to another user of this server; nothing was changed. */
export class AccountAlreadyLinked extends Error {
  override readonly name = 'AccountAlreadyLinked';
}

/** Turns an authorization into an active connection: all of it, or nothing. */
@Injectable()
export class ActivationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly credentials: CredentialStore,
    private readonly revocations: Revocations,
    private readonly clock: Clock,
  ) {}

  /**
   * The same account as before revives its connection, with its data source and ledger; another account takes the place
   * of the former one. Tokens that are used no more are revoked at the vendor.
   * @throws AccountAlreadyLinked, NotFoundException where the user was deleted meanwhile
   */
  async activate(authorized: Authorized): Promise<Connection> {
    try {
      return await this.dataSource.transaction((manager) => this.activateIn(manager, authorized));
    } catch (error) {
      // The index decides and not a look beforehand: two users may come at the same moment.
      if (!isTakenAccount(error)) throw error;
      await this.revocations.add(this.dataSource.manager, authorized, authorized.tokens);
      throw alreadyLinked(authorized);
    }
  }

  private async activateIn(manager: EntityManager, authorized: Authorized): Promise<Connection> {
    const { userId, provider, account, tokens } = authorized;
    await lockUser(manager, userId);
    const former = await manager.find(Connection, {
      where: { userId, provider },
      order: { updatedAt: 'DESC' },
    });
    const same = former.find(({ providerUserId }) => providerUserId === account.id);
    const others = former.filter(({ id, status }) => id !== same?.id && status !== 'revoked');
    await this.revocations.endConnections(manager, others, 'replaced');

    const locked = same && (await this.lock(manager, same));
    const connection = await manager.save(Connection, this.activated(locked, authorized));
    await this.credentials.replace(manager, connection, tokens, this.clock.now());
    if (locked) await this.openWaitingDays(manager, connection);
    await manager.query(`SELECT pg_notify($1, '')`, [WAKE_CHANNEL]);
    return connection;
  }

  /** Read anew, since a sync may have claimed it. Tokens before connection, the order in which a refresh locks them. */
  private async lock(manager: EntityManager, connection: Connection): Promise<Connection> {
    await lockCredential(manager, connection);
    const { userId, id } = connection;
    return manager.findOneOrFail(Connection, { where: { userId, id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Days that waited for this sign-in. By SQL, because the ledger's module builds on this one. */
  private async openWaitingDays(manager: EntityManager, { userId, id }: Connection): Promise<void> {
    await manager.query(
      `UPDATE sync_day SET next_attempt_at = $3, attempts = 0
        WHERE user_id = $1 AND connection_id = $2 AND next_attempt_at > $3 AND error_code = ANY ($4)`,
      [userId, id, this.clock.now(), CURED_BY_SIGN_IN],
    );
  }

  /** Due at once, and under a new epoch, so that a sync still running with the former tokens writes nothing more. */
  private activated(
    same: Connection | undefined,
    { userId, provider, account, tokens }: Authorized,
  ): Connection {
    const now = this.clock.now();
    return {
      id: same?.id ?? randomUUID(),
      userId,
      provider,
      providerUserId: account.id,
      providerUsername: account.name,
      scope: tokens.scope ?? account.scope,
      status: 'active',
      statusReason: null,
      attention: null,
      timeZone: account.timeZone ?? same?.timeZone ?? null,
      syncEpoch: (same?.syncEpoch ?? 0) + 1,
      leaseUntil: null,
      wakeAt: now,
      nextSlotAt: now,
      priority: 0,
      // Not synced since this sign-in: what tells the sync to read the whole history again.
      lastSyncedAt: null,
      createdAt: same?.createdAt ?? now,
      updatedAt: now,
    };
  }
}

/** Error codes of a connection whose tokens or account were at fault. */
const CURED_BY_SIGN_IN = ['account_changed', 'unauthorized', 'forbidden', 'invalid_grant'];

/** One activation or disconnection of a user at a time. */
export async function lockUser(manager: EntityManager, userId: string): Promise<void> {
  const rows: unknown[] = await manager.query(`SELECT 1 FROM app_user WHERE id = $1 FOR UPDATE`, [userId]);
  if (rows.length === 0) throw new NotFoundException(`User with ID: ${userId} not found.`);
}

const alreadyLinked = ({ provider }: Authorized) =>
  new AccountAlreadyLinked(
    `This account at '${provider}' is linked to another user of this server. Sign in with another account.`,
  );

function isTakenAccount(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { constraint }: { constraint?: string } = error.driverError;
  return constraint === 'connection_account_key';
}
