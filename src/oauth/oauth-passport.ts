import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import passport, { type Strategy } from 'passport';
import { InternalOAuthError } from 'passport-oauth2';
import { ProviderUnavailable } from '../providers/provider-errors';
import { ProviderRegistry } from '../providers/provider.registry';
import { TokenEndpoint, type TokenAnswer } from '../providers/token-endpoint';
import { OAuthStateStore, type Authorization, type ReturnedAuthorization } from './oauth-state.store';
import type { StrategyRequest } from './passport-state-store';
import { createProviderStrategy } from './provider-strategy';

type Outcome = { redirect: string } | { tokens: TokenAnswer };

/**
 * Passport, with a strategy for each configured provider, named by its slug. Not the process-wide instance, so that two
 * servers in one process do not replace each other's strategies. Its requests and replies are plain objects: Passport
 * expects those of Express, and Fastify's are not alike.
 */
@Injectable()
export class OAuthPassport implements OnApplicationBootstrap {
  private readonly passport = new passport.Authenticator();

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly states: OAuthStateStore,
    private readonly tokenEndpoint: TokenEndpoint,
  ) {}

  onApplicationBootstrap(): void {
    for (const { definition } of this.registry.all()) {
      const { credentials } = definition;
      if (!credentials) continue;
      createProviderStrategy(this.passport, definition, credentials, this.states, this.tokenEndpoint);
    }
  }

  /** Puts another strategy in a provider's place. */
  use(slug: string, strategy: Strategy): void {
    this.passport.use(slug, strategy);
  }

  /** @returns the vendor's URL to send the user to */
  async authorizationUrl(authorization: Authorization): Promise<string> {
    const outcome = await this.run(authorization.provider, { query: {}, authorization });
    if ('redirect' in outcome) return outcome.redirect;
    throw new Error(`The strategy '${authorization.provider}' gave tokens where it was asked for a URL`);
  }

  /**
   * Exchanges the code that the user came back with.
   * @throws ProviderGrantRefused for a code that is used or too old; ProviderUnavailable, ProviderRateLimited
   */
  async exchange(returned: ReturnedAuthorization, code: string, state: string): Promise<TokenAnswer> {
    const outcome = await this.run(returned.provider, { query: { code, state }, returned });
    if ('tokens' in outcome) return outcome.tokens;
    // Followed, it would start an authorization that nobody asked for.
    throw new ProviderUnavailable(
      `The strategy '${returned.provider}' gave a URL where it was asked for tokens`,
    );
  }

  private run(slug: string, request: StrategyRequest): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const answered = (error: unknown, user?: unknown) => {
        if (error) reject(error instanceof InternalOAuthError ? error.oauthError : error);
        else if (isTokenAnswer(user)) resolve({ tokens: user });
        else reject(new ProviderUnavailable(`The strategy '${slug}' refused the authorization`));
      };
      const reply = {
        setHeader: (name: string, value: string) => name === 'Location' && resolve({ redirect: value }),
        end: () => {},
      };
      const undecided = (error: unknown) =>
        reject(error ?? new Error(`The strategy '${slug}' decided nothing`));
      this.passport.authenticate(slug, { session: false }, answered)(request, reply, undecided);
    });
  }
}

const isTokenAnswer = (user: unknown): user is TokenAnswer =>
  typeof user === 'object' && user !== null && 'accessToken' in user;
