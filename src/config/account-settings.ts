import { IsEmail, IsIn, IsOptional, IsString, Matches, MinLength } from 'class-validator';
import { Origins } from './origins';

/** What the documentation of Open Wearables shows, and so everybody knows. */
const KNOWN_TO_ALL = 'your-secure-password';
const PRODUCTION_PASSWORD_LENGTH = 12;

/** The passwords that anybody would try first. */
export const knownPasswords = (email: string): string[] => [KNOWN_TO_ALL, email.trim().toLowerCase()];

/** The settings for developers and their browsers. `.env.example` explains each. */
export class AccountSettings {
  @IsIn(['test', 'live'])
  VITALBASE_ENV: 'test' | 'live' = 'live';

  /** Node's convention; the image sets it. */
  @IsOptional()
  @IsString()
  NODE_ENV?: string;

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

  /** Where developers' browsers reach this server, or the portal in front of it. */
  @IsOptional()
  @Matches(/^https?:\/\/[^\s?#]+$/, {
    message: 'PUBLIC_URL must be an address such as https://api.example.com',
  })
  PUBLIC_URL?: string;

  @IsOptional()
  @Matches(/^https?:\/\/[^\s?#]+$/, {
    message: 'PORTAL_URL must be an address such as https://portal.example.com',
  })
  PORTAL_URL?: string;

  /** Sends the invitations. */
  @IsOptional()
  @Matches(/^smtps?:\/\/\S+$/, {
    message: 'SMTP_URL must look like smtp://user:password@mail.example.com:587',
  })
  SMTP_URL?: string;

  @IsOptional()
  @Matches(/^[^\r\n]*@[^\r\n]*$/, {
    message: 'MAIL_FROM must be an address such as Vitalbase <no-reply@example.com>',
  })
  MAIL_FROM?: string;

  crossCheck(): string[] {
    return [...this.bothOrNone(), ...this.adminPassword(), ...this.mail()];
  }

  private mail(): string[] {
    if (this.SMTP_URL === undefined) return [];
    const link =
      this.PORTAL_URL === undefined && this.PUBLIC_URL === undefined
        ? [
            'PORTAL_URL or PUBLIC_URL must be set where SMTP_URL is: an invitation needs an address to lead to',
          ]
        : [];
    return this.MAIL_FROM === undefined ? [...link, 'MAIL_FROM must be set where SMTP_URL is'] : link;
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

  /** What makes it so, in words; null where nothing is real. */
  get production(): string | null {
    if (this.VITALBASE_ENV === 'live') return 'VITALBASE_ENV is live';
    return this.NODE_ENV === 'production' ? 'NODE_ENV is production' : null;
  }

  /** Real data hangs on it. */
  private adminPassword(): string[] {
    const [production, password] = [this.production, this.ADMIN_PASSWORD];
    if (production === null || password === undefined) return [];
    const another = 'choose another one, such as the output of: openssl rand -base64 18';
    if (knownPasswords(this.ADMIN_EMAIL ?? '').includes(password.trim().toLowerCase())) {
      return [`ADMIN_PASSWORD is one that everybody knows, and ${production}; ${another}`];
    }
    if (password.length >= PRODUCTION_PASSWORD_LENGTH) return [];
    return [
      `ADMIN_PASSWORD must be at least ${PRODUCTION_PASSWORD_LENGTH} characters long where ${production}; ${another}`,
    ];
  }
}
