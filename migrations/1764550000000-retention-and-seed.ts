import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RetentionAndSeed1764550000000 implements MigrationInterface {
  name = 'RetentionAndSeed1764550000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE background_task (
        id uuid NOT NULL,
        kind text NOT NULL,
        key text NOT NULL,
        input jsonb NOT NULL,
        status text NOT NULL,
        progress jsonb NOT NULL,
        error text,
        requested_at timestamptz NOT NULL,
        started_at timestamptz,
        ended_at timestamptz,
        CONSTRAINT background_task_status_check CHECK (status IN ('queued', 'running', 'completed', 'failed')),
        CONSTRAINT background_task_end_check CHECK ((status IN ('completed', 'failed')) = (ended_at IS NOT NULL)),
        CONSTRAINT background_task_pkey PRIMARY KEY (id)
      )
    `);
    await runner.query(
      `CREATE UNIQUE INDEX background_task_open_idx ON background_task (key) WHERE ended_at IS NULL`,
    );
    await runner.query(`
      CREATE TABLE archival_setting (
        id integer NOT NULL,
        archive_after_days integer,
        delete_after_days integer,
        updated_at timestamptz NOT NULL,
        CONSTRAINT archival_setting_one_check CHECK (id = 1),
        CONSTRAINT archival_setting_order_check CHECK (archive_after_days < delete_after_days),
        CONSTRAINT archival_setting_pkey PRIMARY KEY (id)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE archival_setting, background_task`);
  }
}
