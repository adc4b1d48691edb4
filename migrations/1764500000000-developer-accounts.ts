import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DeveloperAccounts1764500000000 implements MigrationInterface {
  name = 'DeveloperAccounts1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE developer (
        id uuid NOT NULL,
        email text NOT NULL,
        first_name text,
        last_name text,
        password_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT developer_pkey PRIMARY KEY (id)
      )
    `);
    await runner.query(`CREATE UNIQUE INDEX developer_email_key ON developer (email)`);
    await runner.query(`
      CREATE TABLE developer_session (
        id uuid NOT NULL,
        developer_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        used_at timestamptz NOT NULL,
        CONSTRAINT developer_session_pkey PRIMARY KEY (id),
        CONSTRAINT developer_session_developer_fkey FOREIGN KEY (developer_id)
          REFERENCES developer (id) ON DELETE CASCADE
      )
    `);
    await runner.query(`CREATE INDEX developer_session_developer_idx ON developer_session (developer_id)`);
    await runner.query(`
      CREATE TABLE refresh_token (
        token_hash bytea NOT NULL,
        session_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        rotated_at timestamptz,
        CONSTRAINT refresh_token_pkey PRIMARY KEY (token_hash),
        CONSTRAINT refresh_token_session_fkey FOREIGN KEY (session_id)
          REFERENCES developer_session (id) ON DELETE CASCADE
      )
    `);
    await runner.query(`CREATE INDEX refresh_token_session_idx ON refresh_token (session_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE refresh_token, developer_session, developer`);
  }
}
