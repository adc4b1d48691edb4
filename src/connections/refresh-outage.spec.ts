import type { ServerResponse } from 'node:http';
import { sendAnswer, type VendorRequest } from '../../test/support/scripted-vendor';
import { TokenWorld } from '../../test/support/token-world';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { RefreshSweep } from './refresh-sweep.cron';

const MINUTE = 60;
const HOUR = 3_600;
const DOWN = { status: 503, body: {} };
const hangUp = (_request: VendorRequest, response: ServerResponse) => void response.socket?.destroy();

describe(`${RefreshSweep.name}, while a token endpoint is down for long`, () => {
  let world: TokenWorld;
  beforeAll(async () => {
    world = await TokenWorld.start();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.reset());

  it.each([
    ['503', 12, 15, DOWN],
    ['503', 3, 15, DOWN],
    ['lost answers', 3, 15, hangUp],
    // Eighteen requests in six hours leave a lone connection twenty minutes between them.
    ['503', 1, 30, DOWN],
    ['lost answers', 1, 30, hangUp],
  ])(
    'an outage of six hours (%s) costs each of %i connections 18 requests at most; then all are back in %i minutes',
    async (_name, count, back, answer) => {
      const connections = [world.connection];
      while (connections.length < count) connections.push(await world.connected());
      for (const one of connections) await world.authorize(one, { refreshToken: one.id });
      world.vendor.answer('/token', answer);
      world.clock.advance(9 * HOUR);
      for (let minute = 0; minute < 6 * 60; minute += 2) {
        // As often as a sync may look.
        if (minute % 20 === 0)
          await Promise.allSettled(connections.map((one, index) => world.replicas[index % 2].current(one)));
        await world.processes[(minute / 2) % 2].swept();
        world.clock.advance(2 * MINUTE);
      }
      for (const { id } of connections) {
        const requests = world.sent().filter((token) => token === id);
        // With three or more the breaker keeps some of them back.
        expect(requests.length).toBeGreaterThanOrEqual(3);
        expect(requests.length).toBeLessThanOrEqual(18);
      }
      expect(await world.database.manager.countBy(Connection, { status: 'active' })).toBe(count);

      world.vendor.answer('/token', { status: 200, body: { access_token: 'back', expires_in: 60 } });
      for (let minute = 0; minute < back; minute++) {
        world.clock.advance(MINUTE);
        await world.processes[minute % 2].swept();
      }
      expect(await world.database.manager.countBy(Credential, { tokenVersion: 3, refreshFailures: 0 })).toBe(
        count,
      );
      expect(await world.database.manager.countBy(Connection, { attention: 'refresh_failing' })).toBe(0);
    },
  );

  it("one user's refresh that fails alone is not brought forward by the others'", async () => {
    world.vendor.answer('/token', ({ form }, response) =>
      form.get('refresh_token') === 'poison'
        ? sendAnswer(response, DOWN)
        : sendAnswer(response, { status: 200, body: { access_token: 'fine', expires_in: 60 } }),
    );
    await world.authorize(world.connection, { refreshToken: 'poison' });
    const other = await world.connected();
    world.vendor.answer('/account', world.accountIs(other.providerUserId));
    world.clock.advance(9 * HOUR);
    for (let minute = 0; minute < 60; minute++) {
      await world.replicas[0].current(world.connection).catch(() => undefined);
      await world.replicas[0].current(other);
      await world.processes[minute % 2].swept();
      world.clock.advance(MINUTE);
    }
    expect(world.sent().filter((token) => token === 'poison').length).toBeLessThanOrEqual(8);
  });

  it("a vendor's own Retry-After is not cut short, neither by others' success nor by the quiet", async () => {
    world.vendor.answer('/token', (_request, response) => {
      response.writeHead(429, { 'retry-after': '7200' }).end('{}');
    });
    world.clock.advance(9 * HOUR);
    await world.replicas[0].current(world.connection).catch(() => undefined);
    const told = await world.stored();
    world.vendor.answer('/token', { status: 200, body: { access_token: 'fine', expires_in: 60 } });
    await world.database.query(`INSERT INTO token_endpoint VALUES ('scripted', $1, NULL, NULL)`, [
      told.issuedAt,
    ]);
    const other = await world.connected();
    world.clock.advance(9 * MINUTE);
    await world.replicas[0].current(other);
    for (let minute = 0; minute < 100; minute += 10) {
      await world.processes[0].swept();
      world.clock.advance(10 * MINUTE);
    }
    expect(await world.stored()).toMatchObject({
      refreshRetryAt: told.refreshRetryAt,
      refreshFailedAt: told.refreshFailedAt,
    });
  });
});
