import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { tell } from '../../src/sync/event-log';
import { NOTHING_DONE } from '../../src/sync/tally';
import type { RunState } from '../../src/sync/run-log';

/** A run in progress of which only the row and its events exist. */
export async function runOf(database: DataSource, userId: string): Promise<RunState> {
  const run: RunState = {
    userId,
    connectionId: randomUUID(),
    provider: 'scripted',
    runId: `pull_${randomUUID()}`,
    taskId: randomUUID(),
    source: 'pull',
    startedAt: new Date('2026-03-10T12:00:00Z'),
    itemsTotal: 8,
    details: { ...NOTHING_DONE, daysStored: 3 },
    announced: true,
    toldAt: 0,
    toldDays: 0,
  };
  await database.query(
    `INSERT INTO sync_run (user_id, run_id, task_id, connection_id, provider, source, stage, status,
                           items_processed, items_total, details, started_at, last_update)
     VALUES ($1, $2, $3, $4, $5, $6, 'saving', 'in_progress', 0, $7, $8, $9, $9)`,
    [
      run.userId,
      run.runId,
      run.taskId,
      run.connectionId,
      run.provider,
      run.source,
      8,
      run.details,
      run.startedAt,
    ],
  );
  return run;
}

/** Tells each of the messages in a transaction of its own, or in that of the caller. */
export async function tellAll(
  database: DataSource | EntityManager,
  run: RunState,
  messages: string[],
  metadata: Record<string, unknown> = {},
): Promise<void> {
  for (const message of messages) {
    const news = { stage: 'saving', status: 'in_progress', message, metadata } as const;
    const at = new Date('2026-03-10T12:00:05Z');
    await database.transaction((manager) => tell(manager, run, news, at));
  }
}
