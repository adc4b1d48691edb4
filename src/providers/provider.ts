import { DiscoveryService } from '@nestjs/core';
import type {
  DateRange,
  LocalDate,
  NormalizedDay,
  ScoreCategory,
  SeriesCode,
} from '../health-data/canonical';

/** What differs between providers only in data: no code anywhere branches on a slug. */
export interface ProviderDefinition {
  /** Lower-case, in URLs and in the database. */
  slug: string;
  name: string;
  /** An SVG document, served at `/static/provider-icons/{slug}.svg`. */
  iconSvg: string;
  /** What measures; the first takes all that no other claims. */
  devices: readonly [DeviceDefinition, ...DeviceDefinition[]];
  oauth: {
    authorizeUrl: string;
    tokenUrl: string;
    revokeUrl: string | null;
    scopes: readonly string[];
    scopeSeparator: ' ' | ',';
    pkce: boolean;
    /** How the client authenticates at the token endpoint (RFC 6749 section 2.3.1). */
    clientAuthentication: 'body' | 'basic';
  };
  /** Null while the operator has not configured this provider: it is listed as not enabled. */
  credentials: ProviderCredentials | null;
  /** What is missing when `credentials` is null, for the error message: names of environment variables. */
  missingSettings: readonly string[];
  limits: {
    /** Local days that one `fetch` may ask for. */
    maxDaysPerFetch: number;
    /** Calls of this app, over all users and processes; a second's worth may come at once. */
    requestsPerSecond: number;
    /** Calls under way at once for one user, over all processes. */
    concurrentPerUser: number;
    /** Whom a 429 is about. `unknown`: all wait for a minute at most, until a second user is told too. */
    rateLimitScope: 'app' | 'user' | 'unknown';
    /** How far back the vendor answers; null: not known to end. */
    historyDays: number | null;
  };
  /** Raised whenever `normalize` changes its output: the next answer about a date is then read even if it is the same. */
  normalizerVersion: number;
  /** Keys by which the items of a list in an answer are told apart, such as `type` or `timestamp`. */
  listKeys: readonly string[];
  offers: {
    series: readonly SeriesCode[];
    daily: readonly SeriesCode[];
    /** Open Wearables' sleep fields that this provider fills. */
    sleepFields: readonly string[];
    scores: readonly ScoreCategory[];
    /** The range that a share of the time counts as on target in, where the vendor sets one. */
    targets?: Partial<Record<SeriesCode, { low: number; high: number; unit: string }>>;
    workouts: boolean;
  };
}

export interface DeviceDefinition {
  /** Model code, such as `ring_air`. */
  model: string;
  type: 'watch' | 'band' | 'phone' | 'scale' | 'ring' | 'other' | 'unknown';
  name: string;
  /** What it measures, beside the first device. */
  measures?: { codes: readonly SeriesCode[]; scores: readonly ScoreCategory[] };
}

export interface ProviderCredentials {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

/** Who waits for the answer: a user, the hourly sync, or the history. A backfill leaves the others their share. */
export type Urgency = 'user' | 'live' | 'backfill';

/** On whose behalf a vendor is called. */
export interface VendorCaller {
  /** Null at a sign-in, before there is a connection. */
  connectionId: string | null;
  urgency: Urgency;
}

/** What a provider needs to call its vendor for one user. Never logged. */
export interface AccountAccess extends VendorCaller {
  accessToken: string;
}

/** One answer of the vendor about one local day, as received. */
export interface RawAnswer {
  date: LocalDate;
  /** HTTP status: 200, or 404 for "no data". */
  status: number;
  /** The body as received. */
  body: Buffer;
}

export interface ProviderAccount {
  /** The vendor's stable id of the user. */
  id: string;
  name: string | null;
  timeZone: string | null;
  scope: string | null;
}

/** A kind of people whose lives a vendor's simulator makes up. */
export interface SimulatedKind {
  /** Such as `shift_worker`; the same at every vendor that has such people. */
  id: string;
  label: string;
  description: string;
}

/** What a provider can do beside, where its vendor is a simulator. */
export interface SimulatedVendor {
  readonly kinds: readonly SimulatedKind[];
  /** Where it is, for messages. */
  readonly url: string;
  isThere(): Promise<boolean>;
  /**
   * Does what a person does on the vendor's consent page.
   * @param number of that person's account: another number, another account with a life of the same kind
   * @returns where the browser is sent then
   * @throws ProviderUnavailable and its kin, ProviderPayloadInvalid when it leads nowhere
   */
  consent(authorizationUrl: string, kind: string, number: number): Promise<string>;
}

export interface WearableProvider {
  readonly definition: ProviderDefinition;
  /** Undefined where the vendor is the real one. */
  readonly simulated?: SimulatedVendor;
  /**
   * I/O only, no interpretation: one answer per local day of the range.
   * @throws ProviderUnauthorized, ProviderForbidden, ProviderRateLimited, ProviderUnavailable
   */
  fetch(account: AccountAccess, days: DateRange): Promise<RawAnswer[]>;
  /**
   * Pure: no clock, no network, no database.
   * @throws ProviderPayloadInvalid for HTML, a truncated or empty body, or no known envelope
   */
  normalize(raw: RawAnswer): NormalizedDay;
  /** @throws the same errors as `fetch`, and ProviderPayloadInvalid when nobody says whose account it is */
  fetchAccount(account: AccountAccess): Promise<ProviderAccount>;
}

/** Worn by a provider class; the registry finds it by this. */
export const WearableProviderPlugin = DiscoveryService.createDecorator();
