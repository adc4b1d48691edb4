import type { MigrationInterface, QueryRunner } from 'typeorm';

export class VendorBudgets1764351000000 implements MigrationInterface {
  name = 'VendorBudgets1764351000000';

  async up(runner: QueryRunner): Promise<void> {
    // One row a provider and class of endpoints, written twice a call: room on its page keeps it in one place.
    await runner.query(`
      CREATE TABLE vendor_budget (
        provider text NOT NULL,
        endpoint_class text NOT NULL,
        requests_per_second double precision NOT NULL,
        tokens double precision NOT NULL,
        refilled_at timestamptz NOT NULL,
        in_flight jsonb NOT NULL,
        recent_calls jsonb NOT NULL,
        failures_in_row integer NOT NULL,
        failed_connections jsonb NOT NULL,
        answered_at timestamptz,
        opened_at timestamptz,
        probe_at timestamptz,
        closed_at timestamptz,
        CONSTRAINT vendor_budget_pkey PRIMARY KEY (provider, endpoint_class)
      ) WITH (fillfactor = 20)
    `);
    await runner.query(`
      CREATE TABLE vendor_block (
        provider text NOT NULL,
        subject text NOT NULL,
        until timestamptz NOT NULL,
        told_at timestamptz NOT NULL,
        CONSTRAINT vendor_block_pkey PRIMARY KEY (provider, subject)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE vendor_block, vendor_budget`);
  }
}
