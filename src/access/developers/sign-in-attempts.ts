import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import { clientNetwork } from '../client-network';
import { normalizeEmail } from './developers.service';

/** Who tries what, from where. */
export interface Attempt {
  email: string;
  /** Of the client. */
  address: string;
}

const MINUTE_S = 60;

/**
 * Wrong passwords, counted in PostgreSQL for all processes together: of one address on one account, which is what a guesser
 * does first; of one address on all accounts; and of all addresses on one account. The last is wide, since it locks the
 * owner out too. Of IPv6 an address is its /64.
 */
@Injectable()
export class SignInAttempts {
  private readonly pairs: RateLimiterPostgres;
  private readonly addresses: RateLimiterPostgres;
  private readonly accounts: RateLimiterPostgres;

  constructor(database: DataSource) {
    const limiter = (keyPrefix: string, points: number, duration: number) =>
      new RateLimiterPostgres({
        storeClient: database,
        storeType: 'typeorm',
        tableName: 'sign_in_attempt',
        tableCreated: true,
        keyPrefix,
        points,
        duration,
      });
    this.pairs = limiter('pair', 10, 15 * MINUTE_S);
    this.addresses = limiter('address', 100, 60 * MINUTE_S);
    this.accounts = limiter('account', 100, 60 * MINUTE_S);
  }

  /**
   * Counts one, before the password is looked at: else many at once would all pass.
   * @returns seconds to wait before the next one; 0 when it may be tried
   */
  async count(attempt: Attempt): Promise<number> {
    // In this order, so that one address alone cannot lock an account for the others.
    for (const [limiter, key] of this.countersOf(attempt)) {
      const waitMs = await limiter.consume(key).then(
        () => 0,
        (refusal: unknown) => {
          if (refusal instanceof RateLimiterRes) return refusal.msBeforeNext;
          throw refusal;
        },
      );
      if (waitMs > 0) return Math.ceil(waitMs / 1_000);
    }
    return 0;
  }

  /** It was the right password: only wrong ones count. */
  async forgive(attempt: Attempt): Promise<void> {
    const [[pairs, pair], ...others] = this.countersOf(attempt);
    await pairs.delete(pair);
    for (const [limiter, key] of others) await limiter.reward(key, 1);
  }

  private countersOf({ email, address }: Attempt): [RateLimiterPostgres, string][] {
    // Whatever somebody has typed is no business of the table.
    const account = createHash('sha256').update(normalizeEmail(email)).digest('base64url');
    const network = clientNetwork(address);
    return [
      [this.pairs, `${account} ${network}`],
      [this.addresses, network],
      [this.accounts, account],
    ];
  }
}
