import { registerAs } from '@nestjs/config';
import { Type } from 'class-transformer';
import { IsBoolean, IsNumber, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { providerSettingsReader } from '../../config/env';
import { ToBoolean } from '../../config/to-boolean';
import { WholeNumber } from '../../config/whole-number';

const ENDPOINTS = ['ULTRAHUMAN_AUTHORIZE_URL', 'ULTRAHUMAN_TOKEN_URL', 'ULTRAHUMAN_API_BASE_URL'] as const;
const HTTP_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f:]+\])$/;

const VENDOR = /(^|\.)ultrahuman\.com$/;

const RATE = { message: 'ULTRAHUMAN_REQUESTS_PER_SECOND must be a number from 0.01 to 10000' };

const urlMessage = (name: string) => ({ message: `${name} must be a URL such as https://example.com/path` });

/** The developer app at Ultrahuman and where to reach its API; `.env.example` explains each. */
export class UltrahumanSettings {
  @IsOptional()
  @IsString()
  ULTRAHUMAN_CLIENT_ID?: string;

  @IsOptional()
  @IsString()
  ULTRAHUMAN_CLIENT_SECRET?: string;

  /** Exactly as registered in the developer portal. */
  @IsUrl(HTTP_URL, urlMessage('ULTRAHUMAN_REDIRECT_URI'))
  ULTRAHUMAN_REDIRECT_URI: string = 'http://localhost:8000/api/v1/oauth/ultrahuman/callback';

  @Matches(/^[a-z_]+( [a-z_]+)*$/, {
    message: 'ULTRAHUMAN_DEFAULT_SCOPE must be scopes with one space between them',
  })
  ULTRAHUMAN_DEFAULT_SCOPE: string = 'ring_data cgm_data profile';

  @IsUrl(HTTP_URL, urlMessage('ULTRAHUMAN_AUTHORIZE_URL'))
  ULTRAHUMAN_AUTHORIZE_URL: string = 'https://auth.ultrahuman.com/authorise';

  @IsUrl(HTTP_URL, urlMessage('ULTRAHUMAN_TOKEN_URL'))
  ULTRAHUMAN_TOKEN_URL: string = 'https://partner.ultrahuman.com/api/partners/oauth/token';

  @IsUrl(HTTP_URL, urlMessage('ULTRAHUMAN_API_BASE_URL'))
  ULTRAHUMAN_API_BASE_URL: string = 'https://partner.ultrahuman.com/api/partners/v1';

  /** Over all processes and users. The highest value lifts the budget. */
  @Type(() => Number)
  @IsNumber({}, RATE)
  @Min(0.01, RATE)
  @Max(10_000, RATE)
  ULTRAHUMAN_REQUESTS_PER_SECOND: number = 10;

  /** Over all processes. */
  @WholeNumber(1, 16)
  ULTRAHUMAN_CONCURRENT_PER_USER: number = 2;

  /** The server's setting, read here too because it decides which of the URLs are allowed. */
  @ToBoolean()
  @IsBoolean()
  ALLOW_SIMULATED_PROVIDER: boolean = false;

  /** Whether all that is asked goes to a simulator: allowed alone, it may still be the vendor who is asked. */
  get hasSimulator(): boolean {
    return (
      this.ALLOW_SIMULATED_PROVIDER && !ENDPOINTS.some((name) => VENDOR.test(new URL(this[name]).hostname))
    );
  }

  crossCheck(): string[] {
    return [...this.halfAnApp(), ...(this.ALLOW_SIMULATED_PROVIDER ? [] : this.simulatedUrls())];
  }

  private halfAnApp(): string[] {
    const { ULTRAHUMAN_CLIENT_ID: id, ULTRAHUMAN_CLIENT_SECRET: secret } = this;
    if ((id === undefined) === (secret === undefined)) return [];
    const [given, missing] = id === undefined ? ['SECRET', 'ID'] : ['ID', 'SECRET'];
    return [`ULTRAHUMAN_CLIENT_${missing} must be set too, since ULTRAHUMAN_CLIENT_${given} is`];
  }

  private simulatedUrls(): string[] {
    return ENDPOINTS.filter((name) => isSimulated(this[name])).map(
      (name) =>
        `${name} must be https and not on this machine (or set ALLOW_SIMULATED_PROVIDER=true for a simulator)`,
    );
  }
}

function isSimulated(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol !== 'https:' || LOOPBACK.test(hostname);
}

export const ultrahumanConfig = registerAs('ultrahuman', providerSettingsReader(UltrahumanSettings));
