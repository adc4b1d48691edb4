import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Times awake are counted when a sleep is stored: a summary of a year need not read every hypnogram of it. */
export class Awakenings1764540000003 implements MigrationInterface {
  name = 'Awakenings1764540000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sleep_session ADD COLUMN awakenings_count integer`);
    await runner.query(`
      WITH interval AS (
        SELECT s.user_id, s.source_id, s.id, i.number, i.stage ->> 'stage' AS stage,
               lag(i.stage ->> 'stage') OVER (PARTITION BY s.user_id, s.source_id, s.id ORDER BY i.number) AS before
          FROM sleep_session s CROSS JOIN LATERAL jsonb_array_elements(s.stages) WITH ORDINALITY AS i (stage, number)
      ), asleep AS (
        SELECT user_id, source_id, id, min(number) FILTER (WHERE stage IN ('light', 'deep', 'rem')) AS first,
               max(number) FILTER (WHERE stage IN ('light', 'deep', 'rem')) AS last
          FROM interval GROUP BY user_id, source_id, id
      ), counted AS (
        SELECT user_id, source_id, id,
               count(*) FILTER (WHERE stage = 'awake' AND number > first AND number < last AND before <> 'awake') AS awakenings
          FROM interval JOIN asleep USING (user_id, source_id, id) GROUP BY user_id, source_id, id
      )
      UPDATE sleep_session s SET awakenings_count = c.awakenings
        FROM counted c WHERE c.user_id = s.user_id AND c.source_id = s.source_id AND c.id = s.id
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sleep_session DROP COLUMN awakenings_count`);
  }
}
