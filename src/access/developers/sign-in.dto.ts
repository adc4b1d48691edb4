import { IsString, MaxLength, MinLength } from 'class-validator';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './password';
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

export class RefreshRequest {
  /** Of the sign-in or of the last refresh @example rt-0f3a9c1be2d84756a1b2c3d4e5f60718 */
  @IsString({ message: 'refresh_token must be a text such as rt-0f3a9c1be2d84756a1b2c3d4e5f60718' })
  refresh_token: string;
}

export class ChangePassword {
  /** @example correct-horse-battery */
  @IsString({ message: 'current_password must be a text' })
  current_password: string;

  /** @example a-new-horse-battery */
  @IsString({ message: 'new_password must be a text' })
  @MinLength(MIN_PASSWORD_LENGTH, {
    message: `new_password must be at least ${MIN_PASSWORD_LENGTH} characters long`,
  })
  @MaxLength(MAX_PASSWORD_LENGTH, {
    message: `new_password must be at most ${MAX_PASSWORD_LENGTH} characters long`,
  })
  new_password: string;

  /** The same again @example a-new-horse-battery */
  @IsString({ message: 'confirm_password must be a text' })
  confirm_password: string;
}

export class Done {
  /** @example Successfully logged out */
  message: string;
}
