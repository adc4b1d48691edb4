import type { TokenPair } from './sessions.service';

/** Also as JSON. Further fields of OAuth 2.0's password grant, such as `grant_type`, are not looked at. */
export class SignIn {
  /** The e-mail address @example admin@example.com */
  username: string;

  /** @example correct-horse-battery */
  password: string;
}

/** What the next requests are sent with. */
export class TokenResponse {
  /** Send it as `Authorization: Bearer …` */
  access_token: string;

  /** @example bearer */
  token_type: 'bearer';

  /** For `POST /api/v1/token/refresh`; each is good for one time @example rt-0f3a9c1be2d84756a1b2c3d4e5f60718 */
  refresh_token: string;

  /** How long the access token is valid, in seconds @example 3600 */
  expires_in: number;

  /** Who has signed in @example 2f6b1c9e-0d4a-4c8e-9a53-7b1f0e6d2c48 */
  developer_id: string;
}

export const toTokenResponse = (pair: TokenPair): TokenResponse => ({
  access_token: pair.accessToken,
  token_type: 'bearer',
  refresh_token: pair.refreshToken,
  expires_in: pair.expiresInSeconds,
  developer_id: pair.developerId,
});
