import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { ActivationService } from '../src/connections/activation.service';
import { startApp, type TestApp } from './support/app';
import { DayProvider } from './support/day-provider';
import { syncFinished } from './support/sync-finished';

@Module({ providers: [DayProvider] })
class DayProviderModule {}

const BYTES = expect.any(Number);
const PRETTY = expect.stringMatching(/^\d+(\.\d)? (B|KB|MB|GB|TB)$/);
const STORAGE = {
  live_data_bytes: BYTES,
  live_index_bytes: BYTES,
  archive_data_bytes: BYTES,
  archive_index_bytes: BYTES,
  other_tables_bytes: BYTES,
  total_bytes: BYTES,
  live_row_count: BYTES,
  archive_row_count: BYTES,
  avg_bytes_per_live_row: BYTES,
  avg_bytes_per_archive_row: BYTES,
  live_data_span_days: BYTES,
  live_total_pretty: PRETTY,
  live_data_pretty: PRETTY,
  live_index_pretty: PRETTY,
  archive_total_pretty: PRETTY,
  archive_data_pretty: PRETTY,
  archive_index_pretty: PRETTY,
  other_tables_pretty: PRETTY,
  total_pretty: PRETTY,
  growth_class: 'linear',
};

describe('the settings of archival', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp({ SYNC_TICK: '50ms', BACKFILL_DAYS: '10' }, { providers: [DayProviderModule] });
  });
  afterAll(() => server?.close());

  const path = '/api/v1/settings/archival';
  const get = async () => (await server.asDeveloper('GET', path)).body;
  const put = (body: object) => server.asDeveloper('PUT', path, { body });

  it('keep everything as long as nobody says otherwise, and tell the size of an empty database', async () => {
    const body = await get();
    expect(body).toEqual({
      settings: { archive_after_days: null, delete_after_days: null },
      storage: STORAGE,
    });
    expect(body.storage).toMatchObject({
      live_row_count: 0,
      archive_row_count: 0,
      avg_bytes_per_live_row: 0,
      avg_bytes_per_archive_row: 0,
      live_data_span_days: 0,
    });
    const { storage } = body;
    const parts = ['live_data', 'live_index', 'archive_data', 'archive_index', 'other_tables'];
    expect(storage.total_bytes).toBe(parts.reduce((sum, part) => sum + storage[`${part}_bytes`], 0));
  });

  it.each([
    [{ archive_after_days: 90, delete_after_days: null }, 'linear_efficient'],
    [{ archive_after_days: 3650, delete_after_days: 7300 }, 'bounded'],
    [{ archive_after_days: null, delete_after_days: 1 }, 'bounded'],
    [{}, 'linear'],
  ])('take %j', async (settings, growth) => {
    const { status, body } = await put(settings);
    const stored = { archive_after_days: null, delete_after_days: null, ...settings };
    expect([status, body.settings, body.storage.growth_class]).toEqual([200, stored, growth]);
    expect((await get()).settings).toEqual(stored);
  });

  it.each([
    [{ archive_after_days: 0 }, 'archive_after_days must be a whole number from 1 to 3650, or null'],
    [{ archive_after_days: 3651 }, 'archive_after_days must be a whole number from 1 to 3650, or null'],
    [{ delete_after_days: 7301 }, 'delete_after_days must be a whole number from 1 to 7300, or null'],
    [{ delete_after_days: '30' }, 'delete_after_days must be a whole number from 1 to 7300, or null'],
    [{ archive_after_days: 30, delete_after_days: 30 }, /^archive_after_days \(30\) must be less than/],
    [{ keep: 1 }, /^Unknown parameter 'keep'/],
  ])('refuse %j in words', async (settings, detail) => {
    const { status, body } = await put(settings);
    expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
  });

  it('are for developers only', async () => {
    for (const [method, route] of [
      ['GET', path],
      ['PUT', path],
      ['POST', `${path}/run`],
    ] as const) {
      expect((await server.request(method, route)).status).toBe(401);
      expect((await server.request(method, route, { key: null })).status).toBe(401);
    }
  });

  it('are kept to on demand: raw samples are gone, the sleep and the rest of the days stay', async () => {
    const userId = (await server.request('POST', '/api/v1/users', { body: {} })).body.id;
    await server.app.get(ActivationService).activate({
      userId,
      provider: 'scripted',
      account: { id: 'account-1', name: null, timeZone: null, scope: null },
      tokens: { accessToken: 'token-1', refreshToken: null, expiresInSeconds: null, scope: null },
    });
    await syncFinished(server, userId);
    const before = (await get()).storage;
    expect(before).toMatchObject({
      live_row_count: expect.any(Number),
      live_data_span_days: expect.any(Number),
    });
    expect(before.live_row_count).toBeGreaterThan(20);
    expect(before.avg_bytes_per_live_row).toBeGreaterThan(0);
    const served = await daysServed(userId);
    expect(served.series.length).toBeGreaterThan(9);
    expect(served.series[0]).toMatchObject({ type: 'heart_rate', value: expect.any(Number) });
    const old = { start: daysAgo(9), end: daysAgo(5) };
    expect(await rawSamples(userId, old)).toBeGreaterThan(9);
    await put({ archive_after_days: 3 });

    const { status, body } = await server.asDeveloper('POST', `${path}/run`);
    expect([status, body]).toEqual([202, { task_id: expect.any(String), status: 'dispatched' }]);
    const run = await ended(body.task_id);
    expect(run).toEqual({
      task_id: body.task_id,
      status: 'completed',
      users: 1,
      samples_deleted: expect.any(Number),
      answers_deleted: expect.any(Number),
      records_deleted: 0,
      error: null,
      requested_at: expect.stringMatching(/Z$/),
      started_at: expect.stringMatching(/Z$/),
      ended_at: expect.stringMatching(/Z$/),
    });
    expect(run.samples_deleted).toBeGreaterThan(10);

    const after = (await get()).storage;
    expect(after.live_row_count).toBe(before.live_row_count - run.samples_deleted);
    expect(after.archive_row_count).toBe(before.archive_row_count);
    expect(after.live_data_span_days).toBeLessThanOrEqual(6);
    expect(await daysServed(userId)).toEqual(served);
    expect(await rawSamples(userId, old)).toBe(0);
    const scores = await server.request('GET', `/api/v1/users/${userId}/health-scores?limit=100`);
    expect(scores.body.data.length).toBeGreaterThan(9);
  });

  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

  /** What clients see of the days, raw samples apart. */
  async function daysServed(userId: string) {
    const [start, end] = [daysAgo(15), daysAgo(-2)];
    const days = 'types=heart_rate&resolution=1day&aggregates=true&limit=1000';
    const [series, activity] = await Promise.all([
      server.request('GET', `/api/v1/users/${userId}/timeseries?start_time=${start}&end_time=${end}&${days}`),
      server.request(
        'GET',
        `/api/v1/users/${userId}/summaries/activity?start_date=${start}&end_date=${end}&limit=400`,
      ),
    ]);
    return { series: series.body.data, activity: activity.body.data };
  }

  async function rawSamples(userId: string, { start, end }: { start: string; end: string }): Promise<number> {
    const range = `start_time=${start}T00:00:01Z&end_time=${end}T00:00:01Z`;
    const { body } = await server.request(
      'GET',
      `/api/v1/users/${userId}/timeseries?${range}&types=heart_rate&limit=1000`,
    );
    return body.data.length;
  }

  async function ended(taskId: string) {
    for (;;) {
      const { body } = await server.asDeveloper('GET', `${path}/run/${taskId}`);
      if (body.ended_at !== null) return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('know no other run', async () => {
    const id = randomUUID();
    const { status, body } = await server.asDeveloper('GET', `${path}/run/${id}`);
    expect([status, body.detail]).toEqual([404, `Task with ID: ${id} not found.`]);
    expect((await server.asDeveloper('GET', `${path}/run/7`)).status).toBe(400);
  });
});
