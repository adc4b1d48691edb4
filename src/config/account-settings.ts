import { IsEmail, IsIn, IsOptional, IsString, Matches, MinLength } from 'class-validator';
import { Origins } from './origins';

/** What the documentation of Open Wearables shows, and so everybody knows. */
const KNOWN_TO_ALL = 'your-secure-password';
const LIVE_PASSWORD_LENGTH = 12;

/** The settings for developers and their browsers. `.env.example` explains each. */
export class AccountSettings {
  @IsIn(['test', 'live'])
  VITALBASE_ENV: 'test' | 'live' = 'live';

  /** How long a developer stays signed in without a refresh. */
  @Matches(/^[1-9]\d*[mh]$/, { message: 'ACCESS_TOKEN_LIFETIME must be a number and m or h, such as 1h' })
  ACCESS_TOKEN_LIFETIME: string = '1h';

  /** Web pages that may call the API; where not set, those of OAUTH_REDIRECT_ORIGINS. */
  @IsOptional()
  @Origins()
  CORS_ORIGINS?: string[];

  @Origins()
  OAUTH_REDIRECT_ORIGINS: string[] = [];

  /** Who may sign in to a database that has no developer yet. */
  @IsOptional()
  @IsEmail({}, { message: 'ADMIN_EMAIL must be an e-mail address such as admin@example.com' })
  ADMIN_EMAIL?: string;

  @IsOptional()
  @IsString()
  @MinLength(8, { message: 'ADMIN_PASSWORD must be at least 8 characters long' })
  ADMIN_PASSWORD?: string;

  crossCheck(): string[] {
    return [...this.bothOrNone(), ...this.adminPassword()];
  }

  private bothOrNone(): string[] {
    if (this.ADMIN_EMAIL !== undefined && this.ADMIN_PASSWORD === undefined) {
      return ['ADMIN_PASSWORD must be set where ADMIN_EMAIL is; make one with: openssl rand -base64 18'];
    }
    if (this.ADMIN_EMAIL === undefined && this.ADMIN_PASSWORD !== undefined) {
      return ['ADMIN_EMAIL must be set where ADMIN_PASSWORD is'];
    }
    return [];
  }

  /** Real data hangs on it. */
  private adminPassword(): string[] {
    const password = this.ADMIN_PASSWORD;
    if (this.VITALBASE_ENV !== 'live' || password === undefined) return [];
    const another = 'choose another one, such as the output of: openssl rand -base64 18';
    if (password === KNOWN_TO_ALL || password === this.ADMIN_EMAIL) {
      return [`ADMIN_PASSWORD is one that everybody knows, and VITALBASE_ENV is live; ${another}`];
    }
    if (password.length >= LIVE_PASSWORD_LENGTH) return [];
    return [
      `ADMIN_PASSWORD must be at least ${LIVE_PASSWORD_LENGTH} characters long where VITALBASE_ENV is live; ${another}`,
    ];
  }
}
