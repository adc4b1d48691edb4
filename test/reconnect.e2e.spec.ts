import { Client } from 'pg';
import { OAuthFlow, REDIRECT_URI, backWith, endOf } from './support/oauth-flow';

const CONNECTED = '/oauth/success';

/** Which connection an account at the vendor ends up with. */
describe('connecting an account again', () => {
  let flow: OAuthFlow;
  let userId: string;
  beforeAll(async () => {
    flow = await OAuthFlow.start();
  });
  afterAll(() => flow?.close());
  beforeEach(async () => {
    await flow.reset();
    userId = await flow.createUser();
  });

  it('revives the connection of the same account, with new tokens', async () => {
    flow.signInAs('account-back');
    await flow.connect(userId);
    const [{ id }] = await flow.connectionsOf(userId);
    await flow.server.sql(`UPDATE connection SET status = 'expired', attention = 'forbidden' WHERE id = $1`, [
      id,
    ]);
    await flow.server.sql('UPDATE credential SET refresh_refused_at = issued_at WHERE connection_id = $1', [
      id,
    ]);

    expect(await flow.connect(userId)).toContain(CONNECTED);
    expect(await flow.connectionsOf(userId)).toEqual([{ id, status: 'active', has_tokens: true }]);
    const [row] = await flow.server.sql(
      `SELECT c.attention, k.token_version, k.refresh_refused_at
         FROM connection c JOIN credential k ON k.connection_id = c.id WHERE c.id = $1`,
      [id],
    );
    expect(row).toEqual({ attention: null, token_version: 2, refresh_refused_at: null });
  });

  it("replaces the connection of another account, whose tokens are destroyed; the first one's can come back", async () => {
    flow.signInAs('account-one');
    await flow.connect(userId);
    flow.signInAs('account-two');
    await flow.connect(userId);
    const [first, second] = await flow.connectionsOf(userId);
    expect(first).toEqual({ id: first.id, status: 'revoked', has_tokens: false });
    expect(second).toEqual({
      id: expect.not.stringContaining(String(first.id)),
      status: 'active',
      has_tokens: true,
    });
    const { body } = await flow.server.request('GET', `/api/v1/users/${userId}/connections`);
    expect(body.map((one: { id: string }) => one.id)).toEqual([second.id, first.id]);

    flow.signInAs('account-one');
    await flow.connect(userId);
    expect(await flow.connectionsOf(userId)).toEqual([
      { id: first.id, status: 'active', has_tokens: true },
      { id: second.id, status: 'revoked', has_tokens: false },
    ]);
  });

  it('refuses the account of another user, and changes nothing', async () => {
    flow.signInAs('account-own');
    await flow.connect(userId);
    flow.signInAs('account-taken');
    await flow.connect(await flow.createUser());
    const tokens = () => flow.server.sql('SELECT * FROM credential WHERE user_id = $1', [userId]);
    const [rows, secrets] = [await flow.connectionsOf(userId), await tokens()];

    const state = await flow.begin(userId, REDIRECT_URI);
    expect(endOf(await flow.callback({ state, code: 'a-code' }))).toEqual(backWith('account_already_linked'));
    expect(await flow.connectionsOf(userId)).toEqual(rows);
    expect(await tokens()).toEqual(secrets);
  });

  it('takes an account that another user gave up', async () => {
    const former = await flow.createUser();
    flow.signInAs('account-handed-on');
    await flow.connect(former);
    flow.signInAs('account-new');
    await flow.connect(former);
    flow.signInAs('account-handed-on');
    expect(await flow.connect(userId)).toContain(CONNECTED);
  });

  it('gives the account to one of several users who connect it at the same moment', async () => {
    flow.signInAs('account-raced');
    const users = [userId, await flow.createUser(), await flow.createUser()];
    const locations = await Promise.all(users.map((user) => flow.connect(user)));
    expect(locations.filter((location) => location.includes(CONNECTED))).toHaveLength(1);
    expect(locations.filter((location) => location.includes('account_already_linked'))).toHaveLength(2);
    for (const table of ['connection', 'credential']) {
      expect(await flow.server.sql(`SELECT 1 FROM ${table} WHERE user_id = ANY($1)`, [users])).toHaveLength(
        1,
      );
    }
  });

  it('refuses the account when another user is just getting it', async () => {
    flow.signInAs('account-contested');
    const other = await flow.createUser();
    const state = await flow.begin(userId, REDIRECT_URI);
    const answer = await whileOpen(
      `INSERT INTO connection (user_id, id, provider, provider_user_id, status, sync_epoch, wake_at, next_slot_at, priority, created_at, updated_at)
       VALUES ($1, gen_random_uuid(), 'scripted', 'account-contested', 'active', 1, 'infinity', 'infinity', 1, now(), now())`,
      [other],
      () => flow.callback({ state, code: 'a-code' }),
    );
    expect(endOf(answer)).toEqual(backWith('account_already_linked'));
    expect(await flow.rowsOf(userId)).toEqual([]);
  });

  it('leaves no valid epoch to a sync that is just claiming the connection', async () => {
    flow.signInAs('account-claimed');
    await flow.connect(userId);
    const epoch = async () => {
      const [row] = await flow.server.sql<{ epoch: number }>(
        'SELECT sync_epoch AS epoch FROM connection WHERE user_id = $1',
        [userId],
      );
      return row.epoch;
    };
    await flow.server.sql(`UPDATE connection SET sync_epoch = 500, wake_at = 'infinity' WHERE user_id = $1`, [
      userId,
    ]);
    await whileOpen('UPDATE connection SET sync_epoch = 501 WHERE user_id = $1', [userId], () =>
      flow.connect(userId),
    );
    expect(await epoch()).toBeGreaterThan(501);
  });

  /** Begins `act` while a transaction with this statement is open, and commits that once `act` waits for it. */
  async function whileOpen<T>(statement: string, parameters: unknown[], act: () => Promise<T>): Promise<T> {
    const client = new Client(flow.server.databaseUrl);
    await client.connect();
    await client.query('BEGIN');
    await client.query(statement, parameters);
    const acting = act();
    for (let waiting = false; !waiting;) {
      const [row] = await flow.server.sql<{ waiting: boolean }>(
        `SELECT count(*) > 0 AS waiting FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      waiting = row.waiting;
    }
    await client.query('COMMIT');
    await client.end();
    return acting;
  }

  it('makes one connection when the user clicks twice', async () => {
    flow.signInAs('account-double');
    const locations = await Promise.all([flow.connect(userId), flow.connect(userId), flow.connect(userId)]);
    for (const location of locations) expect(location).toContain(CONNECTED);
    expect(await flow.connectionsOf(userId)).toHaveLength(1);
  });
});
