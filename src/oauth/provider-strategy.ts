import { PassportStrategy } from '@nestjs/passport';
import type passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';
import type { ProviderCredentials, ProviderDefinition } from '../providers/provider';
import type { TokenAnswer, TokenEndpoint } from '../providers/token-endpoint';
import type { OAuthStateStore } from './oauth-state.store';
import { passportStateStore } from './passport-state-store';

/**
 * The Passport strategy of a provider, made from its definition and registered under its slug. Both halves of the flow
 * are the strategy's: the URL that the user is sent to, and the exchange of the code.
 */
export function createProviderStrategy(
  authenticator: passport.Authenticator,
  definition: ProviderDefinition,
  credentials: ProviderCredentials,
  states: OAuthStateStore,
  tokenEndpoint: TokenEndpoint,
): passport.Strategy {
  const { slug, oauth } = definition;

  // `true`: the verify callback takes as many parameters as `validate`; with fewer, passport-oauth2 keeps the answer.
  class ProviderStrategy extends PassportStrategy(OAuth2Strategy, slug, true) {
    constructor() {
      super({
        authorizationURL: oauth.authorizeUrl,
        tokenURL: oauth.tokenUrl,
        clientID: credentials.clientId,
        clientSecret: credentials.clientSecret,
        callbackURL: credentials.redirectUri,
        scope: [...oauth.scopes],
        scopeSeparator: oauth.scopeSeparator,
        pkce: oauth.pkce,
        store: passportStateStore(states),
        skipUserProfile: true,
      });
      // The `oauth` package would wait for ever, read any size, and take HTML for a form.
      Object.assign(this._oauth2, { getOAuthAccessToken: exchange });
    }

    getPassportInstance(): passport.Authenticator {
      return authenticator;
    }

    validate(
      _accessToken: string,
      _refreshToken: string,
      answer: TokenAnswer,
      _profile: unknown,
    ): TokenAnswer {
      return answer;
    }
  }

  async function exchange(code: string, params: Record<string, string>, done: ExchangeDone): Promise<void> {
    try {
      const answer = await tokenEndpoint.request(definition, { ...params, code });
      done(null, answer.accessToken, answer.refreshToken, answer);
    } catch (error) {
      done(error);
    }
  }

  return new ProviderStrategy();
}

type ExchangeDone = (
  error: unknown,
  accessToken?: string,
  refreshToken?: string | null,
  answer?: TokenAnswer,
) => void;
