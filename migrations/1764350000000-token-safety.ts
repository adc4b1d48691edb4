import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TokenSafety1764350000000 implements MigrationInterface {
  name = 'TokenSafety1764350000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection ADD status_reason text`);
    // A default only for the rows that are there: every write names the columns.
    await runner.query(`
      ALTER TABLE credential
        DROP refresh_attempted_at,
        ADD refresh_failures integer NOT NULL DEFAULT 0,
        ADD refresh_retry_at timestamptz,
        ADD refresh_failed_at timestamptz,
        ADD refresh_error text,
        ADD answer_lost_at timestamptz,
        ADD lost_answers integer NOT NULL DEFAULT 0,
        ADD rejected_at timestamptz
    `);
    await runner.query(
      `ALTER TABLE credential ALTER refresh_failures DROP DEFAULT, ALTER lost_answers DROP DEFAULT`,
    );
    await runner.query(`
      CREATE INDEX credential_refresh_retry_at_idx ON credential (refresh_retry_at) WHERE refresh_retry_at IS NOT NULL
    `);
    await runner.query(`
      CREATE INDEX credential_answer_lost_idx ON credential (refresh_retry_at) WHERE answer_lost_at IS NOT NULL
    `);
    await runner.query(`
      CREATE TABLE refresh_attempt (
        user_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        token_version integer NOT NULL,
        sent_at timestamptz NOT NULL,
        CONSTRAINT refresh_attempt_pkey PRIMARY KEY (user_id, connection_id)
      )
    `);
    await runner.query(`
      CREATE TABLE token_endpoint (
        provider text NOT NULL,
        gave_pair_at timestamptz,
        client_refused_at timestamptz,
        probe_at timestamptz,
        recovered_at timestamptz,
        CONSTRAINT token_endpoint_pkey PRIMARY KEY (provider)
      )
    `);
    await runner.query(`
      CREATE TABLE revocation (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        provider text NOT NULL,
        token bytea NOT NULL,
        token_type text NOT NULL,
        key_id text NOT NULL,
        attempts integer NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT revocation_pkey PRIMARY KEY (user_id, id)
      )
    `);
    await runner.query(`CREATE INDEX revocation_next_attempt_at_idx ON revocation (next_attempt_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE revocation, token_endpoint, refresh_attempt`);
    await runner.query(`DROP INDEX credential_refresh_retry_at_idx`);
    await runner.query(`DROP INDEX credential_answer_lost_idx`);
    await runner.query(`
      ALTER TABLE credential
        ADD refresh_attempted_at timestamptz,
        DROP refresh_failures, DROP refresh_retry_at, DROP refresh_failed_at, DROP refresh_error, DROP answer_lost_at, DROP lost_answers,
        DROP rejected_at
    `);
    await runner.query(`ALTER TABLE connection DROP status_reason`);
  }
}
