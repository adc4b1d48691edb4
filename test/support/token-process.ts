import type { DataSource } from 'typeorm';
import { AccessTokens } from '../../src/connections/access-tokens.service';
import { AccountCheck } from '../../src/connections/account-check';
import { CredentialStore } from '../../src/connections/credential.store';
import { JournalReplay } from '../../src/connections/journal-replay';
import { RefreshDatabase } from '../../src/connections/refresh-database';
import { RefreshOutcomes } from '../../src/connections/refresh-outcomes';
import { RefreshSweep } from '../../src/connections/refresh-sweep.cron';
import { Revocations } from '../../src/connections/revocations';
import { TokenEndpoints } from '../../src/connections/token-endpoints';
import { TokenJournal } from '../../src/connections/token-journal';
import { TokenRefresh } from '../../src/connections/token-refresh';
import { TokenRequest } from '../../src/connections/token-request';
import type { TokenVault } from '../../src/connections/token-vault';
import type { ProviderHttp } from '../../src/providers/provider-http';
import type { ProviderRegistry } from '../../src/providers/provider.registry';
import { TokenEndpoint } from '../../src/providers/token-endpoint';
import type { TestClock } from './test-clock';
import type { Failpoint } from '../../src/database/failpoints';
import { TestFailpoints } from './test-failpoints';

/** What the processes of one server share. */
interface Shared {
  database: DataSource;
  vault: TokenVault;
  registry: ProviderRegistry;
  http: ProviderHttp;
  clock: TestClock;
}

/** Everything of one process that has to do with tokens; nothing runs by itself. */
export class TokenProcess {
  readonly failpoints = new TestFailpoints();
  readonly journal: TokenJournal;
  readonly replay: JournalReplay;
  readonly tokens: AccessTokens;
  private readonly sweep: RefreshSweep;
  private readonly refreshes: RefreshDatabase;

  constructor({ database, vault, registry, http, clock }: Shared) {
    this.refreshes = new RefreshDatabase(database);
    this.journal = new TokenJournal(vault, clock);
    const credentials = new CredentialStore(database, vault);
    const endpoints = new TokenEndpoints(database, clock);
    const revocations = new Revocations(credentials, registry, vault, clock);
    const outcomes = new RefreshOutcomes(credentials, endpoints, revocations, this.failpoints, clock);
    this.replay = new JournalReplay(this.journal, this.refreshes, outcomes, revocations);
    const endpoint = new TokenEndpoint(http);
    const request = new TokenRequest(
      endpoints,
      credentials,
      registry,
      endpoint,
      this.journal,
      this.failpoints,
    );
    const refresh = new TokenRefresh(this.refreshes, request, outcomes, this.replay, clock);
    const accounts = new AccountCheck(this.refreshes, credentials, registry, clock);
    this.tokens = new AccessTokens(credentials, refresh, accounts, clock);
    this.sweep = new RefreshSweep(database, this.tokens, this.replay, endpoints, registry, clock);
  }

  async start(): Promise<void> {
    await this.refreshes.onModuleInit();
    await this.journal.onModuleInit();
  }

  /** As its timers would do it in a few seconds. */
  async swept(): Promise<void> {
    await this.sweep.tidy();
    for (let tick = 0; tick < 2; tick++) {
      await this.sweep.tick();
      await this.sweep.idle();
    }
  }

  /** From this point on the process does nothing more; its locks are the test's to end. @returns once it is there */
  dieAt(point: Failpoint): Promise<void> {
    return new Promise((reached) => {
      this.failpoints.at(point, () => {
        reached();
        return new Promise(() => {});
      });
    });
  }

  /** Instead of `stop`, of a process that died. */
  leave(): void {
    this.replay.onApplicationShutdown();
  }

  async stop(): Promise<void> {
    await this.sweep.beforeApplicationShutdown();
    this.replay.onApplicationShutdown();
    await this.refreshes.onApplicationShutdown();
  }
}
