import { Injectable, Module, type Type } from '@nestjs/common';
import type { LocalDate, NormalizedDay } from '../../src/health-data/canonical';
import {
  WearableProviderPlugin,
  type AccountAccess,
  type ProviderAccount,
  type ProviderDefinition,
  type RawAnswer,
  type WearableProvider,
} from '../../src/providers/provider';
import { ProviderPayloadInvalid } from '../../src/providers/provider-errors';
import { ProviderHttp } from '../../src/providers/provider-http';
import { ProviderHttpModule } from '../../src/providers/provider-http.module';

/** With its budget lifted. */
const LIMITS: ProviderDefinition['limits'] = {
  maxDaysPerFetch: 1,
  requestsPerSecond: 10_000,
  concurrentPerUser: 1,
  rateLimitScope: 'app',
  historyDays: 45,
};

/** A provider whose vendor is a `ScriptedVendor`; it has no data. */
export function scriptedDefinition(vendorUrl: string, changes: DefinitionChanges = {}): ProviderDefinition {
  return {
    slug: changes.slug ?? 'scripted',
    name: 'Scripted',
    iconSvg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    devices: [{ model: 'scripted_1', type: 'band', name: 'Scripted One' }],
    oauth: {
      authorizeUrl: `${vendorUrl}/authorize`,
      tokenUrl: `${vendorUrl}/token`,
      revokeUrl: null,
      scopes: ['pulse', 'steps'],
      scopeSeparator: ' ',
      pkce: false,
      clientAuthentication: 'body',
      ...changes.oauth,
    },
    credentials:
      changes.credentials === null
        ? null
        : { clientId: 'client-1', clientSecret: 'secret-1', redirectUri: 'http://localhost:8000/callback' },
    missingSettings: ['SCRIPTED_CLIENT_ID', 'SCRIPTED_CLIENT_SECRET'],
    limits: { ...LIMITS, ...changes.limits },
    normalizerVersion: 1,
    listKeys: ['type', 'timestamp'],
    offers: { series: [], daily: [], sleepFields: [], scores: [], workouts: false },
  };
}

interface DefinitionChanges {
  slug?: string;
  oauth?: Partial<ProviderDefinition['oauth']>;
  credentials?: null;
  limits?: Partial<ProviderDefinition['limits']>;
}

export const emptyDay = (date: LocalDate): NormalizedDay => ({
  date,
  outcome: 'empty',
  startsAt: null,
  timeZone: null,
  series: [],
  daily: [],
  sleeps: [],
  scores: [],
  unmapped: [],
  rejected: [],
});

/** A module with one scripted provider, for `startApp({}, { providers: [...] })`. */
export function scriptedProvider(vendorUrl: string, changes?: DefinitionChanges): Type {
  @WearableProviderPlugin()
  @Injectable()
  class ScriptedProvider implements WearableProvider {
    readonly definition = scriptedDefinition(vendorUrl, changes);

    constructor(private readonly http: ProviderHttp) {}

    async fetch(_account: AccountAccess, { from }: { from: string }): Promise<RawAnswer[]> {
      return [{ date: from, status: 404, body: Buffer.alloc(0) }];
    }

    normalize({ date }: RawAnswer): NormalizedDay {
      return emptyDay(date);
    }

    fetchAccount(access: AccountAccess): Promise<ProviderAccount> {
      return readScriptedAccount(this.http, vendorUrl, access);
    }
  }

  @Module({ imports: [ProviderHttpModule], providers: [ScriptedProvider] })
  class ScriptedProviderModule {}
  return ScriptedProviderModule;
}

/** What a call on behalf of a user needs, where the user does not matter. */
export const accessBy = (accessToken: string): AccountAccess => ({
  accessToken,
  connectionId: null,
  urgency: 'live',
});

export async function readScriptedAccount(
  http: ProviderHttp,
  vendorUrl: string,
  account: AccountAccess,
): Promise<ProviderAccount> {
  const call = { provider: scriptedDefinition(vendorUrl), operation: 'account' };
  const response = await http.request({
    ...call,
    caller: account,
    method: 'GET',
    url: `${vendorUrl}/account`,
    headers: { authorization: `Bearer ${account.accessToken}` },
    timeoutMs: 2_000,
  });
  const { id, name } = JSON.parse(http.expectOk(call, response).body.toString());
  if (id === undefined) throw new ProviderPayloadInvalid('the account has no id', 'unknown_envelope');
  return { id, name, timeZone: null, scope: null };
}
