import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { accessBy } from '../../test/support/scripted-provider';
import { sendAnswer } from '../../test/support/scripted-vendor';
import { TokenWorld } from '../../test/support/token-world';
import { ProviderUnauthorized } from '../providers/provider-errors';
import { AccessTokens } from './access-tokens.service';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { Revocation } from './revocation.entity';

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
    world.clock.advance(5.5 * HOUR);
    await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-0' });
    expect(world.sent()).toEqual([]);
  });

  it('renews it once about three quarters of its life are over, and keeps the new pair', async () => {
    world.clock.advance(6.5 * HOUR);
    await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(world.vendor.requestsTo('/token')[0].form.get('grant_type')).toBe('refresh_token');
    const credential = await world.stored();
    expect(credential).toMatchObject({
      tokenVersion: 2,
      issuedAt: world.clock.now(),
      expiresAt: new Date(world.clock.now().getTime() + 9 * HOUR * 1_000),
      refreshRetryAt: null,
    });
    expect(await world.attempts()).toEqual([]);
    expect(world.credentials.refreshToken(credential)).toBe('refresh-1');
    await expect(current(1)).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(world.sent()).toEqual(['refresh-0']);
  });

  describe('of a connection that the user ends', () => {
    const disconnect = () =>
      world.database.manager.update(
        Connection,
        { id: world.connection.id },
        { status: 'revoked', statusReason: 'disconnected' },
      );
    const credentials = () =>
      world.database.manager.countBy(Credential, { connectionId: world.connection.id });

    it('while the vendor answers, serve for nothing but being revoked', async () => {
      world.vendor.answer('/token', async (_request, response) => {
        await disconnect();
        const body = { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 60 };
        sendAnswer(response, { status: 200, body });
      });
      world.clock.advance(9 * HOUR);
      await expect(current(0)).rejects.toThrow(ProviderUnauthorized);
      expect(world.checked()).toEqual([]);
      expect(await credentials()).toBe(0);
      expect(await world.database.manager.findBy(Revocation, { provider: 'scripted' })).toMatchObject([
        { userId: world.connection.userId, tokenType: 'refresh_token' },
      ]);
      expect(await world.attempts()).toEqual([]);
      expect(await readdir(world.journalFolder)).toEqual([]);
    });

    it('before the vendor was asked are not renewed', async () => {
      await disconnect();
      world.clock.advance(9 * HOUR);
      await expect(current(0)).rejects.toThrow(ProviderUnauthorized);
      expect(world.sent()).toEqual([]);
    });
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
    let attempts: unknown;
    world.vendor.answer('/token', async (_request, response) => {
      attempts = await world.attempts();
      sendAnswer(response, { status: 200, body: { access_token: 'access-7' } });
    });
    world.clock.advance(9 * HOUR);
    await current(0);
    expect(attempts).toEqual([
      {
        userId: world.connection.userId,
        connectionId: world.connection.id,
        tokenVersion: 1,
        sentAt: world.clock.now(),
      },
    ]);
  });

  it('keeps a pair that came when its transaction was already dead', async () => {
    world.vendor.answer('/token', async (_request, response) => {
      await world.endOpenTransactions();
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

  describe('refreshed, for a vendor that accepts no token at all', () => {
    const reject = async (replica: number) => {
      const account = await current(replica);
      const replaced = await world.replicas[replica].refreshed(world.connection, account);
      await world.replicas[replica].refusedAgain(world.connection);
      return replaced;
    };

    it('asks for another twice an hour, over all processes and calls', async () => {
      await reject(0);
      for (let minute = 0; minute < 60; minute += 3) {
        await reject(minute % 2).catch(() => undefined);
        world.clock.advance(3 * 60);
      }
      expect(world.sent()).toEqual(['refresh-0', 'refresh-1']);
      world.clock.advance(6 * 60);
      await expect(reject(0)).resolves.toMatchObject({ accessToken: 'access-3' });
      await expect(reject(1)).rejects.toThrow(ProviderUnauthorized);
      expect(await world.row()).toMatchObject({ status: 'active' });
    });

    it('counts a refusal to say whose token it is', async () => {
      world.vendor.answer('/account', { status: 401, body: {} });
      const rejected = await current(0);
      for (let call = 0; call < 4; call++) {
        await expect(world.replicas[0].refreshed(world.connection, rejected)).rejects.toThrow(
          ProviderUnauthorized,
        );
      }
      expect(world.sent()).toEqual(['refresh-0']);
    });

    it('replaces a token that worked before as often as it takes', async () => {
      for (const version of [1, 2, 3, 4]) {
        const worked = await current(0);
        const replaced = await world.replicas[0].refreshed(world.connection, worked);
        expect(replaced).toMatchObject({ accessToken: `access-${version}` });
      }
    });

    it('still renews a token that grows old', async () => {
      await reject(0);
      world.clock.advance(9 * HOUR);
      await expect(current(1)).resolves.toMatchObject({ accessToken: 'access-2' });
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
    expect(await world.row()).toMatchObject({ status: 'expired', statusReason: 'no_refresh_token' });
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
