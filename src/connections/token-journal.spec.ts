import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { sendAnswer } from '../../test/support/scripted-vendor';
import type { TokenProcess } from '../../test/support/token-process';
import { TokenWorld } from '../../test/support/token-world';
import { ProviderUnavailable } from '../providers/provider-errors';
import { Connection } from './connection.entity';
import { Credential } from './credential.entity';
import { Revocation } from './revocation.entity';
import { TokenJournal } from './token-journal';

const HOUR = 3_600;
const TOKENS = { accessToken: 'access-9', refreshToken: 'refresh-9', expiresInSeconds: 60, scope: null };

describe(TokenJournal.name, () => {
  let world: TokenWorld;
  beforeAll(async () => {
    world = await TokenWorld.start();
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    await world.reset();
    world.clock.advance(9 * HOUR);
  });
  afterEach(() => jest.restoreAllMocks());

  const current = (replica = 0) => world.replicas[replica].current(world.connection);
  const files = () => readdir(world.journalFolder);
  const key = () => ({ userId: world.connection.userId, connectionId: world.connection.id, tokenVersion: 1 });

  it('holds a pair, encrypted, from its arrival until it is committed', async () => {
    let text = '';
    world.processes[0].failpoints.at('refresh.before-commit', async () => {
      const [file] = await files();
      text = await readFile(join(world.journalFolder, file), 'utf8');
    });
    await current();
    expect(JSON.parse(text)).toMatchObject({ ...key(), receivedAt: world.clock.now().toISOString() });
    for (const secret of ['access-1', 'refresh-1']) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
    }
  });

  it.each([
    ['refresh.after-response', 1],
    ['refresh.before-commit', 1],
    ['refresh.after-commit', 1],
    ['refresh.before-unlock', 0],
  ] as const)('brings over what a process had that died at %s', async (point, left) => {
    const dying = await begun();
    const dead = dying.dieAt(point);
    void dying.tokens.current(world.connection).catch(() => undefined);
    await dead;
    await world.endOpenTransactions();
    dying.leave();
    expect(await files()).toHaveLength(left);

    // By a caller as by the sweep: whoever is first.
    await expect(current(1)).resolves.toMatchObject({ accessToken: 'access-1' });
    await world.processes[1].swept();
    await expect(current(1)).resolves.toMatchObject({ accessToken: 'access-1' });
    expect(world.credentials.refreshToken(await world.stored())).toBe('refresh-1');
    expect(world.sent()).toEqual(['refresh-0']);
    expect(await files()).toEqual([]);
  });

  it('is read at the start of a process, before anything is asked for', async () => {
    await world.processes[0].journal.keep(key(), TOKENS);
    Reflect.get(world.processes[0].journal, 'held').clear();
    const started = await begun();
    await started.replay.onApplicationBootstrap();
    expect(await world.stored()).toMatchObject({ tokenVersion: 2 });
    expect(await files()).toEqual([]);
    await started.stop();
  });

  describe('while the database is gone', () => {
    beforeEach(() => {
      world.vendor.answer('/token', async (_request, response) => {
        await world.loseDatabase();
        const body = { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 9 * HOUR };
        sendAnswer(response, { status: 200, body });
      });
    });
    afterEach(() => world.findDatabase());

    it('keeps the pair, gives it to nobody, and stores it within a second or two', async () => {
      await expect(current()).rejects.toThrow(ProviderUnavailable);
      await expect(current()).rejects.toThrow(/not currently accepting connections|terminat/);
      expect(await files()).toHaveLength(1);
      await world.findDatabase();
      for (let tenth = 0; tenth < 100 && (await files()).length > 0; tenth++) await wait(100);
      expect(await world.stored()).toMatchObject({ tokenVersion: 2 });
      await expect(current(1)).resolves.toMatchObject({ accessToken: 'access-1' });
      expect(world.sent()).toEqual(['refresh-0']);
    });

    it('in memory alone, where the folder cannot be written to; says so once', async () => {
      const warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
      const said = () => warnings.mock.calls.filter(([{ msg }]) => String(msg).startsWith('JOURNAL_DIR'));
      // A file and no folder: not even root can write into it.
      const forgetful = await begun(join(__filename, 'journal'));
      expect(forgetful.journal.isDurable).toBe(false);
      await expect(forgetful.tokens.current(world.connection)).rejects.toThrow(ProviderUnavailable);
      expect(said()).toHaveLength(1);
      await world.findDatabase();
      for (let tenth = 0; tenth < 100; tenth++) {
        const { tokenVersion } = await world.stored();
        if (tokenVersion === 2) break;
        await wait(100);
      }
      await expect(current(1)).resolves.toMatchObject({ accessToken: 'access-1' });
      expect(world.sent()).toEqual(['refresh-0']);
      await forgetful.stop();
    });

    it('revives a connection that a process with another folder gave up meanwhile', async () => {
      const forgetful = await begun(join(__filename, 'journal'));
      const settled = jest.spyOn(forgetful.replay, 'settle');
      await expect(forgetful.tokens.current(world.connection)).rejects.toThrow(ProviderUnavailable);
      const [[pair]] = settled.mock.calls;
      forgetful.leave();
      await world.findDatabase();
      await world.database.manager.update(
        Connection,
        { id: world.connection.id },
        { status: 'expired', statusReason: 'refresh_response_lost' },
      );
      await expect(forgetful.replay.settle(pair)).resolves.toBe(true);
      expect(await world.row()).toMatchObject({ status: 'active', statusReason: null });
      expect(await world.stored()).toMatchObject({ tokenVersion: 2 });
      await forgetful.stop();
    });
  });

  describe('a pair that comes late', () => {
    const settle = async (changes: Partial<Credential> = {}) => {
      const { journal, replay } = world.processes[0];
      await replay.settle(await journal.keep({ ...key(), ...changes }, TOKENS));
    };

    it('does not replace a newer one', async () => {
      await current();
      await settle();
      expect(await world.stored()).toMatchObject({ tokenVersion: 2 });
      await expect(current()).resolves.toMatchObject({ accessToken: 'access-1' });
    });

    it('does not replace that of a sign-in which began to count anew', async () => {
      const { journal, replay } = world.processes[0];
      const pair = await journal.keep(key(), TOKENS);
      await world.database.manager.delete(Credential, { connectionId: world.connection.id });
      world.clock.advance(1);
      await world.authorize(world.connection);
      await replay.settle(pair);
      await expect(current()).resolves.toMatchObject({ accessToken: 'access-0' });
    });

    it('is not taken for the answer of a refresh that comes after such a sign-in', async () => {
      await world.processes[0].journal.keep(key(), TOKENS);
      await world.database.manager.delete(Credential, { connectionId: world.connection.id });
      world.clock.advance(1);
      await world.authorize(world.connection);
      world.clock.advance(9 * HOUR);
      await expect(current()).resolves.toMatchObject({ accessToken: 'access-1' });
      expect(world.sent()).toEqual(['refresh-0']);
      expect(await files()).toEqual([]);
    });

    it('is revoked where the user has disconnected', async () => {
      await world.database.manager.delete(Credential, { connectionId: world.connection.id });
      await settle();
      expect(await world.database.manager.findBy(Revocation, { provider: 'scripted' })).toMatchObject([
        { userId: world.connection.userId, tokenType: 'refresh_token' },
      ]);
    });

    it('of another database that uses the same folder is left to that', async () => {
      await settle({ connectionId: randomUUID() });
      const [left] = await files();
      expect(left).toBeDefined();
      await rm(join(world.journalFolder, left));
    });

    it('cannot be read without its key, or from another place: said once, and nothing is stored', async () => {
      const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation();
      const [{ journal }, other] = world.processes;
      await journal.keep({ ...key(), tokenVersion: 7 }, TOKENS);
      const place = (version: number) => join(world.journalFolder, `${world.connection.id}.${version}.json`);
      const { tokenVersion: _, ...moved } = JSON.parse(await readFile(place(7), 'utf8'));
      await writeFile(place(1), JSON.stringify({ ...moved, tokenVersion: 1 }));
      await other.replay.takeOver();
      await other.replay.takeOver();
      expect(errors).toHaveBeenCalledTimes(1);
      expect(await world.stored()).toMatchObject({ tokenVersion: 1 });
      await rm(place(1));
    });
  });

  async function begun(folder = world.journalFolder): Promise<TokenProcess> {
    process.env.JOURNAL_DIR = folder;
    const started = world.newProcess();
    process.env.JOURNAL_DIR = world.journalFolder;
    await started.start();
    return started;
  }
});
