import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../database/clock';
import { ProviderRegistry } from '../providers/provider.registry';
import type { RevokedToken, TokenAnswer } from '../providers/token-endpoint';
import { Connection, type StatusReason } from './connection.entity';
import { Credential } from './credential.entity';
import { CredentialStore } from './credential.store';
import { RefreshAttempt } from './refresh-attempt.entity';
import { Revocation } from './revocation.entity';
import { SealRefused } from './sealed-box';
import { TokenVault, UnknownEncryptionKey } from './token-vault';

const SWEPT_AT_ONCE = 100;

/** Ends connections, and keeps their tokens from then on for nothing but being revoked at the vendor. */
@Injectable()
export class Revocations {
  private readonly logger = new Logger(Revocations.name);

  constructor(
    private readonly credentials: CredentialStore,
    private readonly registry: ProviderRegistry,
    private readonly vault: TokenVault,
    private readonly clock: Clock,
  ) {}

  /** In the caller's transaction. A sync that is under way writes nothing more. */
  async endConnections(
    manager: EntityManager,
    connections: Connection[],
    reason: StatusReason,
  ): Promise<void> {
    if (connections.length === 0) return;
    const [{ userId }] = connections;
    await manager.query(
      `UPDATE connection
          SET status = 'revoked', status_reason = $3, attention = NULL, sync_epoch = sync_epoch + 1, lease_until = NULL,
              updated_at = $4
        WHERE user_id = $1 AND id = ANY ($2)`,
      [userId, connections.map(({ id }) => id), reason, this.clock.now()],
    );
    await this.takeTokens(manager, connections);
  }

  /**
   * Of connections that have ended. Passes over tokens that are being renewed this moment, since that can take the vendor
   * a while: they are found by `takeLeftovers`.
   */
  async takeTokens(manager: EntityManager, connections: Connection[]): Promise<void> {
    for (const { userId, id: connectionId, provider } of connections) {
      const credential = await manager.findOne(Credential, {
        where: { userId, connectionId },
        lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
      });
      if (credential === null) continue;
      const tokens = this.ifReadable(provider, () => this.credentials.tokens(credential));
      if (tokens !== null) await this.add(manager, { userId, provider }, tokens);
      await manager.delete(Credential, { userId, connectionId });
      await manager.delete(RefreshAttempt, { userId, connectionId });
    }
  }

  /**
   * Of a user who is deleted: what is still to be revoked goes on under an id that is nobody's.
   */
  async detachFrom(manager: EntityManager, userId: string): Promise<void> {
    for (const revocation of await manager.findBy(Revocation, { userId })) {
      const { provider, tokenType } = revocation;
      const token = this.ifReadable(provider, () => this.tokenOf(revocation).token);
      if (token === null) continue;
      const refreshToken = tokenType === 'refresh_token' ? token : null;
      await this.add(manager, { userId: randomUUID(), provider }, { accessToken: token, refreshToken });
    }
    await manager.delete(Revocation, { userId });
  }

  /** Whose key is gone cannot be revoked, which must keep nobody from ending a connection. */
  private ifReadable<T>(provider: string, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UnknownEncryptionKey || error instanceof SealRefused)) throw error;
      this.logger.warn({
        msg: 'a token is destroyed that nobody can read, and so revoke',
        provider,
        err: error,
      });
      return null;
    }
  }

  /** Tokens that were being renewed when their connection ended. */
  async takeLeftovers(manager: EntityManager): Promise<void> {
    const connections: Connection[] = await manager
      .createQueryBuilder(Connection, 'c')
      .innerJoin(Credential, 'k', 'k.userId = c.userId AND k.connectionId = c.id')
      .where(`c.status = 'revoked'`)
      .limit(SWEPT_AT_ONCE)
      .getMany();
    if (connections.length === 0) return;
    await manager.transaction((inTransaction) => this.takeTokens(inTransaction, connections));
  }

  /** The refresh token stands for both: its end is the access token's too (RFC 7009 section 2.1). */
  async add(
    manager: EntityManager,
    { userId, provider }: Pick<Connection, 'userId' | 'provider'>,
    { accessToken, refreshToken }: Pick<TokenAnswer, 'accessToken' | 'refreshToken'>,
  ): Promise<void> {
    if (!this.registry.find(provider)?.definition.oauth.revokeUrl) return;
    const id = randomUUID();
    const now = this.clock.now();
    const { keyId, ciphertext } = this.vault.encrypt(refreshToken ?? accessToken, placeOf({ userId, id }));
    await manager.insert(Revocation, {
      userId,
      id,
      provider,
      token: ciphertext,
      tokenType: refreshToken === null ? 'access_token' : 'refresh_token',
      keyId,
      attempts: 0,
      nextAttemptAt: now,
      createdAt: now,
    });
  }

  /** @throws UnknownEncryptionKey, SealRefused */
  tokenOf({ userId, id, keyId, token, tokenType }: Revocation): RevokedToken {
    const plain = this.vault.decrypt({ keyId, ciphertext: token }, placeOf({ userId, id }));
    return { token: plain.toString(), type: tokenType };
  }
}

const placeOf = ({ userId, id }: Pick<Revocation, 'userId' | 'id'>) => ({
  table: 'revocation',
  column: 'token',
  row: [userId, id],
});
