import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Diagnosis1764354000000 implements MigrationInterface {
  name = 'Diagnosis1764354000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sign_in (
        user_id uuid NOT NULL,
        provider text NOT NULL,
        begun_at timestamptz NOT NULL,
        failed_at timestamptz,
        error text,
        failures integer NOT NULL,
        CONSTRAINT sign_in_pkey PRIMARY KEY (user_id, provider)
      )
    `);
    await runner.query(`CREATE INDEX sign_in_begun_at_idx ON sign_in (begun_at)`);
    await runner.query(`
      CREATE INDEX sync_day_failed_idx ON sync_day (user_id, connection_id, date) WHERE error_code IS NOT NULL
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX sync_day_failed_idx`);
    await runner.query(`DROP TABLE sign_in`);
  }
}
