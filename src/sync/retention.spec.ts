import { randomUUID } from 'node:crypto';
import { runOf, tellAll } from '../../test/support/event-writer';
import { SyncWorld } from '../../test/support/sync-world';
import { JobQueue } from '../database/job-queue';
import { RUN_LOG } from './retained';
import { Retention } from './retention';

const DAY_MS = 86_400_000;

describe('the retention of the run log', () => {
  let world: SyncWorld;
  beforeAll(async () => {
    world = await SyncWorld.start({ RUN_LOG_RETENTION_DAYS: '50' });
  });
  afterAll(async () => {
    delete process.env.RUN_LOG_RETENTION_DAYS;
    await world?.close();
  });
  beforeEach(() => world.reset());

  const daysAgo = (days: number) => new Date(world.clock.now().getTime() - days * DAY_MS);
  const deleteOld = () => world.get(Retention).deleteOld(RUN_LOG);

  async function runLastSeen(days: number, status: string): Promise<string> {
    const run = await runOf(world.database, randomUUID());
    await tellAll(world.database, run, ['started', 'saving']);
    const change = 'UPDATE sync_run SET status = $2, last_update = $3 WHERE run_id = $1';
    await world.sql(change, [run.runId, status, daysAgo(days)]);
    return run.runId;
  }

  it('deletes what ended longer ago, with its events, and nothing that goes on', async () => {
    await runLastSeen(50.01, 'success');
    await runLastSeen(200, 'failed');
    const kept = [await runLastSeen(49.99, 'success'), await runLastSeen(200, 'in_progress')].toSorted();
    expect(await deleteOld()).toBe(2);
    for (const table of ['sync_run', 'sync_event']) {
      const rows = await world.sql(`SELECT DISTINCT run_id FROM ${table} ORDER BY run_id`);
      expect(rows.map(({ run_id }) => run_id)).toEqual(kept);
    }
    expect(await deleteOld()).toBe(0);
  });

  it('goes on in small batches until nothing old is left', async () => {
    await world.sql(
      `INSERT INTO sync_run (user_id, run_id, task_id, connection_id, provider, source, stage, status, items_processed,
                             details, last_update)
       SELECT gen_random_uuid(), 'pull_' || n, gen_random_uuid(), gen_random_uuid(), 'scripted', 'pull', 'completed',
              'success', 0, '{}', $1
         FROM generate_series(1, 2500) n`,
      [daysAgo(51)],
    );
    const statements = jest.spyOn(world.database, 'query');
    expect(await deleteOld()).toBe(2_500);
    expect(statements).toHaveBeenCalledTimes(4);
    statements.mockRestore();
  });

  it('deletes tasks that ended longer ago', async () => {
    const task = `INSERT INTO background_task (id, kind, key, input, status, progress, requested_at, ended_at)
                  VALUES (gen_random_uuid(), 'archival', $1, '{}', $2, '{}', $3, $4)`;
    await world.sql(task, ['old', 'completed', daysAgo(51), daysAgo(50.01)]);
    await world.sql(task, ['recent', 'failed', daysAgo(51), daysAgo(49.99)]);
    await world.sql(task, ['open', 'running', daysAgo(200), null]);
    expect(await deleteOld()).toBe(1);
    const kept = await world.sql('SELECT key FROM background_task ORDER BY key');
    expect(kept).toEqual([{ key: 'open' }, { key: 'recent' }]);
  });

  it('is asked for at night, as one job of all processes', async () => {
    const send = jest.spyOn(world.get(JobQueue), 'send').mockRejectedValueOnce(new Error('away'));
    await expect(world.get(Retention).nightly()).resolves.toBeUndefined();
    expect(send).toHaveBeenCalledWith('run-log-retention', 'nightly');
    send.mockRestore();
  });
});
