import { randomBytes } from 'node:crypto';
import { Ledger } from '../ledger/ledger';
import { RotationPolicy, STRICT } from './rotation';
import { Scope } from './scope';

export interface Authorization {
  user: number;
  scopes: Scope[];
  clientId: string;
  redirectUri: string;
}

/** One pair of tokens. A refresh replaces the whole record, so the old pair dies together. */
export interface Grant {
  accessToken: string;
  refreshToken: string;
  user: number;
  /** Whose account the vendor calls it, where that is no longer `user`. */
  owner?: number;
  scopes: Scope[];
  clientId: string;
  /** All pairs that came of one consent. */
  family?: string;
  createdAt: number;
  expiresAt: number;
}

export interface GrantStoreOptions {
  tokenTtlSeconds: number;
  grants?: Grant[];
  /** Called with everything worth keeping after each change. */
  onChange?: (grants: Grant[]) => void;
  now?: () => number;
  ledger?: Ledger;
}

const codeTtlSeconds = 60;

export class GrantStore {
  private readonly codes = new Map<string, Authorization & { expiresAt: number }>();
  private readonly shrinking = new Map<number, Scope[]>();
  private readonly otherOwners = new Map<number, number>();
  /** By refresh token: when it was exchanged, and for what. */
  private readonly spent = new Map<string, { at: number; next: Grant }>();
  private readonly ledger: Ledger;
  private grants: Grant[];
  rotation: RotationPolicy = STRICT;
  readonly now: () => number;

  constructor(private readonly options: GrantStoreOptions) {
    this.grants = options.grants ?? [];
    this.ledger = options.ledger ?? new Ledger();
    for (const grant of this.grants) this.ledger.issued(grant);
    this.now = options.now ?? (() => Math.floor(Date.now() / 1000));
  }

  issueCode(authorization: Authorization): string {
    const code = randomBytes(24).toString('base64url');
    this.codes.set(code, { ...authorization, expiresAt: this.now() + codeTtlSeconds });
    return code;
  }

  /** A code is gone after the first attempt to use it, whatever becomes of the attempt. */
  redeemCode(code: string, clientId: string, redirectUri: string): Grant | null {
    const found = this.codes.get(code);
    this.codes.delete(code);
    if (!found || found.expiresAt <= this.now()) return null;
    if (found.clientId !== clientId || found.redirectUri !== redirectUri) return null;
    return this.issue({ ...found, family: randomBytes(8).toString('hex') });
  }

  rotate(refreshToken: string, clientId: string): Grant | null {
    const old = this.grants.find(
      (grant) => grant.refreshToken === refreshToken && grant.clientId === clientId,
    );
    if (!old) return this.again(refreshToken);
    this.grants = this.grants.filter((grant) => grant !== old);
    const left = this.shrinking.get(old.user);
    this.shrinking.delete(old.user);
    const scopes = left ? old.scopes.filter((scope) => left.includes(scope)) : old.scopes;
    const next = this.issue({ ...old, scopes });
    this.spent.set(refreshToken, { at: this.now(), next });
    this.ledger.consumed(refreshToken);
    return next;
  }

  /** A refresh token that was exchanged before, or that nobody knows. */
  private again(refreshToken: string): Grant | null {
    const spent = this.spent.get(refreshToken);
    if (!spent) return null;
    const { policy, grace_seconds: grace, revoke_family: revokes } = this.rotation;
    const isInTime = policy === 'grace' && this.now() < spent.at + grace;
    if (isInTime && this.grants.includes(spent.next)) {
      this.ledger.reused(refreshToken, 'same_pair');
      return spent.next;
    }
    this.ledger.reused(refreshToken, 'refused');
    const { family } = spent.next;
    if (revokes && family !== undefined) this.drop((grant) => grant.family === family);
    return null;
  }

  /** The user's next refresh grants no more than these. */
  shrinkScopes(user: number, scopes: Scope[]): void {
    this.shrinking.set(user, scopes);
  }

  /** From the user's next exchange or refresh on the account is another one; null ends that. */
  changeOwner(user: number, owner: number | null): void {
    if (owner === null) this.otherOwners.delete(user);
    else this.otherOwners.set(user, owner);
  }

  findAccess(accessToken: string | null): Grant | null {
    const grant = this.grants.find((candidate) => candidate.accessToken === accessToken);
    return grant && grant.expiresAt > this.now() ? grant : null;
  }

  /** Also finds expired access tokens, spent by nobody yet: the request log wants to name the user. */
  ownerOf(secret: string | null): number | null {
    if (secret === null) return null;
    const holds = (grant: Grant) => grant.accessToken === secret || grant.refreshToken === secret;
    return (
      this.grants.find(holds)?.user ??
      this.codes.get(secret)?.user ??
      this.spent.get(secret)?.next.user ??
      null
    );
  }

  revokeToken(token: string): void {
    this.drop((grant) => grant.accessToken === token || grant.refreshToken === token);
  }

  revokeUser(user: number): number {
    return this.drop((grant) => grant.user === user);
  }

  /** The access tokens die, the refresh tokens live: what a day of waiting does. */
  expireAccess(user: number): number {
    const theirs = this.grants.filter((grant) => grant.user === user);
    for (const grant of theirs) grant.expiresAt = this.now();
    this.changed();
    return theirs.length;
  }

  private issue({
    user,
    scopes,
    clientId,
    family,
  }: Pick<Grant, 'user' | 'scopes' | 'clientId' | 'family'>): Grant {
    const createdAt = this.now();
    const grant = {
      accessToken: randomBytes(32).toString('base64url'),
      refreshToken: randomBytes(32).toString('base64url'),
      user,
      owner: this.otherOwners.get(user),
      scopes,
      clientId,
      family,
      createdAt,
      expiresAt: createdAt + this.options.tokenTtlSeconds,
    };
    this.grants.push(grant);
    this.ledger.issued(grant);
    this.changed();
    return grant;
  }

  private drop(dies: (grant: Grant) => boolean): number {
    const dead = this.grants.filter(dies);
    for (const grant of dead) this.ledger.revoked(grant);
    this.grants = this.grants.filter((grant) => !dead.includes(grant));
    this.changed();
    return dead.length;
  }

  private changed(): void {
    this.options.onChange?.(this.grants);
  }
}
