import type { EntityManager } from 'typeorm';
import type { WriteTarget } from './write';

/** The lock that whoever writes a source's data holds: that of its connection. */
export async function lockSource(manager: EntityManager, { userId, sourceId }: WriteTarget): Promise<void> {
  await manager.query(
    `SELECT 1 FROM connection
      WHERE user_id = $1 AND id = (SELECT connection_id FROM data_source WHERE user_id = $1 AND id = $2)
        FOR UPDATE`,
    [userId, sourceId],
  );
}
