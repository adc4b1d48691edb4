import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InvitationsAndKeys1764500000001 implements MigrationInterface {
  name = 'InvitationsAndKeys1764500000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE api_key ADD created_by uuid`);
    await runner.query(`
      ALTER TABLE api_key ADD CONSTRAINT api_key_created_by_fkey
        FOREIGN KEY (created_by) REFERENCES developer (id) ON DELETE SET NULL
    `);
    await runner.query(`
      CREATE TABLE invitation (
        id uuid NOT NULL,
        email text NOT NULL,
        status text NOT NULL,
        invited_by_id uuid,
        created_at timestamptz NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        mail_attempts integer NOT NULL,
        mail_due_at timestamptz,
        CONSTRAINT invitation_pkey PRIMARY KEY (id),
        CONSTRAINT invitation_invited_by_fkey FOREIGN KEY (invited_by_id)
          REFERENCES developer (id) ON DELETE SET NULL
      )
    `);
    await runner.query(`
      CREATE UNIQUE INDEX invitation_open_email_key ON invitation (email)
       WHERE status IN ('pending', 'sent', 'failed')
    `);
    await runner.query(
      `CREATE INDEX invitation_mail_due_idx ON invitation (mail_due_at) WHERE mail_due_at IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE invitation`);
    await runner.query(`ALTER TABLE api_key DROP created_by`);
  }
}
