import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a night averaged to outlives its samples, and those of the day before it. */
export class ArchivedNights1764560000001 implements MigrationInterface {
  name = 'ArchivedNights1764560000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sleep_session ADD COLUMN archived boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sleep_session DROP COLUMN archived`);
  }
}
