import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SyncEngine1764352000000 implements MigrationInterface {
  name = 'SyncEngine1764352000000';

  async up(runner: QueryRunner): Promise<void> {
    // The defaults stay: a process of the version before may still insert while this one starts.
    await runner.query(`
      ALTER TABLE sync_day ADD history boolean NOT NULL DEFAULT false, ADD empty_since timestamptz, ADD failed_since timestamptz
    `);
    await runner.query(`
      UPDATE sync_day SET failed_since = coalesce(fetched_at, now()) WHERE attempts > 0
    `);
    await runner.query(`
      CREATE INDEX sync_day_parked_idx ON sync_day (failed_since) WHERE failed_since IS NOT NULL AND next_attempt_at IS NULL
    `);
    await runner.query(`
      ALTER TABLE connection ADD history_wake_at timestamptz, ADD backfill_due boolean NOT NULL DEFAULT true
    `);
    await runner.query(`UPDATE connection SET backfill_due = last_synced_at IS NULL`);
    await runner.query(`
      CREATE INDEX connection_history_due_idx ON connection (priority, history_wake_at)
       WHERE status = 'active' AND history_wake_at IS NOT NULL
    `);
    await runner.query(`DROP INDEX connection_due_idx`);
    await runner.query(`
      CREATE INDEX connection_due_idx ON connection (priority, wake_at) WHERE status = 'active'
    `);
    await runner.query(`ALTER TABLE sync_run ADD slot_at timestamptz, ADD paused_at timestamptz`);
    await runner.query(`DROP INDEX sync_run_in_progress_key`);
    await runner.query(`
      CREATE UNIQUE INDEX sync_run_in_progress_key ON sync_run (user_id, connection_id, source) WHERE status = 'in_progress'
    `);
    await runner.query(`
      CREATE UNIQUE INDEX sync_run_slot_key ON sync_run (user_id, connection_id, slot_at) WHERE slot_at IS NOT NULL
    `);
    // A backfill that is under way goes on as one.
    await runner.query(`
      UPDATE sync_day d SET history = true FROM sync_run r
       WHERE r.status = 'in_progress' AND r.source = 'backfill' AND r.user_id = d.user_id
         AND r.connection_id = d.connection_id AND d.next_attempt_at IS NOT NULL
    `);
    await runner.query(`
      UPDATE connection c SET history_wake_at = c.wake_at, wake_at = c.next_slot_at FROM sync_run r
       WHERE r.status = 'in_progress' AND r.source = 'backfill' AND r.user_id = c.user_id AND r.connection_id = c.id
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX sync_run_slot_key`);
    await runner.query(`DROP INDEX sync_run_in_progress_key`);
    // Of two runs in progress the former version knows one.
    await runner.query(`
      UPDATE sync_run r SET status = 'cancelled', stage = 'cancelled', ended_at = last_update
       WHERE status = 'in_progress' AND source = 'backfill' AND EXISTS (
         SELECT FROM sync_run o WHERE o.user_id = r.user_id AND o.connection_id = r.connection_id
            AND o.status = 'in_progress' AND o.source = 'pull')
    `);
    await runner.query(`
      CREATE UNIQUE INDEX sync_run_in_progress_key ON sync_run (user_id, connection_id) WHERE status = 'in_progress'
    `);
    await runner.query(`ALTER TABLE sync_run DROP slot_at, DROP paused_at`);
    await runner.query(`DROP INDEX connection_due_idx`);
    await runner.query(`CREATE INDEX connection_due_idx ON connection (wake_at) WHERE status = 'active'`);
    await runner.query(`DROP INDEX connection_history_due_idx`);
    await runner.query(`UPDATE connection SET wake_at = least(wake_at, history_wake_at)`);
    await runner.query(`ALTER TABLE connection DROP history_wake_at, DROP backfill_due`);
    await runner.query(`DROP INDEX sync_day_parked_idx`);
    await runner.query(`ALTER TABLE sync_day DROP history, DROP empty_since, DROP failed_since`);
  }
}
