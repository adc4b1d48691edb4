import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { startApp, type TestApp } from './support/app';
import { addWearer, foldDay, makeDay, makeSeries, makeSleep } from './support/health-data';

describe('the dashboard', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp();
  });
  afterAll(() => server?.close());

  const stats = async () => {
    const { status, body } = await server.asDeveloper('GET', '/api/v1/dashboard/stats');
    expect(status).toBe(200);
    return body;
  };
  const connect = (userId: string, provider: string, status = 'active') =>
    server.sql(
      `INSERT INTO connection (user_id, id, provider, provider_user_id, status, sync_epoch, wake_at, next_slot_at, created_at, updated_at, priority)
       VALUES ($1, $2::uuid, $3, $2::text, $4, 0, '2030-01-01', '2030-01-01', '2026-03-01', '2026-03-01', 0)`,
      [userId, randomUUID(), provider, status],
    );

  it('counts nothing where there is nothing', async () => {
    expect(await stats()).toEqual({
      total_users: { count: 0 },
      active_conn: { count: 0 },
      data_points: { count: 0, archived: 0 },
      event_records: { count: 0, workouts: 0, sleep: 0, menstrual_cycles: 0 },
      connections_coverage: { users_with_active: 0, users_with_multi_active: 0, top_providers: [] },
    });
  });

  it('counts what there is', async () => {
    const database = server.app.get(DataSource);
    const [ada, bob] = [await addWearer(database), await addWearer(database)];
    const series = [makeSeries('heart_rate', { '2026-03-02T05:00:00Z': 60, '2026-03-02T06:00:00Z': 61 })];
    const daily = [{ code: 'vo2_max' as const, date: '2026-03-02', value: 44 }];
    const sleeps = [
      makeSleep({ date: '2026-03-02', from: '2026-03-01T19:00:00Z', to: '2026-03-02T01:00:00Z' }),
    ];
    await foldDay(database, ada, makeDay({ date: '2026-03-02', series, daily, sleeps }));
    await foldDay(database, bob, makeDay({ date: '2026-03-02', series }));
    await server.sql(`UPDATE series_local_day SET archived = true WHERE user_id = $1`, [bob.userId]);
    await connect(ada.userId, 'ring-maker');
    await connect(ada.userId, 'watch-maker');
    await connect(bob.userId, 'watch-maker');
    await connect(bob.userId, 'ring-maker', 'revoked');
    expect(await stats()).toEqual({
      total_users: { count: 2 },
      active_conn: { count: 3 },
      data_points: { count: 3, archived: 2 },
      event_records: { count: 1, workouts: 0, sleep: 1, menstrual_cycles: 0 },
      connections_coverage: {
        users_with_active: 2,
        users_with_multi_active: 1,
        top_providers: [
          { provider: 'watch-maker', count: 2 },
          { provider: 'ring-maker', count: 1 },
        ],
      },
    });
  });

  it('estimates a large table from a part of it', async () => {
    await server.sql(
      `INSERT INTO series_local_day (user_id, source_id, code, date, is_local, count, min, max, sum, first_at, last_at, archived)
       SELECT gen_random_uuid(), gen_random_uuid(), 'heart_rate', '2026-03-02', false, 288, 50, 90, 20000, '2026-03-02', '2026-03-02', false
         FROM generate_series(1, 200000)`,
    );
    const { data_points } = await stats();
    expect(data_points.count).toBeGreaterThan(0.8 * 200_000 * 288);
    expect(data_points.count).toBeLessThan(1.2 * 200_000 * 288);
  });

  it('is for developers only', async () => {
    expect(await server.request('GET', '/api/v1/dashboard/stats')).toMatchObject({ status: 401 });
  });
});
