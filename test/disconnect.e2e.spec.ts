import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { RevocationWorker } from '../src/connections/revocation.worker';
import { OAuthFlow, REDIRECT_URI, backWith, endOf } from './support/oauth-flow';

describe('disconnecting', () => {
  let flow: OAuthFlow;
  let userId: string;
  beforeAll(async () => {
    flow = await OAuthFlow.start();
  });
  afterAll(() => flow?.close());
  beforeEach(async () => {
    await flow.reset();
    userId = await flow.createUser();
    await flow.server.sql('TRUNCATE revocation');
  });

  const disconnect = (user = userId, provider = 'scripted') =>
    flow.server.request('DELETE', `/api/v1/users/${user}/connections/${provider}`);
  const sweep = () => flow.server.app.get(RevocationWorker, { strict: false }).sweep();
  const revocations = () => flow.server.sql('SELECT attempts, next_attempt_at FROM revocation');
  /** The tokens that the vendor was told to end, once there are so many. */
  const revoked = async (count: number) => {
    const told = () => flow.vendor.requestsTo('/revoke').map(({ form }) => form.get('token'));
    for (let tenth = 0; tenth < 80 && told().length < count; tenth++) await wait(100);
    return told();
  };

  it('destroys the tokens at once, keeps the rest, and tells the vendor', async () => {
    await flow.connect(userId);
    const [before] = await flow.server.sql('SELECT * FROM connection WHERE user_id = $1', [userId]);
    expect(await disconnect()).toMatchObject({ status: 204, body: null });
    expect(await flow.connectionsOf(userId)).toEqual([
      { id: before.id, status: 'revoked', has_tokens: false },
    ]);
    const [after] = await flow.server.sql('SELECT * FROM connection WHERE user_id = $1', [userId]);
    expect(after).toMatchObject({ lease_until: null, status_reason: 'disconnected' });
    // A sync that is under way finds its epoch over.
    expect(Number(after.sync_epoch)).toBeGreaterThan(Number(before.sync_epoch));
    const [kept] = await flow.server.sql<{ row: string }>('SELECT revocation::text AS row FROM revocation');
    expect(kept.row).not.toContain('plain-refresh');
    expect(kept.row).not.toContain(Buffer.from('plain-refresh').toString('hex'));

    await sweep();
    expect(await revoked(1)).toEqual(['plain-refresh']);
    expect(Object.fromEntries(flow.vendor.requestsTo('/revoke')[0].form)).toEqual({
      token: 'plain-refresh',
      token_type_hint: 'refresh_token',
      client_id: 'client-1',
      client_secret: 'secret-1',
    });
    await gone();
  });

  it('says what it is in the list, and can be done twice and undone by a new sign-in', async () => {
    flow.signInAs('account-again');
    await flow.connect(userId);
    await disconnect();
    expect((await disconnect()).status).toBe(204);
    const path = `/api/v1/users/${userId}/connections`;
    const { body } = await flow.server.request('GET', path);
    expect(body).toMatchObject([{ status: 'revoked', status_reason: 'disconnected', attention: null }]);
    expect(await revocations()).toHaveLength(1);

    await flow.connect(userId);
    const again = await flow.server.request('GET', path);
    expect(again.body).toMatchObject([{ id: body[0].id, status: 'active', status_reason: null }]);
  });

  it.each([
    ['a user who never connected', () => disconnect(), 404, /never had a connection to 'scripted'/],
    ['a user who is not there', () => disconnect(randomUUID()), 404, /not found/],
    ['a provider that is not there', () => disconnect(userId, 'oak'), 404, /never had a connection to 'oak'/],
  ])('refuses %s', async (_who, act, status, detail) => {
    expect(await act()).toMatchObject({ status, body: { detail: expect.stringMatching(detail) } });
  });

  it('ends a run that is in progress', async () => {
    await flow.connect(userId);
    const run = async (isOver: (status: string) => boolean): Promise<string> => {
      for (let tenth = 0; ; tenth++) {
        const [found] = await flow.server.sql<{ status: string }>(
          'SELECT status FROM sync_run WHERE user_id = $1',
          [userId],
        );
        if (found && (isOver(found.status) || tenth > 100)) return found.status;
        await wait(100);
      }
    };
    await run((status) => status !== 'in_progress');
    await flow.server.sql(`UPDATE sync_run SET status = 'in_progress', ended_at = NULL WHERE user_id = $1`, [
      userId,
    ]);
    const began = performance.now();
    await disconnect();
    expect(await run((status) => status !== 'in_progress')).toBe('cancelled');
    // By the wake-up, not by the next look.
    expect(performance.now() - began).toBeLessThan(2_000);
    const told = await flow.server.sql('SELECT status FROM sync_event WHERE user_id = $1 ORDER BY id', [
      userId,
    ]);
    expect(told.at(-1)).toEqual({ status: 'cancelled' });
  });

  it('does not wait for a refresh that is under way; its tokens follow', async () => {
    await flow.connect(userId);
    const refreshing = new Client(flow.server.databaseUrl);
    await refreshing.connect();
    await refreshing.query('BEGIN');
    await refreshing.query('SELECT 1 FROM credential WHERE user_id = $1 FOR UPDATE', [userId]);
    const began = performance.now();
    expect((await disconnect()).status).toBe(204);
    expect(performance.now() - began).toBeLessThan(1_000);
    await sweep();
    expect(await flow.connectionsOf(userId)).toMatchObject([{ status: 'revoked', has_tokens: true }]);

    await refreshing.query('COMMIT');
    await refreshing.end();
    await sweep();
    expect(await flow.connectionsOf(userId)).toMatchObject([{ status: 'revoked', has_tokens: false }]);
    expect(await revoked(1)).toEqual(['plain-refresh']);
  });

  it('is told to the vendor although the queue has lost everything', async () => {
    await flow.connect(userId);
    await disconnect();
    await sweep();
    await flow.server.sql('TRUNCATE pgboss.job, pgboss.job_common');
    await sweep();
    expect(await revoked(1)).toEqual(['plain-refresh']);
    await gone();
  });

  it('is told again to a vendor that does not answer, later and later, for a day', async () => {
    flow.vendor.answer('/revoke', { status: 503, body: {} });
    await flow.connect(userId);
    await disconnect();
    await sweep();
    await revoked(1);
    await attempts(1);
    await sweep();
    expect(await revoked(1)).toHaveLength(1);

    await flow.server.sql('UPDATE revocation SET next_attempt_at = created_at');
    await sweep();
    await revoked(2);
    await attempts(2);
    const [{ waits }] = await flow.server.sql<{ waits: boolean }>(
      `SELECT next_attempt_at > created_at + interval '59 s' AS waits FROM revocation`,
    );
    expect(waits).toBe(true);

    await flow.server.sql(
      `UPDATE revocation SET next_attempt_at = created_at, created_at = created_at - interval '25 h'`,
    );
    await sweep();
    await revoked(3);
    await gone();
  });

  describe('tokens that come to nothing', () => {
    it('of an account that another one replaces are revoked', async () => {
      flow.signInAs('account-first');
      await flow.connect(userId);
      flow.signInAs('account-second');
      await flow.connect(userId);
      await sweep();
      expect(await revoked(1)).toEqual(['plain-refresh']);
      expect(
        await flow.server.sql('SELECT status_reason FROM connection WHERE user_id = $1', [userId]),
      ).toEqual(expect.arrayContaining([{ status_reason: 'replaced' }, { status_reason: null }]));
    });

    it('of a user who is deleted are revoked, and nothing says whose they were', async () => {
      const remove = () => flow.server.request('DELETE', `/api/v1/users/${userId}`);
      flow.signInAs('account-former');
      await flow.connect(userId);
      await disconnect();
      flow.signInAs('account-latter');
      await flow.connect(userId);
      expect((await remove()).status).toBe(200);
      expect(await flow.server.sql('SELECT 1 FROM revocation WHERE user_id = $1', [userId])).toEqual([]);
      expect(await revocations()).toHaveLength(2);
      await sweep();
      expect(await revoked(2)).toEqual(['plain-refresh', 'plain-refresh']);
      await gone();
    });

    it('of a user who is deleted while they are being renewed are waited for', async () => {
      await flow.connect(userId);
      const refreshing = new Client(flow.server.databaseUrl);
      await refreshing.connect();
      await refreshing.query('BEGIN');
      await refreshing.query('SELECT 1 FROM credential WHERE user_id = $1 FOR UPDATE', [userId]);
      const deleted = flow.server.request('DELETE', `/api/v1/users/${userId}`);
      await wait(300);
      expect(await flow.connectionsOf(userId)).toMatchObject([{ status: 'active' }]);
      await refreshing.query('COMMIT');
      await refreshing.end();
      expect((await deleted).status).toBe(200);
      await sweep();
      expect(await revoked(1)).toEqual(['plain-refresh']);
    });

    it('that nobody can read any more keep no one from disconnecting, nor from being deleted', async () => {
      await flow.connect(userId);
      await flow.server.sql(`UPDATE credential SET key_id = 'lost' WHERE user_id = $1`, [userId]);
      expect((await disconnect()).status).toBe(204);
      expect(await flow.connectionsOf(userId)).toMatchObject([{ status: 'revoked', has_tokens: false }]);
      await flow.connect(userId);
      await flow.server.sql(`UPDATE credential SET key_id = 'lost' WHERE user_id = $1`, [userId]);
      expect((await flow.server.request('DELETE', `/api/v1/users/${userId}`)).status).toBe(200);
      expect(await revocations()).toEqual([]);
    });

    it('of a sign-in that is refused are revoked', async () => {
      flow.signInAs('account-shared');
      await flow.connect(await flow.createUser());
      const state = await flow.begin(userId, REDIRECT_URI);
      expect(endOf(await flow.callback({ state, code: 'a-code' }))).toEqual(
        backWith('account_already_linked'),
      );
      await sweep();
      expect(await revoked(1)).toEqual(['plain-refresh']);
    });
  });

  async function attempts(count: number): Promise<void> {
    for (let tenth = 0; tenth < 30; tenth++) {
      if ((await revocations()).some((row) => row.attempts === count)) return;
      await wait(100);
    }
    throw new Error(`not tried ${count} times`);
  }

  async function gone(): Promise<void> {
    for (let tenth = 0; tenth < 30 && (await revocations()).length > 0; tenth++) await wait(100);
    expect(await revocations()).toEqual([]);
  }
});
