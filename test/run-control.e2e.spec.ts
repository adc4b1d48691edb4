import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { ActivationService } from '../src/connections/activation.service';
import { startApp, type TestApp } from './support/app';
import { answerOf, dataOf, DayProvider } from './support/day-provider';
import { syncFinished } from './support/sync-finished';

@Module({ providers: [DayProvider] })
class DayProviderModule {}

describe('runs that are under way', () => {
  let server: TestApp;
  let other: TestApp;
  let provider: DayProvider;
  let userId: string;

  beforeAll(async () => {
    const settings = { SYNC_TICK: '50ms', BACKFILL_DAYS: '3' };
    server = await startApp(settings, { providers: [DayProviderModule] });
    // Another process on the same database, which syncs nothing itself.
    other = await startApp(
      { ...settings, ROLE: 'api', DATABASE_URL: server.databaseUrl },
      { providers: [DayProviderModule] },
    );
    provider = server.app.get(DayProvider);
  });
  afterAll(async () => {
    await other?.close();
    await server?.close();
  });
  beforeEach(async () => {
    provider.reset();
    userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
    await server.app.get(ActivationService).activate({
      userId,
      provider: 'scripted',
      account: { id: `account-${userId}`, name: null, timeZone: null, scope: null },
      tokens: { accessToken: 'token-1', refreshToken: null, expiresInSeconds: null, scope: null },
    });
    await syncFinished(server, userId);
    provider.forget();
  });
  afterEach(async () => {
    await server.sql(`UPDATE connection SET status = 'revoked'`);
  });

  const post = (path: string, on = server) => on.request('POST', `/api/v1${path}`);
  const historical = (query = '') => post(`/providers/scripted/users/${userId}/sync/historical${query}`);
  const control = (runId: string, action: string) => post(`/users/${userId}/sync/runs/${runId}/${action}`);
  const read = async (runId: string) =>
    (await server.request('GET', `/api/v1/users/${userId}/sync/runs/${runId}`)).body;
  const until = async (condition: () => unknown) => {
    for (let waited = 0; !(await condition()); waited += 20) {
      if (waited > 8_000) throw new Error('it did not happen within 8 s');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  /** Each answer of the vendor waits until it is let go. */
  function holdAnswers() {
    let held: (() => void)[] = [];
    let open = false;
    provider.says(async (date) => {
      if (!open) await new Promise<void>((resolve) => held.push(resolve));
      return answerOf(date, dataOf(date));
    });
    return {
      next: async () => {
        await until(() => held.length > 0);
        held.splice(0).forEach((go) => go());
      },
      isHeld: () => held.length > 0,
      all: () => {
        open = true;
        held.splice(0).forEach((go) => go());
        held = [];
      },
    };
  }

  it('read so many days of history, the newest first, the stored ones too', async () => {
    const { status, body } = await historical('?days=40');
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      provider: 'scripted',
      user_id: userId,
      method: 'pull_api',
      task_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      run_id: expect.stringMatching(/^pull_[0-9a-f]{16}$/),
      message: expect.stringContaining(`GET /api/v1/users/${userId}/sync/runs/${body.run_id}`),
      days: 40,
      start_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      end_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
    await until(async () => (await read(body.run_id)).status !== 'in_progress');
    expect(await read(body.run_id)).toMatchObject({
      source: 'backfill',
      status: 'success',
      paused: false,
      items_processed: 40,
      items_total: 40,
    });
    expect(provider.asked).toHaveLength(40);
    expect([provider.asked[0], provider.asked.at(-1)]).toEqual([body.end_date, body.start_date]);
    expect(provider.asked).toEqual(provider.asked.toSorted().toReversed());
  });

  it('are joined by a historical sync: one run, whose days are each read once', async () => {
    const vendor = holdAnswers();
    const first = (await historical('?days=5')).body;
    await vendor.next();
    await until(async () => (await read(first.run_id)).items_processed === 1);
    const second = (await historical('?days=12')).body;
    expect(second).toMatchObject({ run_id: first.run_id, message: expect.stringMatching(/have joined/) });
    vendor.all();
    await until(async () => (await read(first.run_id)).status !== 'in_progress');
    expect(await read(first.run_id)).toMatchObject({
      status: 'success',
      items_processed: 12,
      items_total: 12,
    });
    expect(provider.asked).toHaveLength(12);
  });

  it('pause and resume, while whatever cannot wait goes on', async () => {
    const vendor = holdAnswers();
    const { run_id } = (await historical('?days=6')).body;
    await vendor.next();
    await until(vendor.isHeld);
    const paused = await control(run_id, 'pause');
    expect(paused).toMatchObject({ status: 200, body: { run_id, paused: true, status: 'in_progress' } });
    expect((await control(run_id, 'pause')).body).toMatchObject({ paused: true });
    vendor.all();
    await until(async () => (await read(run_id)).items_processed === 2);
    expect((await historical('?days=6')).body.message).toContain(`/sync/runs/${run_id}/resume`);

    const pull = await post(
      `/providers/scripted/users/${userId}/sync?async=false&summary_start_time=${provider.asked[0]}`,
    );
    expect(pull.body).toMatchObject({ success: true, async: false });
    expect(await read(run_id)).toMatchObject({ status: 'in_progress', paused: true, items_processed: 2 });

    expect((await control(run_id, 'resume')).body).toMatchObject({ paused: false });
    expect((await control(run_id, 'resume')).status).toBe(200);
    await until(async () => (await read(run_id)).status === 'success');
    expect(await read(run_id)).toMatchObject({ items_processed: 6, items_total: 6 });
    const { body: events } = await server.request('GET', `/api/v1/users/${userId}/sync/recent?limit=200`);
    const messages = events.map(({ message }: { message: string }) => message);
    expect(messages).toEqual(
      expect.arrayContaining(['Sync from scripted paused', 'Sync from scripted resumed']),
    );
  });

  it('are cancelled: the day in hand is not written, what was never read leaves the ledger', async () => {
    const vendor = holdAnswers();
    const { run_id, end_date } = (await historical('?days=20')).body;
    await vendor.next();
    await until(vendor.isHeld);
    const cancelled = await control(run_id, 'cancel');
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'cancelled', stage: 'cancelled', details: { reason: 'by_request' } },
    });
    vendor.all();
    const ledger = () =>
      server.sql<{ date: string; open: boolean; status: string }>(
        `SELECT date::text, status, next_attempt_at IS NOT NULL AS open FROM sync_day WHERE user_id = $1 ORDER BY date DESC`,
        [userId],
      );
    const days = await ledger();
    // The backfill's five, all of them read, and one more where the user's today is not the first of them.
    expect(days.length).toBeLessThanOrEqual(6);
    expect(days.every(({ status, open }) => status === 'stored' && !open)).toBe(true);
    expect(days[0].date >= end_date).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await ledger()).toEqual(days);
    expect((await control(run_id, 'cancel')).status).toBe(200);
    expect(await read(run_id)).toMatchObject({ status: 'cancelled', items_processed: 1 });
  });

  it('answer one run to a hundred people who ask at once, at two servers', async () => {
    const vendor = holdAnswers();
    const path = `/providers/scripted/users/${userId}/sync`;
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => post(path, index % 2 === 0 ? server : other)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.run_id)).size).toBe(1);
    vendor.all();
    await syncFinished(server, userId);
    const runs = await server.sql(`SELECT run_id FROM sync_run WHERE user_id = $1 AND source = 'pull'`, [
      userId,
    ]);
    expect(runs).toEqual([{ run_id: answers[0].body.run_id }]);
    expect(new Set(provider.asked).size).toBe(provider.asked.length);
  });

  it('refuse in words what cannot be', async () => {
    const vendor = holdAnswers();
    const { run_id: pull } = (await post(`/providers/scripted/users/${userId}/sync`)).body;
    const { run_id: ended } = (await server.request('GET', `/api/v1/users/${userId}/sync/runs`)).body.at(-1);
    const stranger = randomUUID();
    const answers = await Promise.all([
      control(pull, 'pause'),
      control(ended, 'resume'),
      control(ended, 'cancel'),
      control('pull_0', 'cancel'),
      post(`/users/${stranger}/sync/runs/${pull}/pause`),
      historical('?days=366'),
      historical('?days=0'),
      post(`/providers/scripted/users/${stranger}/sync/historical`),
    ]);
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual([
      [409, `Run ${pull} is a pull of a few days: only a backfill can be paused. Let it end, or cancel it.`],
      [409, expect.stringMatching(/has ended \(success\): only a run in progress can be resumed/)],
      [409, expect.stringMatching(/has ended \(success\)/)],
      [404, 'Sync run with ID: pull_0 not found.'],
      [404, `User with ID: ${stranger} not found.`],
      [400, 'days must be a whole number from 1 to 365'],
      [400, 'days must be a whole number from 1 to 365'],
      [404, `User with ID: ${stranger} not found.`],
    ]);
    expect((await control(pull, 'cancel')).body).toMatchObject({ status: 'cancelled', source: 'pull' });
    vendor.all();
  });
});
