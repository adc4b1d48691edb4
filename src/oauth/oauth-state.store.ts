import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, MoreThan, type Repository } from 'typeorm';
import { TokenVault } from '../connections/token-vault';
import { Clock } from '../database/clock';
import { OAuthState } from './oauth-state.entity';

/** For whom an authorization is, and where the browser goes afterwards. */
export interface Authorization {
  provider: string;
  userId: string;
  /** Null: our own success page. */
  redirectUri: string | null;
  /** What is known of the browser that must come back; null where whoever started the flow had a credential. */
  browserHash: Buffer | null;
}

/** An authorization whose browser came back. */
export interface ReturnedAuthorization extends Authorization {
  /** RFC 7636; null where the provider offers no PKCE. */
  pkceVerifier: string | null;
}

const STATE_BYTES = 32;
const LIFETIME_MS = 15 * 60_000;

/** Authorizations under way, in PostgreSQL: any process may take the callback, and each state works once. */
@Injectable()
export class OAuthStateStore {
  constructor(
    @InjectRepository(OAuthState) private readonly states: Repository<OAuthState>,
    private readonly vault: TokenVault,
    private readonly clock: Clock,
  ) {}

  /** @returns the state for the browser to carry; only its hash is kept */
  async open(authorization: Authorization, pkceVerifier: string | null): Promise<string> {
    const state = randomBytes(STATE_BYTES).toString('base64url');
    await this.insert(hash(state), authorization, pkceVerifier);
    return state;
  }

  /** Of a flow that goes over our start page. @returns the token for the browser to bring there */
  async openStart(authorization: Authorization): Promise<string> {
    const token = randomBytes(STATE_BYTES).toString('base64url');
    await this.insert(startHash(token), authorization, null);
    return token;
  }

  /** @returns null for one that is unknown, used or over its time */
  async readStart(token: string): Promise<Authorization | null> {
    const row = await this.states.findOneBy({
      stateHash: startHash(token),
      expiresAt: MoreThan(this.clock.now()),
    });
    return (
      row && { provider: row.provider, userId: row.userId, redirectUri: row.redirectUri, browserHash: null }
    );
  }

  /** Uses it up. @returns null for one that is unknown, used or over its time */
  consumeStart(token: string): Promise<Authorization | null> {
    return this.take(startHash(token));
  }

  /** Uses the state up. @returns null for one that is unknown, used or over its time */
  consume(state: string): Promise<ReturnedAuthorization | null> {
    return this.take(hash(state));
  }

  private async insert(
    stateHash: Buffer,
    authorization: Authorization,
    pkceVerifier: string | null,
  ): Promise<void> {
    const now = this.clock.now();
    await this.states.delete({ expiresAt: LessThanOrEqual(now) });
    const secret = pkceVerifier === null ? null : this.vault.encrypt(pkceVerifier, placeOf(stateHash));
    await this.states.insert({
      ...authorization,
      stateHash,
      pkceVerifier: secret && secret.ciphertext,
      keyId: secret && secret.keyId,
      expiresAt: new Date(now.getTime() + LIFETIME_MS),
    });
  }

  /** In one statement, so that it works once. */
  private async take(stateHash: Buffer): Promise<ReturnedAuthorization | null> {
    const { raw } = await this.states
      .createQueryBuilder()
      .delete()
      .where({ stateHash })
      .returning('*')
      .execute();
    const [row]: StateRow[] = raw;
    if (!row || row.expires_at <= this.clock.now()) return null;
    return {
      provider: row.provider,
      userId: row.user_id,
      redirectUri: row.redirect_uri,
      browserHash: row.browser_hash,
      pkceVerifier:
        row.pkce_verifier &&
        this.vault
          .decrypt({ keyId: row.key_id!, ciphertext: row.pkce_verifier }, placeOf(stateHash))
          .toString(),
    };
  }
}

/** What `RETURNING *` gives. */
interface StateRow {
  provider: string;
  user_id: string;
  redirect_uri: string | null;
  pkce_verifier: Buffer | null;
  key_id: string | null;
  browser_hash: Buffer | null;
  expires_at: Date;
}

const startHash = (token: string): Buffer => hash(`start ${token}`);

const hash = (state: string): Buffer => createHash('sha256').update(state).digest();

const placeOf = (stateHash: Buffer) => ({
  table: 'oauth_state',
  column: 'pkce_verifier',
  row: [stateHash.toString('hex')],
});
