import type { MigrationInterface, QueryRunner } from 'typeorm';

export class UltrahumanWhole1764100000000 implements MigrationInterface {
  name = 'UltrahumanWhole1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE daily_value ADD target_low double precision, ADD target_high double precision
    `);
    // Defaults only for the rows that are there: every write names the columns.
    await runner.query(`ALTER TABLE sleep_session ADD details jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`ALTER TABLE sleep_session ALTER details DROP DEFAULT`);
    await runner.query(`ALTER TABLE score ADD scale_max integer NOT NULL DEFAULT 100`);
    await runner.query(`ALTER TABLE score ALTER scale_max DROP DEFAULT`);
    await runner.query(`ALTER TABLE score ALTER value DROP NOT NULL`);
    await runner.query(`ALTER TABLE credential ADD account_verified boolean NOT NULL DEFAULT true`);
    await runner.query(`ALTER TABLE credential ALTER account_verified DROP DEFAULT`);
    await runner.query(`
      CREATE TABLE drift_sighting (
        provider text NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        count bigint NOT NULL,
        first_seen_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        sample jsonb NOT NULL,
        CONSTRAINT drift_sighting_pkey PRIMARY KEY (provider, kind, name)
      )
    `);
    await runner.query(`
      CREATE TABLE replay_run (
        id uuid NOT NULL,
        provider text NOT NULL,
        user_id uuid,
        from_date date,
        to_date date,
        dry_run boolean NOT NULL,
        status text NOT NULL,
        error text,
        connections_total integer NOT NULL,
        connections_done integer NOT NULL,
        result jsonb NOT NULL,
        requested_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT replay_run_pkey PRIMARY KEY (id)
      )
    `);
    await runner.query(`CREATE INDEX replay_run_requested_at_idx ON replay_run (requested_at)`);
    await runner.query(`CREATE INDEX raw_answer_fetched_at_idx ON raw_answer (fetched_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX raw_answer_fetched_at_idx`);
    await runner.query(`DROP TABLE replay_run, drift_sighting`);
    await runner.query(`ALTER TABLE credential DROP account_verified`);
    await runner.query(`DELETE FROM score WHERE value IS NULL`);
    await runner.query(`ALTER TABLE score ALTER value SET NOT NULL`);
    await runner.query(`ALTER TABLE score DROP scale_max`);
    await runner.query(`ALTER TABLE sleep_session DROP details`);
    await runner.query(`ALTER TABLE daily_value DROP target_low, DROP target_high`);
  }
}
