import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What finds a page of a time series and counts the range without reading the chunks of the range. */
export class SeriesPages1764520000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE series_day
        DROP CONSTRAINT series_day_pkey,
        ADD CONSTRAINT series_day_pkey PRIMARY KEY (user_id, source_id, code, day) INCLUDE (count)
    `);
    await runner.query(`
      CREATE INDEX daily_value_at_idx ON daily_value (user_id, source_id, code, at)
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX daily_value_at_idx`);
    await runner.query(`
      ALTER TABLE series_day
        DROP CONSTRAINT series_day_pkey,
        ADD CONSTRAINT series_day_pkey PRIMARY KEY (user_id, source_id, code, day)
    `);
  }
}
