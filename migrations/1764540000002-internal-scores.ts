import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Our own scores; what a sleep's samples say where its provider says nothing. Both are computed when the server starts. */
export class InternalScores1764540000002 implements MigrationInterface {
  name = 'InternalScores1764540000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE internal_score (
        user_id uuid NOT NULL,
        source_id uuid NOT NULL,
        category text NOT NULL,
        date date NOT NULL,
        id uuid NOT NULL,
        sleep_id uuid NOT NULL,
        value double precision NOT NULL,
        components jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        zone_offset text,
        formula_version integer NOT NULL,
        CONSTRAINT internal_score_pkey PRIMARY KEY (user_id, source_id, category, date)
      )
    `);
    await runner.query(`
      ALTER TABLE sleep_session
        ADD COLUMN sampled_heart_rate double precision,
        ADD COLUMN sampled_hrv_rmssd double precision,
        ADD COLUMN sampled_spo2 double precision,
        ADD COLUMN average_respiratory_rate double precision
    `);
    await runner.query(`ALTER TABLE data_source ADD COLUMN formula_version integer NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE data_source DROP COLUMN formula_version`);
    await runner.query(`
      ALTER TABLE sleep_session
        DROP COLUMN sampled_heart_rate,
        DROP COLUMN sampled_hrv_rmssd,
        DROP COLUMN sampled_spo2,
        DROP COLUMN average_respiratory_rate
    `);
    await runner.query(`DROP TABLE internal_score`);
  }
}
