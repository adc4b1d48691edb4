import { randomUUID } from 'node:crypto';
import { Clock } from '../src/database/clock';
import { SyncCron } from '../src/sync/sync.cron';
import { startApp, type TestApp } from './support/app';
import { TestClock } from './support/test-clock';

const NOW = new Date('2026-06-17T10:00:00Z');
const before = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

interface ConnectionRow {
  provider?: string;
  status?: string;
  attention?: string | null;
  wakeAt?: Date;
  leaseUntil?: Date | null;
  lastSyncedAt?: Date | null;
  historyWakeAt?: Date | null;
}

interface DayRow {
  date: string;
  status: string;
  nextAttemptAt?: Date | null;
  errorCode?: string | null;
  failedSince?: Date | null;
}

describe('GET /api/v1/ops/sync', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startApp(
      {},
      {
        configure: async (app) => {
          const clock = new TestClock(NOW);
          Object.assign(app.get(Clock), { now: () => clock.now() });
          Object.assign(app.get(SyncCron), { tick: async () => {} });
        },
      },
    );
  });
  beforeEach(() =>
    server.sql(
      'TRUNCATE connection, sync_day, sync_run, vendor_budget, vendor_block, token_endpoint, revocation',
    ),
  );
  afterAll(() => server?.close());

  async function connection(row: ConnectionRow = {}, days: DayRow[] = []) {
    const [userId, id] = [randomUUID(), randomUUID()];
    const { provider = 'acme', status = 'active', attention = null, wakeAt = before(-30) } = row;
    const { leaseUntil = null, lastSyncedAt = before(30), historyWakeAt = null } = row;
    await server.sql(
      `INSERT INTO connection (user_id, id, provider, provider_user_id, status, attention, sync_epoch, lease_until, wake_at,
                               next_slot_at, priority, last_synced_at, created_at, updated_at, history_wake_at)
       VALUES ($1, $2, $3, $9, $4, $5, 1, $6, $7, $7, 1, $8, $7, $7, $10)`,
      [userId, id, provider, status, attention, leaseUntil, wakeAt, lastSyncedAt, id, historyWakeAt],
    );
    for (const day of days) {
      await server.sql(
        `INSERT INTO sync_day (user_id, connection_id, date, status, attempts, next_attempt_at, error_code, failed_since)
         VALUES ($1, $2, $3, $4, 0, $5, $6, $7)`,
        [
          userId,
          id,
          day.date,
          day.status,
          day.nextAttemptAt ?? null,
          day.errorCode ?? null,
          day.failedSince ?? null,
        ],
      );
    }
    return { userId, id };
  }

  const read = async () => (await server.request('GET', '/api/v1/ops/sync')).body;

  it('counts connections by status and attention, for all and for each provider', async () => {
    await connection();
    await connection({ attention: 'forbidden' });
    await connection({ attention: 'refresh_failing' });
    await connection({ provider: 'other', attention: 'account_changed' });
    await connection({ provider: 'other', status: 'expired' });
    await connection({ provider: 'other', status: 'revoked' });
    const { connections, providers } = await read();
    expect(connections).toMatchObject({
      by_status: { active: 4, expired: 1, revoked: 1 },
      by_attention: { forbidden: 1, refresh_failing: 1, account_changed: 1 },
    });
    expect(providers).toMatchObject([
      { provider: 'acme', connections: { by_status: { active: 3, expired: 0, revoked: 0 } } },
      { provider: 'other', connections: { by_status: { active: 1, expired: 1, revoked: 1 } } },
    ]);
  });

  it('says what is overdue, for how long, and which has waited longest; a leased connection is in good hands', async () => {
    const late: DayRow = { date: '2026-06-16', status: 'pending', nextAttemptAt: before(90) };
    await connection({ wakeAt: before(14) }, [{ ...late, nextAttemptAt: before(14) }]);
    await connection({ wakeAt: before(90), leaseUntil: before(-1) }, [late]);
    await connection({ wakeAt: before(90), status: 'expired' }, [late]);
    const abandoned = await connection({ wakeAt: before(90), leaseUntil: before(80) }, [
      late,
      { ...late, date: '2026-06-17', nextAttemptAt: before(5) },
    ]);
    const { connections, days, longest_overdue, oldest_gaps } = await read();
    expect(connections).toMatchObject({ overdue: 1, longest_overdue_seconds: 5_400, leased: 1 });
    expect(days).toEqual({ overdue: 1, longest_overdue_seconds: 5_400, failed: 0, parked: 0 });
    expect(longest_overdue).toMatchObject([
      { connection_id: abandoned.id, user_id: abandoned.userId, due_at: before(90).toISOString() },
    ]);
    expect(oldest_gaps).toMatchObject([
      { connection_id: abandoned.id, date: '2026-06-16', error_code: null },
    ]);
  });

  it('counts days that failed and were given up, and names the oldest without data', async () => {
    const failed = { status: 'failed', nextAttemptAt: before(-5), errorCode: 'unavailable' };
    const parked = { status: 'parked', errorCode: 'payload_invalid', failedSince: before(600) };
    const { id } = await connection({}, [
      { ...failed, date: '2026-06-15' },
      { ...parked, date: '2026-06-02' },
      // It has its data: only the look back has failed.
      { date: '2026-06-01', status: 'stored', nextAttemptAt: before(-5), errorCode: 'unavailable' },
      { date: '2026-05-31', status: 'stored' },
      // Its run was cancelled: nobody waits for it.
      { date: '2026-05-30', status: 'failed', errorCode: 'unavailable' },
    ]);
    await connection({ status: 'expired' }, [{ ...parked, date: '2026-05-01' }]);
    const { days, oldest_gaps } = await read();
    expect(days).toMatchObject({ failed: 2, parked: 1 });
    expect(oldest_gaps).toMatchObject([
      { connection_id: id, date: '2026-06-02', status: 'parked', next_attempt_at: null },
      { connection_id: id, date: '2026-06-15', status: 'failed', error_code: 'unavailable' },
    ]);
  });

  it('lists no more than five of each', async () => {
    for (let row = 0; row < 7; row++) {
      await connection({ wakeAt: before(60 + row) }, [
        { date: `2026-06-0${row + 1}`, status: 'pending', nextAttemptAt: before(60) },
      ]);
    }
    const { connections, days, oldest_gaps, longest_overdue } = await read();
    expect([connections.overdue, days.overdue]).toEqual([7, 7]);
    expect(oldest_gaps.map(({ date }: DayRow) => date)).toEqual(
      [1, 2, 3, 4, 5].map((day) => `2026-06-0${day}`),
    );
    expect(longest_overdue).toHaveLength(5);
  });

  it('counts connections whose history waits', async () => {
    await connection({ historyWakeAt: before(3) });
    await connection({ historyWakeAt: before(-3) });
    await connection({ historyWakeAt: before(3), status: 'expired' });
    expect((await read()).connections.with_history).toBe(1);
  });

  it('has history overdue after an hour in nobody’s hands', async () => {
    const day: DayRow = { date: '2025-12-01', status: 'pending', nextAttemptAt: before(61) };
    await connection({ historyWakeAt: before(59) }, [day]);
    await connection({ historyWakeAt: before(90), leaseUntil: before(-1) }, [day]);
    const stuck = await connection({ historyWakeAt: before(61) }, [day]);
    const worse = await connection({ historyWakeAt: before(70), wakeAt: before(20) }, [day]);
    const { connections, days, longest_overdue, oldest_gaps } = await read();
    expect(connections).toMatchObject({ overdue: 2, longest_overdue_seconds: 4_200 });
    expect(days).toMatchObject({ overdue: 2, longest_overdue_seconds: 3_660 });
    expect(longest_overdue).toMatchObject([
      { connection_id: worse.id, due_at: before(70).toISOString() },
      { connection_id: stuck.id, due_at: before(61).toISOString() },
    ]);
    expect(oldest_gaps).toHaveLength(2);
  });

  it('says how long ago the last answers came, of active connections', async () => {
    for (let minutes = 1; minutes <= 101; minutes++) await connection({ lastSyncedAt: before(minutes) });
    await connection({ lastSyncedAt: null });
    await connection({ lastSyncedAt: before(10_000), status: 'expired' });
    const { connections } = await read();
    expect(connections).toMatchObject({ lag_p50_seconds: 51 * 60, lag_p95_seconds: 96 * 60 });
  });

  it('counts runs in progress by their source', async () => {
    const { userId, id } = await connection();
    const run = (source: string, status: string, startedAt = before(3), connectionId = id) =>
      server.sql(
        `INSERT INTO sync_run (user_id, run_id, task_id, connection_id, provider, source, stage, status, items_processed,
                               details, started_at, last_update)
         VALUES ($1, $2, $3, $4, 'acme', $5, 'fetching', $6, 0, '{}', $7, $7)`,
        [userId, randomUUID(), randomUUID(), connectionId, source, status, startedAt],
      );
    await run('pull', 'success');
    await run('backfill', 'in_progress', before(600));
    await server.sql(`UPDATE sync_run SET paused_at = last_update WHERE source = 'backfill'`);
    expect((await read()).runs).toEqual([
      { source: 'backfill', in_progress: 0, paused: 1, oldest_started_at: null },
    ]);
    await run('backfill', 'in_progress', before(3), randomUUID());
    expect((await read()).runs).toEqual([
      { source: 'backfill', in_progress: 1, paused: 1, oldest_started_at: before(3).toISOString() },
    ]);
  });

  it('shows budget and breaker of each provider that has been asked', async () => {
    await connection();
    await connection({ provider: 'other' });
    await server.sql(
      `INSERT INTO vendor_budget (provider, endpoint_class, requests_per_second, tokens, refilled_at, in_flight, recent_calls,
                                  failures_in_row, failed_connections, opened_at, probe_at)
       VALUES ('acme', 'data', 10, 2.54, $1, '{}', '{}', 12, '{}', $2, $3)`,
      [NOW, before(4), before(-1)],
    );
    await server.sql(
      `INSERT INTO vendor_block (provider, subject, until, told_at) VALUES ('acme', 'app', $1, $2)`,
      [before(-7), NOW],
    );
    const { providers } = await read();
    expect(providers).toMatchObject([{ provider: 'acme' }, { provider: 'other', budget: null }]);
    expect(providers[0].budget).toEqual({
      requests_per_second: 10,
      tokens: 2.5,
      blocked_until: before(-7).toISOString(),
      calls_under_way: 0,
      breakers: [
        {
          endpoint_class: 'data',
          state: 'open',
          since: before(4).toISOString(),
          probe_at: before(-1).toISOString(),
          failures_in_row: 12,
        },
      ],
    });
  });

  it('says which provider refuses this server, and what waits in the background', async () => {
    const { userId } = await connection();
    await connection({ provider: 'other' });
    await server.sql(`INSERT INTO token_endpoint (provider, client_refused_at) VALUES ('other', $1)`, [
      before(9),
    ]);
    await server.sql(
      `INSERT INTO revocation (user_id, id, provider, token, token_type, key_id, attempts, next_attempt_at, created_at)
       VALUES ($1, $2, 'acme', '', 'access_token', 'test', 2, $3, $4)`,
      [userId, randomUUID(), before(-5), before(50)],
    );
    const { providers, background } = await read();
    expect(providers).toMatchObject([
      { provider: 'acme', client_refused_since: null },
      { provider: 'other', client_refused_since: before(9).toISOString() },
    ]);
    expect(background).toEqual({
      revocations: 1,
      oldest_revocation_at: before(50).toISOString(),
      replays: 0,
    });
  });

  it('has numbers for a server without users', async () => {
    expect(await read()).toMatchObject({
      at: NOW.toISOString(),
      connections: { by_status: { active: 0 }, overdue: 0, lag_p50_seconds: null },
      providers: [],
      oldest_gaps: [],
      longest_overdue: [],
    });
  });
});
