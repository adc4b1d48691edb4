import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AccessTokens } from '../../src/connections/access-tokens.service';
import { AccountCheck } from '../../src/connections/account-check';
import { Connection } from '../../src/connections/connection.entity';
import { Credential } from '../../src/connections/credential.entity';
import { CredentialStore } from '../../src/connections/credential.store';
import { RefreshDatabase } from '../../src/connections/refresh-database';
import { TokenVault } from '../../src/connections/token-vault';
import type { AccountAccess, ProviderAccount, WearableProvider } from '../../src/providers/provider';
import type { ProviderHttp } from '../../src/providers/provider-http';
import { ProviderRegistry } from '../../src/providers/provider.registry';
import { TokenEndpoint } from '../../src/providers/token-endpoint';
import { openDatabase } from './open-database';
import { readScriptedAccount, scriptedDefinition } from './scripted-provider';
import { ScriptedVendor, sendAnswer, type VendorAnswer } from './scripted-vendor';
import { TestClock } from './test-clock';
import { BUDGET_ENTITIES, vendorHttpOn } from './vendor-http';

const START = new Date('2026-03-01T00:00:00Z');
const HOUR = 3_600;

export const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };

/** Tokens in a real database, asked for by two processes of one server, with a vendor that does as it is told. */
export class TokenWorld {
  readonly clock = new TestClock(START);
  private readonly http: ProviderHttp;
  private readonly databases: RefreshDatabase[];
  readonly credentials: CredentialStore;
  readonly replicas: AccessTokens[];
  /** A connection whose token `access-0` lives eight hours from the start. */
  connection: Connection;

  private constructor(
    readonly database: DataSource,
    readonly vendor: ScriptedVendor,
  ) {
    this.http = vendorHttpOn(database, this.clock);
    const vault = new TokenVault([`test:${Buffer.alloc(32, 11).toString('base64')}`]);
    this.credentials = new CredentialStore(database, vault);
    const provider: WearableProvider = Object.assign(Object.create(null), {
      definition: scriptedDefinition(vendor.url),
      fetchAccount: (access: AccountAccess): Promise<ProviderAccount> =>
        readScriptedAccount(this.http, vendor.url, access),
    });
    const registry = new ProviderRegistry(Object.create(null));
    jest.spyOn(registry, 'get').mockReturnValue(provider);
    this.databases = [new RefreshDatabase(database), new RefreshDatabase(database)];
    this.replicas = this.databases.map((one) => {
      const accounts = new AccountCheck(one, this.credentials, registry, this.clock);
      const endpoint = new TokenEndpoint(this.http);
      return new AccessTokens(one, this.credentials, registry, endpoint, accounts, this.clock);
    });
  }

  static async start(): Promise<TokenWorld> {
    Logger.overrideLogger(false);
    const database = await openDatabase([Connection, Credential, ...BUDGET_ENTITIES]);
    const world = new TokenWorld(database, await ScriptedVendor.start());
    for (const one of world.databases) await one.onModuleInit();
    return world;
  }

  /** A new connection, and a vendor that works. */
  async reset(): Promise<void> {
    this.clock.set(START);
    this.vendor.forget();
    await this.database.query('TRUNCATE vendor_budget, vendor_block');
    this.vendor.answer('/token', rotating());
    this.connection = await this.connected();
    this.vendor.answer('/account', this.accountIs(this.connection.providerUserId));
  }

  async close(): Promise<void> {
    for (const one of this.databases) await one.onApplicationShutdown();
    this.http.onApplicationShutdown();
    await this.vendor.close();
    await this.database.destroy();
  }

  async connected(): Promise<Connection> {
    const made = await this.database.manager.save(Connection, {
      userId: randomUUID(),
      id: randomUUID(),
      provider: 'scripted',
      providerUserId: randomUUID(),
      providerUsername: null,
      scope: null,
      status: 'active',
      attention: null,
      timeZone: null,
      syncEpoch: 1,
      leaseUntil: null,
      wakeAt: START,
      nextSlotAt: START,
      priority: 1,
      lastSyncedAt: null,
      createdAt: START,
      updatedAt: START,
    } satisfies Connection);
    await this.authorize(made);
    return made;
  }

  authorize(target: Connection, changes: { refreshToken?: string | null } = {}): Promise<void> {
    const tokens = {
      accessToken: 'access-0',
      refreshToken: 'refresh-0',
      expiresInSeconds: 8 * HOUR,
      scope: null,
      ...changes,
    };
    return this.credentials.replace(this.database.manager, target, tokens, this.clock.now());
  }

  accountIs = (id: string): VendorAnswer => ({ status: 200, body: { id, name: null } });

  stored(): Promise<Credential> {
    return this.database.manager.findOneByOrFail(Credential, { connectionId: this.connection.id });
  }

  row(): Promise<Connection> {
    return this.database.manager.findOneByOrFail(Connection, { id: this.connection.id });
  }

  /** The refresh tokens that came to the vendor. */
  sent(): (string | null)[] {
    return this.vendor.requestsTo('/token').map(({ form }) => form.get('refresh_token'));
  }

  /** The access tokens whose account was asked for. */
  checked(): (string | undefined)[] {
    return this.vendor
      .requestsTo('/account')
      .map(({ authorization }) => authorization?.slice('Bearer '.length));
  }
}

/** Gives `access-1` for `refresh-0` and so on; an old refresh token is refused, as by a vendor that rotates strictly. */
export function rotating(): VendorAnswer {
  let version = 0;
  return async ({ form }, response) => {
    await wait(100);
    if (form.get('refresh_token') !== `refresh-${version}`) return sendAnswer(response, INVALID_GRANT);
    version += 1;
    const body = {
      access_token: `access-${version}`,
      refresh_token: `refresh-${version}`,
      expires_in: 9 * HOUR,
    };
    sendAnswer(response, { status: 200, body });
  };
}
