import { Module } from '@nestjs/common';
import { ActivationService } from '../src/connections/activation.service';
import { Clock } from '../src/database/clock';
import { HealthService } from '../src/ops/health.service';
import { startApp, type TestApp } from './support/app';
import { DayProvider } from './support/day-provider';
import { syncFinished } from './support/sync-finished';

@Module({ providers: [DayProvider] })
class DayProviderModule {}

async function connectedUser(api: TestApp): Promise<string> {
  const userId = (await api.request('POST', '/api/v1/users', { body: {} })).body.id;
  await api.app.get(ActivationService).activate({
    userId,
    provider: 'scripted',
    account: { id: 'account-1', name: null, timeZone: null, scope: null },
    tokens: { accessToken: 'token-1', refreshToken: null, expiresInSeconds: null, scope: null },
  });
  return userId;
}

describe('a server without a worker', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startApp({ ROLE: 'api', SYNC_WAIT: '500ms' }, { providers: [DayProviderModule] });
  });
  afterAll(() => api?.close());

  it('says so to whoever waits for a sync, and keeps what was asked for', async () => {
    const userId = await connectedUser(api);
    const { status, body } = await api.request(
      'POST',
      `/api/v1/providers/scripted/users/${userId}/sync?async=false`,
    );
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        async: true,
        task_id: expect.any(String),
        run_id: expect.any(String),
        message: expect.stringMatching(/^No worker has taken the sync up yet.*Follow its run: GET /),
      },
    ]);
    const run = await api.request('GET', `/api/v1/users/${userId}/sync/runs/${body.run_id}`);
    expect(run.body).toMatchObject({ status: 'in_progress', stage: 'queued' });
  });
});

describe('a server of several processes', () => {
  let api: TestApp;
  let worker: TestApp;
  beforeAll(async () => {
    const settings = { SYNC_TICK: '50ms', BACKFILL_DAYS: '2', SYNC_WAIT: '10m' };
    api = await startApp({ ...settings, ROLE: 'api' }, { providers: [DayProviderModule] });
    worker = await startApp(
      { ...settings, ROLE: 'worker', DATABASE_URL: api.databaseUrl },
      { providers: [DayProviderModule] },
    );
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  it('leaves all syncs to the worker, which the API only asks for', async () => {
    const userId = await connectedUser(api);
    expect(await syncFinished(api, userId)).toMatchObject({ source: 'backfill', status: 'success' });
    const answer = await api.request('POST', `/api/v1/providers/scripted/users/${userId}/sync?async=false`);
    expect(answer.body).toMatchObject({ success: true, async: false });
    expect(api.app.get(DayProvider).asked).toEqual([]);
    expect(worker.app.get(DayProvider).asked.length).toBeGreaterThan(30);
  });

  it('has workers that answer about their health, and nothing else', async () => {
    const ready = await worker.request('GET', '/health/ready', { key: null });
    expect(ready).toMatchObject({ status: 200, body: { status: 'ok', clock: 'up' } });
    expect((await worker.request('GET', '/health/live?x=1', { key: null })).status).toBe(400);
    expect((await worker.request('GET', '/metrics')).status).toBe(200);
    expect((await worker.request('GET', '/metrics', { key: null })).status).toBe(401);
    for (const path of ['/api/v1/users', '/docs', '/openapi.json', '/api/v1/sync/runs']) {
      const { status, body } = await worker.request('GET', path);
      expect([path, status, body.detail]).toEqual([
        path,
        503,
        expect.stringMatching(/only syncs \(ROLE=worker\).*ROLE=api or ROLE=all/),
      ]);
    }
  });

  it('is not ready while its clock is wrong, and claims nothing meanwhile', async () => {
    const clock = worker.app.get(Clock);
    const ready = () => worker.request('GET', '/health/ready', { key: null });
    clock.setOffset(-61_000);
    expect(await ready()).toMatchObject({ status: 503, body: { detail: 'Not ready: clock down.' } });
    const users = await api.request('GET', '/api/v1/users?limit=1');
    const [{ id }] = users.body.items;
    await api.request('POST', `/api/v1/providers/scripted/users/${id}/sync`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const runs = () => api.request('GET', `/api/v1/users/${id}/sync/runs?limit=1`);
    expect((await runs()).body[0]).toMatchObject({ status: 'in_progress', stage: 'queued' });
    clock.setOffset(0);
    expect((await ready()).status).toBe(200);
    expect(await syncFinished(api, id)).toMatchObject({ status: 'success' });
  });

  it('is no longer ready from the moment that it is to stop', async () => {
    api.app.get(HealthService).onModuleDestroy();
    expect(await api.request('GET', '/health/ready', { key: null })).toMatchObject({
      status: 503,
      body: { detail: 'Not ready: the server is stopping.' },
    });
    expect((await api.request('GET', '/health/live', { key: null })).status).toBe(200);
  });
});
