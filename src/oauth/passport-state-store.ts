import type OAuth2Strategy from 'passport-oauth2';
import type { Authorization, OAuthStateStore, ReturnedAuthorization } from './oauth-state.store';

/** What a strategy gets as the request. */
export interface StrategyRequest {
  query: Record<string, string>;
  /** On the way out: what the state stands for. */
  authorization?: Authorization;
  /** On the way back: the authorization whose state was used up just before. */
  returned?: ReturnedAuthorization;
}

type Done = (error: unknown, ...results: unknown[]) => void;

/**
 * The state store as passport-oauth2 wants it. It tells the variants apart by the number of declared parameters: five
 * for `store` and four for `verify` are those that carry a PKCE verifier.
 */
export function passportStateStore(states: OAuthStateStore): OAuth2Strategy.StateStore {
  const store = {
    async store(
      request: StrategyRequest,
      verifier: string | undefined,
      _state: unknown,
      _meta: unknown,
      done: Done,
    ) {
      try {
        done(null, await states.open(request.authorization!, verifier ?? null));
      } catch (error) {
        done(error);
      }
    },
    /** A string in place of `true` is the verifier. */
    verify({ returned }: StrategyRequest, _state: string, _meta: unknown, done: Done) {
      done(null, returned ? (returned.pkceVerifier ?? true) : false);
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the published types lack these two variants
  return store as unknown as OAuth2Strategy.StateStore;
}
