import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { startSimulator } from '../../simulator/server';
import { ApiKeysService } from '../../src/access/api-keys.service';
import { SCOPES, type ScopeName } from '../../src/access/scope';
import { DataSource } from 'typeorm';
import { Developer } from '../../src/access/developers/developer.entity';
import { DevelopersService } from '../../src/access/developers/developers.service';
import { SessionsService, type TokenPair } from '../../src/access/developers/sessions.service';
import { deleteEmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres';
import { startApp, TEST_DEVELOPER, type TestApp } from '../support/app';
import { syncFinished } from '../support/sync-finished';
import { connectPersona, simulatedBy } from '../support/vendor-connection';
import { operationsOf, type Operation } from './document';
import { KnownIds } from './ids';
import type { Caller } from './requests';
import { SeenValues } from './seen-values';

/** As the requests know it. */
const VISITOR_PASSWORD = 'a password for fuzzing';
const PERSONA = 1003;
/** Users with data who are synced, and who may be deleted. */
const WORKERS = 4;
const SPARE = 6;

/** A server with people who have data, and every kind of credential. */
export class FuzzWorld {
  private operatorToken = '';
  private signingIn?: Promise<void>;
  private visitorToken = '';
  private visitors = 0;
  private visitor = '';

  private constructor(
    readonly server: TestApp,
    readonly document: OpenAPIObject,
    readonly ids: KnownIds,
    readonly seen: SeenValues,
    /** Has data. */
    private readonly user: string,
    private readonly keys: Record<ScopeName, string>,
    private readonly stop: () => Promise<void>,
  ) {}

  static async start(log: string): Promise<FuzzWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'vitalbase-fuzz-'));
    // As root the server runs as another user, who must be able to enter.
    await chmod(directory, 0o755);
    const options = { directory, log: () => {}, durable: false, maxConnections: 100 };
    const postgres = await startEmbeddedPostgres(options);
    const simulator = await startSimulator();
    const server = await startApp({
      ...simulatedBy(simulator),
      DATABASE_URL: postgres.url,
      OAUTH_REDIRECT_ORIGINS: 'http://localhost:3000',
      SYNC_TICK: '200ms',
      BACKFILL_DAYS: '7',
      LOG_LEVEL: log,
    });
    const world = await FuzzWorld.furnish(server, async () => {
      await server.close();
      await simulator.close();
      await postgres.stop();
      await deleteEmbeddedPostgres(options);
    });
    await world.signIn();
    return world;
  }

  private static async furnish(server: TestApp, stop: () => Promise<void>) {
    const connected: string[] = [];
    for (let copy = 0; copy <= WORKERS + SPARE; copy += 1)
      connected.push(await connectPersona(server, PERSONA + 10_000 * copy));
    for (const user of connected) {
      const { status, message } = await syncFinished(server, user);
      if (status !== 'success') throw new Error(`A user has no data: ${String(message)}`);
    }
    const newcomer = await server.request('POST', '/api/v1/users', { body: {} });
    const keys = {} as Record<ScopeName, string>;
    for (const scope of SCOPES) {
      const { key } = await server.app
        .get(ApiKeysService)
        .create({ name: `only ${scope}`, scopes: [scope], environment: 'test' });
      keys[scope] = key;
    }
    const { body: document } = await server.request('GET', '/openapi.json');
    const ids = new KnownIds({
      readable: [connected[0], newcomer.body.id],
      workers: connected.slice(1, 1 + WORKERS),
      spare: connected.slice(1 + WORKERS),
      untouchable: await untouchable(server),
      provider: 'ultrahuman',
    });
    await showRecords(server, ids, connected);
    const seen = await showSources(server, document, connected);
    return new FuzzWorld(server, document, ids, seen, connected[0], keys, stop);
  }

  /** What a request needs that only the run knows. */
  async fillIn(text: string): Promise<string> {
    if (!/(\{\{|%7B%7B)\w+/.test(text)) return text;
    const values: Record<string, string> = {
      refresh_token: (await this.visit()).refreshToken,
      user_id: this.user,
    };
    return text.replaceAll(
      /(?:\{\{|%7B%7B)(\w+)(?:\}\}|%7D%7D)/g,
      (given, name: string) => values[name] ?? given,
    );
  }

  close(): Promise<void> {
    return this.stop();
  }

  /**
   * Anew, since the run may have signed them out, and the visitor may have changed or deleted itself. Once for all who
   * ask for it meanwhile: each would make a visitor of its own, and none find the one it has made.
   */
  signIn(): Promise<void> {
    this.signingIn ??= this.beginSessions().finally(() => (this.signingIn = undefined));
    return this.signingIn;
  }

  private async beginSessions(): Promise<void> {
    this.operatorToken = (await this.begin(TEST_DEVELOPER.email))!.accessToken;
    this.visitorToken = (await this.visit()).accessToken;
  }

  /** Past the password, whose tries are counted. @returns null where there is no such developer */
  private async begin(email: string): Promise<TokenPair | null> {
    const { app } = this.server;
    const developer = await app.get(DataSource).manager.findOneBy(Developer, { email });
    return developer && app.get(SessionsService).begin(developer);
  }

  private async visit(): Promise<TokenPair> {
    const known = await this.begin(this.visitor);
    if (known !== null) return known;
    this.visitor = `visitor-${++this.visitors}@example.com`;
    await this.server.app.get(DevelopersService).create({ email: this.visitor, password: VISITOR_PASSWORD });
    return this.visit();
  }

  credential(caller: Caller, { access, path, method }: Operation): Record<string, string> {
    const scope = SCOPES.find((it) => it === access) ?? 'read';
    const isAboutOneself = method !== 'GET' && /^\/api\/v1\/(auth|token)\//.test(path);
    switch (caller) {
      case 'key':
        return { 'X-Open-Wearables-API-Key': this.server.apiKey };
      case 'scoped':
        return { 'X-API-Key': this.keys[scope] };
      case 'unscoped':
        return { 'X-API-Key': this.keys[scope === 'read' ? 'connect' : 'read'] };
      case 'developer':
        return { Authorization: `Bearer ${isAboutOneself ? this.visitorToken : this.operatorToken}` };
      case 'forged':
        return { Authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', 'X-API-Key': 'sk-nothing' };
      default:
        return {};
    }
  }
}

/** The run's own keys and developer. */
async function untouchable(server: TestApp): Promise<Set<string>> {
  const lists = ['/api/v1/developer/api-keys', '/api/v1/developers'].map((path) =>
    server.asDeveloper('GET', path),
  );
  const items = (await Promise.all(lists)).flatMap(({ body }) => body as { id: string }[]);
  return new Set(items.map(({ id }) => id));
}

/** What lists show of people with data, so that the operations on one record have some from the start. */
async function showRecords(server: TestApp, ids: KnownIds, users: string[]): Promise<void> {
  const range = 'start_date=2000-01-01&end_date=2100-01-01';
  for (const user_id of users)
    for (const [list, query, id] of [
      ['events/sleep', range, 'sleep_id'],
      ['sync/runs', '', 'run_id'],
    ]) {
      const { body } = await server.request('GET', `/api/v1/users/${user_id}/${list}?${query}`);
      ids.learn(`/api/v1/users/{user_id}/${list}`, { user_id }, body, [
        `/api/v1/users/{user_id}/${list}/{${id}}`,
      ]);
    }
}

/** Of every user, since a run of a few operations may not ask for them. */
async function showSources(server: TestApp, document: OpenAPIObject, users: string[]): Promise<SeenValues> {
  const seen = new SeenValues();
  const operation = operationsOf(document).find(({ path }) => path.endsWith('/data-sources'))!;
  for (const user_id of users) {
    const { body } = await server.request('GET', `/api/v1/users/${user_id}/data-sources`);
    seen.learn(operation, { filled: { user_id }, query: [] }, body);
  }
  return seen;
}
