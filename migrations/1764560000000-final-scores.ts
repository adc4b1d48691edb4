import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A score outlives nights that it was made of, as they were. */
export class FinalScores1764560000000 implements MigrationInterface {
  name = 'FinalScores1764560000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE internal_score ADD COLUMN archived boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE internal_score DROP COLUMN archived`);
  }
}
