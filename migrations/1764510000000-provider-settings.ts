import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ProviderSettings1764510000000 implements MigrationInterface {
  name = 'ProviderSettings1764510000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_setting (
        provider text NOT NULL,
        is_enabled boolean NOT NULL,
        data_granularity text,
        updated_at timestamptz NOT NULL,
        CONSTRAINT provider_setting_pkey PRIMARY KEY (provider)
      )
    `);
    // Of a sign-in that was started without a key: the browser that it is bound to.
    await runner.query(`ALTER TABLE oauth_state ADD browser_hash bytea`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE oauth_state DROP browser_hash`);
    await runner.query(`DROP TABLE provider_setting`);
  }
}
