import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LocalDayAggregates1764530000000 implements MigrationInterface {
  name = 'LocalDayAggregates1764530000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE series_local_day (
        user_id uuid NOT NULL,
        source_id uuid NOT NULL,
        code text NOT NULL,
        date date NOT NULL,
        is_local boolean NOT NULL,
        starts_at timestamptz,
        zone_offset text,
        count integer NOT NULL,
        min double precision NOT NULL,
        max double precision NOT NULL,
        sum double precision NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        active_seconds integer,
        sedentary_seconds integer,
        light_seconds integer,
        moderate_seconds integer,
        vigorous_seconds integer,
        archived boolean NOT NULL,
        CONSTRAINT series_local_day_start_check CHECK (is_local = (starts_at IS NOT NULL) AND is_local = (zone_offset IS NOT NULL)),
        CONSTRAINT series_local_day_count_check CHECK (count > 0),
        CONSTRAINT series_local_day_pkey PRIMARY KEY (user_id, source_id, code, date, is_local)
      )
    `);
    await runner.query(`
      CREATE INDEX series_local_day_undated_idx ON series_local_day (user_id, source_id, date) WHERE NOT is_local
    `);
    // What has been stored so far is summed up source by source while the server runs: a large table makes nobody wait.
    await runner.query(`
      CREATE TABLE series_local_day_backlog (
        user_id uuid NOT NULL,
        source_id uuid NOT NULL,
        CONSTRAINT series_local_day_backlog_pkey PRIMARY KEY (user_id, source_id)
      )
    `);
    await runner.query(`
      INSERT INTO series_local_day_backlog (user_id, source_id)
      SELECT user_id, id FROM data_source d
       WHERE EXISTS (SELECT FROM series_day s WHERE s.user_id = d.user_id AND s.source_id = d.id)
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE series_local_day_backlog, series_local_day`);
  }
}
