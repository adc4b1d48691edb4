import { Transform, Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { AccountSettings } from './account-settings';
import { Networks } from './networks';
import { Origins } from './origins';
import { readSettings, SettingsError, mistakesIn } from './settings';
import { ToBoolean } from './to-boolean';
import { WholeNumber } from './whole-number';

const toList = ({ value }: { value: unknown }) =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : value;

const KEY = '[A-Za-z0-9+/_-]{43}=?';

/** The server's own settings; a provider has its own class. `.env.example` explains each. */
export class ServerSettings {
  /** `test`: accepts `sk-vb_test_…` keys only; `live`: `sk-vb_live_…` keys only. */
  @IsIn(['test', 'live'], { message: 'VITALBASE_ENV must be "test" or "live"' })
  VITALBASE_ENV: 'test' | 'live' = 'live';

  /** What this process does: serve the API, work in the background, or both. */
  @IsIn(['api', 'worker', 'all'], { message: 'ROLE must be api, worker or all' })
  ROLE: 'api' | 'worker' | 'all' = 'all';

  @IsString()
  HOST: string = '127.0.0.1';

  @Type(() => Number)
  @IsInt({ message: 'PORT must be a port number' })
  @Min(0, { message: 'PORT must be a port number' })
  @Max(65_535, { message: 'PORT must be a port number' })
  PORT: number = 8000;

  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, {
    message: 'DATABASE_URL must look like postgresql://user:password@host:5432/name',
  })
  DATABASE_URL?: string;

  @ToBoolean()
  @IsBoolean({ message: 'EMBEDDED_POSTGRES must be true or false' })
  EMBEDDED_POSTGRES: boolean = false;

  @IsString()
  EMBEDDED_POSTGRES_DIR: string = 'data/postgres';

  /** Where tokens lie between their arrival and the database. */
  @IsString()
  JOURNAL_DIR: string = 'data/journal';

  /** `id:base64 of 32 bytes`, comma separated; the first encrypts, all decrypt. */
  @Transform(toList)
  @ArrayNotEmpty({ message: 'ENCRYPTION_KEYS must hold at least one key' })
  @Matches(new RegExp(`^[a-z0-9_-]{1,32}:${KEY}$`), {
    each: true,
    message:
      'ENCRYPTION_KEYS must be a comma separated list of <id>:<base64 of 32 bytes>; make one with: echo "k1:$(openssl rand -base64 32)"',
  })
  ENCRYPTION_KEYS: string[];

  @Matches(new RegExp(`^${KEY}$`), {
    message: 'API_KEY_PEPPER must be the base64 of 32 bytes; make it with `openssl rand -base64 32`',
  })
  API_KEY_PEPPER: string;

  /** Exact origins that the OAuth flow may send a browser back to. */
  @Origins()
  OAUTH_REDIRECT_ORIGINS: string[] = [];

  /** Lets a call without a credential start a sign-in that comes back to one of these origins. */
  @ToBoolean()
  @IsBoolean({ message: 'OAUTH_PUBLIC_AUTHORIZE must be true or false' })
  OAUTH_PUBLIC_AUTHORIZE: boolean = false;

  /** Requests a second of one API key or developer; ten seconds' worth may come at once. 0: no limit. */
  @WholeNumber(0, 100_000)
  RATE_LIMIT_PER_CREDENTIAL: number = 100;

  /** The same of an address, for requests without a valid credential. */
  @WholeNumber(0, 100_000)
  RATE_LIMIT_PER_ADDRESS: number = 20;

  /** Whose word counts about the address of a client. */
  @Transform(toList)
  @Networks()
  TRUSTED_PROXIES: string[] = [];

  /** Lets provider URLs be http or loopback, for a simulator. */
  @ToBoolean()
  @IsBoolean({ message: 'ALLOW_SIMULATED_PROVIDER must be true or false' })
  ALLOW_SIMULATED_PROVIDER: boolean = false;

  @Matches(/^[1-9]\d*[smh]$/, { message: 'SYNC_INTERVAL must be a number and s, m or h, such as 1h' })
  SYNC_INTERVAL: string = '1h';

  @Matches(/^[1-9]\d*(ms|s)$/, { message: 'SYNC_TICK must be a number and ms or s, such as 5s' })
  SYNC_TICK: string = '5s';

  @Matches(/^[1-9]\d*[sm]$/, { message: 'SYNC_LEASE must be a number and s or m, such as 60s' })
  SYNC_LEASE: string = '60s';

  /** How long SIGTERM waits for the days in hand. */
  @Matches(/^\d+(ms|s)$/, { message: 'DRAIN_TIMEOUT must be a number and ms or s, such as 20s' })
  DRAIN_TIMEOUT: string = '20s';

  /** How long a request for a sync with `async=false` is kept waiting. */
  @Matches(/^\d+(ms|s|m)$/, { message: 'SYNC_WAIT must be a number and ms, s or m, such as 10m' })
  SYNC_WAIT: string = '10m';

  /** Connections that this process syncs at once. */
  @WholeNumber(1, 64)
  SYNC_CONCURRENCY: number = 4;

  /** Days before today that every slot reads again. */
  @WholeNumber(0, 365)
  SYNC_LOOKBACK_HOURLY_DAYS: number = 1;

  /** The same, once a day. */
  @WholeNumber(0, 365)
  SYNC_LOOKBACK_DAILY_DAYS: number = 7;

  /** The same, once a week. */
  @WholeNumber(0, 365)
  SYNC_LOOKBACK_WEEKLY_DAYS: number = 30;

  @WholeNumber(1, 365)
  BACKFILL_DAYS: number = 30;

  /** How long the vendors' answers are kept, for a replay. */
  @WholeNumber(1, 36_500)
  RAW_RETENTION_DAYS: number = 400;

  /** How long ended runs and their events are kept. */
  @WholeNumber(1, 36_500)
  RUN_LOG_RETENTION_DAYS: number = 60;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
    message: 'LOG_LEVEL must be fatal, error, warn, info, debug or silent',
  })
  LOG_LEVEL: string = 'info';

  crossCheck(): string[] {
    return [...this.database(), ...this.encryptionKeys(), ...this.redirectOrigins(), ...this.lookBack()];
  }

  private database(): string[] {
    if (this.DATABASE_URL === undefined && !this.EMBEDDED_POSTGRES)
      return ['DATABASE_URL must be set (or EMBEDDED_POSTGRES=true to start the embedded server)'];
    return [];
  }

  private encryptionKeys(): string[] {
    if (!Array.isArray(this.ENCRYPTION_KEYS)) return [];
    const ids = this.ENCRYPTION_KEYS.map((key) => key.split(':')[0]);
    return new Set(ids).size === ids.length ? [] : ['ENCRYPTION_KEYS must not use an id twice'];
  }

  private lookBack(): string[] {
    const [slot, day, week] = [
      this.SYNC_LOOKBACK_HOURLY_DAYS,
      this.SYNC_LOOKBACK_DAILY_DAYS,
      this.SYNC_LOOKBACK_WEEKLY_DAYS,
    ];
    if (!(slot > day || day > week)) return [];
    return [
      'SYNC_LOOKBACK_HOURLY_DAYS must not be more than SYNC_LOOKBACK_DAILY_DAYS, nor that more than SYNC_LOOKBACK_WEEKLY_DAYS',
    ];
  }

  private redirectOrigins(): string[] {
    if (!this.OAUTH_PUBLIC_AUTHORIZE || this.OAUTH_REDIRECT_ORIGINS.length > 0) return [];
    return ['OAUTH_PUBLIC_AUTHORIZE=true needs the origins of the apps in OAUTH_REDIRECT_ORIGINS'];
  }
}

