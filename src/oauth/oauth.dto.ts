import { IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';

export class AuthorizeQuery {
  /**
   * The user who is to be connected
   * @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60
   */
  @IsUUID('loose', { message: 'user_id must be the UUID of a user' })
  user_id: string;

  /**
   * Where the browser goes after the flow; its origin must be listed in OAUTH_REDIRECT_ORIGINS. Without it: a page of
   * this server
   */
  @IsOptional()
  @IsString({ message: 'redirect_uri must be given once, as a URL' })
  @MaxLength(2_000, { message: 'redirect_uri must be at most 2000 characters long' })
  redirect_uri?: string;
}

export class StartQuery {
  /** As the address holds it that authorize answered with */
  @IsString({ message: 'request must be given once, as a text' })
  @MaxLength(100, { message: 'request must be as authorize gave it' })
  request: string;
}

export class ConfirmQuery extends StartQuery {
  /** As the page holds it */
  @IsString({ message: 'confirmation must be given once, as a text' })
  @MaxLength(100, { message: 'confirmation must be as the page gave it' })
  confirmation: string;
}

export class AuthorizationRead {
  /** Send the user's browser here: to the provider, which asks for consent and sends it to the callback; of a call without a key to a page of this server first */
  authorization_url: string;

  /** Works once, for 15 minutes @example zFq0e4v8Jm2LrXw1uTt6yC9sHbKd3NpGa5oQiRjEfWk */
  state: string;
}

const SLUG = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export class SuccessQuery {
  /** The provider that was connected */
  @Matches(SLUG, { message: 'provider must be the slug of a provider' })
  provider: string;

  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  @IsUUID('loose', { message: 'user_id must be the UUID of a user' })
  user_id: string;
}

export class ErrorQuery {
  /** What went wrong @example access_denied */
  @IsString({ message: 'message must be given once, as a text' })
  @MaxLength(500, { message: 'message must be at most 500 characters long' })
  message: string;
}

export class SuccessRead {
  /** @example true */
  success: boolean;

  message: string;

  /** @example 7c1f2a94-5d3e-4b86-9a07-3e1d5c8b2f60 */
  user_id: string;

  provider: string;
}

export class ErrorRead {
  /** @example false */
  success: boolean;

  /** What went wrong @example access_denied */
  message: string;
}

export const toSuccessRead = ({ provider, user_id }: SuccessQuery): SuccessRead => ({
  success: true,
  message: `Successfully connected to ${provider}`,
  user_id,
  provider,
});

export const toErrorRead = ({ message }: ErrorQuery): ErrorRead => ({ success: false, message });
