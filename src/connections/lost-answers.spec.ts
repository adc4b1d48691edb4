import { Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { sendAnswer, type VendorRequest } from '../../test/support/scripted-vendor';
import { INVALID_GRANT, rotating, TokenWorld } from '../../test/support/token-world';
import { ProviderUnavailable } from '../providers/provider-errors';
import { Credential } from './credential.entity';
import { TokenRequest } from './token-request';

const HOUR = 3_600;
const hangUp = (response: ServerResponse) => void response.socket?.destroy();

type Answering = (request: VendorRequest, response: ServerResponse) => void;

describe('an answer of the token endpoint that is lost', () => {
  let world: TokenWorld;
  const retried: unknown[] = [];
  beforeAll(async () => {
    world = await TokenWorld.start();
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    await world.reset();
    world.clock.advance(9 * HOUR);
    retried.length = 0;
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((line) => {
      if (line.msg === 'refresh retried after a lost answer') retried.push(line.connection);
    });
  });
  afterEach(() => jest.restoreAllMocks());

  const current = (replica = 0) => world.replicas[replica].current(world.connection);
  /** After so many times a 503 the vendor may be asked again. */
  const failed = async (times: number) => {
    world.vendor.answer('/token', { status: 503, body: {} });
    for (let time = 0; time < times; time++) {
      await current().catch(() => undefined);
      world.clock.advance(HOUR);
    }
    expect(await world.stored()).toMatchObject({ refreshFailures: times });
  };
  /** Replaces the token at each request, and loses the first answers. */
  const loses = (count: number, answer = forgiving()) => {
    let lost = 0;
    world.vendor.answer('/token', (request, response) => {
      if (lost++ >= count) return answer(request, response);
      answer(
        request,
        Object.assign(Object.create(response), { writeHead() {}, end: () => hangUp(response) }),
      );
    });
  };

  it('is asked for again within seconds, by whichever process', async () => {
    loses(1);
    await expect(current(0)).rejects.toThrow(ProviderUnavailable);
    expect(await world.stored()).toMatchObject({
      refreshError: 'answer_lost',
      answerLostAt: world.clock.now(),
      lostAnswers: 1,
    });
    await expect(current(1)).rejects.toThrow(ProviderUnavailable);
    expect(world.sent()).toHaveLength(1);

    world.clock.advance(5);
    await world.processes[1].swept();
    expect(world.sent()).toEqual(['refresh-0', 'refresh-0']);
    await expect(current(0)).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(await world.stored()).toMatchObject({ answerLostAt: null, lostAnswers: 0 });
    expect(retried).toEqual([world.connection.id]);
  });

  it('is asked for three times within a minute, one after another, and then like any failure', async () => {
    loses(Infinity);
    await current().catch(() => undefined);
    for (let second = 0; second < 60; second++) {
      world.clock.advance(1);
      await Promise.all(world.processes.map((process) => process.swept()));
    }
    expect(world.sent()).toHaveLength(3);
    expect(retried).toHaveLength(2);
    expect(await world.row()).toMatchObject({ status: 'active', attention: 'refresh_failing' });
    world.clock.advance(4 * 60);
    await world.processes[0].swept();
    expect(world.sent()).toHaveLength(4);
    expect(retried).toHaveLength(3);
  });

  it('is asked for again within seconds though the vendor had been failing before', async () => {
    await failed(5);
    loses(1);
    const before = world.sent().length;
    await current().catch(() => undefined);
    for (let second = 0; second < 5; second++) {
      world.clock.advance(1);
      await world.processes[1].swept();
    }
    expect(world.sent().length - before).toBe(2);
    expect(await world.stored()).toMatchObject({ tokenVersion: 2, refreshFailures: 0 });
  });

  it('so is that of a process which died, however many were lost before', async () => {
    await failed(5);
    await world.database.manager.update(
      Credential,
      { connectionId: world.connection.id },
      { answerLostAt: world.clock.now(), lostAnswers: 3 },
    );
    await world.credentials.markAttempt(await world.stored(), world.clock.now());
    loses(0);
    await world.processes[1].swept();
    world.clock.advance(2);
    await world.processes[1].swept();
    expect(await world.stored()).toMatchObject({ tokenVersion: 2 });
  });

  it.each([
    ['HTML', { status: 200, body: '<html>maintenance</html>', contentType: 'text/html' }],
    ['JSON that breaks off', { status: 200, body: '{"access_token": "acc', contentType: 'application/json' }],
    ['no token', { status: 200, body: {} }],
  ])('%s with 200 may hide a pair: it counts as lost, and ends nothing', async (_name, answer) => {
    world.vendor.answer('/token', answer);
    world.clock.advance(9 * HOUR);
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(current(attempt % 2)).rejects.toThrow(ProviderUnavailable);
      await expect(current((attempt + 1) % 2)).rejects.toThrow(/asked again from/);
      world.clock.advance(attempt < 2 ? 2 : HOUR);
    }
    expect(world.sent()).toHaveLength(5);
    expect(await world.row()).toMatchObject({ status: 'active', attention: 'refresh_failing' });
    expect(await world.stored()).toMatchObject({ refreshError: 'answer_lost', lostAnswers: 5 });

    world.vendor.answer('/token', rotating());
    await expect(current()).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(await world.row()).toMatchObject({ status: 'active', attention: null });
  });

  it('ends the connection at a vendor that takes the second use for theft, and says why', async () => {
    loses(1, strict());
    await current().catch(() => undefined);
    for (let minute = 0; minute < 10; minute++) {
      for (const process of world.processes) await process.swept();
      world.clock.advance(60);
    }
    expect(await world.row()).toMatchObject({
      status: 'expired',
      statusReason: 'refresh_response_lost',
      attention: null,
    });
    expect(world.sent()).toHaveLength(3);
    expect(retried).toHaveLength(2);
  });

  it('is no excuse for a refusal that comes a version later', async () => {
    loses(1);
    await current().catch(() => undefined);
    world.clock.advance(5);
    await current();
    world.vendor.answer('/token', INVALID_GRANT);
    world.clock.advance(9 * HOUR);
    await current().catch(() => undefined);
    world.clock.advance(60);
    await current().catch(() => undefined);
    expect(await world.row()).toMatchObject({ status: 'expired', statusReason: 'invalid_grant' });
  });

  it('is not suspected where the request never got out', async () => {
    jest
      .spyOn(TokenRequest.prototype, 'send')
      .mockRejectedValueOnce(new ProviderUnavailable('no connection'));
    await current().catch(() => undefined);
    expect(await world.stored()).toMatchObject({
      answerLostAt: null,
      lostAnswers: 0,
      refreshError: 'unavailable',
    });
  });

  it.each([
    ['refresh.before-send', 0],
    ['refresh.after-send', 1],
  ] as const)(
    'because the process died at %s: another one asks again within seconds',
    async (point, arrived) => {
      world.vendor.answer('/token', forgiving());
      const dying = world.newProcess();
      await dying.start();
      const dead = dying.dieAt(point);
      // Nor does it take an answer in any more.
      jest.spyOn(dying.journal, 'keep').mockReturnValue(new Promise(() => {}));
      void dying.tokens.current(world.connection).catch(() => undefined);
      await dead;
      while (world.sent().length < arrived) await new Promise(setImmediate);
      await world.endOpenTransactions();

      const before = world.sent().length;
      for (let second = 0; second < 5; second++) {
        await world.processes[1].swept();
        world.clock.advance(1);
      }
      expect(world.sent().length - before).toBe(1);
      expect(retried).toEqual([world.connection.id]);
      await expect(current(1)).resolves.toMatchObject({ accessToken: 'access-1' });
      expect(await world.attempts()).toEqual([]);
      dying.leave();
    },
  );

  it('is not suspected while the other process waits for it', async () => {
    let answer = () => {};
    world.vendor.answer('/token', (_request, response) => {
      answer = () =>
        sendAnswer(response, { status: 200, body: { access_token: 'access-1', expires_in: 60 } });
    });
    const asking = current(0);
    while (world.sent().length === 0) await new Promise(setImmediate);
    await world.processes[1].swept();
    world.clock.advance(4);
    await world.processes[1].swept();
    answer();
    await expect(asking).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(world.sent()).toHaveLength(1);
    expect(await world.stored()).toMatchObject({ lostAnswers: 0 });
  });
});

/** Gives a pair once. */
function strict(): Answering {
  let isUsed = false;
  return (request, response) => {
    if (isUsed) return sendAnswer(response, INVALID_GRANT);
    isUsed = true;
    return forgiving()(request, response);
  };
}

/** Gives the same pair again to whoever asks with the token before. */
function forgiving(): Answering {
  return (request, response) => {
    const version = Number(request.form.get('refresh_token')?.split('-')[1]) + 1;
    const body = {
      access_token: `access-${version}`,
      refresh_token: `refresh-${version}`,
      expires_in: 9 * HOUR,
    };
    sendAnswer(response, { status: 200, body });
  };
}
