import { setTimeout as wait } from 'node:timers/promises';
import { accessBy } from '../../test/support/scripted-provider';
import { sendAnswer } from '../../test/support/scripted-vendor';
import { INVALID_GRANT, rotating, TokenWorld } from '../../test/support/token-world';
import { ProviderRateLimited, ProviderUnauthorized, ProviderUnavailable } from '../providers/provider-errors';
import { AccessTokens } from './access-tokens.service';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';

const HOUR = 3_600;

describe(AccessTokens.name, () => {
  let world: TokenWorld;
  beforeAll(async () => {
    world = await TokenWorld.start();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.reset());

  const current = (replica: number) => world.replicas[replica].current(world.connection);

  it('gives the stored token while it is young, and asks nobody', async () => {
    world.clock.advance(6 * HOUR - 1);
    await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-0' });
    expect(world.sent()).toEqual([]);
  });

  it('renews it once three quarters of its life are over, and keeps the new pair', async () => {
    world.clock.advance(6 * HOUR);
    await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(world.vendor.requestsTo('/token')[0].form.get('grant_type')).toBe('refresh_token');
    const credential = await world.stored();
    expect(credential).toMatchObject({
      tokenVersion: 2,
      issuedAt: world.clock.now(),
      expiresAt: new Date(world.clock.now().getTime() + 9 * HOUR * 1_000),
      refreshAttemptedAt: null,
    });
    expect(world.credentials.refreshToken(credential)).toBe('refresh-1');
    await expect(current(1)).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(world.sent()).toEqual(['refresh-0']);
  });

  it('keeps the old refresh token where the answer has none', async () => {
    world.vendor.answer('/token', { status: 200, body: { access_token: 'access-7', expires_in: 60 } });
    world.clock.advance(8 * HOUR);
    await current(0);
    expect(world.credentials.refreshToken(await world.stored())).toBe('refresh-0');
  });

  it('sends one token request for 100 callers in two processes', async () => {
    world.clock.advance(9 * HOUR);
    const callers = Array.from({ length: 100 }, (_, index) => current(index % 2));
    const tokens = await Promise.all(callers);
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['access-1']));
    expect(world.sent()).toEqual(['refresh-0']);
  });

  it('has the attempt committed while the vendor answers', async () => {
    let attemptedAt: Date | null = null;
    world.vendor.answer('/token', async (_request, response) => {
      attemptedAt = (await world.stored()).refreshAttemptedAt;
      sendAnswer(response, { status: 200, body: { access_token: 'access-7' } });
    });
    world.clock.advance(9 * HOUR);
    await current(0);
    expect(attemptedAt).toEqual(world.clock.now());
  });

  it('keeps a pair that came when its transaction was already dead', async () => {
    world.vendor.answer('/token', async (_request, response) => {
      await world.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'vitalbase refresh' AND state = 'idle in transaction'`,
      );
      sendAnswer(response, { status: 200, body: { access_token: 'access-7', refresh_token: 'refresh-7' } });
    });
    world.clock.advance(9 * HOUR);
    await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-7' });
    expect(world.credentials.refreshToken(await world.stored())).toBe('refresh-7');
  });

  // Half the time after which a token request is given up.
  it('keeps nobody else waiting while the vendor hangs', async () => {
    const hanging: (() => void)[] = [];
    world.vendor.answer('/token', (_request, response) => void hanging.push(() => response.destroy()));
    const expired = await Promise.all(Array.from({ length: 5 }, () => world.connected()));
    world.clock.advance(9 * HOUR);
    const refreshes = Promise.allSettled(expired.map((one) => world.replicas[0].current(one)));
    while (hanging.length < 4) await wait(10);

    const fresh = await world.connected();
    await expect(world.replicas[0].current(fresh)).resolves.toMatchObject({ accessToken: 'access-0' });
    expect(hanging).toHaveLength(4);

    world.vendor.answer('/token', { status: 503, body: {} });
    for (const hangUp of hanging) hangUp();
    await refreshes;
  }, 10_000);

  describe('refreshed', () => {
    it('asks for another token than the one that was rejected', async () => {
      const account = await current(0);
      await expect(world.replicas[0].refreshed(world.connection, account)).resolves.toMatchObject({
        accessToken: 'access-1',
      });
    });

    it('gives the token that came meanwhile instead of asking again', async () => {
      const account = await current(0);
      await Promise.all(world.replicas.map((replica) => replica.refreshed(world.connection, account)));
      await expect(world.replicas[1].refreshed(world.connection, account)).resolves.toMatchObject({
        accessToken: 'access-1',
      });
      expect(world.sent()).toEqual(['refresh-0']);
    });

    it('does not end the connection where there is no refresh token', async () => {
      await world.authorize(world.connection, { refreshToken: null });
      const rejected = world.replicas[0].refreshed(world.connection, accessBy('access-0'));
      await expect(rejected).rejects.toThrow(ProviderUnauthorized);
      expect((await world.row()).status).toBe('active');
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
      world.vendor.answer('/token', answer);
      world.clock.advance(9 * HOUR);
      for (let attempt = 0; attempt < 3; attempt++) {
        await expect(current(0)).rejects.toThrow(ProviderUnavailable);
        world.clock.advance(120);
      }
      expect(await world.row()).toMatchObject({ status: 'active', attention: null });
      world.vendor.answer('/token', rotating());
      await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-1' });
    });

    it('a reset connection is ProviderUnavailable', async () => {
      world.vendor.answer('/token', (_request, response) => void response.socket?.destroy());
      world.clock.advance(9 * HOUR);
      await expect(current(0)).rejects.toThrow(ProviderUnavailable);
      expect(await world.row()).toMatchObject({ status: 'active', attention: null });
    });

    it('429 is ProviderRateLimited', async () => {
      world.vendor.answer('/token', { status: 429, body: {} });
      world.clock.advance(9 * HOUR);
      await expect(current(0)).rejects.toThrow(ProviderRateLimited);
    });

    it('100 callers ask once a process', async () => {
      world.vendor.answer('/token', async (_request, response) => {
        await wait(500);
        sendAnswer(response, { status: 503, body: {} });
      });
      world.clock.advance(9 * HOUR);
      const callers = Array.from({ length: 100 }, (_, index) => current(index % 2));
      const outcomes = await Promise.allSettled(callers);
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
      expect(world.sent()).toHaveLength(2);
    });

    it('a token that is still good is used, and the vendor left alone for a minute', async () => {
      world.vendor.answer('/token', { status: 503, body: {} });
      world.clock.advance(7 * HOUR);
      for (let call = 0; call < 4; call++) {
        await expect(current(call % 2)).resolves.toMatchObject({
          accessToken: 'access-0',
        });
      }
      expect(world.sent()).toHaveLength(1);
      world.clock.advance(60);
      await current(0);
      expect(world.sent()).toHaveLength(2);
    });
  });

  describe('when the vendor says invalid_grant', () => {
    beforeEach(() => {
      world.vendor.answer('/token', INVALID_GRANT);
      world.clock.advance(9 * HOUR);
    });

    it('believes it after a second one, a minute later at least', async () => {
      await expect(current(0)).rejects.toThrow(ProviderUnavailable);
      expect(await world.row()).toMatchObject({ status: 'active', attention: 'refresh_failing' });

      world.clock.advance(59);
      await expect(current(1)).rejects.toThrow(ProviderUnavailable);
      expect(world.sent()).toHaveLength(1);

      world.clock.advance(1);
      await expect(current(1)).rejects.toThrow(ProviderUnauthorized);
      expect(world.sent()).toHaveLength(2);
      expect(await world.row()).toMatchObject({ status: 'expired', attention: null });
    });

    it('takes it back when the second try brings a pair', async () => {
      await expect(current(0)).rejects.toThrow(ProviderUnavailable);
      world.vendor.answer('/token', rotating());
      world.clock.advance(60);
      await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-1' });
      expect(await world.row()).toMatchObject({ status: 'active', attention: null });
      expect((await world.stored()).refreshRefusedAt).toBeNull();
    });

    it('leaves another attention alone', async () => {
      await world.database.manager.update(
        Connection,
        { id: world.connection.id },
        { attention: 'forbidden' },
      );
      await expect(current(0)).rejects.toThrow(ProviderUnavailable);
      expect((await world.row()).attention).toBe('forbidden');
    });
  });

  it('uses a token that cannot be renewed to its last minute', async () => {
    await world.authorize(world.connection, { refreshToken: null });
    world.clock.advance(7.5 * HOUR);
    await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-0' });
    expect((await world.row()).status).toBe('active');
  });

  it('ends the connection when its token is over and there is none to renew it with', async () => {
    await world.authorize(world.connection, { refreshToken: null });
    world.clock.advance(9 * HOUR);
    await expect(current(0)).rejects.toThrow(ProviderUnauthorized);
    expect((await world.row()).status).toBe('expired');
    expect(world.sent()).toEqual([]);
  });

  it('says that a connection without tokens must be made anew', async () => {
    await world.database.manager.delete(Credential, { connectionId: world.connection.id });
    await expect(current(0)).rejects.toThrow(ProviderUnauthorized);
  });

  it('keeps no token in clear', async () => {
    const [text] = await world.database.query(
      'SELECT credential::text AS row FROM credential WHERE connection_id = $1',
      [world.connection.id],
    );
    for (const secret of ['access-0', 'refresh-0']) {
      expect(text.row).not.toContain(secret);
      expect(text.row).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});
