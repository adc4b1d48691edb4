import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { runOf, tellAll } from '../../test/support/event-writer';
import { openDatabase } from '../../test/support/open-database';
import { TestClock } from '../../test/support/test-clock';
import { RunLogRetention } from './run-log-retention';

const NOW = new Date('2026-05-10T03:47:00Z');
const DAY_MS = 86_400_000;

describe('the retention of the run log', () => {
  let database: DataSource;
  let retention: RunLogRetention;
  beforeAll(async () => {
    database = await openDatabase([]);
    process.env.RUN_LOG_RETENTION_DAYS = '60';
    retention = new RunLogRetention(database, new TestClock(NOW));
  });
  afterAll(async () => {
    delete process.env.RUN_LOG_RETENTION_DAYS;
    await database?.destroy();
  });

  async function runLastSeen(days: number, status: string): Promise<string> {
    const run = await runOf(database, randomUUID());
    await tellAll(database, run, ['started', 'saving']);
    await database.query('UPDATE sync_run SET status = $2, last_update = $3 WHERE run_id = $1', [
      run.runId,
      status,
      new Date(NOW.getTime() - days * DAY_MS),
    ]);
    return run.runId;
  }

  it('deletes what ended longer ago, with its events, and nothing that goes on', async () => {
    await runLastSeen(60.01, 'success');
    await runLastSeen(200, 'failed');
    const kept = [await runLastSeen(59.99, 'success'), await runLastSeen(200, 'in_progress')].toSorted();
    expect(await retention.deleteOld()).toBe(2);
    for (const table of ['sync_run', 'sync_event']) {
      const rows: { run_id: string }[] = await database.query(
        `SELECT DISTINCT run_id FROM ${table} ORDER BY run_id`,
      );
      expect(rows.map(({ run_id }) => run_id)).toEqual(kept);
    }
    expect(await retention.deleteOld()).toBe(0);
  });

  it('goes on in small batches until nothing old is left', async () => {
    await database.query(
      `INSERT INTO sync_run (user_id, run_id, task_id, connection_id, provider, source, stage, status, items_processed,
                             details, last_update)
       SELECT gen_random_uuid(), 'pull_' || n, gen_random_uuid(), gen_random_uuid(), 'scripted', 'pull', 'completed',
              'success', 0, '{}', $1
         FROM generate_series(1, 2500) n`,
      [new Date(NOW.getTime() - 61 * DAY_MS)],
    );
    const statements = jest.spyOn(database, 'query');
    expect(await retention.deleteOld()).toBe(2_500);
    expect(statements).toHaveBeenCalledTimes(3);
    statements.mockRestore();
  });
});
