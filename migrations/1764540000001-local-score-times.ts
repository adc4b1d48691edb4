import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A score's time lies on its date by its own clock; where it did not, or its clock is not known, noon takes its place. */
export class LocalScoreTimes1764540000001 implements MigrationInterface {
  name = 'LocalScoreTimes1764540000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE score
         SET recorded_at = (date + time '12:00') AT TIME ZONE 'UTC' - coalesce(zone_offset, '+00:00')::interval
       WHERE zone_offset IS NULL AND recorded_at <> (date + time '12:00') AT TIME ZONE 'UTC'
          OR (recorded_at AT TIME ZONE 'UTC' + zone_offset::interval)::date <> date
    `);
  }

  async down(): Promise<void> {
    // What the times were is told by the sleeps: the next answer about each date sets them.
  }
}
