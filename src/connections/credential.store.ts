import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountAccess } from '../providers/provider';
import type { TokenAnswer } from '../providers/token-endpoint';
import type { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { RefreshAttempt } from './refresh-attempt.entity';
import { TokenVault } from './token-vault';

/** The tokens of a connection; waits for whoever holds the row; held until the transaction ends. */
export function lockCredential(
  manager: EntityManager,
  { userId, id }: Pick<Connection, 'userId' | 'id'>,
): Promise<Credential | null> {
  return manager.findOne(Credential, {
    where: { userId, connectionId: id },
    lock: { mode: 'pessimistic_write' },
  });
}

/** Where a connection's tokens are kept: encrypted on the way in, decrypted on the way out. */
@Injectable()
export class CredentialStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: TokenVault,
  ) {}

  find({ userId, id }: Connection): Promise<Credential | null> {
    return this.dataSource.manager.findOneBy(Credential, { userId, connectionId: id });
  }

  async markRejected({ userId, id }: Connection, now: Date): Promise<void> {
    await this.dataSource.manager.update(Credential, { userId, connectionId: id }, { rejectedAt: now });
  }

  /** Committed at once, although the caller holds the row's lock in a transaction that is still open. */
  async markAttempt({ userId, connectionId, tokenVersion }: Credential, now: Date): Promise<void> {
    const attempt = { userId, connectionId, tokenVersion, sentAt: now };
    await this.dataSource.manager.upsert(RefreshAttempt, attempt, ['userId', 'connectionId']);
  }

  access(credential: Credential): AccountAccess {
    const accessToken = this.decrypt(credential, 'access_token', credential.accessToken);
    return { accessToken, connectionId: credential.connectionId, urgency: 'live' };
  }

  tokens(credential: Credential): Pick<TokenAnswer, 'accessToken' | 'refreshToken'> {
    return { ...this.access(credential), refreshToken: this.refreshToken(credential) };
  }

  refreshToken(credential: Credential): string | null {
    return credential.refreshToken && this.decrypt(credential, 'refresh_token', credential.refreshToken);
  }

  /** The tokens of a new authorization, whose account has been read, in place of whatever was there. */
  async replace(
    manager: EntityManager,
    { userId, id }: Connection,
    tokens: TokenAnswer,
    now: Date,
  ): Promise<void> {
    const stored = await manager.findOneBy(Credential, { userId, connectionId: id });
    await manager.save(Credential, {
      userId,
      connectionId: id,
      tokenVersion: (stored?.tokenVersion ?? 0) + 1,
      accountVerified: true,
      rejectedAt: null,
      ...this.encrypted({ userId, connectionId: id }, tokens, now),
    });
  }

  /**
   * The pair that a refresh brought: whose it is, is still to be checked. An answer without a refresh token leaves the
   * old one in force (RFC 6749 section 6).
   */
  async renew(
    manager: EntityManager,
    credential: Credential,
    tokens: TokenAnswer,
    issuedAt: Date,
  ): Promise<void> {
    const { userId, connectionId, tokenVersion } = credential;
    const complete = { ...tokens, refreshToken: tokens.refreshToken ?? this.refreshToken(credential) };
    await manager.update(
      Credential,
      { userId, connectionId, tokenVersion },
      {
        tokenVersion: tokenVersion + 1,
        accountVerified: false,
        ...this.encrypted(credential, complete, issuedAt),
      },
    );
  }

  private encrypted(row: CredentialKey, tokens: TokenAnswer, issuedAt: Date) {
    const access = this.vault.encrypt(tokens.accessToken, placeOf(row, 'access_token'));
    const refresh =
      tokens.refreshToken === null
        ? null
        : this.vault.encrypt(tokens.refreshToken, placeOf(row, 'refresh_token'));
    return {
      accessToken: access.ciphertext,
      refreshToken: refresh && refresh.ciphertext,
      keyId: access.keyId,
      issuedAt,
      expiresAt:
        tokens.expiresInSeconds === null
          ? null
          : new Date(issuedAt.getTime() + tokens.expiresInSeconds * 1_000),
      refreshFailures: 0,
      refreshRetryAt: null,
      refreshFailedAt: null,
      refreshError: null,
      refreshRefusedAt: null,
      answerLostAt: null,
      lostAnswers: 0,
    };
  }

  private decrypt(credential: Credential, column: TokenColumn, ciphertext: Buffer): string {
    return this.vault
      .decrypt({ keyId: credential.keyId, ciphertext }, placeOf(credential, column))
      .toString();
  }
}

type CredentialKey = Pick<Credential, 'userId' | 'connectionId'>;
type TokenColumn = 'access_token' | 'refresh_token';

const placeOf = ({ userId, connectionId }: CredentialKey, column: TokenColumn) => ({
  table: 'credential',
  column,
  row: [userId, connectionId],
});
