import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { accountSettings, durationMs, serverSettings } from '../../config/env';
import { Clock } from '../../database/clock';

/** Whom an access token speaks for. */
export interface TokenClaims {
  developerId: string;
  sessionId: string;
}

/** `sdk` is a token made for an app on a user's device. */
export type VerifiedToken = { kind: 'developer'; claims: TokenClaims } | { kind: 'sdk' };

const ALGORITHM = 'HS256';
/** Part of the key: other words here make all access tokens invalid. */
const PURPOSE = 'vitalbase access token';

/** The access tokens: JWTs (RFC 7519) under a key that is derived from API_KEY_PEPPER (HKDF, RFC 5869). */
@Injectable()
export class DeveloperTokens {
  private readonly secret: Buffer;
  readonly lifetimeSeconds: number;

  constructor(
    private readonly jwt: JwtService,
    private readonly clock: Clock,
  ) {
    this.secret = signingKey(serverSettings().API_KEY_PEPPER);
    this.lifetimeSeconds = durationMs(accountSettings().ACCESS_TOKEN_LIFETIME) / 1_000;
  }

  sign({ developerId, sessionId }: TokenClaims): string {
    const iat = Math.floor(this.clock.now().getTime() / 1_000);
    const claims = { sub: developerId, sid: sessionId, iat, exp: iat + this.lifetimeSeconds };
    return this.jwt.sign(claims, { secret: this.secret, algorithm: ALGORITHM });
  }

  /** @returns null for whatever is not a token of this server that is still valid */
  verify(token: string): VerifiedToken | null {
    const claims = this.claimsOf(token);
    if (claims === null || typeof claims.exp !== 'number') return null;
    if (claims.scope === 'sdk') return { kind: 'sdk' };
    if (typeof claims.sub !== 'string' || typeof claims.sid !== 'string') return null;
    return { kind: 'developer', claims: { developerId: claims.sub, sessionId: claims.sid } };
  }

  private claimsOf(token: string): Record<string, unknown> | null {
    try {
      return this.jwt.verify<Record<string, unknown>>(token, {
        secret: this.secret,
        algorithms: [ALGORITHM],
        clockTimestamp: this.clock.now().getTime() / 1_000,
      });
    } catch {
      return null;
    }
  }
}

/** @param pepper base64 of the 32 bytes under which API keys are stored too */
export const signingKey = (pepper: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(pepper, 'base64'), Buffer.alloc(0), PURPOSE, 32));
