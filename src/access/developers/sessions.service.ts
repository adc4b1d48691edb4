import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, Not, type EntityManager } from 'typeorm';
import { Clock } from '../../database/clock';
import { DeveloperSession } from './developer-session.entity';
import { DeveloperTokens, type TokenClaims } from './developer-tokens';
import { Developer } from './developer.entity';
import { RefreshToken } from './refresh-token.entity';
import type { SignedIn } from './signed-in';

/** What a client holds after a sign-in or a refresh. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
  developerId: string;
}

/** A session that nobody has refreshed for so long is deleted at the developer's next sign-in. */
const IDLE_MS = 90 * 24 * 3_600_000;

const REFRESH_TOKEN = /^rt-[0-9a-f]{32}$/;

/** Sign-ins: each is a session, a chain of refresh tokens of which the last is valid, and access tokens. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: DataSource,
    private readonly tokens: DeveloperTokens,
    private readonly clock: Clock,
  ) {}

  /** @returns null when the password that was checked is no longer the developer's */
  begin({ id, passwordHash }: Developer): Promise<TokenPair | null> {
    const now = this.clock.now();
    const session = { id: randomUUID(), developerId: id, createdAt: now, usedAt: now };
    return this.database.transaction(async (manager) => {
      // Shared with other sign-ins; a change of the password waits, and then ends this session too.
      const lock = { mode: 'pessimistic_read' } as const;
      const developer = await manager.findOne(Developer, { where: { id, passwordHash }, lock });
      if (developer === null) return null;
      await this.deleteIdle(manager, id, now);
      await manager.insert(DeveloperSession, session);
      return this.issue(manager, session, now);
    });
  }

  /** @returns the developer whose valid access token it is; null for every other text, and after the session's end */
  async developerOf({ developerId, sessionId }: TokenClaims): Promise<SignedIn | null> {
    const developer = await this.database
      .createQueryBuilder(Developer, 'developer')
      .innerJoin(DeveloperSession, 'session', 'session.developer_id = developer.id')
      .where('developer.id = :developerId AND session.id = :sessionId', { developerId, sessionId })
      .getOne();
    return developer && { developer, sessionId };
  }

  /**
   * Exchanges a refresh token for a new pair. One that has been exchanged before ends its session: either its thief or its
   * owner is the one who comes second.
   * @returns null when it is not valid
   */
  refresh(refreshToken: string): Promise<TokenPair | null> {
    if (!REFRESH_TOKEN.test(refreshToken)) return Promise.resolve(null);
    const now = this.clock.now();
    return this.database.transaction(async (manager) => {
      const session = await this.lockSessionOf(manager, refreshToken);
      if (session === null) return null;
      const { affected } = await manager
        .createQueryBuilder()
        .update(RefreshToken)
        .set({ rotatedAt: now })
        .where('token_hash = :hash AND rotated_at IS NULL', { hash: hashOf(refreshToken) })
        .execute();
      if (affected === 0) {
        await manager.delete(DeveloperSession, { id: session.id });
        return null;
      }
      await manager.update(DeveloperSession, { id: session.id }, { usedAt: now });
      return this.issue(manager, session, now);
    });
  }

  /** @returns false when there is no such token */
  async revoke(refreshToken: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const session = await this.lockSessionOf(manager, refreshToken);
      if (session === null) return false;
      await manager.delete(DeveloperSession, { id: session.id });
      return true;
    });
  }

  async end(sessionId: string): Promise<void> {
    await this.database.manager.delete(DeveloperSession, { id: sessionId });
  }

  /** @param manager of the transaction that changes why they are to end */
  async endOthers(manager: EntityManager, { developer, sessionId }: SignedIn): Promise<void> {
    await manager.delete(DeveloperSession, { developerId: developer.id, id: Not(sessionId) });
  }

  async endAll(manager: EntityManager, developerId: string): Promise<void> {
    await manager.delete(DeveloperSession, { developerId });
  }

  /** Locked, so that a session cannot be prolonged while it is being ended. */
  private lockSessionOf(manager: EntityManager, refreshToken: string): Promise<DeveloperSession | null> {
    return manager
      .createQueryBuilder(DeveloperSession, 'session')
      .innerJoin(RefreshToken, 'token', 'token.session_id = session.id')
      .where('token.token_hash = :hash', { hash: hashOf(refreshToken) })
      .setLock('pessimistic_write', undefined, ['session'])
      .getOne();
  }

  private async issue(manager: EntityManager, session: DeveloperSession, now: Date): Promise<TokenPair> {
    const refreshToken = `rt-${randomBytes(16).toString('hex')}`;
    await manager.insert(RefreshToken, {
      tokenHash: hashOf(refreshToken),
      sessionId: session.id,
      createdAt: now,
      rotatedAt: null,
    });
    const { developerId } = session;
    return {
      accessToken: this.tokens.sign({ developerId, sessionId: session.id }),
      refreshToken,
      expiresInSeconds: this.tokens.lifetimeSeconds,
      developerId,
    };
  }

  private async deleteIdle(manager: EntityManager, developerId: string, now: Date): Promise<void> {
    const usedAt = LessThan(new Date(now.getTime() - IDLE_MS));
    await manager.delete(DeveloperSession, { developerId, usedAt });
  }
}

const hashOf = (refreshToken: string) => createHash('sha256').update(refreshToken).digest();
