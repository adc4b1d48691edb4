import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { sendAnswer } from '../../test/support/scripted-vendor';
import { INVALID_GRANT, rotating, TokenWorld } from '../../test/support/token-world';
import { ProviderRateLimited, ProviderUnauthorized, ProviderUnavailable } from '../providers/provider-errors';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { TokenRefresh } from './token-refresh';
import { TokenRequest } from './token-request';

const MINUTE = 60;
const HOUR = 3_600;
const DOWN = { status: 503, body: {} };

describe(`${TokenRefresh.name}, when the vendor gives no token`, () => {
  let world: TokenWorld;
  beforeAll(async () => {
    world = await TokenWorld.start();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.reset());
  afterEach(() => jest.restoreAllMocks());

  const current = (replica = 0) => world.replicas[replica].current(world.connection);

  it.each([
    ['503', { status: 503, body: 'Service Unavailable', contentType: 'text/plain' }],
    ['a 400 without an OAuth error', { status: 400, body: '<h1>Bad</h1>', contentType: 'text/html' }],
    ['a 400 that blames the request', { status: 400, body: { error: 'invalid_request' } }],
    ['a 500 that says invalid_grant', { status: 500, body: { error: 'invalid_grant' } }],
  ])('%s ends nothing, and it is asked again after a while', async (_name, answer) => {
    world.vendor.answer('/token', answer);
    world.clock.advance(9 * HOUR);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(current(attempt % 2)).rejects.toThrow(ProviderUnavailable);
      // Left alone meanwhile, by the other process too.
      await expect(current((attempt + 1) % 2)).rejects.toThrow(/asked again from/);
      world.clock.advance(10 * MINUTE);
    }
    expect(world.sent()).toHaveLength(3);
    expect(await world.row()).toMatchObject({ status: 'active', attention: 'refresh_failing' });
    expect(await world.stored()).toMatchObject({
      refreshFailures: 3,
      refreshError: 'unavailable',
      lostAnswers: 0,
    });

    world.vendor.answer('/token', rotating());
    await expect(current()).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(await world.row()).toMatchObject({ status: 'active', attention: null });
    expect(await world.stored()).toMatchObject({
      refreshFailures: 0,
      refreshRetryAt: null,
      refreshError: null,
    });
  });

  it('429 is ProviderRateLimited, and its Retry-After is kept', async () => {
    world.vendor.answer('/token', (_request, response) => {
      response.writeHead(429, { 'retry-after': '7200' }).end('{}');
    });
    world.clock.advance(9 * HOUR);
    await expect(current()).rejects.toThrow(ProviderRateLimited);
    world.clock.advance(7_199);
    await expect(current()).rejects.toThrow(ProviderUnavailable);
    expect(world.sent()).toHaveLength(1);
    world.clock.advance(MINUTE);
    await expect(current()).rejects.toThrow(ProviderRateLimited);
    expect(world.sent()).toHaveLength(2);
  });

  it('held back by the breaker it waits as for any failure, but not when the outage is over already', async () => {
    const heldBack = () => {
      const until = new Date(world.clock.now().getTime() + 20_000);
      const error = new ProviderUnavailable('in trouble', until);
      jest.spyOn(TokenRequest.prototype, 'send').mockRejectedValueOnce(error);
      return until;
    };
    world.clock.advance(9 * HOUR);
    const first = heldBack();
    await expect(current()).rejects.toThrow('in trouble');
    const waiting = await world.stored();
    expect(waiting.refreshFailures).toBe(1);
    expect(waiting.refreshRetryAt!.getTime()).toBeGreaterThan(first.getTime());

    world.clock.advance(MINUTE);
    await world.database.query(`INSERT INTO token_endpoint VALUES ('scripted', $1, NULL, NULL)`, [
      world.clock.now(),
    ]);
    const second = heldBack();
    await expect(current()).rejects.toThrow('in trouble');
    expect(await world.stored()).toMatchObject({ refreshFailures: 1, refreshRetryAt: second });
  });

  it('100 callers in two processes ask once', async () => {
    world.vendor.answer('/token', async (_request, response) => {
      await wait(300);
      sendAnswer(response, DOWN);
    });
    world.clock.advance(9 * HOUR);
    const callers = Array.from({ length: 100 }, (_, index) => current(index % 2));
    const outcomes = await Promise.allSettled(callers);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(world.sent()).toHaveLength(1);
  });

  it('a token that is still good is used, without a mark on the connection', async () => {
    world.vendor.answer('/token', DOWN);
    world.clock.advance(7 * HOUR);
    for (let call = 0; call < 4; call++) {
      await expect(current(call % 2)).resolves.toMatchObject({ accessToken: 'access-0' });
    }
    expect(world.sent()).toHaveLength(1);
    expect(await world.row()).toMatchObject({ status: 'active', attention: null });
  });

  it('the sweep goes on asking, and stops when there is a pair', async () => {
    const [, other] = world.processes;
    world.vendor.answer('/token', DOWN);
    world.clock.advance(7 * HOUR);
    await current();
    await other.swept();
    expect(world.sent()).toHaveLength(1);
    world.clock.advance(MINUTE);
    await other.swept();
    expect(world.sent()).toHaveLength(2);
    world.vendor.answer('/token', rotating());
    world.clock.advance(2 * MINUTE);
    await other.swept();
    world.clock.advance(HOUR);
    await other.swept();
    expect(world.sent()).toHaveLength(3);
    expect(await world.stored()).toMatchObject({ tokenVersion: 2 });
  });

  it('the sweep asks nobody while the clock of its machine is wrong', async () => {
    world.vendor.answer('/token', DOWN);
    world.clock.advance(7 * HOUR);
    await current();
    world.clock.advance(MINUTE);
    const trusted = jest.spyOn(world.clock, 'isTrusted', 'get').mockReturnValue(false);
    await world.processes[1].swept();
    expect(world.sent()).toHaveLength(1);
    trusted.mockRestore();
    await world.processes[1].swept();
    expect(world.sent()).toHaveLength(2);
  });

  describe('says invalid_grant', () => {
    beforeEach(() => {
      world.vendor.answer('/token', INVALID_GRANT);
      world.clock.advance(9 * HOUR);
    });

    it('is believed after a second one, a minute later at least', async () => {
      await expect(current(0)).rejects.toThrow(ProviderUnavailable);
      expect(await world.row()).toMatchObject({ status: 'active', attention: 'refresh_failing' });

      world.clock.advance(59);
      await expect(current(1)).rejects.toThrow(ProviderUnavailable);
      expect(world.sent()).toHaveLength(1);

      world.clock.advance(1);
      await expect(current(1)).rejects.toThrow(ProviderUnauthorized);
      expect(world.sent()).toHaveLength(2);
      expect(await world.row()).toMatchObject({
        status: 'expired',
        statusReason: 'invalid_grant',
        attention: null,
      });
      // Nothing is left for the sweep to look at.
      expect(await world.stored()).toMatchObject({ refreshRetryAt: null });
    });

    it('is confirmed by the sweep where nobody calls', async () => {
      await expect(current(0)).rejects.toThrow(ProviderUnavailable);
      world.clock.advance(60);
      await world.processes[1].swept();
      expect(await world.row()).toMatchObject({ status: 'expired' });
      world.clock.advance(HOUR);
      await world.processes[1].swept();
      expect(world.sent()).toHaveLength(2);
    });

    it('is taken back when the second try brings a pair', async () => {
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

  describe('says invalid_client', () => {
    const errors: unknown[] = [];
    let connections: Connection[];
    beforeEach(async () => {
      errors.length = 0;
      connections = [world.connection];
      while (connections.length < 6) connections.push(await world.connected());
      jest.spyOn(Logger.prototype, 'error').mockImplementation((line: unknown) => void errors.push(line));
      world.vendor.answer('/token', { status: 401, body: { error: 'invalid_client' } });
      world.clock.advance(9 * HOUR);
    });

    it('is asked once in five minutes by all, ends no connection, and is said once', async () => {
      const all = () =>
        Promise.allSettled(connections.map((one, index) => world.replicas[index % 2].current(one)));
      await all();
      const first = world.sent().length;
      // Those that were under way already.
      expect(first).toBeLessThanOrEqual(6);
      for (let minute = 1; minute < 60; minute++) {
        world.clock.advance(MINUTE);
        await all();
        for (const process of world.processes) await process.swept();
      }
      expect(world.sent().length - first).toBe(11);
      expect(errors).toEqual([
        {
          msg: "a provider refuses this server's client id or secret: check its settings",
          provider: 'scripted',
        },
      ]);
      const rows = await world.database.manager.findBy(Connection, { status: 'active' });
      expect(rows.map(({ attention }) => attention)).toEqual(Array(6).fill(null));

      world.vendor.answer('/token', { status: 200, body: { access_token: 'fine', expires_in: 60 } });
      world.clock.advance(5 * MINUTE);
      await current();
      await all();
      expect(await world.database.manager.countBy(Credential, { tokenVersion: 2 })).toBe(6);
    });
  });
});
