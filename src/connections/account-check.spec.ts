import { setTimeout as wait } from 'node:timers/promises';
import { accessBy } from '../../test/support/scripted-provider';
import { sendAnswer } from '../../test/support/scripted-vendor';
import { TokenWorld } from '../../test/support/token-world';
import {
  ProviderAccountChanged,
  ProviderForbidden,
  ProviderRateLimited,
  ProviderUnauthorized,
  ProviderUnavailable,
} from '../providers/provider-errors';
import { AccountCheck } from './account-check';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';

const HOUR = 3_600;

describe(AccountCheck.name, () => {
  let world: TokenWorld;
  beforeAll(async () => {
    world = await TokenWorld.start();
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    await world.reset();
    world.clock.advance(9 * HOUR);
  });

  const current = (replica = 0) => world.replicas[replica].current(world.connection);
  const ownAccount = () => world.vendor.answer('/account', world.accountIs(world.connection.providerUserId));
  const otherAccount = () => world.vendor.answer('/account', world.accountIs('somebody-else'));

  it('asks nobody about the token of a sign-in', async () => {
    world.clock.advance(-9 * HOUR);
    await expect(current()).resolves.toMatchObject({ accessToken: 'access-0' });
    expect(world.checked()).toEqual([]);
    expect(await world.stored()).toMatchObject({ accountVerified: true });
  });

  it('asks once for each refresh and process, not once for each call or caller', async () => {
    const callers = Array.from({ length: 100 }, (_, index) => current(index % 2));
    expect(new Set((await Promise.all(callers)).map(({ accessToken }) => accessToken))).toEqual(
      new Set(['access-1']),
    );
    expect(world.checked().length).toBeLessThanOrEqual(world.processes.length);
    expect(await world.stored()).toMatchObject({ tokenVersion: 2, accountVerified: true });

    world.vendor.forget();
    await current(1);
    expect(world.checked()).toEqual([]);
    world.clock.advance(9 * HOUR);
    await current();
    expect(world.checked()).toEqual(['access-2']);
  });

  it('asks with the new pair committed, and not yet verified', async () => {
    const seen: unknown[] = [];
    world.vendor.answer('/account', async (_request, response) => {
      const { tokenVersion, accountVerified } = await world.stored();
      seen.push({ tokenVersion, accountVerified });
      sendAnswer(response, { status: 200, body: { id: world.connection.providerUserId } });
    });
    await current();
    expect(seen).toEqual([{ tokenVersion: 2, accountVerified: false }]);
  });

  it.each([
    ['503', { status: 503, body: {} }, ProviderUnavailable],
    ['an account without an id', { status: 200, body: {} }, ProviderUnavailable],
    ['403', { status: 403, body: {} }, ProviderForbidden],
  ])('gives no token out while the vendor answers %s, and asks again later', async (_name, answer, error) => {
    world.vendor.answer('/account', answer);
    await expect(current()).rejects.toThrow(error);
    // Another process finds the pair, and does not use it either.
    await expect(current(1)).rejects.toThrow(error);
    expect(world.sent()).toEqual(['refresh-0']);
    expect(await world.row()).toMatchObject({ status: 'active', attention: null });

    ownAccount();
    await expect(current()).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(world.sent()).toEqual(['refresh-0']);
    expect(world.checked()).toHaveLength(3);
  });

  it('gives no token out while the vendor limits us, and does not even ask', async () => {
    world.vendor.answer('/account', { status: 429, body: {} });
    await expect(current()).rejects.toThrow(ProviderRateLimited);
    await expect(current(1)).rejects.toThrow(ProviderRateLimited);
    expect(world.checked()).toHaveLength(1);

    ownAccount();
    world.clock.advance(5);
    await expect(current()).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(world.sent()).toEqual(['refresh-0']);
    expect(world.checked()).toHaveLength(2);
  });

  it('does not fall back on the former token, though it is not over yet', async () => {
    world.clock.advance(-2 * HOUR);
    world.vendor.answer('/account', { status: 503, body: {} });
    await expect(current()).rejects.toThrow(ProviderUnavailable);
  });

  it('checks the token that replaces a rejected one, too', async () => {
    otherAccount();
    const refreshed = world.replicas[0].refreshed(world.connection, accessBy('access-0'));
    await expect(refreshed).rejects.toThrow(ProviderAccountChanged);
  });

  it('takes another token, once, where the unchecked one is no longer accepted', async () => {
    world.vendor.answer('/account', { status: 503, body: {} });
    await expect(current()).rejects.toThrow(ProviderUnavailable);
    world.vendor.answer('/account', ({ authorization }, response) =>
      authorization === 'Bearer access-1'
        ? sendAnswer(response, { status: 401, body: {} })
        : sendAnswer(response, { status: 200, body: { id: world.connection.providerUserId } }),
    );
    await expect(current()).resolves.toMatchObject({ accessToken: 'access-2' });

    world.vendor.answer('/account', { status: 401, body: {} });
    world.clock.advance(9 * HOUR);
    await expect(current()).rejects.toThrow(ProviderUnauthorized);
    expect(world.sent()).toEqual(['refresh-0', 'refresh-1', 'refresh-2']);
  });

  it('stops the connection of a changed account, and leaves the vendor alone from then on', async () => {
    otherAccount();
    await expect(current()).rejects.toThrow(ProviderAccountChanged);
    expect(await world.row()).toMatchObject({ status: 'active', attention: 'account_changed' });
    expect(await world.stored()).toMatchObject({ accountVerified: false });

    // A run that began before, in another process; then the next run.
    await expect(current(1)).rejects.toThrow(ProviderAccountChanged);
    const marked = await world.row();
    world.vendor.forget();
    ownAccount();
    world.clock.advance(20 * HOUR);
    await expect(world.replicas[0].current(marked)).rejects.toThrow(ProviderAccountChanged);
    await expect(world.replicas[0].current(marked)).rejects.toThrow(/the user must connect again/);
    expect(world.vendor.requests).toEqual([]);
  });

  it('asks a changed account once in each process, however many wait for the answer', async () => {
    otherAccount();
    const callers = Array.from({ length: 100 }, (_, index) => current(index % 2));
    const outcomes = await Promise.allSettled(callers);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(world.checked().length).toBeLessThanOrEqual(world.processes.length);
  });

  it('says nothing about another pair, which came while the vendor answered', async () => {
    world.vendor.answer('/account', async (_request, response) => {
      await world.authorize(world.connection);
      sendAnswer(response, { status: 200, body: { id: 'somebody-else' } });
    });
    await expect(current()).resolves.toMatchObject({ accessToken: 'access-0' });
    expect(await world.row()).toMatchObject({ attention: null });
  });

  it('gives no token out of a connection that ended while the vendor answered', async () => {
    world.vendor.answer('/account', async (_request, response) => {
      await world.database.manager.update(Connection, { id: world.connection.id }, { status: 'revoked' });
      sendAnswer(response, { status: 200, body: { id: world.connection.providerUserId } });
    });
    await expect(current()).rejects.toThrow(ProviderUnauthorized);
    expect(await world.stored()).toMatchObject({ accountVerified: false });
  });

  it('that waits for the budget of data calls holds no refresh up', async () => {
    const connections = [world.connection];
    while (connections.length < 6) connections.push(await world.connected());
    for (const one of connections) await world.authorize(one, { refreshToken: one.id });
    world.vendor.answer('/token', ({ form }, response) => {
      const body = { access_token: `of ${form.get('refresh_token')}`, expires_in: 9 * HOUR };
      sendAnswer(response, { status: 200, body });
    });
    world.vendor.answer('/account', ({ authorization }, response) => {
      const asked = connections.find(({ id }) => authorization === `Bearer of ${id}`);
      sendAnswer(response, { status: 200, body: { id: asked?.providerUserId } });
    });
    world.clock.advance(9 * HOUR);
    await world.emptyDataBudget();
    const refreshed = async (count: number) => {
      const deadline = performance.now() + 2_000;
      const done = () => world.database.manager.countBy(Credential, { tokenVersion: 3 });
      while ((await done()) < count && performance.now() < deadline) await wait(20);
      expect(await done()).toBe(count);
    };
    // More than the pool of refreshes holds.
    const waiting = connections.slice(1).map((one) => world.replicas[0].current(one));
    await refreshed(5);
    await wait(100);
    const other = current();
    await refreshed(6);
    expect(world.checked()).toEqual([]);
    world.clock.advance(1);
    await Promise.all([...waiting, other]);
    expect(world.checked()).toHaveLength(6);
  });

  it('serves again after a new sign-in', async () => {
    otherAccount();
    await expect(current()).rejects.toThrow(ProviderAccountChanged);
    await world.authorize(world.connection);
    await expect(current()).resolves.toMatchObject({ accessToken: 'access-0' });
  });
});
