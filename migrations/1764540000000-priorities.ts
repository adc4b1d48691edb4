import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The order of Open Wearables; the providers of this server are added behind it when it starts. */
export class Priorities1764540000000 implements MigrationInterface {
  name = 'Priorities1764540000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_priority (
        provider text NOT NULL,
        id uuid NOT NULL,
        priority integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT provider_priority_pkey PRIMARY KEY (provider)
      )
    `);
    await runner.query(`
      CREATE TABLE device_type_priority (
        device_type text NOT NULL,
        id uuid NOT NULL,
        priority integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT device_type_priority_pkey PRIMARY KEY (device_type)
      )
    `);
    await runner.query(`
      INSERT INTO provider_priority (provider, id, priority, created_at, updated_at)
      SELECT name, gen_random_uuid(), priority, current_timestamp, current_timestamp
        FROM (VALUES ('apple', 1), ('garmin', 2), ('polar', 3), ('suunto', 4), ('whoop', 5)) AS known (name, priority)
    `);
    await runner.query(`
      INSERT INTO device_type_priority (device_type, id, priority, created_at, updated_at)
      SELECT name, gen_random_uuid(), priority, current_timestamp, current_timestamp
        FROM (VALUES ('watch', 1), ('band', 2), ('ring', 3), ('phone', 4), ('scale', 5), ('other', 6), ('unknown', 99))
             AS known (name, priority)
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE device_type_priority`);
    await runner.query(`DROP TABLE provider_priority`);
  }
}