/** Milliseconds of `500ms`, `30s`, `15m`, `1h`. */
export function durationMs(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h)$/.exec(text)!;
  const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  return Number(count) * unitMs[unit];
}

type SettingsClass<T extends object> = new () => T;

/** Provider modules add theirs here when they are imported, so that one start lists the mistakes of all. */
const providerSettings: SettingsClass<object>[] = [];

/** The one place beside `serverSettings` that reads `process.env`. */
export function providerSettingsReader<T extends object>(settings: SettingsClass<T>): () => T {
  providerSettings.push(settings);
  return () => readSettings(settings, process.env);
}

export const serverSettings = (): ServerSettings => readSettings(ServerSettings, process.env);

export const accountSettings = (): AccountSettings => readSettings(AccountSettings, process.env);

/** Whether this process does what is to be done without a request: syncs, refreshes, everything by night. */
export const isWorker = (): boolean => serverSettings().ROLE !== 'api';

/** Whether this process serves the API. */
export const isApi = (): boolean => serverSettings().ROLE !== 'worker';

/** For the embedded server, whose address is not known before it runs. */
export function setDatabaseUrl(url: string): void {
  process.env.DATABASE_URL = url;
}

/** Before anything is started: the server's settings, if those of all providers are right too. @throws SettingsError */
export function checkedSettings(): ServerSettings {
  validateEnvironment(process.env);
  return serverSettings();
}

/** For `ConfigModule.forRoot({ validate })`. @throws SettingsError */
export function validateEnvironment<T extends Record<string, string | undefined>>(environment: T): T {
  const mistakes = [ServerSettings, AccountSettings, ...providerSettings].flatMap((settings) =>
    mistakesIn(settings, environment),
  );
  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return environment;
}
