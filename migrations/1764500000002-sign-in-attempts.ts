import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read and written by rate-limiter-flexible only, in the columns and the order that it expects. */
export class SignInAttempts1764500000002 implements MigrationInterface {
  name = 'SignInAttempts1764500000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sign_in_attempt (
        key varchar(255) NOT NULL,
        points integer NOT NULL DEFAULT 0,
        expire bigint,
        CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (key)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE sign_in_attempt`);
  }
}
