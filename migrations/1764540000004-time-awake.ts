import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What our own score of a night needs of its hypnogram is reckoned when the sleep is stored. */
export class TimeAwake1764540000004 implements MigrationInterface {
  name = 'TimeAwake1764540000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sleep_session ADD COLUMN awake_seconds integer, ADD COLUMN long_awakenings_count integer
    `);
    await runner.query(`
      WITH interval AS (
        SELECT s.user_id, s.source_id, s.id, i.number, i.stage ->> 'stage' AS stage,
               (i.stage ->> 'start')::double precision AS started, (i.stage ->> 'end')::double precision AS ended,
               count(*) FILTER (WHERE i.stage ->> 'stage' <> 'awake')
                 OVER (PARTITION BY s.user_id, s.source_id, s.id ORDER BY i.number) AS run
          FROM sleep_session s CROSS JOIN LATERAL jsonb_array_elements(s.stages) WITH ORDINALITY AS i (stage, number)
      ), asleep AS (
        SELECT user_id, source_id, id, min(number) FILTER (WHERE stage IN ('light', 'deep', 'rem')) AS first,
               max(number) FILTER (WHERE stage IN ('light', 'deep', 'rem')) AS last
          FROM interval GROUP BY user_id, source_id, id
      ), awakening AS (
        SELECT user_id, source_id, id, max(ended) - min(started) AS length
          FROM interval JOIN asleep USING (user_id, source_id, id)
         WHERE stage = 'awake' AND number > first AND number < last
         GROUP BY user_id, source_id, id, run
      ), told AS (
        SELECT asleep.user_id, asleep.source_id, asleep.id, round(coalesce(sum(length), 0) / 1000) AS seconds,
               count(*) FILTER (WHERE length > 300000) AS long
          FROM asleep LEFT JOIN awakening a
            ON a.user_id = asleep.user_id AND a.source_id = asleep.source_id AND a.id = asleep.id
         GROUP BY asleep.user_id, asleep.source_id, asleep.id
      )
      UPDATE sleep_session s SET awake_seconds = t.seconds, long_awakenings_count = t.long
        FROM told t WHERE t.user_id = s.user_id AND t.source_id = s.source_id AND t.id = s.id
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE sleep_session DROP COLUMN awake_seconds, DROP COLUMN long_awakenings_count`,
    );
  }
}
