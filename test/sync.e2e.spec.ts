import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { ActivationService } from '../src/connections/activation.service';
import { localDate } from '../src/sync/local-date';
import { startApp, type TestApp } from './support/app';
import { DayProvider, ZONE } from './support/day-provider';
import { syncFinished } from './support/sync-finished';

@Module({ providers: [DayProvider] })
class DayProviderModule {}

describe('the sync routes', () => {
  let server: TestApp;
  let userId: string;

  beforeAll(async () => {
    server = await startApp({ SYNC_TICK: '50ms', BACKFILL_DAYS: '3' }, { providers: [DayProviderModule] });
    userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
    await server.app.get(ActivationService).activate({
      userId,
      provider: 'scripted',
      account: { id: 'account-1', name: null, timeZone: null, scope: null },
      tokens: { accessToken: 'token-1', refreshToken: null, expiresInSeconds: null, scope: null },
    });
    await syncFinished(server, userId);
  });
  afterAll(() => server?.close());

  const sync = (query = '', user = userId) =>
    server.request('POST', `/api/v1/providers/scripted/users/${user}/sync${query}`);
  const get = (path: string) => server.request('GET', `/api/v1${path}`);

  it('show the backfill that started by itself after the connect', async () => {
    const { status, body } = await get(`/users/${userId}/sync/runs`);
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        run_id: expect.stringMatching(/^pull_[0-9a-f]{16}$/),
        user_id: userId,
        provider: 'scripted',
        source: 'backfill',
        stage: 'completed',
        status: 'success',
        message: 'Sync from scripted completed · 20 new, 0 updated',
        progress: 1,
        items_processed: 5,
        items_total: 5,
        error: null,
        primary_user_id: null,
        started_at: expect.stringMatching(/Z$/),
        ended_at: expect.stringMatching(/Z$/),
        last_update: expect.stringMatching(/Z$/),
      },
    ]);
  });

  it('tell the steps, newest first, with exactly the fields of the contract', async () => {
    const { body } = await get(`/users/${userId}/sync/recent?limit=200`);
    expect(body.at(-1)).toMatchObject({ stage: 'started', ended_at: null });
    expect(body[0]).toEqual({
      event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      run_id: expect.stringMatching(/^pull_/),
      user_id: userId,
      provider: 'scripted',
      source: 'backfill',
      stage: 'completed',
      status: 'success',
      message: expect.any(String),
      progress: null,
      items_processed: 5,
      items_total: 5,
      error: null,
      primary_user_id: null,
      metadata: { is_historical: true, inserted: 20, updated: 0, failed_days: [] },
      started_at: expect.stringMatching(/Z$/),
      ended_at: expect.stringMatching(/Z$/),
      timestamp: expect.stringMatching(/Z$/),
    });
    expect((await get(`/users/${userId}/sync/recent?limit=1`)).body).toHaveLength(1);
  });

  it('start a sync with every parameter that clients are known to send', async () => {
    const query =
      '?data_type=247&since=0&limit=50&offset=0&filter_by_modification_time=true&samples=false&zones=no&route=0&async=1';
    const { status, body } = await sync(query);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['async', 'message', 'run_id', 'success', 'task_id']);
    await syncFinished(server, userId);
    const run = await get(`/users/${userId}/sync/runs/${body.run_id}`);
    // The backfill went to tomorrow in UTC; where the user lives, that may be today.
    const isTomorrowThere = localDate(new Date(), ZONE) > localDate(new Date(), 'utc');
    const daysRead = isTomorrowThere ? 5 : 4;
    expect(run.body).toMatchObject({
      run_id: body.run_id,
      task_id: body.task_id,
      source: 'pull',
      status: 'success',
      details: {
        days_stored: 31 - daysRead,
        days_unchanged: daysRead,
        failed_days: [],
        reason: null,
        rejected: {},
        unmapped: {},
      },
    });
    const { days_stored, inserted, kinds } = run.body.details;
    const anew = { updated: 0, unchanged: 0, rejected: 0, unmapped: 0 };
    expect(kinds).toEqual([
      { kind: 'heart_rate', fetched: 3 * days_stored, inserted: 3 * days_stored, ...anew },
      { kind: 'score:recovery', fetched: days_stored, inserted: days_stored, ...anew },
    ]);
    expect(inserted).toBe(4 * days_stored);
  });

  it('wait for a sync on demand, and accept an empty JSON body', async () => {
    const { status, body } = await server.request(
      'POST',
      `/api/v1/providers/scripted/users/${userId}/sync?async=false`,
      { headers: { 'Content-Type': 'application/json' }, body: '' },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      async: false,
      details: {
        data_247: {
          sleep_sessions_synced: 0,
          activity_samples: 0,
          recovery_days_synced: 0,
          failed_days: 0,
          errors: [],
        },
      },
    });
  });

  it('take the parameters of other providers where the sync is waited for', async () => {
    const since = Math.floor(Date.now() / 1000) - 3 * 86_400;
    const others = 'limit=10&offset=5&filter_by_modification_time=0&samples=yes&zones=on&route=1';
    const { status, body } = await sync(`?async=false&data_type=247&since=${since}&${others}`);
    expect([status, body.success]).toEqual([200, true]);
    const { items_total } = (await get(`/users/${userId}/sync/runs/${body.run_id}`)).body;
    // Midnight may pass meanwhile.
    expect([4, 5]).toContain(items_total);
  });

  it('list the runs of all users by user, provider, status and source', async () => {
    const listed = async (query: string) => (await get(`/sync/runs${query}`)).body;
    expect(await listed('')).toHaveLength(4);
    expect(await listed(`?user_id=${userId}&provider=scripted&status=success&source=backfill`)).toHaveLength(
      1,
    );
    expect(await listed(`?user_id=${randomUUID()}`)).toEqual([]);
    expect(await listed('?source=webhook')).toEqual([]);
    expect(await listed('?limit=2')).toHaveLength(2);
  });

  it.each([
    ['/sync/runs?limit=10001', 'limit must be a whole number from 1 to 10000'],
    ['/sync/runs?status=done', /^status must be one of in_progress, /],
    ['/sync/runs?user_id=7', 'user_id must be a UUID'],
    ['/users/7/sync/runs', /^Invalid user_id: '7'/],
  ])('refuse %s in words', async (path, detail) => {
    const { status, body } = await get(path);
    expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
  });

  it.each([
    ['?data_type=sleep', 400, 'data_type must be workouts, 247 or all'],
    ['?async=perhaps', 400, 'async must be true or false'],
    ['?days=7', 400, /days/],
    ['?summary_start_time=tomorrow', 400, /^Invalid datetime format: 'tomorrow'/],
    ['?summary_start_time=2026-03-05&summary_end_time=2026-03-04', 400, /before it starts/],
    ['?data_type=workouts', 501, "Provider 'scripted' does not support workouts"],
    ['?data_type=workouts&async=false', 501, "Provider 'scripted' does not support workouts"],
    ['?limit=101', 400, 'limit must be a whole number, at most 100'],
    ['?since=1.5', 400, 'since must be a whole number of Unix seconds'],
    [
      '?since=1770000000&limit=10&zones=true',
      400,
      /^Parameters \['since', 'limit', 'zones'\] are not supported in async mode\. Use async=false or omit provider-specific parameters\.$/,
    ],
    ['?filter_by_modification_time=false', 400, /^Parameters \['filter_by_modification_time'\] are not/],
  ])('refuse a sync with %s in words', async (query, expected, detail) => {
    const { status, body } = await sync(query);
    expect([status, body.detail]).toEqual([expected, expect.stringMatching(detail)]);
  });

  it('know no stranger', async () => {
    const stranger = randomUUID();
    const { status, body } = await sync('', stranger);
    expect([status, body.detail]).toEqual([404, `User with ID: ${stranger} not found.`]);
    const answers = await Promise.all([
      get(`/users/${stranger}/sync/recent`),
      get(`/users/${stranger}/sync/runs`),
      get(`/users/${stranger}/sync/runs/pull_0000000000000000`),
    ]);
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual(
      answers.map(() => [404, 'User not found']),
    );
    const other = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
    expect((await sync('', other)).status).toBe(404);
    expect((await get(`/users/${userId}/sync/runs/pull_0`)).body.detail).toBe(
      'Sync run with ID: pull_0 not found.',
    );
    const unknown = await server.request('POST', `/api/v1/providers/nobody/users/${userId}/sync`);
    expect([unknown.status, unknown.body.detail]).toEqual([
      400,
      expect.stringMatching(/^Unknown provider: nobody/),
    ]);
  });
});
