import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/open-database';
import { scriptedDefinition } from '../../test/support/scripted-provider';
import { ScriptedVendor, sendAnswer } from '../../test/support/scripted-vendor';
import { TestClock } from '../../test/support/test-clock';
import type { WearableProvider } from '../providers/provider';
import { ProviderRateLimited, ProviderUnauthorized, ProviderUnavailable } from '../providers/provider-errors';
import { ProviderHttp } from '../providers/provider-http';
import { ProviderRegistry } from '../providers/provider.registry';
import { TokenEndpoint } from '../providers/token-endpoint';
import { AccessTokens } from './access-tokens.service';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { CredentialStore } from './credential.store';
import { RefreshDatabase } from './refresh-database';
import { TokenVault } from './token-vault';

const START = new Date('2026-03-01T00:00:00Z');
const HOUR = 3_600;
const invalidGrant = { status: 400, body: { error: 'invalid_grant' } };

describe(AccessTokens.name, () => {
  let database: DataSource;
  let vendor: ScriptedVendor;
  /** Two processes of one server. */
  let replicas: AccessTokens[];
  let closeReplicas: () => Promise<void>;
  let connection: Connection;
  const clock = new TestClock(START);
  const vault = new TokenVault([`test:${Buffer.alloc(32, 11).toString('base64')}`]);
  let credentials: CredentialStore;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await openDatabase([Connection, Credential]);
    credentials = new CredentialStore(database, vault);
    vendor = await ScriptedVendor.start();
    const http = new ProviderHttp(clock);
    const provider: WearableProvider = Object.assign(Object.create(null), {
      definition: scriptedDefinition(vendor.url),
    });
    const registry = new ProviderRegistry(Object.create(null));
    jest.spyOn(registry, 'get').mockReturnValue(provider);
    const databases = [new RefreshDatabase(database), new RefreshDatabase(database)];
    for (const one of databases) await one.onModuleInit();
    replicas = databases.map(
      (one) => new AccessTokens(one, credentials, registry, new TokenEndpoint(http), clock),
    );
    closeReplicas = async () => {
      for (const one of databases) await one.onApplicationShutdown();
      http.onApplicationShutdown();
    };
  });
  afterAll(async () => {
    await closeReplicas?.();
    await vendor?.close();
    await database?.destroy();
  });

  beforeEach(async () => {
    clock.set(START);
    vendor.forget();
    vendor.answer('/token', rotating());
    connection = await connected();
  });

  /** A connection whose token `access-0` lives eight hours from now. */
  async function connected(): Promise<Connection> {
    const made = await database.manager.save(Connection, {
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
    await authorize(made);
    return made;
  }

  const authorize = (target: Connection, changes: { refreshToken?: string | null } = {}) =>
    credentials.replace(
      database.manager,
      target,
      {
        accessToken: 'access-0',
        refreshToken: 'refresh-0',
        expiresInSeconds: 8 * HOUR,
        scope: null,
        ...changes,
      },
      clock.now(),
    );
  const stored = () => database.manager.findOneByOrFail(Credential, { connectionId: connection.id });
  const row = () => database.manager.findOneByOrFail(Connection, { id: connection.id });
  const sent = () => vendor.requestsTo('/token').map(({ form }) => form.get('refresh_token'));

  /** Gives `access-1` for `refresh-0` and so on; an old refresh token is refused, as by a vendor that rotates strictly. */
  function rotating() {
    let version = 0;
    return async ({ form }: { form: URLSearchParams }, response: Parameters<typeof sendAnswer>[0]) => {
      await wait(100);
      if (form.get('refresh_token') !== `refresh-${version}`) return sendAnswer(response, invalidGrant);
      version += 1;
      const body = {
        access_token: `access-${version}`,
        refresh_token: `refresh-${version}`,
        expires_in: 9 * HOUR,
      };
      sendAnswer(response, { status: 200, body });
    };
  }

  it('gives the stored token while it is young, and asks nobody', async () => {
    clock.advance(6 * HOUR - 1);
    await expect(replicas[0].current(connection)).resolves.toEqual({ accessToken: 'access-0' });
    expect(sent()).toEqual([]);
  });

  it('renews it once three quarters of its life are over, and keeps the new pair', async () => {
    clock.advance(6 * HOUR);
    await expect(replicas[0].current(connection)).resolves.toEqual({ accessToken: 'access-1' });
    expect(vendor.requestsTo('/token')[0].form.get('grant_type')).toBe('refresh_token');
    const credential = await stored();
    expect(credential).toMatchObject({
      tokenVersion: 2,
      issuedAt: clock.now(),
      expiresAt: new Date(clock.now().getTime() + 9 * HOUR * 1_000),
      refreshAttemptedAt: null,
    });
    expect(credentials.refreshToken(credential)).toBe('refresh-1');
    await expect(replicas[1].current(connection)).resolves.toEqual({ accessToken: 'access-1' });
    expect(sent()).toEqual(['refresh-0']);
  });

  it('keeps the old refresh token where the answer has none', async () => {
    vendor.answer('/token', { status: 200, body: { access_token: 'access-7', expires_in: 60 } });
    clock.advance(8 * HOUR);
    await replicas[0].current(connection);
    expect(credentials.refreshToken(await stored())).toBe('refresh-0');
  });

  it('sends one token request for 100 callers in two processes', async () => {
    clock.advance(9 * HOUR);
    const callers = Array.from({ length: 100 }, (_, index) => replicas[index % 2].current(connection));
    const tokens = await Promise.all(callers);
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['access-1']));
    expect(sent()).toEqual(['refresh-0']);
  });

  it('has the attempt committed while the vendor answers', async () => {
    let attemptedAt: Date | null = null;
    vendor.answer('/token', async (_request, response) => {
      attemptedAt = (await stored()).refreshAttemptedAt;
      sendAnswer(response, { status: 200, body: { access_token: 'access-7' } });
    });
    clock.advance(9 * HOUR);
    await replicas[0].current(connection);
    expect(attemptedAt).toEqual(clock.now());
  });

  it('keeps a pair that came when its transaction was already dead', async () => {
    vendor.answer('/token', async (_request, response) => {
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'vitalbase refresh' AND state = 'idle in transaction'`,
      );
      sendAnswer(response, { status: 200, body: { access_token: 'access-7', refresh_token: 'refresh-7' } });
    });
    clock.advance(9 * HOUR);
    await expect(replicas[0].current(connection)).resolves.toEqual({ accessToken: 'access-7' });
    expect(credentials.refreshToken(await stored())).toBe('refresh-7');
  });

  // Half the time after which a token request is given up.
  it('keeps nobody else waiting while the vendor hangs', async () => {
    const hanging: (() => void)[] = [];
    vendor.answer('/token', (_request, response) => void hanging.push(() => response.destroy()));
    const expired = await Promise.all(Array.from({ length: 5 }, connected));
    clock.advance(9 * HOUR);
    const refreshes = Promise.allSettled(expired.map((one) => replicas[0].current(one)));
    while (hanging.length < 4) await wait(10);

    const fresh = await connected();
    await expect(replicas[0].current(fresh)).resolves.toEqual({ accessToken: 'access-0' });
    expect(hanging).toHaveLength(4);

    vendor.answer('/token', { status: 503, body: {} });
    for (const hangUp of hanging) hangUp();
    await refreshes;
  }, 10_000);

  describe('refreshed', () => {
    it('asks for another token than the one that was rejected', async () => {
      const account = await replicas[0].current(connection);
      await expect(replicas[0].refreshed(connection, account)).resolves.toEqual({ accessToken: 'access-1' });
    });

    it('gives the token that came meanwhile instead of asking again', async () => {
      const account = await replicas[0].current(connection);
      await Promise.all(replicas.map((replica) => replica.refreshed(connection, account)));
      await expect(replicas[1].refreshed(connection, account)).resolves.toEqual({ accessToken: 'access-1' });
      expect(sent()).toEqual(['refresh-0']);
    });

    it('does not end the connection where there is no refresh token', async () => {
      await authorize(connection, { refreshToken: null });
      const rejected = replicas[0].refreshed(connection, { accessToken: 'access-0' });
      await expect(rejected).rejects.toThrow(ProviderUnauthorized);
      expect((await row()).status).toBe('active');
    });
  });

  describe('when the vendor gives no token', () => {
    it.each([
      ['503', { status: 503, body: 'Service Unavailable', contentType: 'text/plain' }],
      ['HTML', { status: 200, body: '<html>maintenance</html>', contentType: 'text/html' }],
      [
        'a 400 without an OAuth error',
        { status: 400, body: '<h1>Bad Request</h1>', contentType: 'text/html' },
      ],
      ['invalid_client', { status: 401, body: { error: 'invalid_client' } }],
      ['a 500 that says invalid_grant', { status: 500, body: { error: 'invalid_grant' } }],
    ])('%s changes nothing and is ProviderUnavailable', async (_name, answer) => {
      vendor.answer('/token', answer);
      clock.advance(9 * HOUR);
      for (let attempt = 0; attempt < 3; attempt++) {
        await expect(replicas[0].current(connection)).rejects.toThrow(ProviderUnavailable);
        clock.advance(120);
      }
      expect(await row()).toMatchObject({ status: 'active', attention: null });
      vendor.answer('/token', rotating());
      await expect(replicas[0].current(connection)).resolves.toEqual({ accessToken: 'access-1' });
    });

    it('a reset connection is ProviderUnavailable', async () => {
      vendor.answer('/token', (_request, response) => void response.socket?.destroy());
      clock.advance(9 * HOUR);
      await expect(replicas[0].current(connection)).rejects.toThrow(ProviderUnavailable);
      expect(await row()).toMatchObject({ status: 'active', attention: null });
    });

    it('429 is ProviderRateLimited', async () => {
      vendor.answer('/token', { status: 429, body: {} });
      clock.advance(9 * HOUR);
      await expect(replicas[0].current(connection)).rejects.toThrow(ProviderRateLimited);
    });

    it('100 callers ask once a process', async () => {
      vendor.answer('/token', async (_request, response) => {
        await wait(500);
        sendAnswer(response, { status: 503, body: {} });
      });
      clock.advance(9 * HOUR);
      const callers = Array.from({ length: 100 }, (_, index) => replicas[index % 2].current(connection));
      const outcomes = await Promise.allSettled(callers);
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
      expect(sent()).toHaveLength(2);
    });

    it('a token that is still good is used, and the vendor left alone for a minute', async () => {
      vendor.answer('/token', { status: 503, body: {} });
      clock.advance(7 * HOUR);
      for (let call = 0; call < 4; call++) {
        await expect(replicas[call % 2].current(connection)).resolves.toEqual({ accessToken: 'access-0' });
      }
      expect(sent()).toHaveLength(1);
      clock.advance(60);
      await replicas[0].current(connection);
      expect(sent()).toHaveLength(2);
    });
  });

  describe('when the vendor says invalid_grant', () => {
    beforeEach(() => {
      vendor.answer('/token', invalidGrant);
      clock.advance(9 * HOUR);
    });

    it('believes it after a second one, a minute later at least', async () => {
      await expect(replicas[0].current(connection)).rejects.toThrow(ProviderUnavailable);
      expect(await row()).toMatchObject({ status: 'active', attention: 'refresh_failing' });

      clock.advance(59);
      await expect(replicas[1].current(connection)).rejects.toThrow(ProviderUnavailable);
      expect(sent()).toHaveLength(1);

      clock.advance(1);
      await expect(replicas[1].current(connection)).rejects.toThrow(ProviderUnauthorized);
      expect(sent()).toHaveLength(2);
      expect(await row()).toMatchObject({ status: 'expired', attention: null });
    });

    it('takes it back when the second try brings a pair', async () => {
      await expect(replicas[0].current(connection)).rejects.toThrow(ProviderUnavailable);
      vendor.answer('/token', rotating());
      clock.advance(60);
      await expect(replicas[0].current(connection)).resolves.toEqual({ accessToken: 'access-1' });
      expect(await row()).toMatchObject({ status: 'active', attention: null });
      expect((await stored()).refreshRefusedAt).toBeNull();
    });

    it('leaves another attention alone', async () => {
      await database.manager.update(Connection, { id: connection.id }, { attention: 'forbidden' });
      await expect(replicas[0].current(connection)).rejects.toThrow(ProviderUnavailable);
      expect((await row()).attention).toBe('forbidden');
    });
  });

  it('uses a token that cannot be renewed to its last minute', async () => {
    await authorize(connection, { refreshToken: null });
    clock.advance(7.5 * HOUR);
    await expect(replicas[0].current(connection)).resolves.toEqual({ accessToken: 'access-0' });
    expect((await row()).status).toBe('active');
  });

  it('ends the connection when its token is over and there is none to renew it with', async () => {
    await authorize(connection, { refreshToken: null });
    clock.advance(9 * HOUR);
    await expect(replicas[0].current(connection)).rejects.toThrow(ProviderUnauthorized);
    expect((await row()).status).toBe('expired');
    expect(sent()).toEqual([]);
  });

  it('says that a connection without tokens must be made anew', async () => {
    await database.manager.delete(Credential, { connectionId: connection.id });
    await expect(replicas[0].current(connection)).rejects.toThrow(ProviderUnauthorized);
  });

  it('keeps no token in clear', async () => {
    const [text] = await database.query(
      'SELECT credential::text AS row FROM credential WHERE connection_id = $1',
      [connection.id],
    );
    for (const secret of ['access-0', 'refresh-0']) {
      expect(text.row).not.toContain(secret);
      expect(text.row).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});
