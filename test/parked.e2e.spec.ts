import { Module } from '@nestjs/common';
import { ActivationService } from '../src/connections/activation.service';
import { startApp, type TestApp } from './support/app';
import { answerOf, dataOf, DayProvider } from './support/day-provider';
import { syncFinished } from './support/sync-finished';

@Module({ providers: [DayProvider] })
class DayProviderModule {}

const dateAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

describe('days that were given up', () => {
  let server: TestApp;
  let provider: DayProvider;
  const users: string[] = [];
  const [BAD, WORSE] = [dateAgo(2), dateAgo(3)];

  beforeAll(async () => {
    server = await startApp({ SYNC_TICK: '50ms', BACKFILL_DAYS: '3' }, { providers: [DayProviderModule] });
    provider = server.app.get(DayProvider);
    provider.says((date) => answerOf(date, [BAD, WORSE].includes(date) ? '<html>' : dataOf(date)));
    for (const account of ['one', 'two']) {
      const userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
      users.push(userId);
      await server.app.get(ActivationService).activate({
        userId,
        provider: 'scripted',
        account: { id: account, name: null, timeZone: null, scope: null },
        tokens: { accessToken: 'token-1', refreshToken: null, expiresInSeconds: null, scope: null },
      });
      await syncFinished(server, userId);
    }
    await until(async () => {
      // As if four of five tries had been, said again to a day that was just being tried.
      await server.sql(
        `UPDATE sync_day SET attempts = 4, next_attempt_at = now() WHERE next_attempt_at IS NOT NULL`,
      );
      await server.sql(`UPDATE connection SET history_wake_at = now() WHERE lease_until IS NULL`);
      return (await list()).body.pagination.total_count === 4;
    });
  });
  afterAll(() => server?.close());

  async function until(condition: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; !(await condition()); waited += 50) {
      if (waited > 8_000) throw new Error('it did not happen within 8 s');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const list = (query = '') => server.request('GET', `/api/v1/ops/sync/parked${query}`);
  const release = (body: object) => server.request('POST', '/api/v1/ops/sync/parked/release', { body });

  it('are listed by page, with why and since when', async () => {
    const { status, body } = await list('?limit=3');
    expect(status).toBe(200);
    expect(body.data).toHaveLength(3);
    expect(body.pagination).toEqual({
      next_cursor: null,
      previous_cursor: null,
      has_more: true,
      total_count: 4,
    });
    expect(body.data[0]).toEqual({
      user_id: users[0],
      connection_id: expect.any(String),
      provider: 'scripted',
      date: expect.stringMatching(/^\d{4}-/),
      status: 'parked',
      error_code: 'payload_invalid',
      attempts: 5,
      since: expect.stringMatching(/Z$/),
    });
    expect((await list('?limit=3&offset=3')).body.data).toHaveLength(1);
    expect((await list(`?user_id=${users[1]}`)).body.data.map(({ date }: { date: string }) => date)).toEqual(
      expect.arrayContaining([BAD, WORSE]),
    );
    expect((await list('?provider=ultrahuman')).body.data).toEqual([]);
  });

  it('refuse to be released by nobody', async () => {
    expect((await release({})).body.detail).toMatch(/^Say which days to release: user_id/);
    expect((await release({ user_id: '7' })).status).toBe(400);
    expect((await release({ all: true, provider: 'ultrahuman' })).body).toEqual({ released: 0 });
  });

  it.each(['user_id', 'connection_id', 'provider', 'date'])(
    'refuse to be released by a %s of null',
    async (filter) => {
      const { status, body } = await release({ [filter]: null });
      expect([status, body.detail]).toEqual([400, expect.stringMatching(`^${filter} must be `)]);
      expect((await release({ [filter]: null, all: true })).status).toBe(400);
      expect((await list()).body.pagination.total_count).toBe(4);
    },
  );

  it.each(['yesterday', '2026-02-31', '0000-01-01', '2026-13-01', 7, ['2026-03-07']])(
    'refuse to be released by the date %j',
    async (date) => {
      expect(await release({ date })).toMatchObject({
        status: 400,
        body: { detail: 'date must be a date such as 2026-03-07' },
      });
    },
  );

  it('name the providers that there are', async () => {
    const refused = {
      status: 400,
      body: { detail: 'Unknown provider: another. Known providers: scripted, ultrahuman.' },
    };
    expect(await list('?provider=another')).toMatchObject(refused);
    expect(await release({ provider: 'another' })).toMatchObject(refused);
  });

  it('are read again at once when they are released', async () => {
    provider.says((date) => answerOf(date, dataOf(date)));
    expect((await release({ user_id: users[0], date: BAD })).body).toEqual({ released: 1 });
    await until(async () => (await list()).body.pagination.total_count === 3);
    const days = (user: string) =>
      server.sql<{ date: string; status: string }>(
        `SELECT date::text, status FROM sync_day WHERE user_id = $1 AND date = ANY ($2) ORDER BY date`,
        [user, [BAD, WORSE]],
      );
    await until(async () => (await days(users[0]))[1].status === 'stored');
    expect((await release({ all: true })).body).toEqual({ released: 3 });
    await until(async () =>
      [...(await days(users[0])), ...(await days(users[1]))].every(({ status }) => status === 'stored'),
    );
    expect((await list()).body.data).toEqual([]);
  });
});
