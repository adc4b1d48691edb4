import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { AccessTokens } from '../../src/connections/access-tokens.service';
import { Connection } from '../../src/connections/connection.entity';
import { Credential } from '../../src/connections/credential.entity';
import { CredentialStore } from '../../src/connections/credential.store';
import { RefreshAttempt } from '../../src/connections/refresh-attempt.entity';
import { Revocation } from '../../src/connections/revocation.entity';
import { TokenEndpointState } from '../../src/connections/token-endpoint-state.entity';
import { TokenVault } from '../../src/connections/token-vault';
import type { AccountAccess, ProviderAccount, WearableProvider } from '../../src/providers/provider';
import type { ProviderHttp } from '../../src/providers/provider-http';
import { ProviderRegistry } from '../../src/providers/provider.registry';
import { openDatabase } from './open-database';
import { readScriptedAccount, scriptedDefinition } from './scripted-provider';
import { ScriptedVendor, sendAnswer, type VendorAnswer } from './scripted-vendor';
import { TestClock } from './test-clock';
import { TokenProcess } from './token-process';
import { BUDGET_ENTITIES, vendorHttpOn } from './vendor-http';

const START = new Date('2026-03-01T00:00:00Z');
const HOUR = 3_600;

export const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };

/** Tokens in a real database, asked for by two processes of one server, with a vendor that does as it is told. */
export class TokenWorld {
  readonly clock = new TestClock(START);
  private readonly http: ProviderHttp;
  private readonly vault = new TokenVault([`test:${Buffer.alloc(32, 11).toString('base64')}`]);
  private readonly registry: ProviderRegistry;
  readonly credentials: CredentialStore;
  readonly processes: TokenProcess[];
  /** A connection whose token `access-0` lives eight hours from the start. */
  connection: Connection;

  private constructor(
    readonly database: DataSource,
    readonly vendor: ScriptedVendor,
    readonly journalFolder: string,
  ) {
    this.http = vendorHttpOn(database, this.clock);
    this.credentials = new CredentialStore(database, this.vault);
    const provider: WearableProvider = Object.assign(Object.create(null), {
      definition: scriptedDefinition(vendor.url, { oauth: { revokeUrl: `${vendor.url}/revoke` } }),
      fetchAccount: (access: AccountAccess): Promise<ProviderAccount> =>
        readScriptedAccount(this.http, vendor.url, access),
    });
    this.registry = new ProviderRegistry(
      Object.assign(Object.create(null), { getProviders: () => [{ instance: provider }] }),
    );
    this.registry.onModuleInit();
    this.processes = [this.newProcess(), this.newProcess()];
  }

  static async start(): Promise<TokenWorld> {
    Logger.overrideLogger(false);
    const database = await openDatabase([
      Connection,
      Credential,
      RefreshAttempt,
      Revocation,
      TokenEndpointState,
      ...BUDGET_ENTITIES,
    ]);
    const journalFolder = await mkdtemp(join(tmpdir(), 'vitalbase-journal-'));
    process.env.JOURNAL_DIR = journalFolder;
    const world = new TokenWorld(database, await ScriptedVendor.start(), journalFolder);
    for (const one of world.processes) await one.start();
    return world;
  }

  get replicas(): AccessTokens[] {
    return this.processes.map(({ tokens }) => tokens);
  }

  /** One more process of the server, not started; the environment may have changed meanwhile. */
  newProcess(): TokenProcess {
    const { database, vault, registry, http, clock } = this;
    return new TokenProcess({ database, vault, registry, http, clock });
  }

  /** A new connection, and a vendor that works. */
  async reset(): Promise<void> {
    this.clock.set(START);
    this.vendor.forget();
    for (const { failpoints } of this.processes) failpoints.clear();
    // What former tests left open is not for the sweep of this one.
    await this.database.query('TRUNCATE connection, credential, refresh_attempt, revocation, token_endpoint');
    await this.database.query('TRUNCATE vendor_budget, vendor_block');
    this.vendor.answer('/token', rotating());
    this.connection = await this.connected();
    this.vendor.answer('/account', this.accountIs(this.connection.providerUserId));
  }

  async close(): Promise<void> {
    for (const one of this.processes) await one.stop();
    await rm(this.journalFolder, { recursive: true });
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
      statusReason: null,
      attention: null,
      timeZone: null,
      syncEpoch: 1,
      leaseUntil: null,
      historyWakeAt: null,
      backfillDue: true,
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

  attempts(): Promise<RefreshAttempt[]> {
    return this.database.manager.findBy(RefreshAttempt, { connectionId: this.connection.id });
  }

  /** Nobody may make a data call before the clock moves on. */
  async emptyDataBudget(): Promise<void> {
    await this.database.query(
      `INSERT INTO vendor_budget (provider, endpoint_class, requests_per_second, tokens, refilled_at, in_flight,
                                  recent_calls, failures_in_row, failed_connections)
       VALUES ('scripted', 'data', 10000, -500, $1, '{}', '{}', 0, '{}')`,
      [this.clock.now()],
    );
  }

  /** What happens to the locks of a process that dies, however far it came. */
  async endOpenTransactions(): Promise<void> {
    const open = `FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'vitalbase refresh' AND state = 'idle in transaction'`;
    await this.database.query(`SELECT pg_terminate_backend(pid) ${open}`);
    while ((await this.database.query(`SELECT ${open}`)).length > 0);
  }

  /** Every connection to the database breaks, and no new one comes up. */
  async loseDatabase(): Promise<void> {
    await this.onServer(
      `ALTER DATABASE ${this.databaseName} WITH ALLOW_CONNECTIONS false`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.databaseName}'`,
    );
  }

  async findDatabase(): Promise<void> {
    await this.onServer(`ALTER DATABASE ${this.databaseName} WITH ALLOW_CONNECTIONS true`);
  }

  private get databaseName(): string {
    return new URL(process.env.DATABASE_URL!).pathname.slice(1);
  }

  private async onServer(...statements: string[]): Promise<void> {
    const client = new Client(process.env.TEST_SERVER_URL);
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
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
